/* SPDX-License-Identifier: GPL-2.0-only */
/* DHCP: RFC 2131, section 2; and BOOTP: RFC 951. */
#include "dhcp.h"

#include "../line.h"

enum {
	TYPE,
	HARDWARE_TYPE,
	HARDWARE_LENGTH,
	HOPS,
	ID,
	SECONDS,
	FLAGS,
	BROADCAST,
	RESERVED,
	CLIENT,
	YOUR,
	SERVER,
	RELAY,
	CLIENT_MAC,
	CLIENT_HARDWARE,
	HARDWARE_PADDING,
	SERVER_NAME,
	FILE_NAME,
	COOKIE,
};

enum type {
	TYPE_REQUEST = 1,
	TYPE_REPLY = 2,
};

#define HARDWARE_ETHERNET 1
#define HARDWARE_BYTES 16
#define MAC_BYTES 6
#define SERVER_NAME_BYTES 64
#define FILE_NAME_BYTES 128

static const struct value_name type_names[] = {
	{ TYPE_REQUEST, "Boot Request" },
	{ TYPE_REPLY, "Boot Reply" },
	{ 0, NULL },
};

static const struct value_name hardware_names[] = {
	{ HARDWARE_ETHERNET, "Ethernet" },
	{ 6, "IEEE 802" },
	{ 32, "InfiniBand" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[TYPE] = { "dhcp.type", "Message type", FIELD_NUMBER, 1, .values = type_names },
	[HARDWARE_TYPE] = { "dhcp.hw.type", "Hardware type", FIELD_HEX, 1,
			    .values = hardware_names },
	[HARDWARE_LENGTH] = { "dhcp.hw.len", "Hardware address length", FIELD_NUMBER, 1 },
	[HOPS] = { "dhcp.hops", "Hops", FIELD_NUMBER, 1 },
	[ID] = { "dhcp.id", "Transaction ID", FIELD_HEX, 4 },
	[SECONDS] = { "dhcp.secs", "Seconds elapsed", FIELD_NUMBER, 2 },
	[FLAGS] = { "dhcp.flags", "Bootp flags", FIELD_HEX, 2 },
	[BROADCAST] = { "dhcp.flags.bc", "Broadcast flag", FIELD_FLAG, 2, .mask = 0x8000 },
	[RESERVED] = { "dhcp.flags.reserved", "Reserved flags", FIELD_HEX, 2, .mask = 0x7fff },
	[CLIENT] = { "dhcp.ip.client", "Client IP address", FIELD_IPV4, 4 },
	[YOUR] = { "dhcp.ip.your", "Your (client) IP address", FIELD_IPV4, 4 },
	[SERVER] = { "dhcp.ip.server", "Next server IP address", FIELD_IPV4, 4 },
	[RELAY] = { "dhcp.ip.relay", "Relay agent IP address", FIELD_IPV4, 4 },
	[CLIENT_MAC] = { "dhcp.hw.mac_addr", "Client MAC address", FIELD_MAC, 6 },
	[CLIENT_HARDWARE] = { "dhcp.hw.addr", "Client hardware address", FIELD_BYTES },
	[HARDWARE_PADDING] = { "dhcp.hw.addr_padding", "Client hardware address padding",
			       FIELD_BYTES },
	[SERVER_NAME] = { "dhcp.server", "Server host name", FIELD_TEXT },
	[FILE_NAME] = { "dhcp.file", "Boot file name", FIELD_TEXT },
	[COOKIE] = { "dhcp.cookie", "Magic cookie", FIELD_IPV4, 4 },
};

/* RFC 1497 */
static const uint8_t cookie[4] = { 99, 130, 83, 99 };

static int dissect_hardware(struct dissection *dissection, struct bytes *bytes, uint64_t type,
			    uint64_t length)
{
	bool is_mac = type == HARDWARE_ETHERNET && length == MAC_BYTES;
	struct bytes address;

	if (bytes_take(bytes, HARDWARE_BYTES, &address))
		return -ENODATA;
	if (length > HARDWARE_BYTES)
		length = HARDWARE_BYTES;
	if (length)
		(void)dissection_add_bytes(dissection, &address, length,
					   &fields[is_mac ? CLIENT_MAC : CLIENT_HARDWARE], NULL);
	if (address.length)
		(void)dissection_add_bytes(dissection, &address, address.length,
					   &fields[HARDWARE_PADDING], NULL);
	return 0;
}

/* Text up to the first zero of so many bytes. */
static int dissect_text(struct dissection *dissection, struct bytes *bytes, size_t length,
			unsigned int which)
{
	struct bytes text;
	const uint8_t *end;

	if (bytes_take(bytes, length, &text))
		return -ENODATA;
	end = memchr(text.data, 0, text.length);
	return dissection_add_bytes(dissection, &text,
				    end ? (size_t)(end - text.data) : text.length, &fields[which],
				    NULL);
}

static int dissect_dhcp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[6], flags;

	dissection_set_label(dissection, "BOOTP");
	if (dissection_add_fields(dissection, bytes, &fields[TYPE], 6, numbers) ||
	    dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[BROADCAST], 2, flags);
	if (dissection_add_fields(dissection, bytes, &fields[CLIENT], 4, NULL) ||
	    dissect_hardware(dissection, bytes, numbers[1], numbers[2]) ||
	    dissect_text(dissection, bytes, SERVER_NAME_BYTES, SERVER_NAME) ||
	    dissect_text(dissection, bytes, FILE_NAME_BYTES, FILE_NAME))
		return -ENODATA;
	if (bytes->length < sizeof(cookie) || memcmp(bytes->data, cookie, sizeof(cookie)) != 0)
		return 0;
	(void)dissection_add_bytes(dissection, bytes, sizeof(cookie), &fields[COOKIE], NULL);
	if (dhcp_options_dissect(dissection, bytes))
		return -ENODATA;
	if (dhcp_options_kind(dissection, &dissection->layers[dissection->layer_count - 1]))
		dissection_set_label(dissection, "DHCP");
	return 0;
}

/* "DHCP Discover - Transaction ID 0x3d1d" */
static void describe_dhcp(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *type = dissection_find(dissection, layer, &fields[TYPE]);
	const struct field *id = dissection_find(dissection, layer, &fields[ID]);
	uint64_t kind = dhcp_options_kind(dissection, layer);
	const char *name = NULL;

	for (const struct value_name *each = dhcp_kind_names; each->text && !name; each++)
		if (each->value == kind)
			name = each->text;
	if (kind) {
		size_t begin = line->length;

		line_add(line, "DHCP ");
		line_add(line, name ? name : "Unknown");
		line_pad(line, begin + 14);
		line_print(line, "- Transaction ID 0x%x", id ? (unsigned int)id->number : 0);
	} else if (type && type->number != TYPE_REQUEST && type->number != TYPE_REPLY) {
		line_print(line, "Unknown BOOTP message type (%u)", (unsigned int)type->number);
	} else if (type) {
		line_add(line, type->number == TYPE_REQUEST ? "Boot Request" : "Boot Reply");
	}
}

const struct dissector dissector_dhcp = {
	.name = "dhcp",
	.label = "DHCP",
	.title = "Dynamic Host Configuration Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_dhcp,
	.describe = describe_dhcp,
};
