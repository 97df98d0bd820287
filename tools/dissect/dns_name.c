/* SPDX-License-Identifier: GPL-2.0-only */
/* Domain names with compression: RFC 1035, section 4.1.4. See dns.h. */
#include "dns.h"

#define POINTER 0xc0
#define MAXIMUM_BYTES 255 /* RFC 1035, section 2.3.4: of a name on the wire */

struct cursor {
	struct bytes message;
	struct bytes rest;
	struct bytes behind; /* the name, where it stands */
	size_t offset; /* of what is being read: each pointer leads before it, so that all end */
	bool was_moved;
};

/* The first byte of a label, behind as many pointers as there are. */
static int read_length(struct cursor *cursor, uint8_t *ret_length)
{
	uint8_t first, second;

	for (;;) {
		if (bytes_read_u8(&cursor->rest, &first))
			return -ENODATA;
		if ((first & POINTER) != POINTER)
			break;
		if (bytes_read_u8(&cursor->rest, &second))
			return -ENODATA;
		if (!cursor->was_moved)
			cursor->behind = cursor->rest;
		cursor->was_moved = true;
		if ((size_t)((first & ~POINTER) << 8 | second) >= cursor->offset)
			return -ENODATA;
		cursor->offset = (size_t)((first & ~POINTER) << 8 | second);
		cursor->rest = cursor->message;
		if (bytes_skip(&cursor->rest, cursor->offset))
			return -ENODATA;
	}
	*ret_length = first;
	return first & POINTER ? -ENODATA : 0;
}

/* A byte that would end the text is written as \000. */
static size_t add_label(char *text, struct bytes label)
{
	size_t length = 0;

	for (size_t i = 0; i < label.length; i++) {
		if (label.data[i]) {
			text[length++] = (char)label.data[i];
			continue;
		}
		memcpy(text + length, "\\000", 4);
		length += 4;
	}
	return length;
}

int dns_read_name(struct bytes message, struct bytes *bytes, struct dns_name *ret_name)
{
	struct cursor cursor = { message, *bytes, .offset = (size_t)(bytes->data - message.data) };
	size_t wire_bytes = 1;
	struct bytes label;
	uint8_t length;

	ret_name->labels = 0;
	ret_name->length = 0;
	for (;;) {
		if (read_length(&cursor, &length))
			return -ENODATA;
		if (!length)
			break;
		wire_bytes += 1u + length;
		if (wire_bytes > MAXIMUM_BYTES || bytes_take(&cursor.rest, length, &label))
			return -ENODATA;
		if (ret_name->labels++)
			ret_name->text[ret_name->length++] = '.';
		ret_name->length += add_label(ret_name->text + ret_name->length, label);
	}
	ret_name->text[ret_name->length] = '\0';
	if (!ret_name->labels)
		strcpy(ret_name->text, "<Root>");
	*bytes = cursor.was_moved ? cursor.behind : cursor.rest;
	return 0;
}

int dns_add_name(struct dissection *dissection, struct bytes message, struct bytes *bytes,
		 const struct field_info *info)
{
	struct bytes place = *bytes;
	struct dns_name name;

	if (dns_read_name(message, bytes, &name))
		return -ENODATA;
	place.length = (size_t)(bytes->data - place.data);
	dissection_add_name(dissection, place, info, name.text);
	return 0;
}
