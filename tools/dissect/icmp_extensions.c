/* SPDX-License-Identifier: GPL-2.0-only */
/* See icmp_extensions.h; labels of MPLS: RFC 4950, section 3. */
#include "icmp_extensions.h"

enum {
	EXTENSIONS,
	VERSION,
	RESERVED,
	CHECKSUM,
	OBJECT_LENGTH,
	OBJECT_CLASS,
	OBJECT_TYPE,
	OBJECT_DATA,
	MPLS_LABEL,
	MPLS_EXPERIMENTAL,
	MPLS_BOTTOM,
	MPLS_TTL,
};

#define EXTENSION_VERSION 2
#define CLASS_MPLS 1

/* RFC 4884, section 5.5: who sends no length has filled the packet up to so many bytes. */
#define IMPLIED_BYTES 128

static const struct value_name class_names[] = {
	{ CLASS_MPLS, "MPLS Label Stack Class" },
	{ 2, "Interface Information Object" },
	{ 3, "Interface Identification Object" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[EXTENSIONS] = { "icmp.ext", "ICMP Multi-Part Extensions", FIELD_GROUP },
	[VERSION] = { "icmp.ext.version", "Version", FIELD_NUMBER, 2, .mask = 0xf000 },
	[RESERVED] = { "icmp.ext.res", "Reserved", FIELD_HEX, 2, .mask = 0x0fff },
	[CHECKSUM] = { "icmp.ext.checksum", "Checksum", FIELD_HEX, 2 },
	[OBJECT_LENGTH] = { "icmp.ext.length", "Length", FIELD_NUMBER, 2 },
	[OBJECT_CLASS] = { "icmp.ext.class", "Class", FIELD_NUMBER, 1, .values = class_names },
	[OBJECT_TYPE] = { "icmp.ext.ctype", "C-Type", FIELD_NUMBER, 1 },
	[OBJECT_DATA] = { "icmp.ext.data", "Data", FIELD_BYTES },
	[MPLS_LABEL] = { "icmp.mpls.label", "Label", FIELD_NUMBER, 3, .mask = 0xfffff0 },
	[MPLS_EXPERIMENTAL] = { "icmp.mpls.exp", "Experimental", FIELD_NUMBER, 3,
				.mask = 0x00000e },
	[MPLS_BOTTOM] = { "icmp.mpls.s", "Stack bit", FIELD_FLAG, 3, .mask = 0x000001 },
	[MPLS_TTL] = { "icmp.mpls.ttl", "Time to live", FIELD_NUMBER, 1 },
};

const struct field_table icmp_extensions_table = FIELD_TABLE(fields);

static int dissect_labels(struct dissection *dissection, struct bytes *value)
{
	while (value->length >= 4)
		if (dissection_add_parts(dissection, value, &fields[MPLS_LABEL], 3, NULL) ||
		    dissection_add_number(dissection, value, &fields[MPLS_TTL], NULL))
			return -ENODATA;
	return 0;
}

/* The length is that of header and value. */
static int dissect_object(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[3];
	struct bytes value;

	if (dissection_add_fields(dissection, bytes, &fields[OBJECT_LENGTH], 3, numbers) ||
	    numbers[0] < 4 || bytes_take(bytes, numbers[0] - 4, &value))
		return -ENODATA;
	if (numbers[1] == CLASS_MPLS)
		return dissect_labels(dissection, &value);
	return value.length ? dissection_add_bytes(dissection, &value, value.length,
						   &fields[OBJECT_DATA], NULL) :
			      0;
}

void icmp_extensions_dissect(struct dissection *dissection, struct bytes *quoted, size_t length)
{
	struct bytes bytes = *quoted;
	unsigned int group;
	int error = 0;

	if (!length)
		length = IMPLIED_BYTES;
	if (bytes_skip(&bytes, length) || bytes.length < 4 ||
	    bytes.data[0] >> 4 != EXTENSION_VERSION)
		return;
	quoted->length = length;
	group = dissection_enter(dissection, &bytes, &fields[EXTENSIONS]);
	dissection_add_parts(dissection, &bytes, &fields[VERSION], 2, NULL);
	dissection_add_number(dissection, &bytes, &fields[CHECKSUM], NULL);
	while (!error && bytes.length > 0)
		error = dissect_object(dissection, &bytes);
	dissection_leave(dissection, group, bytes.data);
}
