/* SPDX-License-Identifier: GPL-2.0-only */
/* Opens the files that the writer writes to: the keeper's part of an output. */
#pragma once

#include "base/error.h"

/*
 * Opens a file for writing, or a copy of stdout for "-". A new file is 0600 and belongs to
 * the user who called sudo, if any; an existing one is overwritten; a symbolic link in the
 * last component is refused. Returns a descriptor or a negative errno with *reterr filled in.
 */
int output_open(const char *path, struct error *reterr);
