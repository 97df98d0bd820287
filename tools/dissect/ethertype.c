/* SPDX-License-Identifier: GPL-2.0-only */
/* See ethertype.h; IEEE 802.3, sections 3.2.6 and 3.2.7. */
#include "ethertype.h"

#include "registry.h"

/* Up to here it is a length, from there on a type; what is between is neither. */
#define MAXIMUM_LENGTH 1500
#define LEAST_TYPE 1536

/* Without the frame check sequence. */
#define LEAST_FRAME_BYTES 60
#define CHECK_BYTES 4

/* A frame of Novell's IPX without LLC begins with the packet's checksum, which is not used. */
static bool is_raw_ipx(struct bytes bytes)
{
	uint16_t checksum;

	return !bytes_read_be16(&bytes, &checksum) && checksum == 0xffff;
}

int ethertype_dissect(struct dissection *dissection, struct bytes *bytes,
		      const struct field_info *type, const struct field_info *length)
{
	struct bytes look = *bytes;
	uint16_t number;

	if (bytes_read_be16(&look, &number))
		return -ENODATA;
	if (number > MAXIMUM_LENGTH) {
		dissection_add_number(dissection, bytes, type, NULL);
		dissection_next(dissection,
				number < LEAST_TYPE ? NULL : registry_find_ethertype(number),
				*bytes);
		return 0;
	}
	dissection_add_number(dissection, bytes, length, NULL);
	dissection_limit(dissection, bytes, number);
	if (bytes->length > 0)
		dissection_next(dissection, is_raw_ipx(*bytes) ? NULL : &dissector_llc, *bytes);
	return 0;
}

static bool is_zero(struct bytes bytes)
{
	for (size_t i = 0; i < bytes.length; i++)
		if (bytes.data[i])
			return false;
	return true;
}

void ethertype_add_trailer(struct dissection *dissection, struct bytes bytes,
			   const struct field_info *padding, const struct field_info *trailer,
			   const struct field_info *check)
{
	size_t before = dissection->packet->bytes.length - bytes.length;
	size_t filling = before < LEAST_FRAME_BYTES ? LEAST_FRAME_BYTES - before : 0;
	size_t behind = 0;

	if (filling > bytes.length)
		filling = bytes.length;
	if (filling && is_zero(bytes_make(bytes.data, filling)))
		dissection_add_bytes(dissection, &bytes, filling, padding, NULL);
	if (check && bytes.length >= CHECK_BYTES &&
	    dissection->packet->wire_bytes >= LEAST_FRAME_BYTES + CHECK_BYTES)
		behind = CHECK_BYTES;
	if (bytes.length > behind)
		dissection_add_bytes(dissection, &bytes, bytes.length - behind, trailer, NULL);
	if (behind)
		dissection_add_number(dissection, &bytes, check, NULL);
}
