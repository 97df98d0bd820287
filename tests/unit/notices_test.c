/* SPDX-License-Identifier: GPL-2.0-only */
/* What is said at once, what is held back, and what does not fit. */
#include "../../user/notices.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check.h"

static int stderr_pipe[2], real_stderr;

/* From here on stderr is read by the test. */
static void take_stderr(void)
{
	if (pipe2(stderr_pipe, O_NONBLOCK | O_CLOEXEC) || (real_stderr = dup(STDERR_FILENO)) < 0 ||
	    dup2(stderr_pipe[1], STDERR_FILENO) < 0)
		abort();
}

/* What came since the last call. */
static const char *said(void)
{
	static char text[65536];
	ssize_t length = read(stderr_pipe[0], text, sizeof(text) - 1);

	text[length > 0 ? length : 0] = '\0';
	return text;
}

static unsigned int count_lines(const char *text)
{
	unsigned int count = 0;

	for (; *text; text++)
		count += *text == '\n';
	return count;
}

static void test_at_once(void)
{
	struct notices notices = {};
	char name[2000];
	const char *text;

	notices_say(&notices, "'%s' is down", "eth0");
	check(strcmp(said(), "pktsieve: 'eth0' is down\n") == 0, "a notice is a line of its own");
	notices_release(&notices);
	check(!*said(), "what was said is not said again");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	notices_say(&notices, "%s", name);
	text = said();
	check(count_lines(text) == 1 && text[strlen(text) - 1] == '\n',
	      "a notice that is too long is cut to one line");
}

static void test_held(void)
{
	struct notices notices = { .are_held = true };

	notices_say(&notices, "one");
	notices_say(&notices, "two");
	check(!*said(), "a notice that is held back is not said");
	notices_release(&notices);
	check(strcmp(said(), "pktsieve: one\npktsieve: two\n") == 0,
	      "what was held back is said in its order");
	notices_say(&notices, "three");
	check(strcmp(said(), "pktsieve: three\n") == 0, "after that nothing is held back");
}

static void test_board(void)
{
	struct notices_board board = { 0 }, copy;
	struct notices notices = { .board = &board };
	char name[2000];

	check(!notices_read_board(&board, &copy), "a board shows nothing before anything is said");
	notices_say(&notices, "at once");
	check(!notices_read_board(&board, &copy), "what is said at once is not on the board");
	notices.are_held = true;
	notices_say(&notices, "one");
	notices_say(&notices, "two of %d", 2);
	check(notices_read_board(&board, &copy) && strcmp(copy.text, "two of 2") == 0 &&
		      copy.time_ns,
	      "the board shows the last that is held back");
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	notices_say(&notices, "%s", name);
	check(notices_read_board(&board, &copy) && strlen(copy.text) == sizeof(copy.text) - 1,
	      "of what is too long for it the board shows the beginning");
	board.changes++;
	check(!notices_read_board(&board, &copy), "while it is changed a board is not read");
	notices_release(&notices);
	said();
}

static void test_full(void)
{
	struct notices notices = { .are_held = true };
	unsigned int lines;
	const char *text;

	for (int i = 0; i < 1000; i++)
		notices_say(&notices, "notice %d", i);
	notices_release(&notices);
	text = said();
	lines = count_lines(text);
	check(lines > 100 && lines < 1000, "not more is held back than there is room for");
	check_note("%u lines", lines);
	check(strstr(text, "notice 0\n") && !strstr(text, "notice 999"),
	      "it is the last ones that are left out");
	check(strstr(text, " more messages were left out\n"), "that some are left out is said");
}

static void test_gone(void)
{
	struct notices notices = {};
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC);

	dup2(full, STDERR_FILENO);
	notices_say(&notices, "nobody hears this");
	notices.are_held = true;
	notices_say(&notices, "nor this");
	notices_release(&notices);
	check(!notices.length, "a terminal that is gone is no reason to wait");
	close(full);
}

int main(void)
{
	take_stderr();
	test_at_once();
	test_held();
	test_board();
	test_full();
	test_gone();
	dup2(real_stderr, STDERR_FILENO);
	return check_finish();
}
