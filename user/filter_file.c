/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads a filter expression from a file; see filter_file.h. */
#include "filter_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define MAXIMUM_BYTES (16u << 20)

static void cleanup_file(FILE **file)
{
	if (*file && *file != stdin)
		fclose(*file);
}

/* Returns 0 or a negative errno; *text always ends with a 0. */
static int read_all(FILE *file, char **ret_text, size_t *ret_length)
{
	_cleanup_free_ char *text = NULL;
	size_t length = 0, capacity = 0;

	do {
		char *larger;

		capacity = capacity ? 2 * capacity : 4096;
		if (length > MAXIMUM_BYTES)
			return -EFBIG;
		larger = realloc(text, capacity + 1);
		if (!larger)
			return -ENOMEM;
		text = larger;
		errno = 0;
		length += fread(text + length, 1, capacity - length, file);
	} while (length == capacity);
	if (ferror(file))
		return errno ? -errno : -EIO;
	text[length] = '\0';
	*ret_text = TAKE(text);
	*ret_length = length;
	return 0;
}

/* Places stay where they are, so that an error can say the line. */
static void blank_comments(char *text)
{
	for (char *at = strchr(text, '#'); at; at = strchr(at, '#'))
		for (; *at && *at != '\n'; at++)
			*at = ' ';
}

int filter_file_read(const char *path, char **ret_expression, struct error *reterr)
{
	bool is_stdin = strcmp(path, "-") == 0;
	CLEANUP(cleanup_file) FILE *file = is_stdin ? stdin : fopen(path, "re");
	_cleanup_free_ char *text = NULL;
	size_t length = 0;
	int error = file ? read_all(file, &text, &length) : -errno;

	if (error)
		return error_set(reterr, error, "cannot read the filter expression from '%s': %s",
				 path, strerror(-error));
	if (strlen(text) != length)
		return error_set(reterr, -EINVAL,
				 "'%s' holds no filter expression: it has a byte 0", path);
	blank_comments(text);
	*ret_expression = TAKE(text);
	return 0;
}

size_t filter_file_line(const char *expression, size_t offset)
{
	size_t line = 1;

	for (size_t i = 0; i < offset && expression[i]; i++)
		line += expression[i] == '\n';
	return line;
}
