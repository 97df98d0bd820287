/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines on stderr, now or later; see notices.h. A terminal that is gone is no error: what
 * cannot be said is not said.
 */
#include "notices.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"

#define LINE_BYTES 1280

static void hold_back(struct notices *notices, const char *line)
{
	size_t length = strlen(line);

	if (notices->left_out || length >= sizeof(notices->text) - notices->length) {
		notices->left_out++;
		return;
	}
	memcpy(notices->text + notices->length, line, length + 1);
	notices->length += length;
}

static void show(struct notices_board *board, const char *message)
{
	size_t length = strnlen(message, sizeof(board->text) - 1);

	__atomic_store_n(&board->changes, board->changes + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	memcpy(board->text, message, length);
	board->text[length] = '\0';
	board->time_ns = clock_monotonic_ns();
	__atomic_store_n(&board->changes, board->changes + 1, __ATOMIC_RELEASE);
}

bool notices_read_board(const struct notices_board *board, struct notices_board *ret_copy)
{
	uint32_t before = __atomic_load_n(&board->changes, __ATOMIC_ACQUIRE);

	memcpy(ret_copy, board, sizeof(*ret_copy));
	ret_copy->text[sizeof(ret_copy->text) - 1] = '\0';
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return before % 2 == 0 && ret_copy->time_ns &&
	       __atomic_load_n(&board->changes, __ATOMIC_RELAXED) == before;
}

void notices_say(struct notices *notices, const char *format, ...)
{
	char message[LINE_BYTES - 16], line[LINE_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	snprintf(line, sizeof(line), "pktsieve: %s\n", message);
	if (notices->are_held) {
		if (notices->board)
			show(notices->board, message);
		hold_back(notices, line);
	} else {
		fputs(line, stderr);
	}
}

void notices_release(struct notices *notices)
{
	if (notices->length)
		fputs(notices->text, stderr);
	if (notices->left_out)
		fprintf(stderr, "pktsieve: %u more message%s left out\n", notices->left_out,
			notices->left_out == 1 ? " was" : "s were");
	notices->are_held = false;
	notices->length = 0;
	notices->left_out = 0;
}
