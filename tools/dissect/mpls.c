/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Labels of MPLS: RFC 3032, section 2.1; a layer each, as what follows the last one is not said. It
 * is guessed by the first bits, as RFC 4928, section 3, has it; RFC 4448: Ethernet.
 */
#include "../line.h"
#include "dissector.h"

enum {
	LABEL,
	TRAFFIC_CLASS,
	BOTTOM,
	TTL,
};

enum {
	SEQUENCE,
};

static const struct value_name label_names[] = {
	{ 0, "IPv4 Explicit-Null" },
	{ 1, "Router Alert" },
	{ 2, "IPv6 Explicit-Null" },
	{ 3, "Implicit-Null" },
	{ 7, "Entropy Label Indicator (ELI)" },
	{ 13, "Generic Associated Channel Label (GAL)" },
	{ 14, "OAM Alert" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[LABEL] = { "mpls.label", "MPLS Label", FIELD_NUMBER, 4, .mask = 0xfffff000,
		    .values = label_names },
	[TRAFFIC_CLASS] = { "mpls.exp", "MPLS Experimental Bits", FIELD_NUMBER, 4, .mask = 0xe00 },
	[BOTTOM] = { "mpls.bottom", "MPLS Bottom Of Label Stack", FIELD_NUMBER, 4, .mask = 0x100 },
	[TTL] = { "mpls.ttl", "MPLS TTL", FIELD_NUMBER, 4, .mask = 0x0ff },
};

static const struct field_info control_fields[] = {
	[SEQUENCE] = { "pweth.cw.sequence_number", "PW sequence number (ethernet)", FIELD_NUMBER,
		       2 },
};

/* So much of a frame has to be there before it is taken for one. */
#define ETHERNET_HEADER_BYTES 14

static const struct dissector *guess(struct bytes bytes)
{
	if (bytes.length == 0)
		return NULL;
	switch (bytes.data[0] >> 4) {
	case 4:
		return &dissector_ipv4;
	case 6:
		return &dissector_ipv6;
	case 0:
		return bytes.length >= 4 + ETHERNET_HEADER_BYTES ? &dissector_pwethcw : NULL;
	case 1:
		return NULL;
	default:
		return bytes.length >= ETHERNET_HEADER_BYTES ? &dissector_ethernet : NULL;
	}
}

static int dissect_mpls(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t entry;

	if (dissection_add_parts(dissection, bytes, &fields[LABEL], 4, &entry))
		return -ENODATA;
	dissection_next(dissection, entry & fields[BOTTOM].mask ? guess(*bytes) : &dissector_mpls,
			*bytes);
	return 0;
}

static int dissect_control(struct dissection *dissection, struct bytes *bytes)
{
	if (bytes_skip(bytes, 2) ||
	    dissection_add_number(dissection, bytes, &control_fields[SEQUENCE], NULL))
		return -ENODATA;
	dissection_next(dissection, &dissector_ethernet, *bytes);
	return 0;
}

static void describe_mpls(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	(void)dissection;
	(void)layer;
	line_add(line, "MPLS Label Switched Packet");
}

const struct dissector dissector_mpls = {
	.name = "mpls",
	.label = "MPLS",
	.title = "MultiProtocol Label Switching Header",
	.summary = ", Label: {mpls.label}, Exp: {mpls.exp}, S: {mpls.bottom}, TTL: {mpls.ttl}",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_mpls,
	.describe = describe_mpls,
};

const struct dissector dissector_pwethcw = {
	.name = "pwethcw",
	.label = "PW",
	.title = "PW Ethernet Control Word",
	DISSECTOR_FIELDS(control_fields),
	.dissect = dissect_control,
};
