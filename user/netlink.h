/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The framing of rtnetlink(7): messages in a datagram, attributes in a message, and a question
 * with all of its answer. What they mean is for tc_filters.c, link_watch.c and early_drops.c.
 */
#pragma once

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* No datagram of the kernel is longer. */
#define NETLINK_DATAGRAM_BYTES (64u << 10)

/* A socket that also hears of what the groups say (RTMGRP_LINK, ...). A negative errno. */
int netlink_open(uint32_t groups);

/*
 * Takes the next message off a datagram: its type (RTM_NEWLINK, NLMSG_DONE, ...) and what is
 * behind its header. -ENODATA at the end, -EPROTO for what is no message.
 */
int netlink_take_message(struct bytes *datagram, uint16_t *ret_type, struct bytes *ret_payload);

/* Takes the next attribute off: its type without the flags, and its value. -ENODATA. */
int netlink_take_attribute(struct bytes *attributes, uint16_t *ret_type, struct bytes *ret_value);

/* A text attribute, cut to fit and always terminated. */
void netlink_copy_text(struct bytes value, char *ret_text, size_t size);

/* Asks for one interface: the answer is RTM_NEWLINK. */
struct netlink_link_request {
	struct nlmsghdr header;
	struct ifinfomsg message;
};

struct netlink_link_request netlink_link_request(unsigned int ifindex, uint16_t more_flags);

/* Asks for the statistics of one interface, or (0, with NLM_F_DUMP) of all: RTM_NEWSTATS. */
struct netlink_stats_request {
	struct nlmsghdr header;
	struct if_stats_msg message;
};

struct netlink_stats_request netlink_stats_request(unsigned int ifindex, uint16_t more_flags);

/* Takes one message of an answer; 0 or a negative errno, which ends the reading. */
typedef int netlink_reader(void *context, uint16_t type, struct bytes payload);

/*
 * Sends a request with NLM_F_DUMP or NLM_F_ACK, so that the end of the answer is marked, and
 * hands each message of the answer to the reader. 0 or a negative errno, the kernel's or the
 * reader's.
 */
int netlink_ask(const void *request, size_t bytes, netlink_reader *reader, void *context);
