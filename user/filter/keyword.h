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
	KEYWORD_VLAN,
	KEYWORD_LENGTH,      /* "len" */
	KEYWORD_LENGTH_TEST, /* "less", "greater"; value: BPF_JLE, BPF_JGE */
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
	FILTER_PROTOCOL_COUNT,
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
