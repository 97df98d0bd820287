/* SPDX-License-Identifier: GPL-2.0-only */
/* Subscribes to RTMGRP_LINK, then asks for the list; see link_watch.h. */
#include "link_watch.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "netlink.h"

/* The answer comes between the other messages, and ends with NLMSG_DONE. */
static int ask_for_list(const struct link_watch *watch)
{
	struct netlink_link_request request = netlink_link_request(0, NLM_F_DUMP);

	return send(watch->fd, &request, sizeof(request), 0) < 0 ? -errno : 0;
}

int link_watch_open(struct link_watch *watch)
{
	*watch = (struct link_watch){
		.fd = netlink_open(RTMGRP_LINK),
		.datagram = malloc(NETLINK_DATAGRAM_BYTES),
	};
	if (!watch->datagram)
		return -ENOMEM;
	return watch->fd < 0 ? watch->fd : ask_for_list(watch);
}

void link_watch_close(struct link_watch *watch)
{
	cleanup_close(&watch->fd);
	watch->fd = -1;
	free(TAKE(watch->datagram));
}

/* Bridges say in messages of their own family that a port is no longer theirs. */
static bool take_link(uint16_t type, struct bytes message, struct link_change *ret_change)
{
	struct ifinfomsg header;
	struct bytes value;
	uint16_t attribute;

	if (bytes_copy(&message, &header, sizeof(header)) || header.ifi_family != AF_UNSPEC)
		return false;
	*ret_change = (struct link_change){
		.kind = type == RTM_DELLINK ? LINK_REMOVED : LINK_PRESENT,
		.interface = {
			.ifindex = (unsigned int)header.ifi_index,
			.flags = header.ifi_flags,
			.hardware_type = header.ifi_type,
		},
	};
	while (!netlink_take_attribute(&message, &attribute, &value))
		if (attribute == IFLA_IFNAME)
			netlink_copy_text(value, ret_change->interface.name,
					  sizeof(ret_change->interface.name));
	return true;
}

bool link_watch_take(struct bytes *datagram, struct link_change *ret_change)
{
	struct bytes payload;
	uint16_t type;

	while (!netlink_take_message(datagram, &type, &payload)) {
		if (type == NLMSG_DONE) {
			*ret_change = (struct link_change){ .kind = LINK_LIST_COMPLETE };
			return true;
		}
		if ((type == RTM_NEWLINK || type == RTM_DELLINK) &&
		    take_link(type, payload, ret_change))
			return true;
	}
	return false;
}

/* Reads one datagram. Returns whether there was something to read. */
static bool read_datagram(struct link_watch *watch)
{
	ssize_t received = recv(watch->fd, watch->datagram, NETLINK_DATAGRAM_BYTES, MSG_DONTWAIT);

	if (received >= 0) {
		watch->rest = bytes_make(watch->datagram, (size_t)received);
		return true;
	}
	if (errno == ENOBUFS)
		watch->is_overrun = true;
	return errno == ENOBUFS || errno == EINTR;
}

bool link_watch_read(struct link_watch *watch, struct link_change *ret_change)
{
	while (!link_watch_take(&watch->rest, ret_change)) {
		if (read_datagram(watch))
			continue;
		/*
		 * While there is something in a socket that was overrun, further messages are
		 * dropped without a word, the answer to a question too: it is asked when the
		 * socket is empty.
		 */
		if (!watch->is_overrun || ask_for_list(watch))
			return false;
		watch->is_overrun = false;
		*ret_change = (struct link_change){ .kind = LINK_LIST_BEGINS };
		return true;
	}
	return true;
}
