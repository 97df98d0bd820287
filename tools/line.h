/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Text on its way out. Nothing that a packet or a file says reaches the terminal as it is: what is
 * not printable, or not UTF-8, is escaped here, and only here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct line {
	char *text; /* owned; not NUL-terminated */
	size_t length;
	size_t capacity;
	bool is_short_of_memory; /* what was added since is lost */
};

void line_free(struct line *line);
void line_clear(struct line *line);

/* Makes room for so many more characters: see line_room(). */
__attribute__((cold)) char *line_grow(struct line *line, size_t count);

/* Room for so many more characters, behind the last one; NULL: there is no memory. */
static inline char *line_room(struct line *line, size_t count)
{
	return count <= line->capacity - line->length ? line->text + line->length :
							line_grow(line, count);
}

/* Words of our own: as they are. Here, so that the compiler knows how long most of them are. */
static inline void line_add_characters(struct line *line, const char *text, size_t length)
{
	if (!length || (length > line->capacity - line->length && !line_grow(line, length)))
		return;
	memcpy(line->text + line->length, text, length);
	line->length += length;
}

static inline void line_add(struct line *line, const char *text)
{
	line_add_characters(line, text, strlen(text));
}

static inline void line_add_character(struct line *line, char character)
{
	line_add_characters(line, &character, 1);
}

void line_add_line(struct line *line, const struct line *more);
__attribute__((format(printf, 2, 3))) void line_print(struct line *line, const char *format, ...);

/* Numbers, without the cost of a format. */
void line_add_number(struct line *line, uint64_t number);
void line_add_hex(struct line *line, uint64_t number, unsigned int digits);
/* The last so many digits. */
void line_add_digits(struct line *line, uint64_t number, unsigned int digits);
/* Spaces before it, so that it takes up so many columns at least. */
void line_add_right(struct line *line, uint64_t number, unsigned int columns);

/* Spaces up to a column, one at least. */
void line_pad(struct line *line, size_t column);

/* Columns of a terminal that the text from `begin` on takes up: UTF-8, no escape sequences. */
size_t line_count_columns(const struct line *line, size_t begin);

/* Takes off what stands behind so many columns from `begin` on. */
void line_cut(struct line *line, size_t begin, size_t columns);

/* Addresses in their usual form (RFC 5952 for IPv6). */
void line_add_mac(struct line *line, const uint8_t bytes[6]);
void line_add_ipv4(struct line *line, const uint8_t bytes[4]);
void line_add_ipv6(struct line *line, const uint8_t bytes[16]);

/* Bytes of a packet as text: \\n, \\x1b and the like for what is not printable. */
void line_add_text(struct line *line, const uint8_t *data, size_t length);

/* The same within double quotes, as JSON has it (RFC 8259); what is no UTF-8 as \\u00XX. */
void line_add_json(struct line *line, const uint8_t *data, size_t length);

/* Bytes as hexadecimal digits, with a separator between them unless it is '\\0'. */
void line_add_bytes(struct line *line, const uint8_t *data, size_t length, char separator);

/* Ends the line and writes it; clears it. 0 or a negative errno. */
int line_write(struct line *line, FILE *out);
