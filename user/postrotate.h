/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command of -z, run by the keeper with each complete file: as the owner of the files, at the
 * lowest priority, without a shell, some at a time. What becomes of it is said, and changes
 * nothing else.
 */
#pragma once

#include <stdbool.h>

#include "file_owner.h"
#include "notices.h"

struct postrotate;

struct postrotate_options {
	const char *command;
	const struct file_owner *owner;
	struct notices *notices;
	bool is_silent; /* what the command prints would be in a panel's way */
};

/* The options' contents stay the caller's. 0 or a negative errno. */
int postrotate_open(const struct postrotate_options *options, struct postrotate **ret_postrotate);

/* Runs the command with a file, or later, when others have ended. 0 or -ENOMEM. */
int postrotate_add(struct postrotate *postrotate, const char *path);

/* The file is to be removed: where the command has not begun, it says so and leaves it. */
void postrotate_forget(struct postrotate *postrotate, const char *path);

/* Readable when a command has ended: then postrotate_collect() is to be called. */
int postrotate_fd(const struct postrotate *postrotate);

/* Returns whether a command had ended. */
bool postrotate_collect(struct postrotate *postrotate);

bool postrotate_is_idle(const struct postrotate *postrotate);

/* Says which commands are left to themselves, and with which files none was run. */
void postrotate_abandon(struct postrotate *postrotate);

/* NULL is allowed. */
void postrotate_close(struct postrotate *postrotate);
