/* SPDX-License-Identifier: GPL-2.0-only */
/* Generic encapsulation: GRE (RFC 2784, RFC 2890), its former one (RFC 1701) and PPTP's (RFC 2637). */
#include "../line.h"
#include "registry.h"

enum {
	FLAGS,
	HAS_CHECKSUM,
	HAS_ROUTING,
	HAS_KEY,
	HAS_SEQUENCE,
	STRICT_ROUTE,
	RECURSION,
	HAS_ACKNOWLEDGMENT,
	RESERVED,
	RESERVED_PPTP,
	VERSION,
	PROTOCOL,
	CHECKSUM,
	OFFSET,
	KEY,
	PAYLOAD_LENGTH,
	CALL,
	SEQUENCE,
	ACKNOWLEDGMENT,
	ROUTE_FAMILY,
	ROUTE_OFFSET,
	ROUTE_LENGTH,
	ROUTE,
};

static const struct field_info fields[] = {
	[FLAGS] = { "gre.flags_and_version", "Flags and Version", FIELD_HEX, 2 },
	[HAS_CHECKSUM] = { "gre.flags.checksum", "Checksum Bit", FIELD_FLAG, 2, .mask = 0x8000 },
	[HAS_ROUTING] = { "gre.flags.routing", "Routing Bit", FIELD_FLAG, 2, .mask = 0x4000 },
	[HAS_KEY] = { "gre.flags.key", "Key Bit", FIELD_FLAG, 2, .mask = 0x2000 },
	[HAS_SEQUENCE] = { "gre.flags.sequence_number", "Sequence Number Bit", FIELD_FLAG, 2,
			   .mask = 0x1000 },
	[STRICT_ROUTE] = { "gre.flags.strict_source_route", "Strict Source Route Bit", FIELD_FLAG,
			   2, .mask = 0x0800 },
	[RECURSION] = { "gre.flags.recursion_control", "Recursion control", FIELD_NUMBER, 2,
			.mask = 0x0700 },
	[HAS_ACKNOWLEDGMENT] = { "gre.flags.ack", "Acknowledgment", FIELD_FLAG, 2, .mask = 0x0080 },
	[RESERVED] = { "gre.flags.reserved", "Flags (Reserved)", FIELD_NUMBER, 2, .mask = 0x00f8 },
	[RESERVED_PPTP] = { "gre.flags.reserved", "Flags (Reserved)", FIELD_NUMBER, 2,
			    .mask = 0x0078 },
	[VERSION] = { "gre.flags.version", "Version", FIELD_NUMBER, 2, .mask = 0x0007 },
	[PROTOCOL] = { "gre.proto", "Protocol Type", FIELD_HEX, 2, .values = registry_ethertypes },
	[CHECKSUM] = { "gre.checksum", "Checksum", FIELD_HEX, 2 },
	[OFFSET] = { "gre.offset", "Offset", FIELD_NUMBER, 2 },
	[KEY] = { "gre.key", "Key", FIELD_HEX, 4 },
	[PAYLOAD_LENGTH] = { "gre.key.payload_length", "Payload Length", FIELD_NUMBER, 2 },
	[CALL] = { "gre.key.call_id", "Call ID", FIELD_NUMBER, 2 },
	[SEQUENCE] = { "gre.sequence_number", "Sequence Number", FIELD_NUMBER, 4 },
	[ACKNOWLEDGMENT] = { "gre.ack_number", "Acknowledgment Number", FIELD_NUMBER, 4 },
	[ROUTE_FAMILY] = { "gre.routing.address_family", "Address Family", FIELD_NUMBER, 2 },
	[ROUTE_OFFSET] = { "gre.routing.sre_offset", "SRE Offset", FIELD_NUMBER, 1 },
	[ROUTE_LENGTH] = { "gre.routing.src_length", "SRE Length", FIELD_NUMBER, 1 },
	[ROUTE] = { "gre.routing.information", "Routing Information", FIELD_BYTES },
};

