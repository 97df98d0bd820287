/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages to stderr, now or later; see notice.h. */
#include "notice.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Messages are rare; those that find no room are counted. */
static char held_text[16384];
static size_t held_bytes;
static unsigned int left_out;
static bool is_holding;

static void hold_back(const char *line, size_t bytes)
{
	if (bytes > sizeof(held_text) - held_bytes) {
		left_out++;
		return;
	}
	memcpy(held_text + held_bytes, line, bytes);
	held_bytes += bytes;
}

void notice(const char *format, ...)
{
	static const char before[] = "pktsieve: ";
	char line[1280];
	va_list arguments;
	size_t bytes;

	strcpy(line, before);
	va_start(arguments, format);
	/* One byte is for the newline. */
	vsnprintf(line + strlen(before), sizeof(line) - strlen(before) - 1, format, arguments);
	va_end(arguments);
	bytes = strlen(line);
	line[bytes++] = '\n';
	if (is_holding)
		hold_back(line, bytes);
	else
		fwrite(line, 1, bytes, stderr);
}

void notice_hold(bool is_held)
{
	is_holding = is_held;
	if (is_held)
		return;
	fwrite(held_text, 1, held_bytes, stderr);
	if (left_out)
		fprintf(stderr, "pktsieve: %u more messages had no room here\n", left_out);
	held_bytes = 0;
	left_out = 0;
}
