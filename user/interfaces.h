/* SPDX-License-Identifier: GPL-2.0-only */
/* The network interfaces of this network namespace. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

struct interface {
	char name[IF_NAMESIZE];
	unsigned int ifindex;
	unsigned int flags;           /* IFF_UP, IFF_RUNNING, IFF_LOOPBACK, ... */
	unsigned short hardware_type; /* ARPHRD_ETHER, ... of <linux/if_arp.h> */
};

/*
 * Finds an interface by its name or by its number in the list of `-D`. Returns 0, or
 * -ENODEV with a message that lists those there are.
 */
int interfaces_find(const char *name, struct interface *ret_interface, struct error *reterr);

/* The interface of the default route, else the first that is up and not loopback. */
int interfaces_find_default(struct interface *ret_interface, struct error *reterr);

/* Whether its frames begin with an Ethernet header, as those of loopback do. */
bool interface_is_ethernet(const struct interface *interface);
bool interface_is_loopback(const struct interface *interface);

/* Of its first IPv4 address, in network byte order; 0 where it has none. */
uint32_t interface_ipv4_mask_be(const struct interface *interface);

/* One line for each: number, name, state, link type. 0 or a negative errno. */
int interfaces_print(FILE *out);
