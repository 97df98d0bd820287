/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages to stderr, at once or held back. */
#include "../../user/notice.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static FILE *errors; /* where stderr goes */

/* What came out on stderr since the last time. */
static const char *new_errors(void)
{
	static char text[65536];
	static long seen;
	size_t bytes;

	fflush(stderr);
	fseek(errors, seen, SEEK_SET);
	bytes = fread(text, 1, sizeof(text) - 1, errors);
	text[bytes] = '\0';
	seen += (long)bytes;
	return text;
}

static unsigned int count_lines(const char *text)
{
	unsigned int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static void test_now(void)
{
	notice("the disk '%s' is full", "x");
	check(!strcmp(new_errors(), "pktsieve: the disk 'x' is full\n"),
	      "a message comes out at once");
	notice_hold(false);
	check(!*new_errors(), "nothing comes out where nothing was held back");
}

static void test_held(void)
{
	notice_hold(true);
	notice("one");
	notice("two %d", 2);
	check(!*new_errors(), "what is held back does not come out");
	notice_hold(false);
	check(!strcmp(new_errors(), "pktsieve: one\npktsieve: two 2\n"),
	      "what was held back comes out in its order");
	notice("three");
	check(!strcmp(new_errors(), "pktsieve: three\n"), "what follows comes out at once");
}

static void test_too_many(void)
{
	unsigned int lines, left_out = 0;
	const char *text, *last;

	notice_hold(true);
	for (int i = 0; i < 2000; i++)
		notice("message %d", i);
	notice_hold(false);
	text = new_errors();
	lines = count_lines(text);
	last = strstr(text, "more messages");
	while (last && last > text && last[-1] != '\n')
		last--;
	if (last)
		sscanf(last, "pktsieve: %u more", &left_out);
	check(lines > 100 && lines - 1 + left_out == 2000, "messages without room are counted");
	check_note("%u lines, %u left out", lines, left_out);
	notice("after");
	check(!strcmp(new_errors(), "pktsieve: after\n"), "and there is room again");
}

static void test_long(void)
{
	char word[3000];
	const char *text;

	memset(word, 'x', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	notice("%s", word);
	text = new_errors();
	check(strlen(text) > 1024 && count_lines(text) == 1 && text[strlen(text) - 1] == '\n',
	      "a message that is too long is cut, and still a line");
}

int main(void)
{
	errors = tmpfile();
	if (!errors || dup2(fileno(errors), STDERR_FILENO) < 0)
		return 1;
	test_now();
	test_held();
	test_too_many();
	test_long();
	return check_finish();
}
