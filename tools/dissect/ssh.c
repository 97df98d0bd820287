/* SPDX-License-Identifier: GPL-2.0-only */
/* SSH: RFC 4253. What both say until their keys are new; behind that all is encrypted. */
#include "../line.h"
#include "../stream/streams.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	PROTOCOL,
	PACKET_LENGTH,
	PADDING_LENGTH,
	MESSAGE_CODE,
	COOKIE,
	LIST_LENGTHS, /* each before its list */
	LAST_LIST = LIST_LENGTHS + 19,
	FIRST_FOLLOWS,
	RESERVED,
	PAYLOAD,
	PADDING,
	ENCRYPTED,
	DIRECTION,
};

enum code {
	CODE_KEY_EXCHANGE = 20,
	CODE_NEW_KEYS = 21,
};

#define FIRST_BEHIND_KEYS 50 /* RFC 4251, section 7: these are for what comes encrypted */
#define COOKIE_BYTES 16
#define MAXIMUM_BYTES 35000 /* RFC 4253, section 6.1 */

/* In the note of a side. */
#define SIDE_HAS_BANNER 1u
#define SIDE_IS_ENCRYPTED 2u
/* In the note of a conversation. */
#define IS_VERSION_2 1u

static const struct value_name code_names[] = {
	{ 1, "Disconnect" },
	{ 2, "Ignore" },
	{ 3, "Unimplemented" },
	{ 4, "Debug" },
	{ 5, "Service Request" },
	{ 6, "Service Accept" },
	{ CODE_KEY_EXCHANGE, "Key Exchange Init" },
	{ CODE_NEW_KEYS, "New Keys" },
	{ 30, "Elliptic Curve Diffie-Hellman Key Exchange Init" },
	{ 31, "Elliptic Curve Diffie-Hellman Key Exchange Reply" },
	{ 32, "Diffie-Hellman Group Exchange Init" },
	{ 33, "Diffie-Hellman Group Exchange Reply" },
	{ 34, "Diffie-Hellman Group Exchange Request" },
	{ 0, NULL },
};

/* clang-format off */
#define LIST(place, name, label)                                                             \
	[LIST_LENGTHS + 2 * (place)] = { "ssh." name "_length", label " length", FIELD_NUMBER, 4 }, \
	[LIST_LENGTHS + 2 * (place) + 1] = { "ssh." name, label " string", FIELD_TEXT }

static const struct field_info fields[] = {
	[PROTOCOL] = { "ssh.protocol", "Protocol", FIELD_TEXT },
	[PACKET_LENGTH] = { "ssh.packet_length", "Packet Length", FIELD_NUMBER, 4 },
	[PADDING_LENGTH] = { "ssh.padding_length", "Padding Length", FIELD_NUMBER, 1 },
	[MESSAGE_CODE] = { "ssh.message_code", "Message Code", FIELD_NUMBER, 1,
			   .values = code_names },
	[COOKIE] = { "ssh.cookie", "Cookie", FIELD_BYTES },
	LIST(0, "kex_algorithms", "kex_algorithms"),
	LIST(1, "server_host_key_algorithms", "server_host_key_algorithms"),
	LIST(2, "encryption_algorithms_client_to_server", "encryption_algorithms_client_to_server"),
	LIST(3, "encryption_algorithms_server_to_client", "encryption_algorithms_server_to_client"),
	LIST(4, "mac_algorithms_client_to_server", "mac_algorithms_client_to_server"),
	LIST(5, "mac_algorithms_server_to_client", "mac_algorithms_server_to_client"),
	LIST(6, "compression_algorithms_client_to_server", "compression_algorithms_client_to_server"),
	LIST(7, "compression_algorithms_server_to_client", "compression_algorithms_server_to_client"),
	LIST(8, "languages_client_to_server", "languages_client_to_server"),
	LIST(9, "languages_server_to_client", "languages_server_to_client"),
	[FIRST_FOLLOWS] = { "ssh.first_kex_packet_follows", "First KEX Packet Follows",
			    FIELD_NUMBER, 1 },
	[RESERVED] = { "ssh.kex.reserved", "Reserved", FIELD_BYTES },
	[PAYLOAD] = { "ssh.payload", "Payload", FIELD_BYTES },
	[PADDING] = { "ssh.padding_string", "Padding String", FIELD_BYTES },
	[ENCRYPTED] = { "ssh.encrypted_packet", "Encrypted Packet", FIELD_BYTES },
	[DIRECTION] = { "ssh.direction", "Direction", FIELD_NUMBER },
};
/* clang-format on */

/* RFC 4253, section 7.1. */
static int dissect_key_exchange(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t length;

	if (dissection_add_bytes(dissection, bytes, COOKIE_BYTES, &fields[COOKIE], NULL))
		return -ENODATA;
	for (unsigned int i = LIST_LENGTHS; i < LAST_LIST; i += 2)
		if (dissection_add_number(dissection, bytes, &fields[i], &length) ||
		    dissection_add_bytes(dissection, bytes, length, &fields[i + 1], NULL))
			return -ENODATA;
	if (dissection_add_number(dissection, bytes, &fields[FIRST_FOLLOWS], NULL))
		return -ENODATA;
	return dissection_add_bytes(dissection, bytes, 4, &fields[RESERVED], NULL);
}

