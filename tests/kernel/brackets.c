/* SPDX-License-Identifier: GPL-2.0-only */
/* A parser that writes what it reads. */
#include "brackets.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *text;
	bool failed;
};

/* From the one that binds least to the one that binds most; in each, what has the same rank. */
static const char *const ranks[][4] = {
	{ "|" }, { "^" }, { "&" }, { "<<", ">>" }, { "+", "-" }, { "*", "/", "%" },
};

#define RANKS (sizeof(ranks) / sizeof(ranks[0]))

static const char *skip_space(struct reader *reader)
{
	reader->text += strspn(reader->text, " \t");
	return reader->text;
}

static bool take(struct reader *reader, const char *sign)
{
	skip_space(reader);
	if (strncmp(reader->text, sign, strlen(sign)) != 0)
		return false;
	/* "<" is not "<<", "&" not "&&". */
	if (strlen(sign) == 1 && strchr("<>&|", *sign) && reader->text[1] == *sign)
		return false;
	reader->text += strlen(sign);
	return true;
}

/* Joins three texts, of which the first and the last are freed. */
static char *join(char *left, const char *between, char *right)
{
	char *text = NULL;

	if (left && right && asprintf(&text, "(%s %s %s)", left, between, right) < 0)
		text = NULL;
	free(left);
	free(right);
	return text;
}

static char *read_rank(struct reader *reader, size_t rank);

/* "[" expression [ ":" size ] "]" behind the name of a protocol */
static char *read_index(struct reader *reader, char *name)
{
	char *offset = read_rank(reader, 0), *text = NULL;
	const char *size = skip_space(reader);
	size_t length = strcspn(size, "]");

	if (!offset || !name || size[length] != ']' || (length > 0 && *size != ':'))
		reader->failed = true;
	else if (asprintf(&text, "%s[%s%.*s]", name, offset, (int)length, size) < 0)
		text = NULL;
	reader->text += length + (size[length] == ']');
	free(offset);
	free(name);
	return text;
}

/* primary = "(" expression ")" | number | name [ index ] */
static char *read_primary(struct reader *reader)
{
	const char *start;
	size_t length = 0;
	char *text;

	if (take(reader, "(")) {
		text = read_rank(reader, 0);
		reader->failed |= !take(reader, ")");
		return text;
	}
	start = skip_space(reader);
	while (isalnum((unsigned char)start[length]) ||
	       (start[length] == '-' && isalpha((unsigned char)*start) &&
		isalnum((unsigned char)start[length + 1])))
		length++;
	reader->failed |= length == 0;
	reader->text += length;
	text = strndup(start, length);
	return take(reader, "[") ? read_index(reader, text) : text;
}

/* What is joined by the signs of this rank, from the left. */
static char *read_rank(struct reader *reader, size_t rank)
{
	char *left = rank == RANKS ? read_primary(reader) : read_rank(reader, rank + 1);
	size_t i = 0;

	while (rank < RANKS && !reader->failed && i < 4 && ranks[rank][i]) {
		const char *sign = ranks[rank][i++];

		if (!take(reader, sign))
			continue;
		left = join(left, sign, read_rank(reader, rank + 1));
		i = 0;
	}
	return left;
}

char *brackets_write(const char *comparison)
{
	static const char *const signs[] = { "<=", ">=", "==", "!=", "=", "<", ">" };
	struct reader reader = { .text = comparison };
	char *left = read_rank(&reader, 0), *text = NULL;
	const char *sign = NULL;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]) && !sign; i++)
		if (take(&reader, signs[i]))
			sign = signs[i];
	if (sign && left) {
		char *right = read_rank(&reader, 0);

		if (right && *skip_space(&reader) == '\0' && !reader.failed &&
		    asprintf(&text, "%s %s %s", left, sign, right) < 0)
			text = NULL;
		free(right);
	}
	free(left);
	return text;
}