static void add_flags(struct dissection *dissection, uint64_t flags)
{
	dissection_add_bits(dissection, &fields[HAS_CHECKSUM], RECURSION - HAS_CHECKSUM + 1, flags);
	if (flags & fields[VERSION].mask)
		dissection_add_bits(dissection, &fields[HAS_ACKNOWLEDGMENT], 1, flags);
	dissection_add_bits(dissection,
			    &fields[flags & fields[VERSION].mask ? RESERVED_PPTP : RESERVED], 1,
			    flags);
	dissection_add_bits(dissection, &fields[VERSION], 1, flags);
}

/* RFC 1701: entries, up to one that is empty */
static int dissect_routes(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[3];

	do {
		if (dissection_add_fields(dissection, bytes, &fields[ROUTE_FAMILY], 3, numbers) ||
		    (numbers[2] &&
		     dissection_add_bytes(dissection, bytes, numbers[2], &fields[ROUTE], NULL)))
			return -ENODATA;
	} while (numbers[0] || numbers[2]);
	return 0;
}

static int dissect_optional(struct dissection *dissection, struct bytes *bytes, uint64_t flags)
{
	bool is_pptp = (flags & fields[VERSION].mask) == 1;

	if (flags & (fields[HAS_CHECKSUM].mask | fields[HAS_ROUTING].mask) &&
	    dissection_add_fields(dissection, bytes, &fields[CHECKSUM], 2, NULL))
		return -ENODATA;
	if (flags & fields[HAS_KEY].mask &&
	    (is_pptp ? dissection_add_fields(dissection, bytes, &fields[PAYLOAD_LENGTH], 2, NULL) :
		       dissection_add_number(dissection, bytes, &fields[KEY], NULL)))
		return -ENODATA;
	if (flags & fields[HAS_SEQUENCE].mask &&
	    dissection_add_number(dissection, bytes, &fields[SEQUENCE], NULL))
		return -ENODATA;
	if (is_pptp && flags & fields[HAS_ACKNOWLEDGMENT].mask &&
	    dissection_add_number(dissection, bytes, &fields[ACKNOWLEDGMENT], NULL))
		return -ENODATA;
	return flags & fields[HAS_ROUTING].mask ? dissect_routes(dissection, bytes) : 0;
}

/* https://www.iana.org/assignments/gre-parameters: Ethernet's types, but for these. */
static const struct dissector *find_protocol(uint64_t protocol, uint64_t flags)
{
	switch (protocol) {
	case 0x88be:
		return flags & fields[HAS_SEQUENCE].mask ? &dissector_erspan : &dissector_erspan_1;
	case 0x22eb:
		return &dissector_erspan;
	default:
		return registry_find_ethertype((uint16_t)protocol);
	}
}

static int dissect_gre(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t flags, protocol;

	if (dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	add_flags(dissection, flags);
	if (dissection_add_number(dissection, bytes, &fields[PROTOCOL], &protocol) ||
	    dissect_optional(dissection, bytes, flags))
		return -ENODATA;
	if (bytes->length > 0)
		dissection_next(dissection, find_protocol(protocol, flags), *bytes);
	return 0;
}

static void describe_gre(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *protocol = dissection_find(dissection, layer, &fields[PROTOCOL]);
	const char *name = NULL;

	if (!protocol)
		return;
	if (protocol->number == 0)
		name = "Possible GRE keepalive packet";
	else if (protocol->number == 0x880b)
		name = "PPP";
	else
		name = field_value_name(&fields[PROTOCOL], protocol->number);
	line_add(line, "Encapsulated ");
	if (name)
		line_add(line, name);
	else
		line_print(line, "0x%04x (unknown)", (unsigned int)protocol->number);
}

const struct dissector dissector_gre = {
	.name = "gre",
	.label = "GRE",
	.title = "Generic Routing Encapsulation",
	.summary = " ({gre.proto})",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_gre,
	.describe = describe_gre,
};
