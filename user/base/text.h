/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers, durations, sizes and lists, from text and to text. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A whole decimal number of at most `maximum`; -EINVAL, -ERANGE. */
int text_parse_number(const char *text, uint64_t maximum, uint64_t *ret_number);

/*
 * A duration as '500ms', '10s', '5m', '2h'; a bare number is seconds, a fraction is allowed
 * ('0.5s'). Longer than 0, at most ten years. -EINVAL, -ERANGE.
 */
int text_parse_duration(const char *text, uint64_t *ret_ns);

/*
 * A number of bytes as '500k', '64M', '10G' (of 1024, 1024^2 and 1024^3, in either case); bare
 * bytes. -EINVAL, -ERANGE.
 */
int text_parse_size(const char *text, uint64_t *ret_bytes);

/*
 * A number a second as '50000', '200k', '1.5M/s' (of 1000, 1000^2 and 1000^3, in either case; the
 * "/s" may be left out). -EINVAL, -ERANGE.
 */
int text_parse_rate(const char *text, uint64_t *ret_rate);

/*
 * Marks the numbers of a kernel CPU list such as "0-3,8" read from a file; numbers of
 * `count` and more are left out. Returns 0 or a negative errno.
 */
int text_read_cpu_list(const char *path, bool *ret_is_listed, size_t count);

/* The bytes of the UTF-8 character that a text begins with; 0 where that is none (RFC 3629). */
size_t text_utf8_length(const char *text);

/* "1.23 MB", "12.3k" and the like: three digits, decimal prefixes; at most 16 bytes. */
void text_format_quantity(double quantity, const char *unit, char *ret_text, size_t size);

#define TEXT_MAXIMUM_SLIP_BYTES 32

/*
 * Slips between what was typed and a name, in lower case, neither longer than
 * TEXT_MAXIMUM_SLIP_BYTES: letters left out, added, exchanged for another, or swapped with their
 * neighbour. Case does not count.
 */
unsigned int text_count_slips(const char *typed, size_t typed_length, const char *name);
