/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pktsieve and tcpdump take the same expressions: both accept each line of
 * tests/filter/expressions.txt and refuse each line of tests/filter/refused.txt.
 */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../user/filter/filter.h"
#include "check.h"

#define LINE_BYTES 1024

extern char **environ;

enum answer {
	ANSWER_REFUSES,
	ANSWER_ACCEPTS,
	ANSWER_NONE, /* could not be asked */
};

static const char *const answer_names[] = { "refuses", "accepts", "cannot be asked" };

/* Runs `tcpdump -d`, which compiles the expression and needs no interface. */
static enum answer ask_tcpdump(char *expression)
{
	char *const arguments[] = { "tcpdump", "-d", "-y", "EN10MB", "--", expression, NULL };
	posix_spawn_file_actions_t actions;
	pid_t child;
	int status;
	int error;

	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	error = posix_spawnp(&child, arguments[0], &actions, NULL, arguments, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (error || waitpid(child, &status, 0) != child || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 127)
		return ANSWER_NONE;
	return WEXITSTATUS(status) == 0 ? ANSWER_ACCEPTS : ANSWER_REFUSES;
}

static enum answer ask_pktsieve(const char *expression, struct filter_error *reterr)
{
	struct filter *filter = NULL;
	int error = filter_compile(expression, &filter, reterr);

	filter_free(filter);
	return error == 0 ? ANSWER_ACCEPTS : error == -EINVAL ? ANSWER_REFUSES : ANSWER_NONE;
}

static void test_expression(char *expression, enum answer expected)
{
	struct filter_error error = { 0 };
	enum answer ours = ask_pktsieve(expression, &error);
	enum answer theirs = ask_tcpdump(expression);

	check(ours == expected && theirs == expected, "pktsieve %s '%s' and so does tcpdump",
	      answer_names[expected], expression);
	check_note("pktsieve %s it, tcpdump %s it %s", answer_names[ours], answer_names[theirs],
		   error.message);
}

static void test_file(const char *path, enum answer expected)
{
	FILE *file = fopen(path, "r");
	char line[LINE_BYTES];

	if (!check(file != NULL, "%s is there, seen from the top of the tree", path))
		return;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			test_expression(line, expected);
	}
	fclose(file);
}

int main(void)
{
	if (ask_tcpdump("ip") != ANSWER_ACCEPTS) {
		check_skip("pktsieve and tcpdump take the same expressions", "there is no tcpdump");
		return check_finish();
	}
	test_file("tests/filter/expressions.txt", ANSWER_ACCEPTS);
	test_file("tests/filter/refused.txt", ANSWER_REFUSES);
	return check_finish();
}
