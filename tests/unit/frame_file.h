/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads tests/filter/frames.txt, which says of itself what stands in it. */
#pragma once

#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define FRAME_FILE "tests/filter/frames.txt"
#define FRAME_FILE_BYTES 120
#define FRAME_FILE_FILLING 0xa5
#define FRAME_FILE_MAXIMUM 256

struct named_frame {
	char name[32];
	uint8_t bytes[FRAME_FILE_BYTES];
};

static const struct {
	char letter;
	const char *hexadecimal; /* destination, source */
} frame_file_addresses[] = {
	{ 'u', "020000000002 020000000001" }, { 'b', "ffffffffffff 020000000001" },
	{ 'm', "01005e000005 020000000001" }, { '6', "333300000001 020000000001" },
	{ 's', "0180c2000000 020000000001" }, { 'v', "0060089fb1f4 0060089fb1f3" },
	{ 'o', "020000000001 020000000001" },
};

/* Appends pairs of digits; false for anything else but blanks, or too much of it. */
static inline bool frame_file_append(const char *text, struct named_frame *frame, size_t *length)
{
	unsigned int byte;

	for (; *text; text += 2) {
		while (isspace((unsigned char)*text))
			text++;
		if (*text == '\0')
			break;
		if (!isxdigit((unsigned char)text[0]) || !isxdigit((unsigned char)text[1]) ||
		    *length == FRAME_FILE_BYTES || sscanf(text, "%2x", &byte) != 1)
			return false;
		frame->bytes[(*length)++] = (uint8_t)byte;
	}
	return true;
}

static inline bool frame_file_read_line(const char *line, struct named_frame *ret_frame)
{
	char letter = 0;
	int behind = 0;
	size_t length = 0;

	memset(ret_frame, 0, sizeof(*ret_frame));
	memset(ret_frame->bytes, FRAME_FILE_FILLING, sizeof(ret_frame->bytes));
	if (sscanf(line, "%31s %c %n", ret_frame->name, &letter, &behind) != 2 || behind == 0)
		return false;
	for (size_t i = 0; i < sizeof(frame_file_addresses) / sizeof(frame_file_addresses[0]); i++)
		if (frame_file_addresses[i].letter == letter)
			return frame_file_append(frame_file_addresses[i].hexadecimal, ret_frame,
						 &length) &&
			       frame_file_append(line + behind, ret_frame, &length);
	return false;
}

/* The number of frames; 0, with a line of diagnostics, where the file cannot be read. */
static inline size_t frame_file_read(struct named_frame frames[static FRAME_FILE_MAXIMUM])
{
	FILE *file = fopen(FRAME_FILE, "r");
	char line[1024];
	size_t count = 0;

	while (file && fgets(line, sizeof(line), file)) {
		if (line[0] == '#' || line[0] == '\n')
			continue;
		if (count == FRAME_FILE_MAXIMUM || !frame_file_read_line(line, &frames[count])) {
			printf("# " FRAME_FILE " is not understood: %s", line);
			count = 0;
			break;
		}
		count++;
	}
	if (file)
		fclose(file);
	return count;
}
