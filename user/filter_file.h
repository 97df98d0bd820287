/* SPDX-License-Identifier: GPL-2.0-only */
/* A filter expression in a file, as of `-F`. */
#pragma once

#include <stddef.h>

#include "base/error.h"

/*
 * Reads the file, "-" for stdin, with blanks in place of comments, which go from a '#' to
 * the end of the line. Returns 0 with *ret_expression, which the caller frees, or a negative
 * errno with *reterr filled in: the file cannot be read, is longer than 16 MiB, or holds a
 * byte 0.
 */
int filter_file_read(const char *path, char **ret_expression, struct error *reterr);

/* The line of the file that a byte of the expression is in, from 1 on. */
size_t filter_file_line(const char *expression, size_t offset);
