/* SPDX-License-Identifier: GPL-2.0-only */
/* Address resolution: ARP (RFC 826) and its reverse (RFC 903), inverse (RFC 2390) and probes (RFC 5227). */
#include <string.h>

#include "../line.h"
#include "registry.h"

enum {
	HARDWARE_TYPE,
	PROTOCOL_TYPE,
	HARDWARE_BYTES,
	PROTOCOL_BYTES,
	OPERATION,
	GRATUITOUS,
	PROBE,
	ANNOUNCEMENT,
	SOURCE_MAC,
	SOURCE_IPV4,
	DESTINATION_MAC,
	DESTINATION_IPV4,
	SOURCE_HARDWARE,
	SOURCE_PROTOCOL,
	DESTINATION_HARDWARE,
	DESTINATION_PROTOCOL,
};

enum {
	REQUEST = 1,
	REPLY,
	REVERSE_REQUEST,
	REVERSE_REPLY,
	DYNAMIC_REVERSE_REQUEST,
	DYNAMIC_REVERSE_REPLY,
	DYNAMIC_REVERSE_ERROR,
	INVERSE_REQUEST,
	INVERSE_REPLY,
};

static const struct value_name hardware_names[] = {
	{ 1, "Ethernet" },          { 6, "IEEE 802" }, { 7, "ARCNET" },
	{ 15, "Frame Relay DLCI" }, { 16, "ATM" },     { 18, "Fibre Channel" },
	{ 32, "InfiniBand" },       { 0, NULL },
};

