/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of the protocol words: EtherTypes and IP protocol numbers (IANA registries). */
#include "protocol.h"

#include <netinet/in.h>
#include <net/ethernet.h>
#include <stddef.h>

#define LINK_WORD(word, where)                                             \
	{                                                                  \
		.name = (word), .is_of_link_layer = true, .scope = (where) \
	}

static const struct protocol_meaning meanings[] = {
	[FILTER_PROTOCOL_ANY] = {
		.ethertypes = { ETHERTYPE_IP, ETHERTYPE_ARP, ETHERTYPE_REVARP, ETHERTYPE_IPV6 },
		.ethertype_count = 4,
		.has_ports = true,
		.has_addresses = true,
	},
	[FILTER_PROTOCOL_IP] = {
		.name = "ip",
		.ethertypes = { ETHERTYPE_IP },
		.ethertype_count = 1,
		.has_addresses = true,
	},
	[FILTER_PROTOCOL_IP6] = {
		.name = "ip6",
		.ethertypes = { ETHERTYPE_IPV6 },
		.ethertype_count = 1,
		.has_addresses = true,
	},
	[FILTER_PROTOCOL_ARP] = {
		.name = "arp",
		.ethertypes = { ETHERTYPE_ARP },
		.ethertype_count = 1,
		.has_addresses = true,
	},
	[FILTER_PROTOCOL_RARP] = {
		.name = "rarp",
		.ethertypes = { ETHERTYPE_REVARP },
		.ethertype_count = 1,
		.has_addresses = true,
	},
	[FILTER_PROTOCOL_TCP] = {
		.name = "tcp",
		.ip_protocol = IPPROTO_TCP,
		.has_ports = true,
	},
	[FILTER_PROTOCOL_UDP] = {
		.name = "udp",
		.ip_protocol = IPPROTO_UDP,
		.has_ports = true,
	},
	[FILTER_PROTOCOL_SCTP] = {
		.name = "sctp",
		.ip_protocol = IPPROTO_SCTP,
		.has_ports = true,
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
	[FILTER_PROTOCOL_LINK] = { .name = "ether" },
	[FILTER_PROTOCOL_IGMP] = {
		.name = "igmp",
		.ethertypes = { ETHERTYPE_IP },
		.ethertype_count = 1,
		.ip_protocol = IPPROTO_IGMP,
	},
	[FILTER_PROTOCOL_IGRP] = {
		.name = "igrp",
		.ethertypes = { ETHERTYPE_IP },
		.ethertype_count = 1,
		.ip_protocol = 9,
	},
	[FILTER_PROTOCOL_PIM] = { .name = "pim", .ip_protocol = IPPROTO_PIM },
	[FILTER_PROTOCOL_VRRP] = {
		.name = "vrrp",
		.ethertypes = { ETHERTYPE_IP },
		.ethertype_count = 1,
		.ip_protocol = 112,
	},
	[FILTER_PROTOCOL_CARP] = {
		.name = "carp",
		.ethertypes = { ETHERTYPE_IP },
		.ethertype_count = 1,
		.ip_protocol = 112,
	},
	[FILTER_PROTOCOL_AH] = { .name = "ah", .ip_protocol = IPPROTO_AH },
	[FILTER_PROTOCOL_ESP] = { .name = "esp", .ip_protocol = IPPROTO_ESP },
	[FILTER_PROTOCOL_LAT] = LINK_WORD("lat", "EtherType 0x6004"),
	[FILTER_PROTOCOL_SCA] = LINK_WORD("sca", "EtherType 0x6007"),
	[FILTER_PROTOCOL_MOPDL] = LINK_WORD("mopdl", "EtherType 0x6001"),
	[FILTER_PROTOCOL_MOPRC] = LINK_WORD("moprc", "EtherType 0x6002"),
	[FILTER_PROTOCOL_ATALK] = LINK_WORD("atalk", "EtherType 0x809b, SNAP"),
	[FILTER_PROTOCOL_AARP] = LINK_WORD("aarp", "EtherType 0x80f3, SNAP"),
	[FILTER_PROTOCOL_STP] = LINK_WORD("stp", "LLC"),
	[FILTER_PROTOCOL_IPX] = LINK_WORD("ipx", "EtherType 0x8137, LLC, SNAP"),
	[FILTER_PROTOCOL_NETBEUI] = LINK_WORD("netbeui", "LLC"),
	[FILTER_PROTOCOL_ISO] = LINK_WORD("iso", "LLC"),
	[FILTER_PROTOCOL_CLNP] = LINK_WORD("clnp", "LLC"),
	[FILTER_PROTOCOL_ESIS] = LINK_WORD("esis", "LLC"),
	[FILTER_PROTOCOL_ISIS] = LINK_WORD("isis", "LLC"),
	[FILTER_PROTOCOL_L1] = LINK_WORD("l1", "IS-IS"),
	[FILTER_PROTOCOL_L2] = LINK_WORD("l2", "IS-IS"),
	[FILTER_PROTOCOL_IIH] = LINK_WORD("iih", "IS-IS"),
	[FILTER_PROTOCOL_LSP] = LINK_WORD("lsp", "IS-IS"),
	[FILTER_PROTOCOL_SNP] = LINK_WORD("snp", "IS-IS"),
	[FILTER_PROTOCOL_CSNP] = LINK_WORD("csnp", "IS-IS"),
	[FILTER_PROTOCOL_PSNP] = LINK_WORD("psnp", "IS-IS"),
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
