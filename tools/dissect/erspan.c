/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames of a mirrored port within GRE: draft-foschiano-erspan-03, section 4; types II and III. */
#include "../line.h"
#include "dissector.h"

enum {
	VERSION,
	VLAN,
	COS,
	ENCAPSULATION,
	TRUNCATED,
	SESSION,
	INDEX,
	TIMESTAMP,
	GROUP_TAG,
	FRAME_TYPE,
	HARDWARE,
	DIRECTION,
	GRANULARITY,
	OPTIONAL,
	PLATFORM,
};

static const struct field_info fields[] = {
	[VERSION] = { "erspan.version", "Version", FIELD_NUMBER, 4, .mask = 0xf0000000 },
	[VLAN] = { "erspan.vlan", "Vlan", FIELD_NUMBER, 4, .mask = 0x0fff0000 },
	[COS] = { "erspan.cos", "COS", FIELD_NUMBER, 4, .mask = 0x0000e000 },
	[ENCAPSULATION] = { "erspan.encap", "Encap", FIELD_NUMBER, 4, .mask = 0x00001800 },
	[TRUNCATED] = { "erspan.truncated", "Truncated", FIELD_NUMBER, 4, .mask = 0x00000400 },
	[SESSION] = { "erspan.spanid", "SpanID", FIELD_NUMBER, 4, .mask = 0x000003ff },
	[INDEX] = { "erspan.index", "Index", FIELD_NUMBER, 4, .mask = 0x000fffff },
	[TIMESTAMP] = { "erspan.timestamp", "Timestamp", FIELD_NUMBER, 4 },
	[GROUP_TAG] = { "erspan.sgt", "Security Group Tag", FIELD_NUMBER, 2 },
	[FRAME_TYPE] = { "erspan.ft", "Frame Type", FIELD_NUMBER, 2, .mask = 0x7c00 },
	[HARDWARE] = { "erspan.hw", "Hardware ID", FIELD_NUMBER, 2, .mask = 0x03f0 },
	[DIRECTION] = { "erspan.direction", "Direction", FIELD_NUMBER, 2, .mask = 0x0008 },
	[GRANULARITY] = { "erspan.granularity", "Timestamp granularity", FIELD_NUMBER, 2,
			  .mask = 0x0006 },
	[OPTIONAL] = { "erspan.o", "Optional Sub headers", FIELD_NUMBER, 2, .mask = 0x0001 },
	[PLATFORM] = { "erspan.subheader", "Platform specific subheader", FIELD_BYTES },
};

static int dissect_erspan(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t first, last;

	if (dissection_add_parts(dissection, bytes, &fields[VERSION], 6, &first))
		return -ENODATA;
	if (first >> 28 == 1) {
		if (dissection_add_number(dissection, bytes, &fields[INDEX], NULL))
			return -ENODATA;
	} else if (first >> 28 == 2) {
		if (dissection_add_fields(dissection, bytes, &fields[TIMESTAMP], 2, NULL) ||
		    dissection_add_parts(dissection, bytes, &fields[FRAME_TYPE], 5, &last) ||
		    (last & 1 &&
		     dissection_add_bytes(dissection, bytes, 8, &fields[PLATFORM], NULL)))
			return -ENODATA;
	} else {
		dissection_next(dissection, NULL, *bytes);
		return 0;
	}
	dissection_next(dissection, &dissector_ethernet, *bytes);
	return 0;
}

/* Without a sequence number of GRE there is no header at all. */
static int dissect_erspan_1(struct dissection *dissection, struct bytes *bytes)
{
	dissection_next(dissection, &dissector_ethernet, *bytes);
	return 0;
}

const struct dissector dissector_erspan_1 = {
	.name = "erspan",
	.label = "ERSPAN",
	.title = "Encapsulated Remote Switch Packet ANalysis Type I",
	.dissect = dissect_erspan_1,
};

const struct dissector dissector_erspan = {
	.name = "erspan",
	.label = "ERSPAN",
	.title = "Encapsulated Remote Switch Packet ANalysis",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_erspan,
};
