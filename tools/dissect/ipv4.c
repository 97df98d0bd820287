/* SPDX-License-Identifier: GPL-2.0-only */
/* IPv4: RFC 791, section 3.1; the former type of service: RFC 2474, section 3, and RFC 3168. */
#include "../line.h"
#include "../stream/fragments.h"
#include "ipv4_options.h"
#include "registry.h"

enum {
	VERSION,
	HEADER_LENGTH,
	DIFFERENTIATED_SERVICES,
	DSCP,
	ECN,
	TOTAL_LENGTH,
	IDENTIFICATION,
	FLAGS,
	RESERVED_BIT,
	DONT_FRAGMENT,
	MORE_FRAGMENTS,
	FRAGMENT_OFFSET,
	TTL,
	PROTOCOL,
	CHECKSUM,
	SOURCE,
	DESTINATION,
	OPTIONS,
	REASSEMBLED_LENGTH,
};

#define LEAST_HEADER_BYTES 20

#define DETAIL .is_detail = true

static const struct field_info fields[] = {
	[VERSION] = { "ip.version", "Version", FIELD_NUMBER, 1, .mask = 0xf0, DETAIL },
	[HEADER_LENGTH] = { "ip.hdr_len", "Header Length", FIELD_NUMBER, 1, .mask = 0x0f,
			    .factor = 4, .unit = "bytes", DETAIL },
	[DIFFERENTIATED_SERVICES] = { "ip.dsfield", "Differentiated Services Field", FIELD_HEX, 1,
				      DETAIL },
	[DSCP] = { "ip.dsfield.dscp", "Differentiated Services Codepoint", FIELD_NUMBER, 1,
		   .mask = 0xfc, .values = registry_dscps, DETAIL },
	[ECN] = { "ip.dsfield.ecn", "Explicit Congestion Notification", FIELD_NUMBER, 1,
		  .mask = 0x03, .values = registry_ecns, DETAIL },
	[TOTAL_LENGTH] = { "ip.len", "Total Length", FIELD_NUMBER, 2, DETAIL },
	[IDENTIFICATION] = { "ip.id", "Identification", FIELD_HEX, 2, DETAIL },
	[FLAGS] = { "ip.flags", "Flags", FIELD_HEX, 2, .mask = 0xe000, DETAIL },
	[RESERVED_BIT] = { "ip.flags.rb", "Reserved bit", FIELD_FLAG, 2, .mask = 0x8000, DETAIL },
	[DONT_FRAGMENT] = { "ip.flags.df", "Don't fragment", FIELD_FLAG, 2, .mask = 0x4000,
			    DETAIL },
	[MORE_FRAGMENTS] = { "ip.flags.mf", "More fragments", FIELD_FLAG, 2, .mask = 0x2000,
			     DETAIL },
	[FRAGMENT_OFFSET] = { "ip.frag_offset", "Fragment Offset", FIELD_NUMBER, 2, .mask = 0x1fff,
			      .factor = 8, .unit = "bytes", DETAIL },
	[TTL] = { "ip.ttl", "Time to Live", FIELD_NUMBER, 1, DETAIL },
	[PROTOCOL] = { "ip.proto", "Protocol", FIELD_NUMBER, 1, .values = registry_ip_protocols,
		       DETAIL },
	[CHECKSUM] = { "ip.checksum", "Header Checksum", FIELD_HEX, 2, DETAIL },
	[SOURCE] = { "ip.src", "Source Address", FIELD_IPV4, DETAIL },
	[DESTINATION] = { "ip.dst", "Destination Address", FIELD_IPV4, DETAIL },
	[OPTIONS] = { "ip.options", "Options", FIELD_GROUP },
	[REASSEMBLED_LENGTH] = { "ip.reassembled.length", "Reassembled IPv4 length", FIELD_NUMBER },
};

struct header {
	uint64_t version_and_length;
	uint64_t services;
	uint64_t total_bytes;
	uint64_t identification;
	uint64_t flags_and_offset;
	uint64_t ttl;
	uint64_t protocol;
};

