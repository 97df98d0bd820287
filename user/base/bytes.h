/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A checked cursor over bytes of unknown origin: every reader looks whether enough is left,
 * and only then reads and moves on. Readers return 0, or -ENODATA with the cursor and the
 * result left as they were.
 *
 *	struct bytes packet = bytes_make(data, length);
 *	if (bytes_read_be16(&packet, &ethertype))
 *		return -ENODATA;
 */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	const uint8_t *data; /* the next byte; not owned */
	size_t length;       /* that are left */
};

static inline struct bytes bytes_make(const void *data, size_t length)
{
	return (struct bytes){ .data = data, .length = length };
}

static inline int bytes_skip(struct bytes *bytes, size_t count)
{
	if (count > bytes->length)
		return -ENODATA;
	/* An empty cursor may have no address at all. */
	if (count > 0)
		bytes->data += count;
	bytes->length -= count;
	return 0;
}

/* Skips count bytes, or what is left: padding that the last element may lack. */
static inline void bytes_skip_padding(struct bytes *bytes, size_t count)
{
	(void)bytes_skip(bytes, count < bytes->length ? count : bytes->length);
}

/* Takes the next count bytes off as a cursor of their own. */
static inline int bytes_take(struct bytes *bytes, size_t count, struct bytes *ret_taken)
{
	const struct bytes taken = { .data = bytes->data, .length = count };

	if (bytes_skip(bytes, count))
		return -ENODATA;
	*ret_taken = taken;
	return 0;
}

/* Copies the next count bytes out. */
static inline int bytes_copy(struct bytes *bytes, void *ret_copy, size_t count)
{
	struct bytes taken;

	if (bytes_take(bytes, count, &taken))
		return -ENODATA;
	if (count > 0)
		memcpy(ret_copy, taken.data, count);
	return 0;
}

static inline int bytes_read_u8(struct bytes *bytes, uint8_t *ret_value)
{
	return bytes_copy(bytes, ret_value, sizeof(*ret_value));
}

/* Network byte order on the wire, host byte order in the result. */
static inline int bytes_read_be16(struct bytes *bytes, uint16_t *ret_value)
{
	struct bytes taken;

	if (bytes_take(bytes, 2, &taken))
		return -ENODATA;
	*ret_value = (uint16_t)(taken.data[0] << 8 | taken.data[1]);
	return 0;
}

static inline int bytes_read_be24(struct bytes *bytes, uint32_t *ret_value)
{
	struct bytes taken;

	if (bytes_take(bytes, 3, &taken))
		return -ENODATA;
	*ret_value = (uint32_t)taken.data[0] << 16 | (uint32_t)taken.data[1] << 8 | taken.data[2];
	return 0;
}

static inline int bytes_read_be32(struct bytes *bytes, uint32_t *ret_value)
{
	struct bytes taken;

	if (bytes_take(bytes, 4, &taken))
		return -ENODATA;
	*ret_value = (uint32_t)taken.data[0] << 24 | (uint32_t)taken.data[1] << 16 |
		     (uint32_t)taken.data[2] << 8 | taken.data[3];
	return 0;
}

static inline int bytes_read_be64(struct bytes *bytes, uint64_t *ret_value)
{
	struct bytes taken;
	uint32_t high = 0;
	uint32_t low = 0;

	if (bytes_take(bytes, 8, &taken))
		return -ENODATA;
	(void)bytes_read_be32(&taken, &high);
	(void)bytes_read_be32(&taken, &low);
	*ret_value = (uint64_t)high << 32 | low;
	return 0;
}

/* The same, of as many bytes as a table says: 8 at most. */
static inline int bytes_read_number(struct bytes *bytes, size_t count, uint64_t *ret_value)
{
	uint64_t value = 0;
	struct bytes taken;

	if (bytes_take(bytes, count, &taken))
		return -ENODATA;
	for (size_t i = 0; i < count; i++)
		value = value << 8 | taken.data[i];
	*ret_value = value;
	return 0;
}

/* Host byte order, as netlink has it. */
static inline int bytes_read_host16(struct bytes *bytes, uint16_t *ret_value)
{
	return bytes_copy(bytes, ret_value, sizeof(*ret_value));
}

static inline int bytes_read_host32(struct bytes *bytes, uint32_t *ret_value)
{
	return bytes_copy(bytes, ret_value, sizeof(*ret_value));
}

static inline int bytes_read_host64(struct bytes *bytes, uint64_t *ret_value)
{
	return bytes_copy(bytes, ret_value, sizeof(*ret_value));
}
