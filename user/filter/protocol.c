/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of the protocol words: EtherTypes and IP protocol numbers (IANA registries). */
#include "protocol.h"

#include <netinet/in.h>
#include <net/ethernet.h>
#include <stddef.h>

static const struct protocol_meaning meanings[] = {
	[FILTER_PROTOCOL_ANY] = {
		.ethertypes = { ETHERTYPE_IP, ETHERTYPE_ARP, ETHERTYPE_REVARP, ETHERTYPE_IPV6 },
		.ethertype_count = 4,
		.has_ports = 1,
	},
	[FILTER_PROTOCOL_IP] = {
		.name = "ip",
		.ethertypes = { ETHERTYPE_IP },
		.ethertype_count = 1,
	},
	[FILTER_PROTOCOL_IP6] = {
		.name = "ip6",
		.ethertypes = { ETHERTYPE_IPV6 },
		.ethertype_count = 1,
	},
	[FILTER_PROTOCOL_ARP] = {
		.name = "arp",
		.ethertypes = { ETHERTYPE_ARP },
		.ethertype_count = 1,
	},
	[FILTER_PROTOCOL_RARP] = {
		.name = "rarp",
		.ethertypes = { ETHERTYPE_REVARP },
		.ethertype_count = 1,
	},
	[FILTER_PROTOCOL_TCP] = {
		.name = "tcp",
		.ip_protocol = IPPROTO_TCP,
		.has_ports = 1,
	},
	[FILTER_PROTOCOL_UDP] = {
		.name = "udp",
		.ip_protocol = IPPROTO_UDP,
		.has_ports = 1,
	},
	[FILTER_PROTOCOL_SCTP] = {
		.name = "sctp",
		.ip_protocol = IPPROTO_SCTP,
		.has_ports = 1,
	},
	[FILTER_PROTOCOL_ICMP] = {
		.name = "icmp",
		.ethertypes = { ETHERTYPE_IP },
		.ethertype_count = 1,
		.ip_protocol = IPPROTO_ICMP,
	},
	[FILTER_PROTOCOL_ICMP6] = {
		.name = "icmp6",
		.ethertypes = { ETHERTYPE_IPV6 },
		.ethertype_count = 1,
		.ip_protocol = IPPROTO_ICMPV6,
	},
};

_Static_assert(sizeof(meanings) / sizeof(meanings[0]) == FILTER_PROTOCOL_COUNT, "one each");

static const struct {
	uint16_t ethertype;
	const char *name;
} ethertype_names[] = {
	{ ETHERTYPE_IP, "IPv4" },
	{ ETHERTYPE_ARP, "ARP" },
	{ ETHERTYPE_REVARP, "RARP" },
	{ ETHERTYPE_IPV6, "IPv6" },
};

const struct protocol_meaning *protocol_get_meaning(enum filter_protocol protocol)
{
	return &meanings[protocol];
}

const char *protocol_get_ethertype_name(uint16_t ethertype)
{
	for (size_t i = 0; i < sizeof(ethertype_names) / sizeof(ethertype_names[0]); i++) {
		if (ethertype_names[i].ethertype == ethertype)
			return ethertype_names[i].name;
	}
	return "?";
}
