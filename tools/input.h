/* SPDX-License-Identifier: GPL-2.0-only */
/* The bytes of a capture file or a pipe, one behind the other; of a gzip file what is in it. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../user/base/bytes.h"
#include "../user/base/error.h"

struct input;

/* No piece that is asked for may be larger. */
#define INPUT_MAXIMUM_BYTES (16u << 20)

/* "-" is stdin. 0 or a negative errno with *reterr filled in. */
int input_open(const char *name, struct input **ret_input, struct error *reterr);
void input_close(struct input *input);

/*
 * Waits for so many bytes, which are valid until the next call. Returns 0; -ENODATA where the input
 * ends before, with those that are left in *ret_bytes; or a negative errno with *reterr filled in.
 */
int input_take(struct input *input, size_t length, struct bytes *ret_bytes, struct error *reterr);

/* The same without taking them. */
int input_look(struct input *input, size_t length, struct bytes *ret_bytes, struct error *reterr);

/* How many bytes were taken, of a gzip file of what is in it. */
uint64_t input_offset(const struct input *input);