static int read_numbers(struct dissection *dissection, struct bytes *bytes, struct header *header)
{
	if (dissection_add_parts(dissection, bytes, &fields[VERSION], 2,
				 &header->version_and_length) ||
	    dissection_add_number(dissection, bytes, &fields[DIFFERENTIATED_SERVICES],
				  &header->services))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[DSCP], 2, header->services);
	if (dissection_add_number(dissection, bytes, &fields[TOTAL_LENGTH], &header->total_bytes) ||
	    dissection_add_number(dissection, bytes, &fields[IDENTIFICATION],
				  &header->identification) ||
	    dissection_add_number(dissection, bytes, &fields[FLAGS], &header->flags_and_offset))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[RESERVED_BIT], 3, header->flags_and_offset);
	dissection_add_last_part(dissection, &fields[FRAGMENT_OFFSET], header->flags_and_offset);
	if (dissection_add_number(dissection, bytes, &fields[TTL], &header->ttl) ||
	    dissection_add_number(dissection, bytes, &fields[PROTOCOL], &header->protocol) ||
	    dissection_add_number(dissection, bytes, &fields[CHECKSUM], NULL))
		return -ENODATA;
	return 0;
}

static int read_addresses(struct dissection *dissection, struct bytes *bytes)
{
	struct dissection_flow *flow = &dissection->flow;
	struct bytes source, destination;

	if (dissection_add_bytes(dissection, bytes, 4, &fields[SOURCE], &source) ||
	    dissection_add_bytes(dissection, bytes, 4, &fields[DESTINATION], &destination))
		return -ENODATA;
	flow->source = (struct address){ ADDRESS_IPV4, source.data };
	flow->destination = (struct address){ ADDRESS_IPV4, destination.data };
	flow->has_ports = false;
	return 0;
}

/* Whether its lengths can be true; of one of another version nothing is said. */
static bool is_plausible(struct bytes bytes)
{
	unsigned int version = bytes.data[0] >> 4, header = (bytes.data[0] & 15) * 4u, total;

	if (version != 4 || header < LEAST_HEADER_BYTES)
		return false;
	if (bytes.length < 4)
		return true;
	total = (unsigned int)bytes.data[2] << 8 | bytes.data[3];
	/* 0: an aggregate that is too long for 16 bits. */
	return total == 0 || total >= header;
}

static int read_options(struct dissection *dissection, struct bytes *bytes, size_t length)
{
	struct bytes options;
	unsigned int group;

	if (bytes_take(bytes, length, &options))
		return -ENODATA;
	group = dissection_enter(dissection, &options, &fields[OPTIONS]);
	ipv4_options_dissect(dissection, &options);
	dissection_leave(dissection, group, bytes->data);
	return 0;
}

/* All of it is there: what was cut cannot be put together. */
static void follow_fragment(struct dissection *dissection, struct bytes bytes,
			    const struct header *header, uint64_t content_bytes)
{
	const struct dissector *next = registry_find_ip_protocol((uint8_t)header->protocol);
	const struct fragment fragment = {
		.identification = (uint32_t)header->identification,
		.protocol = (uint8_t)header->protocol,
		.offset = (uint32_t)(header->flags_and_offset & 0x1fff) * 8,
		.is_last = !(header->flags_and_offset & fields[MORE_FRAGMENTS].mask),
		.bytes = bytes,
	};
	enum fragment_outcome outcome = FRAGMENT_ALONE;
	struct bytes whole;

	if (bytes.length == content_bytes)
		outcome = fragments_add(dissection, &fragment, &whole);
	if (outcome == FRAGMENT_COMPLETES) {
		dissection_add_value(dissection, bytes_make(bytes.data, 0),
				     &fields[REASSEMBLED_LENGTH], whole.length);
		dissection_next_reassembled(dissection, next, whole);
	} else {
		/* The first one has the inner header, if nothing better is to be had. */
		dissection_next(dissection,
				outcome == FRAGMENT_ALONE && fragment.offset == 0 ? next : NULL,
				bytes);
	}
}

