/* SPDX-License-Identifier: GPL-2.0-only */
/* How the stages of the compiler say what is wrong with an expression, and where. */
#pragma once

#include "filter.h"

/*
 * Fills in *reterr: the message and the length bytes at offset that the caret marks.
 * Returns -EINVAL, so that a stage can write `return failure_set(reterr, ...)`.
 */
int failure_set(struct filter_error *reterr, size_t offset, size_t length, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
