/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Headers of QUIC: RFC 9000, section 17, and RFC 9369 for version 2. All behind them is
 * protected. Packets in the same datagram are layers of their own.
 */
#include "quic.h"

#include "../line.h"
#include "../stream/streams.h"

enum {
	PACKET_LENGTH,
	HEADER_FORM,
	FIXED_BIT,
	PACKET_TYPE,
	PACKET_TYPE_2,
	SPIN_BIT,
	VERSION,
	DESTINATION_LENGTH,
	DESTINATION,
	SOURCE_LENGTH,
	SOURCE,
	TOKEN_LENGTH,
	TOKEN,
	LENGTH,
	PAYLOAD,
	RETRY_TOKEN,
	RETRY_TAG,
	SUPPORTED_VERSION,
};

enum type {
	TYPE_INITIAL,
	TYPE_0_RTT,
	TYPE_HANDSHAKE,
	TYPE_RETRY,
	TYPE_NEGOTIATION,
};

#define VERSION_1 0x00000001u
#define VERSION_2 0x6b3343cfu
#define VERSION_2_DRAFT 0x709a50c4u
#define MAXIMUM_ID_BYTES 20
#define RETRY_TAG_BYTES 16

static const struct value_name type_names[] = {
	{ TYPE_INITIAL, "Initial" },
	{ TYPE_0_RTT, "0-RTT" },
	{ TYPE_HANDSHAKE, "Handshake" },
	{ TYPE_RETRY, "Retry" },
	{ 0, NULL },
};

static const struct value_name type_2_names[] = {
	{ 0, "Retry" }, { 1, "Initial" }, { 2, "0-RTT" }, { 3, "Handshake" }, { 0, NULL },
};

static const struct value_name form_names[] = {
	{ 0, "Short Header" },
	{ 1, "Long Header" },
	{ 0, NULL },
};

static const struct value_name version_names[] = {
	{ 0, "Version Negotiation" },        { VERSION_1, "1" },         { VERSION_2, "2" },
	{ VERSION_2_DRAFT, "2 (draft-00)" }, { 0xff00001d, "draft-29" }, { 0, NULL },
};

static const struct field_info fields[] = {
	[PACKET_LENGTH] = { "quic.packet_length", "Packet Length", FIELD_NUMBER },
	[HEADER_FORM] = { "quic.header_form", "Header Form", FIELD_NUMBER, 1, .mask = 0x80,
			  .values = form_names },
	[FIXED_BIT] = { "quic.fixed_bit", "Fixed Bit", FIELD_FLAG, 1, .mask = 0x40 },
	[PACKET_TYPE] = { "quic.long.packet_type", "Packet Type", FIELD_NUMBER, 1, .mask = 0x30,
			  .values = type_names },
	[PACKET_TYPE_2] = { "quic.long.packet_type_v2", "Packet Type", FIELD_NUMBER, 1,
			    .mask = 0x30, .values = type_2_names },
	[SPIN_BIT] = { "quic.spin_bit", "Spin Bit", FIELD_FLAG, 1, .mask = 0x20 },
	[VERSION] = { "quic.version", "Version", FIELD_HEX, 4, .values = version_names },
	[DESTINATION_LENGTH] = { "quic.dcil", "Destination Connection ID Length", FIELD_NUMBER, 1 },
	[DESTINATION] = { "quic.dcid", "Destination Connection ID", FIELD_BYTES },
	[SOURCE_LENGTH] = { "quic.scil", "Source Connection ID Length", FIELD_NUMBER, 1 },
	[SOURCE] = { "quic.scid", "Source Connection ID", FIELD_BYTES },
	[TOKEN_LENGTH] = { "quic.token_length", "Token Length", FIELD_NUMBER },
	[TOKEN] = { "quic.token", "Token", FIELD_BYTES },
	[LENGTH] = { "quic.length", "Length", FIELD_NUMBER },
	[PAYLOAD] = { "quic.remaining_payload", "Remaining Payload", FIELD_BYTES },
	[RETRY_TOKEN] = { "quic.retry_token", "Retry Token", FIELD_BYTES },
	[RETRY_TAG] = { "quic.retry_integrity_tag", "Retry Integrity Tag", FIELD_BYTES },
	[SUPPORTED_VERSION] = { "quic.supported_version", "Supported Version", FIELD_HEX, 4,
				.values = version_names },
};

