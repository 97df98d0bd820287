/* SPDX-License-Identifier: GPL-2.0-only */
/* Files of `-F`: what of them becomes the expression, and what is refused. */
#include "../../user/filter_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

/* The path of a new file with these bytes, for the test to remove. */
static const char *make_file(const void *bytes, size_t length)
{
	static char path[] = "/tmp/pktsieve-filter-file.XXXXXX";
	int fd;

	strcpy(strchr(path, '.'), ".XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, bytes, length) != (ssize_t)length)
		abort();
	close(fd);
	return path;
}

static void test_text(const char *sentence, const char *content, const char *expected)
{
	const char *path = make_file(content, strlen(content));
	struct error why = { 0 };
	char *expression = NULL;
	int error = filter_file_read(path, &expression, &why);

	check(!error && strcmp(expression, expected) == 0, "%s", sentence);
	check_note("%d '%s' %s", error, expression ? expression : "", why.message);
	free(expression);
	unlink(path);
}

static void test_long_file(void)
{
	size_t length = 3u << 20;
	char *content = malloc(length);
	const char *path;
	char *expression = NULL;
	struct error why = { 0 };

	if (!content)
		abort();
	memset(content, ' ', length);
	memcpy(content + length - 3, "tcp", 3);
	path = make_file(content, length);
	check(!filter_file_read(path, &expression, &why) && strlen(expression) == length &&
		      memcmp(expression, content, length) == 0,
	      "a file of 3 MiB is read to its end");
	free(expression);
	free(content);
	unlink(path);
}

static void test_errors(void)
{
	static const char with_zero[] = "tcp\0udp";
	const char *path = make_file(with_zero, sizeof(with_zero));
	struct error why = { 0 };
	char *expression = NULL;

	check(filter_file_read(path, &expression, &why) == -EINVAL && strstr(why.message, path),
	      "a file with a byte 0 is refused, and named");
	unlink(path);
	check(filter_file_read(path, &expression, &why) == -ENOENT && strstr(why.message, path),
	      "a file that is not there is named");
	check(filter_file_read("/", &expression, &why) == -EISDIR, "a folder is refused");
	check(filter_file_read("/dev/zero", &expression, &why) == -EFBIG,
	      "a file without an end is refused");
	check(expression == NULL, "what is refused gives no expression");
}

int main(void)
{
	test_text("an empty file is the empty expression", "", "");
	test_text("lines are one expression", "tcp\nport 80\n", "tcp\nport 80\n");
	test_text("comments become blanks", "tcp # and udp\nport 80", "tcp          \nport 80");
	test_text("a comment may be the first and the last", "# a\ntcp\n# b", "   \ntcp\n   ");
	test_text("a second sign in a comment is part of it", "## a # b\nip", "        \nip");
	test_long_file();
	test_errors();
	check(filter_file_line("a\nb\nc", 0) == 1 && filter_file_line("a\nb\nc", 2) == 2 &&
		      filter_file_line("a\nb\nc", 4) == 3 && filter_file_line("a\n", 99) == 2,
	      "lines are counted from 1 on");
	return check_finish();
}
