/* SPDX-License-Identifier: GPL-2.0-only */
/* Opens the files that the writer writes to: the keeper's part of an output. */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "file_owner.h"
#include "free_space.h"

struct output_request {
	int directory_fd;
	const char *name; /* in that directory */
	const char *path; /* for messages */
	const struct file_owner *owner;
	const struct min_free *min_free;
	bool may_wait; /* for the reader of a named pipe */
};

/* The directory that a path leads through; a descriptor, or a negative errno with *reterr. */
int output_open_directory(const char *path, struct error *reterr);

/* The last component of a path. */
const char *output_last_component(const char *path);

/*
 * Opens a file for writing. A new file is 0600 and belongs to the owner; an existing one is
 * overwritten, *ret_is_new is false then; a symbolic link in the last component is refused, and
 * so is a file system with no more space than is to stay free (-ENOSPC); an existing file is
 * left alone then. Returns a descriptor or a negative errno with *reterr filled in.
 */
int output_open(const struct output_request *request, bool *ret_is_new, struct error *reterr);

/* A copy of stdout; as above. */
int output_open_stdout(const struct min_free *min_free, struct error *reterr);
