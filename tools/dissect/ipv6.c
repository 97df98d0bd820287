/* SPDX-License-Identifier: GPL-2.0-only */
/* IPv6: RFC 8200, section 3. */
#include "ipv6.h"

#include "../line.h"
#include "registry.h"

enum {
	VERSION,
	TRAFFIC_CLASS,
	DSCP,
	ECN,
	FLOW_LABEL,
	PAYLOAD_LENGTH,
	NEXT_HEADER,
	HOP_LIMIT,
	SOURCE,
	DESTINATION,
};

/* RFC 8200, section 4.7 */
#define NO_NEXT_HEADER 59

#define DETAIL .is_detail = true

static const struct field_info fields[] = {
	[VERSION] = { "ipv6.version", "Version", FIELD_NUMBER, 4, .mask = 0xf0000000 },
	[TRAFFIC_CLASS] = { "ipv6.tclass", "Traffic Class", FIELD_HEX, 4, .mask = 0x0ff00000,
			    DETAIL },
	[DSCP] = { "ipv6.tclass.dscp", "Differentiated Services Codepoint", FIELD_NUMBER, 4,
		   .mask = 0x0fc00000, .values = registry_dscps, DETAIL },
	[ECN] = { "ipv6.tclass.ecn", "Explicit Congestion Notification", FIELD_NUMBER, 4,
		  .mask = 0x00300000, .values = registry_ecns, DETAIL },
	[FLOW_LABEL] = { "ipv6.flow", "Flow Label", FIELD_HEX, 4, .mask = 0x000fffff, DETAIL },
	[PAYLOAD_LENGTH] = { "ipv6.plen", "Payload Length", FIELD_NUMBER, 2, DETAIL },
	[NEXT_HEADER] = { "ipv6.nxt", "Next Header", FIELD_NUMBER, 1,
			  .values = registry_ip_protocols },
	[HOP_LIMIT] = { "ipv6.hlim", "Hop Limit", FIELD_NUMBER, 1, DETAIL },
	[SOURCE] = { "ipv6.src", "Source Address", FIELD_IPV6, DETAIL },
	[DESTINATION] = { "ipv6.dst", "Destination Address", FIELD_IPV6, DETAIL },
};

void ipv6_next(struct dissection *dissection, uint8_t next_header, struct bytes bytes)
{
	dissection->flow.ip_protocol = next_header;
	dissection_next(dissection, registry_find_ip_protocol(next_header), bytes);
}

void ipv6_describe_next(const struct field *next_header, struct line *line)
{
	const char *name = field_value_name(&fields[NEXT_HEADER], next_header->number);

	if (next_header->number == NO_NEXT_HEADER) {
		line_add(line, "IPv6 no next header");
		return;
	}
	line_add(line, "Unknown IP Protocol: ");
	line_add(line, name ? name : "Unknown");
	line_print(line, " (%u)", (unsigned int)next_header->number);
}

/* Of what is no IPv6 nothing but its version can be told. */
static int dissect_bogus(struct dissection *dissection, struct bytes *bytes)
{
	dissection_add_value(dissection, bytes_make(bytes->data, 1), &fields[VERSION],
			     bytes->data[0] >> 4);
	dissection_next(dissection, NULL, *bytes);
	return 0;
}

static int dissect_ipv6(struct dissection *dissection, struct bytes *bytes)
{
	struct dissection_flow *flow = &dissection->flow;
	struct bytes source, destination;
	uint64_t first, length, next, hop_limit;

	if (bytes->length > 0 && bytes->data[0] >> 4 != 6)
		return dissect_bogus(dissection, bytes);
	if (dissection_add_parts(dissection, bytes, &fields[VERSION], 2, &first))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[DSCP], 2, first);
	dissection_add_last_part(dissection, &fields[FLOW_LABEL], first);
	if (dissection_add_number(dissection, bytes, &fields[PAYLOAD_LENGTH], &length) ||
	    dissection_add_number(dissection, bytes, &fields[NEXT_HEADER], &next) ||
	    dissection_add_number(dissection, bytes, &fields[HOP_LIMIT], &hop_limit) ||
	    dissection_add_bytes(dissection, bytes, 16, &fields[SOURCE], &source) ||
	    dissection_add_bytes(dissection, bytes, 16, &fields[DESTINATION], &destination))
		return -ENODATA;
	flow->source = (struct address){ ADDRESS_IPV6, source.data };
	flow->destination = (struct address){ ADDRESS_IPV6, destination.data };
	flow->has_ports = false;
	flow->hop_limit = (uint8_t)hop_limit;
	/* 0: a jumbogram (RFC 2675), or an aggregate. */
	if (length)
		dissection_limit(dissection, bytes, length);
	ipv6_next(dissection, (uint8_t)next, *bytes);
	return 0;
}

static void describe_ipv6(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *next = dissection_find(dissection, layer, &fields[NEXT_HEADER]);
	const struct field *version = dissection_find(dissection, layer, &fields[VERSION]);

	if (next)
		ipv6_describe_next(next, line);
	else if (version && version->number != 6)
		line_print(line, "Bogus IPv6 version (%u, must be 6)",
			   (unsigned int)version->number);
	else
		line_print(line, "Invalid IPv6 header (%u bytes, need exactly 40)", layer->length);
}

const struct dissector dissector_ipv6 = {
	.name = "ipv6",
	.label = "IPv6",
	.title = "Internet Protocol Version 6",
	.summary = ", Src: {ipv6.src}, Dst: {ipv6.dst}",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_ipv6,
	.describe = describe_ipv6,
};