static bool is_known_version(uint32_t version)
{
	return version == VERSION_1 || version == VERSION_2 || version == VERSION_2_DRAFT ||
	       (version >= 0xff000001 && version <= 0xff000022);
}

bool quic_is_long_header(struct bytes bytes)
{
	uint8_t first, id_bytes;
	uint32_t version;

	if (bytes_read_u8(&bytes, &first) || (first & 0xc0) != 0xc0 ||
	    bytes_read_be32(&bytes, &version) || !is_known_version(version) ||
	    bytes_read_u8(&bytes, &id_bytes) || id_bytes > MAXIMUM_ID_BYTES ||
	    bytes_skip(&bytes, id_bytes) || bytes_read_u8(&bytes, &id_bytes))
		return false;
	return id_bytes <= MAXIMUM_ID_BYTES && id_bytes <= bytes.length;
}

/* RFC 9000, section 16: two bits say how many bytes there are. */
static int add_variable(struct dissection *dissection, struct bytes *bytes, unsigned int which,
			uint64_t *ret_number)
{
	struct bytes taken;
	uint64_t number;

	if (!bytes->length || bytes_take(bytes, 1u << (bytes->data[0] >> 6), &taken))
		return -ENODATA;
	number = taken.data[0] & 0x3f;
	for (size_t i = 1; i < taken.length; i++)
		number = number << 8 | taken.data[i];
	dissection_add_value(dissection, taken, &fields[which], number);
	*ret_number = number;
	return 0;
}

static int add_id(struct dissection *dissection, struct bytes *bytes, unsigned int length_field,
		  uint64_t *ret_length)
{
	if (dissection_add_number(dissection, bytes, &fields[length_field], ret_length))
		return -ENODATA;
	return *ret_length ? dissection_add_bytes(dissection, bytes, *ret_length,
						  &fields[length_field + 1], NULL) :
			     0;
}

static int dissect_retry(struct dissection *dissection, struct bytes *bytes)
{
	if (bytes->length < RETRY_TAG_BYTES ||
	    dissection_add_bytes(dissection, bytes, bytes->length - RETRY_TAG_BYTES,
				 &fields[RETRY_TOKEN], NULL))
		return -ENODATA;
	return dissection_add_bytes(dissection, bytes, RETRY_TAG_BYTES, &fields[RETRY_TAG], NULL);
}

static int dissect_protected(struct dissection *dissection, struct bytes *bytes, enum type type)
{
	uint64_t length;

	if (type == TYPE_INITIAL &&
	    (add_variable(dissection, bytes, TOKEN_LENGTH, &length) ||
	     (length && dissection_add_bytes(dissection, bytes, length, &fields[TOKEN], NULL))))
		return -ENODATA;
	if (add_variable(dissection, bytes, LENGTH, &length) ||
	    dissection_add_bytes(dissection, bytes, length, &fields[PAYLOAD], NULL))
		return -ENODATA;
	return 0;
}

static enum type type_of(uint8_t first, uint32_t version)
{
	unsigned int bits = first >> 4 & 3;

	if (!version)
		return TYPE_NEGOTIATION;
	/* RFC 9369, section 3.2 */
	if (version == VERSION_2 || version == VERSION_2_DRAFT)
		return (enum type)((bits + 3) % 4);
	return (enum type)bits;
}

