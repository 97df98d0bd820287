/* SPDX-License-Identifier: GPL-2.0-only */
/* Link types without addresses: LINKTYPE_NULL and LINKTYPE_LOOP of libpcap, and bare IP. */
#include "dissector.h"

enum {
	FAMILY,
};

/* The values of AF_INET6 differ between the BSDs, and from Linux's. */
static const struct value_name family_names[] = {
	{ 2, "IP" }, { 10, "IPv6" }, { 24, "IPv6" }, { 28, "IPv6" }, { 30, "IPv6" }, { 0, NULL },
};

static const struct field_info fields[] = {
	[FAMILY] = { "null.family", "Family", FIELD_NUMBER, 4, .values = family_names },
};

static const struct dissector *find_family(uint64_t family)
{
	switch (family) {
	case 2:
		return &dissector_ipv4;
	case 10:
	case 24:
	case 28:
	case 30:
		return &dissector_ipv6;
	default:
		return NULL;
	}
}

/* In the byte order of who captured: a family is a small number. */
static int dissect_null(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t family;
	int error;

	if (bytes->length < 4)
		return -ENODATA;
	if (bytes->data[0] == 0 && bytes->data[1] == 0)
		error = dissection_add_number(dissection, bytes, &fields[FAMILY], &family);
	else
		error = dissection_add_little_number(dissection, bytes, &fields[FAMILY], &family);
	if (error)
		return error;
	dissection_next(dissection, find_family(family), *bytes);
	return 0;
}

/* The version of IP is all that there is to go by. */
static int dissect_raw(struct dissection *dissection, struct bytes *bytes)
{
	const struct dissector *next = NULL;

	if (bytes->length > 0 && bytes->data[0] >> 4 == 4)
		next = &dissector_ipv4;
	else if (bytes->length > 0 && bytes->data[0] >> 4 == 6)
		next = &dissector_ipv6;
	dissection_next(dissection, next, *bytes);
	return 0;
}

const struct dissector dissector_null = {
	.name = "null",
	.label = "NULL",
	.title = "Null/Loopback",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_null,
};

const struct dissector dissector_raw = {
	.name = "raw",
	.label = "RAW",
	.title = "Raw packet data",
	.dissect = dissect_raw,
};
