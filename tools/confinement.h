/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gives up what reading hostile files does not need, before the first byte of one is read: the process
 * can then read the files that it was told of, write to what is open, and nothing else.
 */
#pragma once

#include <stddef.h>

#include "../user/base/error.h"

/*
 * No new privileges; with Landlock (Linux 5.13) no file but these can be opened, for reading; with
 * seccomp no call that a reader does not need. What the kernel does not have is left out.
 * 0 or a negative errno with *reterr filled in.
 */
int confinement_begin(const char *const *files, size_t count, struct error *reterr);
