/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What keeper and writer say while they capture: a line each on stderr; held back, up to a
 * limit, as long as the screen is taken.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NOTICES_HELD_BYTES 16384

#define NOTICES_SHOWN_BYTES 240

/* The last of the lines that are held back, for the panel; another process may read it. */
struct notices_board {
	uint32_t changes;               /* odd while it is being changed */
	uint64_t time_ns;               /* CLOCK_MONOTONIC; 0: nothing was said */
	char text[NOTICES_SHOWN_BYTES]; /* without "pktsieve: "; what is longer loses its end */
};

struct notices {
	struct notices_board *board; /* NULL: there is none */
	bool are_held;
	size_t length;
	unsigned int left_out; /* lines that did not fit */
	char text[NOTICES_HELD_BYTES];
};

/* One line: "pktsieve: ", the message, and the newline that it lacks. */
void notices_say(struct notices *notices, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Copies what a board shows; false where it shows nothing, or is being changed. */
bool notices_read_board(const struct notices_board *board, struct notices_board *ret_copy);

/* The screen is free: prints what was held back, and holds nothing back any more. */
void notices_release(struct notices *notices);
