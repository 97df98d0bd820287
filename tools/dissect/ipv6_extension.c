/* SPDX-License-Identifier: GPL-2.0-only */
/* Extension headers of IPv6: RFC 8200, section 4; their options are in ipv6_options.c. */
#include "../line.h"
#include "../stream/fragments.h"
#include "ipv6.h"
#include "ipv6_options.h"
#include "registry.h"

enum {
	NEXT_HEADER,
	LENGTH,
	LENGTH_BYTES,
};

/* The length is in units of 8 bytes, without the first. */
static const struct field_info hop_fields[] = {
	[NEXT_HEADER] = { "ipv6.hopopts.nxt", "Next Header", FIELD_NUMBER, 1,
			  .values = registry_ip_protocols },
	[LENGTH] = { "ipv6.hopopts.len", "Length", FIELD_NUMBER, 1 },
	[LENGTH_BYTES] = { "ipv6.hopopts.len_oct", "Length", FIELD_NUMBER, .unit = "bytes" },
};

static const struct field_info destination_fields[] = {
	[NEXT_HEADER] = { "ipv6.dstopts.nxt", "Next Header", FIELD_NUMBER, 1,
			  .values = registry_ip_protocols },
	[LENGTH] = { "ipv6.dstopts.len", "Length", FIELD_NUMBER, 1 },
	[LENGTH_BYTES] = { "ipv6.dstopts.len_oct", "Length", FIELD_NUMBER, .unit = "bytes" },
};

enum {
	ROUTING_TYPE = 3,
	SEGMENTS_LEFT,
	ROUTING_RESERVED,
	ROUTING_ADDRESS,
	MOBILE_RESERVED,
	MOBILE_ADDRESS,
	SEGMENT_LAST,
	SEGMENT_FLAGS,
	SEGMENT_TAG,
	SEGMENT_ADDRESS,
	ROUTING_DATA,
};

enum {
	ROUTING_SOURCE = 0,  /* RFC 2460, section 4.4; deprecated by RFC 5095 */
	ROUTING_MOBILE = 2,  /* RFC 6275, section 6.4 */
	ROUTING_SEGMENT = 4, /* RFC 8754, section 2 */
};

static const struct value_name routing_names[] = {
	{ ROUTING_SOURCE, "Source Route" },     { 1, "Nimrod" },
	{ ROUTING_MOBILE, "Mobile IP" },        { 3, "RPL Source Route" },
	{ ROUTING_SEGMENT, "Segment Routing" }, { 0, NULL },
};

static const struct field_info routing_fields[] = {
	[NEXT_HEADER] = { "ipv6.routing.nxt", "Next Header", FIELD_NUMBER, 1,
			  .values = registry_ip_protocols },
	[LENGTH] = { "ipv6.routing.len", "Length", FIELD_NUMBER, 1 },
	[LENGTH_BYTES] = { "ipv6.routing.len_oct", "Length", FIELD_NUMBER, .unit = "bytes" },
	[ROUTING_TYPE] = { "ipv6.routing.type", "Type", FIELD_NUMBER, 1, .values = routing_names },
	[SEGMENTS_LEFT] = { "ipv6.routing.segleft", "Segments Left", FIELD_NUMBER, 1 },
	[ROUTING_RESERVED] = { "ipv6.routing.src.reserved", "Reserved", FIELD_BYTES },
	[ROUTING_ADDRESS] = { "ipv6.routing.src.addr", "Address", FIELD_IPV6 },
	[MOBILE_RESERVED] = { "ipv6.routing.mipv6.reserved", "Reserved", FIELD_BYTES },
	[MOBILE_ADDRESS] = { "ipv6.routing.mipv6.home_address", "Home Address", FIELD_IPV6 },
	[SEGMENT_LAST] = { "ipv6.routing.srh.last_entry", "Last Entry", FIELD_NUMBER, 1 },
	[SEGMENT_FLAGS] = { "ipv6.routing.srh.flags", "Flags", FIELD_HEX, 1 },
	[SEGMENT_TAG] = { "ipv6.routing.srh.tag", "Tag", FIELD_BYTES, 2 },
	[SEGMENT_ADDRESS] = { "ipv6.routing.srh.addr", "Address", FIELD_IPV6 },
	[ROUTING_DATA] = { "ipv6.routing.unknown.data", "Type-Specific Data", FIELD_BYTES },
};

enum {
	FRAGMENT_RESERVED = 1,
	FRAGMENT_OFFSET,
	FRAGMENT_RESERVED_BITS,
	FRAGMENT_MORE,
	FRAGMENT_IDENTIFICATION,
	FRAGMENT_REASSEMBLED_LENGTH,
};

