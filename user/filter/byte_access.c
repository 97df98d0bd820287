/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of what can stand before the bracket of `tcp[13]`. */
#include "byte_access.h"

#include <net/ethernet.h>
#include <netinet/in.h>
#include <string.h>

/* IANA, IP protocol numbers; not all of them are in the system's headers. */
#define PROTOCOL_IGRP 9
#define PROTOCOL_VRRP 112

static const struct byte_access words[] = {
	{ "ether", AST_BASE_FRAME, 0, 0 },
	{ "link", AST_BASE_FRAME, 0, 0 },
	{ "ip", AST_BASE_NETWORK, ETHERTYPE_IP, 0 },
	{ "ip6", AST_BASE_NETWORK, ETHERTYPE_IPV6, 0 },
	{ "arp", AST_BASE_NETWORK, ETHERTYPE_ARP, 0 },
	{ "rarp", AST_BASE_NETWORK, ETHERTYPE_REVARP, 0 },
	{ "tcp", AST_BASE_TRANSPORT, 0, IPPROTO_TCP },
	{ "udp", AST_BASE_TRANSPORT, 0, IPPROTO_UDP },
	{ "sctp", AST_BASE_TRANSPORT, 0, IPPROTO_SCTP },
	{ "icmp", AST_BASE_TRANSPORT, ETHERTYPE_IP, IPPROTO_ICMP },
	{ "icmp6", AST_BASE_TRANSPORT, ETHERTYPE_IPV6, IPPROTO_ICMPV6 },
	{ "igmp", AST_BASE_TRANSPORT, ETHERTYPE_IP, IPPROTO_IGMP },
	{ "igrp", AST_BASE_TRANSPORT, ETHERTYPE_IP, PROTOCOL_IGRP },
	{ "pim", AST_BASE_TRANSPORT, 0, IPPROTO_PIM },
	{ "vrrp", AST_BASE_TRANSPORT, ETHERTYPE_IP, PROTOCOL_VRRP },
	{ "carp", AST_BASE_TRANSPORT, ETHERTYPE_IP, PROTOCOL_VRRP },
	{ "atalk", AST_BASE_NETWORK, 0x809b, 0 },
	/* DEC's protocols */
	{ "mopdl", AST_BASE_NETWORK, 0x6001, 0 },
	{ "moprc", AST_BASE_NETWORK, 0x6002, 0 },
	{ "lat", AST_BASE_NETWORK, 0x6004, 0 },
	{ "sca", AST_BASE_NETWORK, 0x6007, 0 },
	/* other names of the link layer, which is Ethernet */
	{ "ppp", AST_BASE_FRAME, 0, 0 },
	{ "slip", AST_BASE_FRAME, 0, 0 },
	{ "fddi", AST_BASE_FRAME, 0, 0 },
	{ "tr", AST_BASE_FRAME, 0, 0 },
	{ "wlan", AST_BASE_FRAME, 0, 0 },
};

const struct byte_access *byte_access_find(const char *text, size_t length)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].name) == length && memcmp(words[i].name, text, length) == 0)
			return &words[i];
	}
	return NULL;
}
