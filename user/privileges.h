/* SPDX-License-Identifier: GPL-2.0-only */
/* Gives up what a process does not need. */
#pragma once

#include <sys/types.h>

#include "base/error.h"

/* nobody and nogroup, with Debian's numbers: no user database is read for them. */
#define PRIVILEGES_NOBODY 65534

/*
 * Closes all descriptors but stderr and these, which become 3, 4, ...; stdin and stdout lead
 * nowhere. Returns 0 or a negative errno with *reterr filled in.
 */
int privileges_keep_descriptors(int *const fds[], int count, struct error *reterr);

/*
 * For good: no capability in any set, no new ones by exec, no core dump; where the process
 * may, also this user and group, no other groups. What threads it has by then keep theirs. Returns
 * 0 or a negative errno with *reterr filled in.
 */
int privileges_drop(uid_t user, gid_t group, struct error *reterr);

/*
 * Behind that, for all threads: only the system calls that a writer makes of descriptors it has
 * are left (of ioctl(2) the size of a terminal), all others fail with EPERM: nothing is opened,
 * no socket made, no thread started, no program run. Of the keyboard, unless it is -1, it may also
 * read, and read and set the modes. Returns as above.
 */
int privileges_limit_calls(int keyboard_fd, struct error *reterr);
