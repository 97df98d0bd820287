/* SPDX-License-Identifier: GPL-2.0-only */
/* A replaced file is ready at once, a rewritten one when it has settled, each change once. */
#include "../../user/set_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[] = "/tmp/set-watch-test-XXXXXX";
static char first[64], second[64], fresh[64];

/* Each text is longer or shorter than the last, so that no clock decides what has changed. */
static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file)) {
		perror(path);
		exit(1);
	}
}

static enum set_watch_result look(struct set_watch *watch)
{
	const char *path = "";

	return set_watch_look(watch, &path);
}

static void check_one(struct set_watch *watch)
{
	const char *path = "";

	check(look(watch) == SET_WATCH_NOTHING, "a file that nobody touched is not read again");
	write_file(fresh, "10.0.0.1\n10.0.0.2\n");
	rename(fresh, first);
	check(look(watch) == SET_WATCH_READY, "a replaced file is ready at the first look");
	check(look(watch) == SET_WATCH_NOTHING, "a replaced file is ready once");
	write_file(first, "10.0.0.1\n");
	check(look(watch) == SET_WATCH_NOTHING, "a rewritten file is not ready at the first look");
	check(look(watch) == SET_WATCH_READY, "a rewritten file is ready at the second look");
	write_file(first, "10.0.0.1\n10.0.0.22\n");
	look(watch);
	write_file(first, "10.0.0.1\n10.0.0.22\n10.0.0.33\n");
	check(look(watch) == SET_WATCH_NOTHING, "a file that is still written is not ready");
	check(look(watch) == SET_WATCH_READY, "a file that has settled is ready");
	unlink(first);
	check(look(watch) == SET_WATCH_NOTHING, "a file that is away for a moment is no news");
	check(set_watch_look(watch, &path) == SET_WATCH_MISSING && strcmp(path, first) == 0,
	      "a file that stays away is named");
	check(look(watch) == SET_WATCH_NOTHING, "a file that stays away is named once");
	write_file(fresh, "10.0.0.1\n");
	rename(fresh, first);
	check(look(watch) == SET_WATCH_READY, "a file that is back is ready");
}

static void check_two(struct set_watch *watch)
{
	write_file(second, "10.0.0.1\n10.0.0.2\n");
	write_file(fresh, "10.0.0.1\n10.0.0.2\n10.0.0.3\n");
	rename(fresh, first);
	check(look(watch) == SET_WATCH_NOTHING, "a replaced file waits for one that is written");
	check(look(watch) == SET_WATCH_READY, "two changed files are ready together");
	check(look(watch) == SET_WATCH_NOTHING, "two changed files are ready once");
}

static const struct hostset *read_set(const char *path)
{
	struct hostset *set = NULL;

	if (hostset_read_file(path, true, &set, NULL))
		exit(1);
	return set;
}

int main(void)
{
	struct hostset in_expression = { 0 };
	const struct hostset *sets[3] = { NULL, &in_expression, NULL };
	struct set_watch watch;

	if (!mkdtemp(folder))
		return 1;
	snprintf(first, sizeof(first), "%s/first", folder);
	snprintf(second, sizeof(second), "%s/second", folder);
	snprintf(fresh, sizeof(fresh), "%s/fresh", folder);
	write_file(first, "");
	write_file(second, "");
	sets[0] = read_set(first);
	sets[2] = read_set(second);
	set_watch_open(&watch, sets, 3);
	check(watch.count == 2, "a set of the expression has no file to watch");
	check_one(&watch);
	check_two(&watch);
	set_watch_close(&watch);
	hostset_free((struct hostset *)sets[0]);
	hostset_free((struct hostset *)sets[2]);
	unlink(first);
	unlink(second);
	rmdir(folder);
	return check_finish();
}
