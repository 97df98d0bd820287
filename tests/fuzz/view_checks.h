/* SPDX-License-Identifier: GPL-2.0-only */
/* What holds of every packet that pktview takes apart, and of every byte that it prints: else abort(). */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../../tools/dissect/dissection.h"

/* Layers and fields lie where they say, in bytes that are there. */
void check_dissection(const struct dissection *dissection);

/* A stream that takes lines of text, without control characters, and forgets them. */
FILE *checked_output(void);

/* "/proc/self/fd/N" of a file in memory that holds these bytes, until the next call. */
const char *file_in_memory(const uint8_t *data, size_t size);
