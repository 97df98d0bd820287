/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of the words of the filter language, for the lexer, and the search for the word
 * that somebody meant, for error messages.
 */
#include "keyword.h"

#include <linux/bpf.h>
#include <stdbool.h>
#include <string.h>

#include "../../bpf/capture_abi.h"
#include "../base/text.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Longest word for which a suggestion is looked for. */
#define MAXIMUM_SUGGESTION_BYTES 16
_Static_assert(MAXIMUM_SUGGESTION_BYTES <= TEXT_MAXIMUM_SLIP_BYTES, "slips can be counted");

/* clang-format off */
static const struct keyword keywords[] = {
	{ "and", KEYWORD_AND, 0 },
	{ "or", KEYWORD_OR, 0 },
	{ "not", KEYWORD_NOT, 0 },
	{ "mask", KEYWORD_MASK, 0 },
	{ "in", KEYWORD_IN, 0 },
	{ "len", KEYWORD_LENGTH, 0 },
	{ "length", KEYWORD_LENGTH, 0 },
	{ "less", KEYWORD_LENGTH_TEST, BPF_JLE },
	{ "greater", KEYWORD_LENGTH_TEST, BPF_JGE },
	{ "broadcast", KEYWORD_BROADCAST, 0 },
	{ "multicast", KEYWORD_MULTICAST, 0 },
	{ "vlan", KEYWORD_TUNNEL, FILTER_TUNNEL_VLAN },
	{ "mpls", KEYWORD_TUNNEL, FILTER_TUNNEL_MPLS },
	{ "pppoed", KEYWORD_TUNNEL, FILTER_TUNNEL_PPPOE_DISCOVERY },
	{ "pppoes", KEYWORD_TUNNEL, FILTER_TUNNEL_PPPOE_SESSION },
	{ "geneve", KEYWORD_TUNNEL, FILTER_TUNNEL_GENEVE },
	{ "vxlan", KEYWORD_TUNNEL, FILTER_TUNNEL_VXLAN },
	{ "llc", KEYWORD_LLC, 0 },
	{ "inbound", KEYWORD_DIRECTION, DIRECTION_INGRESS },
	{ "outbound", KEYWORD_DIRECTION, DIRECTION_EGRESS },
	{ "ifindex", KEYWORD_IFINDEX, 0 },
	{ "ifname", KEYWORD_IFNAME, 0 },
	{ "src", KEYWORD_SIDE, FILTER_SIDE_SOURCE },
	{ "dst", KEYWORD_SIDE, FILTER_SIDE_DESTINATION },
	{ "host", KEYWORD_TYPE, FILTER_TYPE_HOST },
	{ "net", KEYWORD_TYPE, FILTER_TYPE_NET },
	{ "port", KEYWORD_TYPE, FILTER_TYPE_PORT },
	{ "portrange", KEYWORD_TYPE, FILTER_TYPE_PORTRANGE },
	{ "proto", KEYWORD_TYPE, FILTER_TYPE_PROTO },
	{ "protochain", KEYWORD_TYPE, FILTER_TYPE_PROTOCHAIN },
	{ "ip", KEYWORD_PROTOCOL, FILTER_PROTOCOL_IP },
	{ "ip6", KEYWORD_PROTOCOL, FILTER_PROTOCOL_IP6 },
	{ "arp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ARP },
	{ "rarp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_RARP },
	{ "tcp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_TCP },
	{ "udp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_UDP },
	{ "sctp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_SCTP },
	{ "icmp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ICMP },
	{ "icmp6", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ICMP6 },
	{ "igmp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_IGMP },
	{ "igrp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_IGRP },
	{ "pim", KEYWORD_PROTOCOL, FILTER_PROTOCOL_PIM },
	{ "vrrp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_VRRP },
	{ "carp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_CARP },
	{ "ah", KEYWORD_PROTOCOL, FILTER_PROTOCOL_AH },
	{ "esp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ESP },
	{ "atalk", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ATALK },
	{ "aarp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_AARP },
	{ "lat", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LAT },
	{ "sca", KEYWORD_PROTOCOL, FILTER_PROTOCOL_SCA },
	{ "mopdl", KEYWORD_PROTOCOL, FILTER_PROTOCOL_MOPDL },
	{ "moprc", KEYWORD_PROTOCOL, FILTER_PROTOCOL_MOPRC },
	{ "stp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_STP },
	{ "ipx", KEYWORD_PROTOCOL, FILTER_PROTOCOL_IPX },
	{ "netbeui", KEYWORD_PROTOCOL, FILTER_PROTOCOL_NETBEUI },
	{ "iso", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ISO },
	{ "clnp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_CLNP },
	{ "esis", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ESIS },
	{ "es-is", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ESIS },
	{ "isis", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ISIS },
	{ "is-is", KEYWORD_PROTOCOL, FILTER_PROTOCOL_ISIS },
	{ "l1", KEYWORD_PROTOCOL, FILTER_PROTOCOL_L1 },
	{ "l2", KEYWORD_PROTOCOL, FILTER_PROTOCOL_L2 },
	{ "iih", KEYWORD_PROTOCOL, FILTER_PROTOCOL_IIH },
	{ "lsp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LSP },
	{ "snp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_SNP },
	{ "csnp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_CSNP },
	{ "psnp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_PSNP },
	{ "ether", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LINK },
	{ "link", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LINK },
	{ "ppp", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LINK },
	{ "slip", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LINK },
	{ "fddi", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LINK },
	{ "tr", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LINK },
	{ "wlan", KEYWORD_PROTOCOL, FILTER_PROTOCOL_LINK },
};

/* pcap-filter(7), libpcap 1.10: recognised, so that the error can say more than "syntax". */
static const char *const unsupported[] = {
	/* qualifiers and primitives */
	"gateway", "byte", "on", "rnr", "rulenum", "rset", "ruleset", "srnr",
	"subrulenum", "reason", "action", "type", "subtype", "dir", "direction", "ra", "ta",
	"addr1", "addr2", "addr3", "addr4", "address1", "address2", "address3", "address4",
	/* link layers */
	"radio", "lane", "metac", "bcc", "oam", "oamf4", "oamf4ec", "oamf4sc", "sc", "ilmic", "vpi", "vci",
	"connectmsg", "metaconnect", "fisu", "lssu", "lsu", "msu", "hfisu", "hlssu", "hmsu",
	"sio", "opc", "dpc", "sls", "hsio", "hopc", "hdpc", "hsls",
	/* protocols */
	"decnet",
};
/* clang-format on */

static const struct keyword unsupported_keyword = { .role = KEYWORD_UNSUPPORTED };

static bool is_name(const char *name, const char *text, size_t length)
{
	return strlen(name) == length && memcmp(name, text, length) == 0;
}

const struct keyword *keyword_find(const char *text, size_t length)
{
	for (size_t i = 0; i < ARRAY_SIZE(keywords); i++) {
		if (is_name(keywords[i].name, text, length))
			return &keywords[i];
	}
	for (size_t i = 0; i < ARRAY_SIZE(unsupported); i++) {
		if (is_name(unsupported[i], text, length))
			return &unsupported_keyword;
	}
	return NULL;
}

const char *keyword_suggest(const char *text, size_t length)
{
	unsigned int fewest = length > 4 ? 3 : 2; /* fewer than this is a slip */
	const char *nearest = NULL;

	if (length < 2 || length > MAXIMUM_SUGGESTION_BYTES)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(keywords); i++) {
		unsigned int slips = text_count_slips(text, length, keywords[i].name);

		if (slips < fewest) {
			fewest = slips;
			nearest = keywords[i].name;
		}
	}
	return nearest;
}
