/* SPDX-License-Identifier: GPL-2.0-only */
/* Subscribes to RTMGRP_LINK, then asks for the present state; see link_watch.h. */
#include "link_watch.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "netlink.h"

/* The answer comes between the other messages: RTM_NEWLINK, or an error with -ENODEV. */
static int ask_for_state(const struct link_watch *watch)
{
	struct netlink_link_request request = netlink_link_request(watch->ifindex, 0);

	return send(watch->fd, &request, sizeof(request), 0) < 0 ? -errno : 0;
}

int link_watch_open(struct link_watch *watch, unsigned int ifindex, const char *name)
{
	int error;

	*watch = (struct link_watch){ .fd = netlink_open(RTMGRP_LINK), .ifindex = ifindex };
	snprintf(watch->state.name, sizeof(watch->state.name), "%s", name);
	if (watch->fd < 0)
		return watch->fd;
	error = ask_for_state(watch);
	if (error)
		link_watch_close(watch);
	return error;
}

void link_watch_close(struct link_watch *watch)
{
	cleanup_close(&watch->fd);
	watch->fd = -1;
}

static enum link_condition condition_of(unsigned int flags)
{
	if (!(flags & IFF_UP))
		return LINK_DOWN;
	return flags & IFF_LOWER_UP ? LINK_WORKING : LINK_WITHOUT_CARRIER;
}

/* Bridges say in messages of their own family that a port is no longer theirs. */
static void apply_link(uint16_t type, struct bytes message, unsigned int ifindex,
		       struct link_state *state)
{
	struct ifinfomsg header;
	struct bytes value;
	uint16_t attribute;

	if (bytes_copy(&message, &header, sizeof(header)) || header.ifi_family != AF_UNSPEC ||
	    header.ifi_index != (int)ifindex)
		return;
	if (type == RTM_DELLINK) {
		state->condition = LINK_REMOVED;
		return;
	}
	state->condition = condition_of(header.ifi_flags);
	while (!netlink_take_attribute(&message, &attribute, &value))
		if (attribute == IFLA_IFNAME)
			netlink_copy_text(value, state->name, sizeof(state->name));
}

void link_watch_apply(struct bytes datagram, unsigned int ifindex, struct link_state *state)
{
	struct bytes payload;
	uint16_t type;
	int32_t code;

	while (!netlink_take_message(&datagram, &type, &payload)) {
		if (type == RTM_NEWLINK || type == RTM_DELLINK)
			apply_link(type, payload, ifindex, state);
		else if (type == NLMSG_ERROR && !bytes_copy(&payload, &code, sizeof(code)) &&
			 code == -ENODEV)
			state->condition = LINK_REMOVED;
	}
}

/*
 * While there is something in a socket that was overrun, further messages are dropped without
 * a word, the answer to a question too: it is asked when the socket is empty.
 */
static void recover(struct link_watch *watch)
{
	if (watch->is_overrun)
		watch->is_overrun = ask_for_state(watch) != 0;
}

/* Takes one datagram. Returns whether there was something to take. */
static bool take_datagram(struct link_watch *watch, uint8_t *datagram)
{
	ssize_t received = recv(watch->fd, datagram, NETLINK_DATAGRAM_BYTES, MSG_DONTWAIT);

	if (received >= 0) {
		link_watch_apply(bytes_make(datagram, (size_t)received), watch->ifindex,
				 &watch->state);
		return true;
	}
	if (errno == ENOBUFS)
		watch->is_overrun = true;
	return errno == ENOBUFS || errno == EINTR;
}

static bool is_same(const struct link_state *one, const struct link_state *other)
{
	return one->condition == other->condition && strcmp(one->name, other->name) == 0;
}

bool link_watch_read(struct link_watch *watch, struct link_state *ret_before)
{
	_cleanup_free_ uint8_t *datagram = malloc(NETLINK_DATAGRAM_BYTES);
	const struct link_state before = watch->state;

	/* What comes behind the removal is of another interface. */
	if (!datagram || before.condition == LINK_REMOVED)
		return false;
	while (is_same(&watch->state, &before))
		if (!take_datagram(watch, datagram)) {
			recover(watch);
			return false;
		}
	*ret_before = before;
	return true;
}
