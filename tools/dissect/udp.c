/* SPDX-License-Identifier: GPL-2.0-only */
/* UDP: RFC 768. */
#include "../line.h"
#include "../stream/streams.h"
#include "registry.h"

enum {
	SOURCE_PORT,
	DESTINATION_PORT,
	LENGTH,
	CHECKSUM,
	STREAM,
};

#define HEADER_BYTES 8
#define PROTOCOL_UDP 17

#define DETAIL .is_detail = true

static const struct field_info fields[] = {
	[SOURCE_PORT] = { "udp.srcport", "Source Port", FIELD_NUMBER, 2, DETAIL },
	[DESTINATION_PORT] = { "udp.dstport", "Destination Port", FIELD_NUMBER, 2, DETAIL },
	[LENGTH] = { "udp.length", "Length", FIELD_NUMBER, 2, .unit = "bytes" },
	[CHECKSUM] = { "udp.checksum", "Checksum", FIELD_HEX, 2, DETAIL },
	[STREAM] = { "udp.stream", "Stream index", FIELD_NUMBER, DETAIL },
};

/* Its number, and who understands what it carries. */
static const struct dissector *find_conversation(struct dissection *dissection,
						 struct bytes payload)
{
	const struct dissection_flow *flow = &dissection->flow;
	const struct dissector *dissector = NULL;
	struct conversation *conversation;

	streams_find_conversation(dissection, PROTOCOL_UDP);
	conversation = dissection->conversation;
	if (conversation) {
		dissection_add_value(dissection, bytes_make(payload.data, 0), &fields[STREAM],
				     conversation->number);
		dissector = conversation->dissector;
	}
	if (!payload.length)
		return NULL;
	if (!dissector)
		dissector = registry_find_udp_ports(flow->source_port, flow->destination_port);
	if (dissector || !payload.length)
		return dissector;
	dissector = registry_guess_udp(payload);
	if (dissector && conversation)
		conversation->dissector = dissector;
	return dissector;
}

static int dissect_udp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t source, destination, length;

	if (dissection_add_number(dissection, bytes, &fields[SOURCE_PORT], &source) ||
	    dissection_add_number(dissection, bytes, &fields[DESTINATION_PORT], &destination))
		return -ENODATA;
	dissection_set_ports(dissection, (uint16_t)source, (uint16_t)destination);
	if (dissection_add_number(dissection, bytes, &fields[LENGTH], &length) ||
	    dissection_add_number(dissection, bytes, &fields[CHECKSUM], NULL))
		return -ENODATA;
	/* RFC 2675, section 4: 0 where it is too long for 16 bits. */
	if (length && length < HEADER_BYTES)
		return -ENODATA;
	if (length)
		dissection_limit(dissection, bytes, length - HEADER_BYTES);
	if (!dissection->quote) {
		dissection->transport.payload = *bytes;
		dissection->transport.length = (uint32_t)bytes->length + dissection->missing;
	}
	dissection_next(dissection, find_conversation(dissection, *bytes), *bytes);
	return 0;
}

/* "53124 -> 40000 Len=12" */
static void describe_udp(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *length = dissection_find(dissection, layer, &fields[LENGTH]);

	dissection_describe_ports(dissection, line);
	if (length && length->number >= HEADER_BYTES) {
		line_add(line, " Len=");
		line_add_number(line, length->number - HEADER_BYTES);
	}
}

const struct dissector dissector_udp = {
	.name = "udp",
	.label = "UDP",
	.title = "User Datagram Protocol",
	.summary = ", Src Port: {udp.srcport}, Dst Port: {udp.dstport}",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_udp,
	.describe = describe_udp,
};
