/* SPDX-License-Identifier: GPL-2.0-only */
/* A cursor over numbers in the byte order that a file is in. */
#pragma once

#include <stdbool.h>

#include "../user/base/bytes.h"

struct ordered_bytes {
	struct bytes bytes;
	bool is_big; /* the most significant byte comes first */
};

/* 0, or -ENODATA. */
static inline int ordered_read16(struct ordered_bytes *ordered, uint16_t *ret_value)
{
	int error = bytes_read_be16(&ordered->bytes, ret_value);

	if (!error && !ordered->is_big)
		*ret_value = __builtin_bswap16(*ret_value);
	return error;
}

static inline int ordered_read32(struct ordered_bytes *ordered, uint32_t *ret_value)
{
	int error = bytes_read_be32(&ordered->bytes, ret_value);

	if (!error && !ordered->is_big)
		*ret_value = __builtin_bswap32(*ret_value);
	return error;
}