static int dissect_long(struct dissection *dissection, struct bytes *bytes)
{
	struct conversation *conversation = dissection->conversation;
	struct bytes first = *bytes, peek = *bytes;
	uint64_t destination_bytes, source_bytes;
	uint32_t version;
	enum type type;
	int error = 0;

	if (bytes_skip(bytes, 1) || bytes_skip(&peek, 1) || bytes_read_be32(&peek, &version))
		return -ENODATA;
	type = type_of(first.data[0], version);
	first.length = 1;
	if (type != TYPE_NEGOTIATION)
		(void)dissection_add_parts(
			dissection, &first,
			&fields[version == VERSION_2 ? PACKET_TYPE_2 : PACKET_TYPE], 1, NULL);
	if (dissection_add_number(dissection, bytes, &fields[VERSION], NULL) ||
	    add_id(dissection, bytes, DESTINATION_LENGTH, &destination_bytes) ||
	    add_id(dissection, bytes, SOURCE_LENGTH, &source_bytes))
		return -ENODATA;
	/* What the other side will have in its short headers. */
	if (conversation)
		conversation->side_note[!dissection->side] = (uint32_t)source_bytes;
	if (type == TYPE_RETRY)
		return dissect_retry(dissection, bytes);
	if (type != TYPE_NEGOTIATION)
		return dissect_protected(dissection, bytes, type);
	while (!error && bytes->length)
		error = dissection_add_number(dissection, bytes, &fields[SUPPORTED_VERSION], NULL);
	return error;
}

static int dissect_short(struct dissection *dissection, struct bytes *bytes)
{
	const struct conversation *conversation = dissection->conversation;
	uint32_t id_bytes = conversation ? conversation->side_note[dissection->side] : 0;

	if (dissection_add_parts(dissection, bytes, &fields[SPIN_BIT], 1, NULL) ||
	    (id_bytes &&
	     dissection_add_bytes(dissection, bytes, id_bytes, &fields[DESTINATION], NULL)))
		return -ENODATA;
	return dissection_add_bytes(dissection, bytes, bytes->length, &fields[PAYLOAD], NULL);
}

static int dissect_quic(struct dissection *dissection, struct bytes *bytes)
{
	unsigned int length = dissection->field_count;
	struct bytes first = *bytes;
	uint64_t bits;
	int error;

	dissection_add_value(dissection, bytes_make(bytes->data, 0), &fields[PACKET_LENGTH],
			     bytes->length);
	if (dissection_add_parts(dissection, &first, &fields[HEADER_FORM], 2, &bits))
		return -ENODATA;
	error = bits & 0x80 ? dissect_long(dissection, bytes) : dissect_short(dissection, bytes);
	/* Of this packet alone; the field of it comes first. */
	if (!error && dissection->end == DISSECTION_WHOLE)
		dissection->fields[length].number = (uint64_t)(bytes->data - first.data) + 1;
	/* Zeros may fill the datagram up. */
	if (!error && bytes->length && bytes->data[0] & 0x40)
		dissection_next(dissection, &dissector_quic, *bytes);
	return error;
}

static void describe_id(const struct dissection *dissection, const struct layer *layer,
			unsigned int which, const char *name, struct line *line)
{
	const struct field *id = dissection_find(dissection, layer, &fields[which]);

	if (!id)
		return;
	line_add(line, name);
	line_add_bytes(line, id->data, id->length, '\0');
}

/* "Handshake, DCID=71b8f3f4, SCID=cdc8b6e6" */
static void describe_quic(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *form = dissection_find(dissection, layer, &fields[HEADER_FORM]);
	const struct field *type = dissection_find(dissection, layer, &fields[PACKET_TYPE]);
	const struct field *type_2 = dissection_find(dissection, layer, &fields[PACKET_TYPE_2]);

	if (!form)
		return;
	if (!form->number)
		line_add(line, "Protected Payload (KP0)");
	else if (type || type_2)
		line_add(line, type ? field_value_name(type->info, type->number) :
				      field_value_name(type_2->info, type_2->number));
	else
		line_add(line, "Version Negotiation");
	describe_id(dissection, layer, DESTINATION, ", DCID=", line);
	describe_id(dissection, layer, SOURCE, ", SCID=", line);
}

const struct dissector dissector_quic = {
	.name = "quic",
	.label = "QUIC",
	.title = "QUIC IETF",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_quic,
	.describe = describe_quic,
};
