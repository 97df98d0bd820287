/* SPDX-License-Identifier: GPL-2.0-only */
/* Gives up what a process does not need. */
#pragma once

#include "base/error.h"

/*
 * Closes all descriptors but stderr and these, which become 3, 4, ...; stdin and stdout lead
 * nowhere. Returns 0 or a negative errno with *reterr filled in.
 */
int privileges_keep_descriptors(int *const fds[], int count, struct error *reterr);

/*
 * For good: no capability in any set, no new ones by exec, no core dump; where the process
 * may, also the user and group nobody. Then only the system calls that a writer makes of
 * descriptors it has are left (of ioctl(2) the size of a terminal), all others fail with
 * EPERM: nothing is opened, no socket made, no program run. Returns 0 or a negative errno with *reterr filled in.
 */
int privileges_drop(struct error *reterr);
