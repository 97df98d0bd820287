/* SPDX-License-Identifier: GPL-2.0-only */
/* See hex_rows.h. */
#include "hex_rows.h"

#include <string.h>

#include "terminal.h"

#define BYTES_COLUMNS (3 * HEX_ROW_BYTES + 3) /* from the offset to the text */

void hex_rows_begin(struct hex_rows *rows, struct bytes bytes, const struct marks *marks,
		    bool has_colours)
{
	*rows = (struct hex_rows){ .bytes = bytes, .marks = marks, .has_colours = has_colours };
}

/* One bit for each byte of the row that is next. */
static unsigned int find_marked(struct hex_rows *rows)
{
	const struct marks *marks = rows->marks;
	unsigned int marked = 0;
	size_t mark;

	while (rows->mark < marks->count && marks->marks[rows->mark].end <= rows->next)
		rows->mark++;
	mark = rows->mark;
	for (size_t i = 0; i < HEX_ROW_BYTES; i++) {
		while (mark < marks->count && marks->marks[mark].end <= rows->next + i)
			mark++;
		if (mark < marks->count && marks->marks[mark].begin <= rows->next + i)
			marked |= 1u << i;
	}
	return marked;
}

static bool is_set(unsigned int marked, size_t i)
{
	return i < HEX_ROW_BYTES && marked >> i & 1;
}

/* What stands before a byte: a space, which a bracket may take the place of. */
static void add_border(const struct hex_rows *rows, unsigned int marked, size_t i,
		       struct line *line)
{
	bool is_begin = is_set(marked, i) && (i == 0 || !is_set(marked, i - 1));
	bool is_end = i > 0 && is_set(marked, i - 1) && !is_set(marked, i);

	if (is_end && rows->has_colours)
		line_add(line, TERMINAL_PLAIN);
	line_add_character(line, rows->has_colours ? ' ' : is_begin ? '[' : is_end ? ']' : ' ');
	if (is_begin && rows->has_colours)
		line_add(line, TERMINAL_REVERSE);
}

static char shown(uint8_t byte)
{
	return byte >= ' ' && byte < 0x7f ? (char)byte : '.';
}

static void add_characters(const struct hex_rows *rows, const uint8_t *data, size_t count,
			   unsigned int marked, struct line *line)
{
	bool is_reverse = false;

	for (size_t i = 0; i < count; i++) {
		if (rows->has_colours && is_set(marked, i) != is_reverse) {
			is_reverse = !is_reverse;
			line_add(line, is_reverse ? TERMINAL_REVERSE : TERMINAL_PLAIN);
		}
		line_add_character(line, shown(data[i]));
	}
	if (is_reverse)
		line_add(line, TERMINAL_PLAIN);
}

/* A row in which nothing is marked, as nearly all are: put together at once. */
static void add_plain(const uint8_t *data, size_t count, struct line *line)
{
	static const char digits[] = "0123456789abcdef";
	char text[BYTES_COLUMNS + HEX_ROW_BYTES + 1];

	memset(text, ' ', BYTES_COLUMNS);
	for (size_t i = 0; i < count; i++) {
		text[3 * i + 1] = digits[data[i] >> 4];
		text[3 * i + 2] = digits[data[i] & 15];
		text[BYTES_COLUMNS + i] = shown(data[i]);
	}
	text[BYTES_COLUMNS + count] = '\0';
	line_add(line, text);
}

static void add_marked(const struct hex_rows *rows, const uint8_t *data, size_t count,
		       unsigned int marked, struct line *line)
{
	for (size_t i = 0; i < HEX_ROW_BYTES; i++) {
		add_border(rows, marked, i, line);
		if (i < count)
			line_add_hex(line, data[i], 2);
		else
			line_add(line, "  ");
	}
	add_border(rows, marked, HEX_ROW_BYTES, line);
	line_add(line, "  ");
	add_characters(rows, data, count, marked, line);
}

size_t hex_rows_next(struct hex_rows *rows, struct line *line)
{
	size_t left = rows->bytes.length - rows->next;
	size_t count = left < HEX_ROW_BYTES ? left : HEX_ROW_BYTES;
	unsigned int digits = rows->next > UINT16_MAX ? 8 : 4;
	const uint8_t *data = rows->bytes.data + rows->next;
	unsigned int marked;

	if (!count)
		return 0;
	marked = find_marked(rows) & ((1u << count) - 1);
	line_add_hex(line, rows->next, digits);
	line_add_character(line, ' ');
	if (marked)
		add_marked(rows, data, count, marked, line);
	else
		add_plain(data, count, line);
	rows->next += count;
	return digits + 1 + BYTES_COLUMNS + count;
}
