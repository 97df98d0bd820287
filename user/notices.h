/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeper and writer say while they capture: a line each on stderr; held back, up to a
 * limit, as long as the screen is taken.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define NOTICES_HELD_BYTES 16384

struct notices {
	bool are_held;
	size_t length;
	unsigned int left_out; /* lines that did not fit */
	char text[NOTICES_HELD_BYTES];
};

/* One line: "pktsieve: ", the message, and the newline that it lacks. */
void notices_say(struct notices *notices, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The screen is free: prints what was held back, and holds nothing back any more. */
void notices_release(struct notices *notices);
