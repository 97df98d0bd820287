/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames as libpcap has to see them to find what pktsieve finds: without tags, without IPv6
 * extension headers, with the ports of the first fragment. Of what is left, both should say
 * the same. Which of them a primitive asks for is known from its words.
 */
#pragma once

#include "oracle.h"

enum view {
	VIEW_AS_IS,
	VIEW_UNTAGGED,  /* VLAN tags are gone; labels and PPPoE are not */
	VIEW_NETWORK,   /* the network header behind Ethernet's */
	VIEW_TRANSPORT, /* the same, IPv6 without extension headers; no cut addresses */
	VIEW_BYTES,     /* the same, cut addresses left as they are */
	VIEW_IPV4,      /* the same, an IPv6 header replaced by one of IPv4 */
	VIEW_PORTS,     /* VIEW_TRANSPORT, later fragments with the ports of their first */
	VIEW_COUNT,
};

struct viewed {
	const uint8_t *bytes;
	uint32_t length;
};

struct views {
	size_t count;
	struct viewed *list[VIEW_COUNT]; /* of each view, one for each frame */
};

/* Makes the views of all frames, in their order. Returns 0 or -ENOMEM. */
int views_open(const struct frames *frames, struct views *ret_views);
void views_close(const struct frames *frames, struct views *views);

/* The view in which libpcap says of a primitive what pktsieve means by it. */
enum view views_choose(const char *primitive);

/* Whether the words of an expression have this one; names and signs are words apart. */
bool views_has_word(const char *expression, const char *word);

/* Whether the expression reads bytes of one of the space-separated protocols ("tcp udp"). */
bool views_has_index(const char *expression, const char *protocols);

/*
 * Whether a comparison reads bytes of a transport header of packets that need not have it: as
 * an operand other than the first of its side.
 */
bool views_has_assumed(const char *expression);
