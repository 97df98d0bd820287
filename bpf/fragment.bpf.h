/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Later fragments have no ports. Those of the first fragment are remembered, in a bounded
 * table, and given to the later ones that come after it (RFC 791, section 3.2; RFC 8200,
 * section 4.5).
 */
#pragma once

#include "hook.bpf.h"
#include "wire.bpf.h"

/* What all fragments of a datagram have in common. */
struct fragment_key {
	__be32 addresses[8]; /* of the source, then of the destination */
	__u32 id;
	__u16 ethertype;
	__u16 ip_protocol;
};

/* Source port << 16 | destination port; a later fragment has none. */
#define FRAGMENT_NO_PORTS (~0ull)

/* Whether it is a fragment of a datagram that has ports: the first with them, or a later one. */
static __always_inline bool fragment_has_ports(const struct packet_summary *summary)
{
	const __u32 ports = SUMMARY_SOURCE_PORT | SUMMARY_DESTINATION_PORT;

	if (!(summary->fields & SUMMARY_FRAGMENT))
		return false;
	if (!(summary->fields & SUMMARY_LATER_FRAGMENT))
		return (summary->fields & ports) == ports;
	return summary->ip_protocol == IPPROTO_TCP || summary->ip_protocol == IPPROTO_UDP ||
	       summary->ip_protocol == IPPROTO_SCTP;
}

static __always_inline __u64 fragment_ports(const struct packet_summary *summary)
{
	if (summary->fields & SUMMARY_LATER_FRAGMENT)
		return FRAGMENT_NO_PORTS;
	return (__u64)summary->source_port << 16 | summary->destination_port;
}

static __always_inline void set_fragment_ports(struct packet_summary *summary, __u64 ports)
{
	if (ports == FRAGMENT_NO_PORTS)
		return;
	summary->source_port = ports >> 16;
	summary->destination_port = ports & 0xffff;
	summary->fields |= SUMMARY_SOURCE_PORT | SUMMARY_DESTINATION_PORT;
}

/* offset: of the network header; returns false where the packet ends in it. */
static __always_inline bool read_fragment_key(void *ctx, const struct hook *hook, __u32 offset,
					      __u32 id, __u32 ethertype, __u32 ip_protocol,
					      struct fragment_key *key)
{
	int error;

	__builtin_memset(key, 0, sizeof(*key));
	key->id = id;
	key->ethertype = ethertype;
	key->ip_protocol = ip_protocol;
	if (ethertype == ETHERTYPE_IPV6) {
		error = hook->read_header(ctx, offset + 8, key->addresses, 32);
		/* Else the compiler makes one copy, of a size that varies, out of two. */
		asm volatile("" : "+r"(error));
		return !error;
	}
	return !hook->read_header(ctx, offset + 12, key->addresses, 8);
}
