/* SPDX-License-Identifier: GPL-2.0-only */
/* What the protocol words of the language mean in a packet. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "keyword.h"

#define PROTOCOL_MAXIMUM_ETHERTYPES 4

struct protocol_meaning {
	const char *name; /* NULL: no protocol word */
	/* Where it is found, and where addresses are looked for; none: any that carries IP. */
	uint16_t ethertypes[PROTOCOL_MAXIMUM_ETHERTYPES];
	uint8_t ethertype_count;
	uint8_t ip_protocol; /* 0: not one of those that IP carries */
	bool has_ports;
	bool has_addresses;    /* of the network layer */
	bool is_of_link_layer; /* its meaning is link_layer.c's */
	const char *scope;     /* where it is looked for, in words; NULL: the other fields say it */
};

const struct protocol_meaning *protocol_get_meaning(enum filter_protocol protocol);

/* "IPv4" for 0x0800, ...; for the EtherTypes of the table. */
const char *protocol_get_ethertype_name(uint16_t ethertype);
