/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose tc filter is whose. Each capture on an interface holds the lock of one byte of a
 * file, its slot; the kernel lets go of it when the process dies, however that happens. The
 * slot is part of the filter's handle, so a filter whose slot can be locked is left over.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"

#define OWNERSHIP_SLOTS 16

/*
 * Opens the file of an interface in this network namespace; the locks belong to the
 * descriptor: no other process may get a copy. Returns a descriptor, or a negative errno
 * with *reterr filled in; -ENOENT where there is no file and it may not be created.
 */
int ownership_open(unsigned int ifindex, bool may_create, struct error *reterr);

/* Locks a slot that is free: 0, or -EAGAIN where another process holds it. */
int ownership_lock_slot(int fd, unsigned int slot);
int ownership_unlock_slot(int fd, unsigned int slot);

/* Locks the first free slot; -EBUSY with *reterr filled in where there is none. */
int ownership_claim_slot(int fd, unsigned int *ret_slot, struct error *reterr);

/* Whether pktsieve made the interface's clsact qdisc. */
void ownership_set_made_qdisc(int fd, bool has_made);
bool ownership_has_made_qdisc(int fd);
