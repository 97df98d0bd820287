/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the headers end that the walk has found. */
#pragma once

#include "headers.bpf.h"

/* Bytes of the transport header where all of the same protocol have as many. */
static __always_inline __u32 transport_header_bytes(__u8 ip_protocol)
{
	switch (ip_protocol) {
	case IPPROTO_GRE: /* RFC 2784, section 2.1, without its options */
		return 4;
	case IPPROTO_UDP:
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
	case IPPROTO_IGMP:
	case IPPROTO_ESP:
		return 8;
	case IPPROTO_SCTP:
	case IPPROTO_AH: /* RFC 4302, section 2, without the check value */
		return 12;
	}
	return 0;
}

/*
 * Where the last header ends that is known: what each segment of an aggregate repeats. It may
 * lie behind the end of a packet that is cut.
 */
static __always_inline __u32 headers_end(void *ctx, const struct hook *hook,
					 const struct packet_summary *summary)
{
	__u32 offset = summary->transport_offset;
	__u8 data_offset; /* RFC 9293, section 3.1: upper 4 bits, in units of 4 bytes */

	if (summary->fields & SUMMARY_LATER_FRAGMENT)
		return offset;
	if (summary->ethertype == ETHERTYPE_ARP || summary->ethertype == ETHERTYPE_RARP)
		return summary->network_offset + ARP_BYTES;
	if (!(summary->fields & SUMMARY_TRANSPORT))
		return summary->network_offset;
	if (summary->ip_protocol != IPPROTO_TCP)
		return offset + transport_header_bytes(summary->ip_protocol);
	if (hook->read_header(ctx, offset + 12, &data_offset, 1))
		return offset;
	return offset + 4 * (data_offset >> 4);
}
