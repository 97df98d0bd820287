/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers that have a name in the filter language: offsets and values of header fields. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_name {
	const char *name;
	uint32_t number;
	const char *protocol; /* of an offset: in whose header it is; NULL: a value */
};

/* The name that the length bytes at text are, or NULL. */
const struct number_name *number_name_find(const char *text, size_t length);
