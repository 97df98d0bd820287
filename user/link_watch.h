/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells what becomes of the interfaces of this network namespace: each that is there at the
 * start, then each that appears, changes or goes. Linux says so over rtnetlink(7),
 * RTMGRP_LINK.
 */
#pragma once

#include <stdbool.h>

#include "base/bytes.h"
#include "interfaces.h"

enum link_change_kind {
	LINK_PRESENT,       /* there, as it is now */
	LINK_REMOVED,       /* or moved to another network namespace; only ifindex is known */
	LINK_LIST_BEGINS,   /* messages were lost: all that are there follow */
	LINK_LIST_COMPLETE, /* what has not been told since the list began is not there */
};

struct link_change {
	enum link_change_kind kind;
	struct interface interface;
};

struct link_watch {
	int fd; /* readable when there is something to read; -1: not open */
	bool is_overrun;
	uint8_t *datagram; /* owned */
	struct bytes rest; /* of it */
};

/*
 * Begins to watch, and asks for the list of those that are there. Returns 0 or a negative
 * errno; link_watch_close() in both cases.
 */
int link_watch_open(struct link_watch *watch);
void link_watch_close(struct link_watch *watch);

/* Takes the next change; never waits. Returns whether there was one. */
bool link_watch_read(struct link_watch *watch, struct link_change *ret_change);

/* Takes the next change off a datagram; the reader's inner part, for tests. */
bool link_watch_take(struct bytes *datagram, struct link_change *ret_change);
