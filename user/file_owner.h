/* SPDX-License-Identifier: GPL-2.0-only */
/* Whose the files are: those of -Z, else of the user who called sudo, else of who runs this. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

#define FILE_OWNER_MAXIMUM_GROUPS 64

struct file_owner {
	bool is_another; /* than who runs this process; else nothing below counts */
	uid_t user;
	gid_t group;
	gid_t groups[FILE_OWNER_MAXIMUM_GROUPS]; /* the supplementary ones */
	size_t group_count;
};

/*
 * name: of -Z, or NULL. Who is not root cannot give files away: that is left alone then, as
 * tcpdump does. 0, or -ENOENT with *reterr filled in.
 */
int file_owner_find(const char *name, struct file_owner *ret_owner, struct error *reterr);
