/* SPDX-License-Identifier: GPL-2.0-only */
/* The network interfaces of this network namespace. */
#pragma once

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/error.h"

/* IFF_LOWER_UP of <linux/if.h>, which does not go with <net/if.h>: it has a carrier */
#define INTERFACE_LOWER_UP (1u << 16)

struct interface {
	char name[IF_NAMESIZE];
	unsigned int ifindex;
	unsigned int flags; /* IFF_UP, ...; INTERFACE_LOWER_UP where link_watch.h says so */
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

/* All there are, to be freed by the caller. 0 or a negative errno. */
int interfaces_list(struct interface **ret_list, size_t *ret_count);

/* One line for each: number, name, state, link type. 0 or a negative errno. */
int interfaces_print(FILE *out);