static const struct field_info fragment_fields[] = {
	[NEXT_HEADER] = { "ipv6.fraghdr.nxt", "Next header", FIELD_NUMBER, 1,
			  .values = registry_ip_protocols },
	[FRAGMENT_RESERVED] = { "ipv6.fraghdr.reserved_octet", "Reserved octet", FIELD_HEX, 1 },
	[FRAGMENT_OFFSET] = { "ipv6.fraghdr.offset", "Offset", FIELD_NUMBER, 2, .mask = 0xfff8 },
	[FRAGMENT_RESERVED_BITS] = { "ipv6.fraghdr.reserved_bits", "Reserved bits", FIELD_NUMBER, 2,
				     .mask = 0x0006 },
	[FRAGMENT_MORE] = { "ipv6.fraghdr.more", "More Fragments", FIELD_FLAG, 2, .mask = 0x0001 },
	[FRAGMENT_IDENTIFICATION] = { "ipv6.fraghdr.ident", "Identification", FIELD_HEX, 4 },
	[FRAGMENT_REASSEMBLED_LENGTH] = { "ipv6.reassembled.length", "Reassembled IPv6 length",
					  FIELD_NUMBER },
};

/* Takes off the header, whose length stands in its second byte; *ret_content is behind that. */
static int take_header(struct dissection *dissection, struct bytes *bytes,
		       const struct field_info *fields, uint64_t *ret_next,
		       struct bytes *ret_content)
{
	uint64_t length;

	if (dissection_add_number(dissection, bytes, &fields[NEXT_HEADER], ret_next) ||
	    dissection_add_number(dissection, bytes, &fields[LENGTH], &length))
		return -ENODATA;
	dissection_add_value(dissection, bytes_make(bytes->data - 1, 1), &fields[LENGTH_BYTES],
			     8 + length * 8);
	if (bytes_take(bytes, 6 + length * 8, ret_content))
		return -ENODATA;
	return 0;
}

static int dissect_options(struct dissection *dissection, struct bytes *bytes,
			   const struct field_info *fields)
{
	struct bytes options;
	uint64_t next;

	if (take_header(dissection, bytes, fields, &next, &options) ||
	    ipv6_options_dissect(dissection, &options))
		return -ENODATA;
	ipv6_next(dissection, (uint8_t)next, *bytes);
	return 0;
}

static int dissect_hop_options(struct dissection *dissection, struct bytes *bytes)
{
	return dissect_options(dissection, bytes, hop_fields);
}

static int dissect_destination_options(struct dissection *dissection, struct bytes *bytes)
{
	return dissect_options(dissection, bytes, destination_fields);
}

static int add_addresses(struct dissection *dissection, struct bytes *content, unsigned int which)
{
	while (content->length >= 16)
		if (dissection_add_fields(dissection, content, &routing_fields[which], 1, NULL))
			return -ENODATA;
	return 0;
}

static int dissect_route(struct dissection *dissection, struct bytes *content, uint64_t type)
{
	switch (type) {
	case ROUTING_SOURCE:
		return dissection_add_bytes(dissection, content, 4,
					    &routing_fields[ROUTING_RESERVED], NULL) ?
			       -ENODATA :
			       add_addresses(dissection, content, ROUTING_ADDRESS);
	case ROUTING_MOBILE:
		return dissection_add_bytes(dissection, content, 4,
					    &routing_fields[MOBILE_RESERVED], NULL) ?
			       -ENODATA :
			       add_addresses(dissection, content, MOBILE_ADDRESS);
	case ROUTING_SEGMENT:
		return dissection_add_fields(dissection, content, &routing_fields[SEGMENT_LAST], 3,
					     NULL) ?
			       -ENODATA :
			       add_addresses(dissection, content, SEGMENT_ADDRESS);
	}
	return dissection_add_bytes(dissection, content, content->length,
				    &routing_fields[ROUTING_DATA], NULL);
}

/* Where the packet is on its way: the last address; segments stand in reverse order. */
static void set_destination(struct dissection *dissection, struct bytes addresses, uint64_t type)
{
	const uint8_t *address;

	if (type != ROUTING_SOURCE && type != ROUTING_MOBILE && type != ROUTING_SEGMENT)
		return;
	if (bytes_skip(&addresses, 4) || addresses.length < 16)
		return;
	address = addresses.data;
	if (type != ROUTING_SEGMENT)
		address += addresses.length / 16 * 16 - 16;
	dissection->flow.destination = (struct address){ ADDRESS_IPV6, address };
}

static int dissect_routing(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t next, numbers[2];
	struct bytes content, addresses;

	if (take_header(dissection, bytes, routing_fields, &next, &content) ||
	    dissection_add_fields(dissection, &content, &routing_fields[ROUTING_TYPE], 2, numbers))
		return -ENODATA;
	addresses = content;
	if (dissect_route(dissection, &content, numbers[0]))
		return -ENODATA;
	if (numbers[1])
		set_destination(dissection, addresses, numbers[0]);
	ipv6_next(dissection, (uint8_t)next, *bytes);
	return 0;
}

