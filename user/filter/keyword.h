/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of the filter language: those that pktsieve knows with what they mean to the
 * parser, and those of pcap-filter(7) that it only knows to refuse.
 */
#pragma once

#include <stddef.h>

enum keyword_role {
	KEYWORD_PROTOCOL, /* value: enum filter_protocol */
	KEYWORD_SIDE,     /* value: enum filter_side, SOURCE or DESTINATION */
	KEYWORD_TYPE,     /* value: enum filter_type */
	KEYWORD_AND,
	KEYWORD_OR,
	KEYWORD_NOT,
	KEYWORD_MASK,
	KEYWORD_IN, /* a file name follows */
	KEYWORD_LENGTH,      /* "len" */
	KEYWORD_LENGTH_TEST, /* "less", "greater"; value: BPF_JLE, BPF_JGE */
	KEYWORD_BROADCAST,
	KEYWORD_MULTICAST,
	KEYWORD_TUNNEL,    /* value: enum filter_tunnel */
	KEYWORD_LLC,
	KEYWORD_DIRECTION, /* value: enum direction of capture_abi.h */
	KEYWORD_IFINDEX,
	KEYWORD_IFNAME,
	KEYWORD_UNSUPPORTED,
};

/* A protocol that is asked for, or that limits where an address or a port is looked for. */
enum filter_protocol {
	FILTER_PROTOCOL_ANY,
	FILTER_PROTOCOL_IP,
	FILTER_PROTOCOL_IP6,
	FILTER_PROTOCOL_ARP,
	FILTER_PROTOCOL_RARP,
	FILTER_PROTOCOL_TCP,
	FILTER_PROTOCOL_UDP,
	FILTER_PROTOCOL_SCTP,
	FILTER_PROTOCOL_ICMP,
	FILTER_PROTOCOL_ICMP6,
	FILTER_PROTOCOL_LINK, /* "ether" and its other names */
	FILTER_PROTOCOL_IGMP,
	FILTER_PROTOCOL_IGRP,
	FILTER_PROTOCOL_PIM,
	FILTER_PROTOCOL_VRRP,
	FILTER_PROTOCOL_CARP,
	FILTER_PROTOCOL_AH,
	FILTER_PROTOCOL_ESP,
	FILTER_PROTOCOL_ATALK,
	FILTER_PROTOCOL_AARP,
	FILTER_PROTOCOL_LAT,
	FILTER_PROTOCOL_SCA,
	FILTER_PROTOCOL_MOPDL,
	FILTER_PROTOCOL_MOPRC,
	FILTER_PROTOCOL_STP,
	FILTER_PROTOCOL_IPX,
	FILTER_PROTOCOL_NETBEUI,
	FILTER_PROTOCOL_ISO,
	FILTER_PROTOCOL_CLNP,
	FILTER_PROTOCOL_ESIS,
	FILTER_PROTOCOL_ISIS,
	FILTER_PROTOCOL_L1,
	FILTER_PROTOCOL_L2,
	FILTER_PROTOCOL_IIH,
	FILTER_PROTOCOL_LSP,
	FILTER_PROTOCOL_SNP,
	FILTER_PROTOCOL_CSNP,
	FILTER_PROTOCOL_PSNP,
	FILTER_PROTOCOL_COUNT,
};

/* What a frame can have between Ethernet and its network header, or in UDP. */
enum filter_tunnel {
	FILTER_TUNNEL_VLAN,
	FILTER_TUNNEL_MPLS,
	FILTER_TUNNEL_PPPOE_DISCOVERY,
	FILTER_TUNNEL_PPPOE_SESSION,
	FILTER_TUNNEL_GENEVE,
	FILTER_TUNNEL_VXLAN,
	FILTER_TUNNEL_COUNT,
};

enum filter_side {
	FILTER_SIDE_EITHER, /* src or dst */
	FILTER_SIDE_SOURCE,
	FILTER_SIDE_DESTINATION,
	FILTER_SIDE_BOTH, /* src and dst */
	FILTER_SIDE_COUNT,
};

enum filter_type {
	FILTER_TYPE_NONE, /* no qualifier: an id cannot stand here */
	FILTER_TYPE_HOST,
	FILTER_TYPE_NET,
	FILTER_TYPE_PORT,
	FILTER_TYPE_PORTRANGE,
	FILTER_TYPE_PROTO,
	FILTER_TYPE_PROTOCHAIN,
	FILTER_TYPE_COUNT,
};

struct keyword {
	const char *name;
	enum keyword_role role;
	unsigned int value;
};

/* The keyword that the length bytes at text are, or NULL. */
const struct keyword *keyword_find(const char *text, size_t length);

/* The name of the supported keyword that the text looks like a slip of, or NULL. */
const char *keyword_suggest(const char *text, size_t length);
