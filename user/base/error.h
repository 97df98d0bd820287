/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of an error on their way up: library code fills a struct error and returns the
 * negative errno, the outermost layer prints it once.
 */
#pragma once

#include <stddef.h>

struct error {
	char message[1024]; /* what failed, on which object, what to do next; no newline */
};

/*
 * Writes the message, cut to fit, and returns code (a negative errno) so that a caller can
 * write `return error_set(reterr, -ENODEV, "...")`. reterr may be NULL.
 */
int error_set(struct error *reterr, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