static void follow_fragment(struct dissection *dissection, struct bytes bytes,
			    const struct fragment *fragment, uint8_t protocol)
{
	enum fragment_outcome outcome = FRAGMENT_ALONE;
	struct bytes whole;

	/* What was cut cannot be put together. */
	if (dissection->packet->bytes.length == dissection->packet->wire_bytes)
		outcome = fragments_add(dissection, fragment, &whole);
	if (outcome == FRAGMENT_COMPLETES) {
		dissection_add_value(dissection, bytes_make(bytes.data, 0),
				     &fragment_fields[FRAGMENT_REASSEMBLED_LENGTH], whole.length);
		dissection_next_reassembled(dissection, registry_find_ip_protocol(protocol), whole);
	} else if (outcome == FRAGMENT_ALONE && fragment->offset == 0) {
		ipv6_next(dissection, protocol, bytes);
	} else {
		dissection_next(dissection, NULL, bytes);
	}
}

static int dissect_fragment(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t next, offset, identification;
	struct fragment fragment;

	if (dissection_add_number(dissection, bytes, &fragment_fields[NEXT_HEADER], &next) ||
	    dissection_add_number(dissection, bytes, &fragment_fields[FRAGMENT_RESERVED], NULL) ||
	    dissection_add_parts(dissection, bytes, &fragment_fields[FRAGMENT_OFFSET], 3,
				 &offset) ||
	    dissection_add_number(dissection, bytes, &fragment_fields[FRAGMENT_IDENTIFICATION],
				  &identification))
		return -ENODATA;
	/* RFC 6946: an atomic fragment is a whole packet. */
	if (!(offset & 0xfff9)) {
		ipv6_next(dissection, (uint8_t)next, *bytes);
		return 0;
	}
	dissection->flow.ip_protocol = (uint8_t)next;
	fragment = (struct fragment){
		.identification = (uint32_t)identification,
		.offset = (uint32_t)(offset & 0xfff8),
		.is_last = !(offset & 1),
		.bytes = *bytes,
	};
	follow_fragment(dissection, *bytes, &fragment, (uint8_t)next);
	return 0;
}

static void describe(const struct dissection *dissection, const struct layer *layer,
		     struct line *line, const struct field_info *next, const char *otherwise)
{
	const struct field *field = dissection_find(dissection, layer, next);

	if (!field || registry_find_ip_protocol((uint8_t)field->number))
		line_add(line, otherwise);
	else
		ipv6_describe_next(field, line);
}

static void describe_hop_options(const struct dissection *dissection, const struct layer *layer,
				 struct line *line)
{
	describe(dissection, layer, line, &hop_fields[NEXT_HEADER], "IPv6 hop-by-hop options");
}

static void describe_destination_options(const struct dissection *dissection,
					 const struct layer *layer, struct line *line)
{
	describe(dissection, layer, line, &destination_fields[NEXT_HEADER],
		 "IPv6 destination options");
}

static void describe_routing(const struct dissection *dissection, const struct layer *layer,
			     struct line *line)
{
	describe(dissection, layer, line, &routing_fields[NEXT_HEADER], "IPv6 routing");
}

static void describe_fragment(const struct dissection *dissection, const struct layer *layer,
			      struct line *line)
{
	const struct field *next =
		dissection_find(dissection, layer, &fragment_fields[NEXT_HEADER]);
	const struct field *offset =
		dissection_find(dissection, layer, &fragment_fields[FRAGMENT_OFFSET]);
	const struct field *more =
		dissection_find(dissection, layer, &fragment_fields[FRAGMENT_MORE]);
	const struct field *identification =
		dissection_find(dissection, layer, &fragment_fields[FRAGMENT_IDENTIFICATION]);

	if (!identification) {
		line_add(line, "IPv6 fragment");
		return;
	}
	if ((!offset->number && !more->number) ||
	    dissection_find(dissection, layer, &fragment_fields[FRAGMENT_REASSEMBLED_LENGTH])) {
		describe(dissection, layer, line, &fragment_fields[NEXT_HEADER], "IPv6 fragment");
		return;
	}
	line_print(line, "IPv6 fragment (off=%u more=%s ident=0x%08x nxt=%u)",
		   (unsigned int)offset->number * 8, more->number ? "y" : "n",
		   (unsigned int)identification->number, (unsigned int)next->number);
}

const struct dissector dissector_ipv6_hop_options = {
	.name = "ipv6.hopopts",
	.label = "IPv6",
	.title = "IPv6 Hop-by-Hop Option",
	DISSECTOR_FIELDS(hop_fields),
	.dissect = dissect_hop_options,
	.describe = describe_hop_options,
};

const struct dissector dissector_ipv6_destination_options = {
	.name = "ipv6.dstopts",
	.label = "IPv6",
	.title = "Destination Options for IPv6",
	DISSECTOR_FIELDS(destination_fields),
	.dissect = dissect_destination_options,
	.describe = describe_destination_options,
};

const struct dissector dissector_ipv6_routing = {
	.name = "ipv6.routing",
	.label = "IPv6",
	.title = "Routing Header for IPv6",
	DISSECTOR_FIELDS(routing_fields),
	.dissect = dissect_routing,
	.describe = describe_routing,
};

const struct dissector dissector_ipv6_fragment = {
	.name = "ipv6.fraghdr",
	.label = "IPv6",
	.title = "Fragment Header for IPv6",
	DISSECTOR_FIELDS(fragment_fields),
	.dissect = dissect_fragment,
	.describe = describe_fragment,
};