static int dissect_ipv4(struct dissection *dissection, struct bytes *bytes)
{
	struct header header;
	size_t header_bytes, content_bytes = 0;

	if (bytes->length == 0)
		return -ENODATA;
	/* Some senders, and a link type, give IPv6 out as this. */
	if (bytes->data[0] >> 4 == 6) {
		dissection_next(dissection, &dissector_ipv6, *bytes);
		return 0;
	}
	if (!is_plausible(*bytes)) {
		dissection_add_parts(dissection, bytes, &fields[VERSION], 2, NULL);
		return 0;
	}
	if (read_numbers(dissection, bytes, &header) || read_addresses(dissection, bytes))
		return -ENODATA;
	header_bytes = (header.version_and_length & 15) * 4;
	if (header_bytes > LEAST_HEADER_BYTES &&
	    read_options(dissection, bytes, header_bytes - LEAST_HEADER_BYTES))
		return -ENODATA;
	if (header.total_bytes)
		content_bytes = header.total_bytes - header_bytes;
	if (header.total_bytes)
		dissection_limit(dissection, bytes, content_bytes);
	dissection->flow.ip_protocol = (uint8_t)header.protocol;
	dissection->flow.hop_limit = (uint8_t)header.ttl;
	if (header.flags_and_offset & (fields[MORE_FRAGMENTS].mask | fields[FRAGMENT_OFFSET].mask))
		follow_fragment(dissection, *bytes, &header, content_bytes);
	else
		dissection_next(dissection, registry_find_ip_protocol((uint8_t)header.protocol),
				*bytes);
	return 0;
}

static void describe_bogus(const struct layer *layer, struct line *line)
{
	unsigned int version = layer->data[0] >> 4, header = (layer->data[0] & 15) * 4u;

	if (version != 4)
		line_print(line, "Bogus IPv4 version (%u, must be 4)", version);
	else if (header < LEAST_HEADER_BYTES)
		line_print(line, "Bogus IP header length (%u, must be at least %u)", header,
			   LEAST_HEADER_BYTES);
	else if (layer->length >= 4)
		line_print(line, "Bogus IP length (%u, less than header length %u)",
			   (unsigned int)layer->data[2] << 8 | layer->data[3], header);
}

/* From the bytes: the fields of the header are details. */
static void describe_ipv4(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	struct bytes bytes = bytes_make(layer->data, layer->length);
	uint16_t identification, flags_and_offset;
	unsigned int offset;
	uint8_t protocol;
	const char *name;

	if (bytes.length == 0)
		return;
	if (!is_plausible(bytes)) {
		describe_bogus(layer, line);
		return;
	}
	if (bytes_skip(&bytes, 4) || bytes_read_be16(&bytes, &identification) ||
	    bytes_read_be16(&bytes, &flags_and_offset) || bytes_skip(&bytes, 1) ||
	    bytes_read_u8(&bytes, &protocol))
		return;
	name = field_value_name(&fields[PROTOCOL], protocol);
	if (!name)
		name = "Unknown";
	offset = (flags_and_offset & fields[FRAGMENT_OFFSET].mask) * 8u;
	if ((!(flags_and_offset & fields[MORE_FRAGMENTS].mask) && !offset) ||
	    dissection_find(dissection, layer, &fields[REASSEMBLED_LENGTH]))
		line_print(line, "%s (%u)", name, protocol);
	else
		line_print(line, "Fragmented IP protocol (proto=%s %u, off=%u, ID=%04x)", name,
			   protocol, offset, identification);
}

const struct dissector dissector_ipv4 = {
	.name = "ip",
	.label = "IPv4",
	.title = "Internet Protocol Version 4",
	.summary = ", Src: {ip.src}, Dst: {ip.dst}",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_ipv4,
	.describe = describe_ipv4,
};
