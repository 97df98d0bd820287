/* SPDX-License-Identifier: GPL-2.0-only */
/* Ethernet II and IEEE 802.3, section 3.2. */
#include "ethertype.h"

#include "../line.h"
#include "registry.h"

enum {
	DESTINATION,
	SOURCE,
	TYPE,
	LENGTH,
	PADDING,
	TRAILER,
	CHECK,
};

#define DETAIL .is_detail = true

static const struct field_info fields[] = {
	[DESTINATION] = { "eth.dst", "Destination", FIELD_MAC, DETAIL },
	[SOURCE] = { "eth.src", "Source", FIELD_MAC, DETAIL },
	[TYPE] = { "eth.type", "Type", FIELD_HEX, .bytes = 2, .values = registry_ethertypes },
	[LENGTH] = { "eth.len", "Length", FIELD_NUMBER, .bytes = 2 },
	[PADDING] = { "eth.padding", "Padding", FIELD_BYTES },
	[TRAILER] = { "eth.trailer", "Trailer", FIELD_BYTES },
	[CHECK] = { "eth.fcs", "Frame check sequence", FIELD_HEX, 4 },
};

static int dissect_ethernet(struct dissection *dissection, struct bytes *bytes)
{
	struct dissection_flow *flow = &dissection->flow;
	struct bytes source, destination;

	if (dissection_add_bytes(dissection, bytes, 6, &fields[DESTINATION], &destination))
		return -ENODATA;
	flow->destination = (struct address){ ADDRESS_MAC, destination.data };
	if (dissection_add_bytes(dissection, bytes, 6, &fields[SOURCE], &source))
		return -ENODATA;
	flow->source = (struct address){ ADDRESS_MAC, source.data };
	return ethertype_dissect(dissection, bytes, &fields[TYPE], &fields[LENGTH]);
}

static void describe_ethernet(const struct dissection *dissection, const struct layer *layer,
			      struct line *line)
{
	const struct field *type = dissection_find(dissection, layer, &fields[TYPE]);
	const char *name = type ? field_value_name(&fields[TYPE], type->number) : NULL;

	if (dissection_find(dissection, layer, &fields[LENGTH]))
		line_add(line, "IEEE 802.3 Ethernet");
	else
		line_add(line, name ? name : "Ethernet II");
}

static void add_trailer(struct dissection *dissection, struct bytes trailer)
{
	ethertype_add_trailer(dissection, trailer, &fields[PADDING], &fields[TRAILER],
			      &fields[CHECK]);
}

const struct dissector dissector_ethernet = {
	.name = "eth",
	.label = "Ethernet",
	.title = "Ethernet",
	.summary = ", Src: {eth.src}, Dst: {eth.dst}",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_ethernet,
	.describe = describe_ethernet,
	.add_trailer = add_trailer,
};
