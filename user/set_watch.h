/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whether the files of a filter's host sets have changed, asked once a second. One that was
 * replaced (another file has its name) is ready at once; one that was written to is when two
 * looks have found it in the same state.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "filter/hostset.h"

struct set_watch_file {
	char *path;
	struct hostset_file known; /* what was read last, or tried in vain */
	struct hostset_file seen;  /* at the last look, if it was not that */
	bool is_changing;          /* seen is valid */
	unsigned int looks_missed; /* the file was not there */
};

struct set_watch {
	size_t count;
	struct set_watch_file *files;
};

enum set_watch_result {
	SET_WATCH_NOTHING,
	SET_WATCH_READY,   /* some have changed, and all of those can be read */
	SET_WATCH_MISSING, /* one has been gone for two looks; said once */
};

/* Watches the files of the sets that have one, in the states in which they were read. */
int set_watch_open(struct set_watch *watch, const struct hostset *const *sets, size_t set_count);
void set_watch_close(struct set_watch *watch);

/*
 * With SET_WATCH_READY the states found are known from here on; with SET_WATCH_MISSING
 * *ret_path is the file, the watch's own.
 */
enum set_watch_result set_watch_look(struct set_watch *watch, const char **ret_path);