static const struct value_name operation_names[] = {
	{ REQUEST, "request" },
	{ REPLY, "reply" },
	{ REVERSE_REQUEST, "reverse request" },
	{ REVERSE_REPLY, "reverse reply" },
	{ DYNAMIC_REVERSE_REQUEST, "drarp request" },
	{ DYNAMIC_REVERSE_REPLY, "drarp reply" },
	{ DYNAMIC_REVERSE_ERROR, "drarp error" },
	{ INVERSE_REQUEST, "inverse request" },
	{ INVERSE_REPLY, "inverse reply" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[HARDWARE_TYPE] = { "arp.hw.type", "Hardware type", FIELD_NUMBER, 2,
			    .values = hardware_names },
	[PROTOCOL_TYPE] = { "arp.proto.type", "Protocol type", FIELD_HEX, 2,
			    .values = registry_ethertypes },
	[HARDWARE_BYTES] = { "arp.hw.size", "Hardware size", FIELD_NUMBER, 1 },
	[PROTOCOL_BYTES] = { "arp.proto.size", "Protocol size", FIELD_NUMBER, 1 },
	[OPERATION] = { "arp.opcode", "Opcode", FIELD_NUMBER, 2, .values = operation_names },
	[GRATUITOUS] = { "arp.isgratuitous", "Is gratuitous", FIELD_NUMBER },
	[PROBE] = { "arp.isprobe", "Is probe", FIELD_NUMBER },
	[ANNOUNCEMENT] = { "arp.isannouncement", "Is announcement", FIELD_NUMBER },
	[SOURCE_MAC] = { "arp.src.hw_mac", "Sender MAC address", FIELD_MAC },
	[SOURCE_IPV4] = { "arp.src.proto_ipv4", "Sender IP address", FIELD_IPV4 },
	[DESTINATION_MAC] = { "arp.dst.hw_mac", "Target MAC address", FIELD_MAC },
	[DESTINATION_IPV4] = { "arp.dst.proto_ipv4", "Target IP address", FIELD_IPV4 },
	[SOURCE_HARDWARE] = { "arp.src.hw", "Sender hardware address", FIELD_BYTES },
	[SOURCE_PROTOCOL] = { "arp.src.proto", "Sender protocol address", FIELD_BYTES },
	[DESTINATION_HARDWARE] = { "arp.dst.hw", "Target hardware address", FIELD_BYTES },
	[DESTINATION_PROTOCOL] = { "arp.dst.proto", "Target protocol address", FIELD_BYTES },
};

struct header {
	uint64_t hardware_type, protocol_type, hardware_bytes, protocol_bytes, operation;
};

/* One of the four addresses; the field depends on its kind. */
static int add_address(struct dissection *dissection, struct bytes *bytes, size_t length,
		       bool is_usual, unsigned int usual, unsigned int other)
{
	return length == 0 ? 0 :
			     dissection_add_bytes(dissection, bytes, length,
						  &fields[is_usual ? usual : other], NULL);
}

/* What RFC 5227 calls a probe (section 1.1), and an announcement that nobody asked for. */
static void add_conclusions(struct dissection *dissection, const struct header *header,
			    struct bytes bytes)
{
	static const uint8_t nobody[4];
	struct bytes none = bytes_make(bytes.data, 0), source, target, hardware;

	if (bytes_take(&bytes, 6, &hardware) || bytes_take(&bytes, 4, &source) ||
	    bytes_take(&bytes, 6, &hardware) || bytes_take(&bytes, 4, &target))
		return;
	if (header->operation == REQUEST && memcmp(source.data, nobody, 4) == 0 &&
	    memcmp(target.data, nobody, 4) != 0)
		dissection_add_value(dissection, none, &fields[PROBE], 1);
	if (memcmp(source.data, target.data, 4) == 0 && header->operation <= REPLY) {
		dissection_add_value(dissection, none, &fields[GRATUITOUS], 1);
		if (header->operation == REQUEST && memcmp(hardware.data, nobody, 4) == 0 &&
		    memcmp(hardware.data + 4, nobody, 2) == 0)
			dissection_add_value(dissection, none, &fields[ANNOUNCEMENT], 1);
	}
}

static int dissect_arp(struct dissection *dissection, struct bytes *bytes)
{
	static const char *const labels[] = {
		[REVERSE_REQUEST] = "RARP",          [REVERSE_REPLY] = "RARP",
		[DYNAMIC_REVERSE_REQUEST] = "DRARP", [DYNAMIC_REVERSE_REPLY] = "DRARP",
		[DYNAMIC_REVERSE_ERROR] = "DRARP",   [INVERSE_REQUEST] = "Inverse ARP",
		[INVERSE_REPLY] = "Inverse ARP",
	};
	struct header header;
	bool has_macs, has_ipv4;
	uint64_t numbers[5];

	if (dissection_add_fields(dissection, bytes, &fields[HARDWARE_TYPE], 5, numbers))
		return -ENODATA;
	header = (struct header){ numbers[0], numbers[1], numbers[2], numbers[3], numbers[4] };
	if (header.operation <= INVERSE_REPLY && labels[header.operation])
		dissection_set_label(dissection, labels[header.operation]);
	has_macs = (header.hardware_type == 1 || header.hardware_type == 6) &&
		   header.hardware_bytes == 6;
	has_ipv4 = header.protocol_type == 0x0800 && header.protocol_bytes == 4;
	if (has_macs && has_ipv4)
		add_conclusions(dissection, &header, *bytes);
	if (add_address(dissection, bytes, header.hardware_bytes, has_macs, SOURCE_MAC,
			SOURCE_HARDWARE) ||
	    add_address(dissection, bytes, header.protocol_bytes, has_ipv4, SOURCE_IPV4,
			SOURCE_PROTOCOL) ||
	    add_address(dissection, bytes, header.hardware_bytes, has_macs, DESTINATION_MAC,
			DESTINATION_HARDWARE) ||
	    add_address(dissection, bytes, header.protocol_bytes, has_ipv4, DESTINATION_IPV4,
			DESTINATION_PROTOCOL))
		return -ENODATA;
	dissection_limit(dissection, bytes, 0);
	return 0;
}

static void add_one(const struct dissection *dissection, const struct layer *layer,
		    unsigned int usual, unsigned int other, struct line *line)
{
	const struct field *field = dissection_find(dissection, layer, &fields[usual]);

	if (field && fields[usual].type == FIELD_MAC) {
		line_add_mac(line, field->data);
	} else if (field) {
		line_add_ipv4(line, field->data);
	} else {
		field = dissection_find(dissection, layer, &fields[other]);
		if (field)
			line_add_bytes(line, field->data, field->length, '\0');
		else
			line_add(line, "<No address>");
	}
}

static void add_protocol(const struct dissection *dissection, const struct layer *layer,
			 bool is_source, struct line *line)
{
	add_one(dissection, layer, is_source ? SOURCE_IPV4 : DESTINATION_IPV4,
		is_source ? SOURCE_PROTOCOL : DESTINATION_PROTOCOL, line);
}

static void add_hardware(const struct dissection *dissection, const struct layer *layer,
			 bool is_source, struct line *line)
{
	add_one(dissection, layer, is_source ? SOURCE_MAC : DESTINATION_MAC,
		is_source ? SOURCE_HARDWARE : DESTINATION_HARDWARE, line);
}

static void describe_request(const struct dissection *dissection, const struct layer *layer,
			     struct line *line)
{
	if (dissection_find(dissection, layer, &fields[ANNOUNCEMENT])) {
		line_add(line, "ARP Announcement for ");
		add_protocol(dissection, layer, false, line);
	} else if (dissection_find(dissection, layer, &fields[GRATUITOUS])) {
		line_add(line, "Gratuitous ARP for ");
		add_protocol(dissection, layer, false, line);
		line_add(line, " (Request)");
	} else {
		line_add(line, "Who has ");
		add_protocol(dissection, layer, false, line);
		if (dissection_find(dissection, layer, &fields[PROBE])) {
			line_add(line, "? (ARP Probe)");
			return;
		}
		line_add(line, "? Tell ");
		add_protocol(dissection, layer, true, line);
	}
}

static void describe_reply(const struct dissection *dissection, const struct layer *layer,
			   struct line *line)
{
	if (dissection_find(dissection, layer, &fields[GRATUITOUS])) {
		line_add(line, "Gratuitous ARP for ");
		add_protocol(dissection, layer, true, line);
		line_add(line, " (Reply)");
		return;
	}
	add_protocol(dissection, layer, true, line);
	line_add(line, " is at ");
	add_hardware(dissection, layer, true, line);
}

static void describe_arp(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *operation = dissection_find(dissection, layer, &fields[OPERATION]);

	switch (operation ? operation->number : 0) {
	case REQUEST:
		describe_request(dissection, layer, line);
		break;
	case REPLY:
		describe_reply(dissection, layer, line);
		break;
	case REVERSE_REQUEST:
	case DYNAMIC_REVERSE_REQUEST:
		line_add(line, "Who is ");
		add_hardware(dissection, layer, false, line);
		line_add(line, "? Tell ");
		add_hardware(dissection, layer, true, line);
		break;
	case REVERSE_REPLY:
	case DYNAMIC_REVERSE_REPLY:
		add_hardware(dissection, layer, false, line);
		line_add(line, " is at ");
		add_protocol(dissection, layer, false, line);
		break;
	case INVERSE_REQUEST:
		line_add(line, "Who is ");
		add_hardware(dissection, layer, false, line);
		line_add(line, "? Tell ");
		add_hardware(dissection, layer, true, line);
		break;
	case INVERSE_REPLY:
		add_hardware(dissection, layer, true, line);
		line_add(line, " is at ");
		add_protocol(dissection, layer, true, line);
		break;
	default:
		line_print(line, "Unknown ARP opcode 0x%04x",
			   operation ? (unsigned int)operation->number : 0);
	}
}

const struct dissector dissector_arp = {
	.name = "arp",
	.label = "ARP",
	.title = "Address Resolution Protocol",
	.summary = " ({arp.opcode})",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_arp,
	.describe = describe_arp,
};
