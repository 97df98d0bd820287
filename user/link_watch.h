/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tells what becomes of one interface: down, without carrier, renamed, removed. Linux says so
 * over rtnetlink(7), RTMGRP_LINK.
 */
#pragma once

#include <net/if.h>
#include <stdbool.h>

#include "base/bytes.h"

enum link_condition {
	LINK_WORKING,
	LINK_WITHOUT_CARRIER, /* up, but no cable, no peer */
	LINK_DOWN,            /* by the administrator: no IFF_UP */
	LINK_REMOVED,         /* or moved to another network namespace */
};

struct link_state {
	enum link_condition condition;
	char name[IF_NAMESIZE];
};

struct link_watch {
	int fd; /* readable when there is something to read; -1: not open */
	unsigned int ifindex;
	bool is_overrun; /* messages were lost: the present state has to be asked for */
	struct link_state state;
};

/*
 * Begins to watch an interface that is taken to be called `name` and to be working. What is
 * different from that is the first change, also where it happened before this call. Returns 0
 * or a negative errno.
 */
int link_watch_open(struct link_watch *watch, unsigned int ifindex, const char *name);
void link_watch_close(struct link_watch *watch);

/*
 * Reads until the state changes; never waits. Returns whether it did, with the state before
 * in *ret_before.
 */
bool link_watch_read(struct link_watch *watch, struct link_state *ret_before);

/* What one datagram says of the interface; the reader's inner part, for tests. */
void link_watch_apply(struct bytes datagram, unsigned int ifindex, struct link_state *state);
