/* SPDX-License-Identifier: GPL-2.0-only */
/* Bytes that no dissector understands. */
#include "../line.h"
#include "dissector.h"

enum {
	DATA,
};

static const struct field_info fields[] = {
	[DATA] = { "data.data", "Data", FIELD_BYTES },
};

static int dissect_payload(struct dissection *dissection, struct bytes *bytes)
{
	return dissection_add_bytes(dissection, bytes, bytes->length, &fields[DATA], NULL);
}

const struct dissector dissector_payload = {
	.name = "data",
	.label = "Data",
	.title = "Data",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_payload,
};
