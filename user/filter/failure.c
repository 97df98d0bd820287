/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The errors of the filter compiler: written by the stages with a place in the expression,
 * printed for people with the expression and a caret below the place.
 */
#include "failure.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

/* Columns of the expression that are shown before and after the start of the place. */
#define COLUMNS_BEFORE 60
#define COLUMNS_AFTER 60

int failure_set(struct filter_error *reterr, size_t offset, size_t length, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(reterr->message, sizeof(reterr->message), format, arguments);
	va_end(arguments);
	reterr->offset = offset;
	reterr->length = length;
	return -EINVAL;
}

/* Bytes 10xxxxxx of UTF-8 (RFC 3629, section 3) belong to the character before them. */
static bool is_continuation(char byte)
{
	return ((uint8_t)byte & 0xc0) == 0x80;
}

/* A byte as it can stand in one line of a terminal. */
static char printable(char byte)
{
	uint8_t value = (uint8_t)byte;

	return value < 0x20 || value == 0x7f ? ' ' : byte;
}

/* Prints the bytes from start to end; returns how many columns they take. */
static size_t print_columns(const char *expression, size_t start, size_t end, FILE *out)
{
	size_t columns = 0;

	for (size_t i = start; i < end; i++) {
		fputc(printable(expression[i]), out);
		columns += is_continuation(expression[i]) ? 0 : 1;
	}
	return columns;
}

static void print_repeated(char character, size_t count, FILE *out)
{
	for (size_t i = 0; i < count; i++)
		fputc(character, out);
}

void filter_print_error(const char *expression, const struct filter_error *error, FILE *out)
{
	size_t length = strlen(expression);
	size_t place = error->offset < length ? error->offset : length;
	size_t start = place > COLUMNS_BEFORE ? place - COLUMNS_BEFORE : 0;
	size_t end = length - place > COLUMNS_AFTER ? place + COLUMNS_AFTER : length;
	size_t place_end = error->length < end - place ? place + error->length : end;
	size_t before;
	size_t marked;

	while (start < place && is_continuation(expression[start]))
		start++;
	while (end < length && is_continuation(expression[end]))
		end++;
	fputs(start > 0 ? "  ..." : "  ", out);
	before = (start > 0 ? 5 : 2) + print_columns(expression, start, place, out);
	marked = print_columns(expression, place, place_end, out);
	print_columns(expression, place_end, end, out);
	fputs(end < length ? "...\n" : "\n", out);
	print_repeated(' ', before, out);
	print_repeated('^', marked > 0 ? marked : 1, out);
	fprintf(out, "\n%s\n", error->message);
}
