/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lines on stderr, now or later; see notices.h. A terminal that is gone is no error: what
 * cannot be said is not said.
 */
#include "notices.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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

void notices_say(struct notices *notices, const char *format, ...)
{
	char message[LINE_BYTES - 16], line[LINE_BYTES];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(message, sizeof(message), format, arguments);
	va_end(arguments);
	snprintf(line, sizeof(line), "pktsieve: %s\n", message);
	if (notices->are_held)
		hold_back(notices, line);
	else
		fputs(line, stderr);
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