static int dissect_packet(struct dissection *dissection, struct bytes *bytes, uint32_t *note)
{
	uint64_t length, padding, code;
	struct bytes packet, payload;
	int error = 0;

	if (dissection_add_number(dissection, bytes, &fields[PACKET_LENGTH], &length) ||
	    bytes_take(bytes, length, &packet) ||
	    dissection_add_number(dissection, &packet, &fields[PADDING_LENGTH], &padding) ||
	    padding >= packet.length || bytes_take(&packet, packet.length - padding, &payload) ||
	    dissection_add_number(dissection, &payload, &fields[MESSAGE_CODE], &code))
		return -ENODATA;
	dissection->depth++;
	if (code == CODE_KEY_EXCHANGE)
		error = dissect_key_exchange(dissection, &payload);
	else if (payload.length)
		text_add(dissection, payload, &fields[PAYLOAD]);
	dissection->depth--;
	if (code == CODE_NEW_KEYS)
		*note |= SIDE_IS_ENCRYPTED;
	if (!error && packet.length)
		text_add(dissection, packet, &fields[PADDING]);
	return error;
}

/* Whether a packet begins that ends in a later segment, and is waited for. */
static bool waits_for_packet(struct dissection *dissection, struct bytes bytes)
{
	struct bytes peek = bytes;
	uint32_t length;

	if (bytes_read_be32(&peek, &length))
		return dissection_wait(dissection, bytes);
	return length > peek.length && dissection_wait_for(dissection, bytes, 4 + (uint64_t)length);
}

/* Whether what is no banner can be read: new keys may have come in segments that were not seen. */
static bool is_plain(struct bytes bytes, uint32_t note)
{
	uint8_t padding = 4, code = CODE_KEY_EXCHANGE;
	uint32_t length;

	if (!(note & SIDE_HAS_BANNER) || note & SIDE_IS_ENCRYPTED)
		return false;
	if (bytes_read_be32(&bytes, &length))
		return true;
	(void)bytes_read_u8(&bytes, &padding);
	(void)bytes_read_u8(&bytes, &code);
	return length >= 2 && length <= MAXIMUM_BYTES && padding < length - 1 && code > 0 &&
	       code < FIRST_BEHIND_KEYS;
}

static int dissect_parts(struct dissection *dissection, struct bytes *bytes, uint32_t *note)
{
	int error = 0;

	while (!error && bytes->length && dissection->end == DISSECTION_WHOLE) {
		struct bytes line, whole, rest = *bytes;

		if (text_begins(*bytes, "SSH-")) {
			if (!text_take_line(&rest, &line, &whole) &&
			    dissection_wait(dissection, *bytes))
				return 0;
			*bytes = rest;
			text_add(dissection, line, &fields[PROTOCOL]);
			*note |= SIDE_HAS_BANNER;
		} else if (!is_plain(*bytes, *note)) {
			error = dissection_add_bytes(dissection, bytes, bytes->length,
						     &fields[ENCRYPTED], NULL);
		} else if (waits_for_packet(dissection, *bytes)) {
			return 0;
		} else {
			error = dissect_packet(dissection, bytes, note);
		}
	}
	return error;
}

static int dissect_ssh(struct dissection *dissection, struct bytes *bytes)
{
	struct conversation *conversation = dissection->conversation;
	const uint8_t *begin = bytes->data;
	uint32_t nothing = 0;
	uint32_t *note = conversation ? &conversation->side_note[dissection->side] : &nothing;
	bool is_version_2 = conversation && conversation->note & IS_VERSION_2;
	int error;

	if (is_version_2)
		dissection_set_label(dissection, "SSHv2");
	if (conversation && text_begins(*bytes, "SSH-2."))
		conversation->note |= IS_VERSION_2;
	error = dissect_parts(dissection, bytes, note);
	if (bytes->data > begin)
		dissection_add_value(dissection, bytes_make(bytes->data, 0), &fields[DIRECTION],
				     !text_is_request(dissection));
	return error;
}

/* "Client: Key Exchange Init" */
static void describe_ssh(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *field = dissection->fields + layer->first_field;
	bool is_first = true;

	line_add(line, text_is_request(dissection) ? "Client: " : "Server: ");
	for (unsigned int i = 0; i < layer->field_count; i++, field++) {
		const char *name;

		if (field->info != &fields[PROTOCOL] && field->info != &fields[MESSAGE_CODE] &&
		    field->info != &fields[ENCRYPTED])
			continue;
		line_add(line, is_first ? "" : ", ");
		is_first = false;
		if (field->info == &fields[PROTOCOL]) {
			line_add(line, "Protocol (");
			line_add_text(line, field->data, field->length);
			line_add_character(line, ')');
		} else if (field->info == &fields[ENCRYPTED]) {
			line_add(line, "Encrypted packet (len=");
			line_add_number(line, field->length);
			line_add_character(line, ')');
		} else {
			name = field_value_name(field->info, field->number);
			line_add(line, name ? name : "Unknown");
		}
	}
}

const struct dissector dissector_ssh = {
	.name = "ssh",
	.label = "SSH",
	.title = "SSH Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_ssh,
	.describe = describe_ssh,
};
