/* SPDX-License-Identifier: GPL-2.0-only */
/* Opens the files that the writer writes to: the keeper's part of an output. */
#pragma once

#include "base/error.h"
#include "free_space.h"

/*
 * Opens a file for writing, or a copy of stdout for "-". A new file is 0600 and belongs to
 * the user who called sudo, if any; an existing one is overwritten; a symbolic link in the
 * last component is refused, and so is a file system with no more space than is to stay free;
 * an existing file is left alone then. Returns a descriptor or a negative errno with *reterr
 * filled in.
 */
int output_open(const char *path, const struct min_free *min_free, struct error *reterr);
