/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The header walk: from the start of the packet to the ports, once per packet, into a struct
 * packet_summary. It reads through the hook's operations, changes nothing and never gives
 * up on a packet: what is cut off or not known is simply not in summary.fields.
 */
#pragma once

#include "hook.bpf.h"
#include "wire.bpf.h"

/* Where the walk stands. */
struct walk {
	void *ctx;
	const struct hook *hook;
	struct packet_summary *summary;
	__u32 offset;
	__u32 zero; /* see forget_path() */
};

/*
 * For the verifier, which follows each path by itself as long as a value differs: two tags
 * or three, IPv4 behind PPPoE or behind MPLS. `zero` is 0, but it comes from a map, so the
 * verifier does not know, and afterwards all paths look the same. Without this the program
 * exceeds the million instructions that kernels are ready to look at. The asm keeps the
 * compiler from moving it to where the value is used.
 */
static __always_inline __u32 forget(__u64 value, __u64 zero)
{
#ifdef __bpf__
	asm volatile("%0 ^= %1" : "+r"(value) : "r"(zero));
#else
	(void)zero;
#endif
	return value;
}

static __always_inline void forget_path(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;

	walk->offset = forget(walk->offset, walk->zero);
	summary->fields = forget(summary->fields, walk->zero);
	summary->fragment_id = forget(summary->fragment_id, walk->zero);
	summary->link_ethertype = forget(summary->link_ethertype, walk->zero);
	summary->ethertype = forget(summary->ethertype, walk->zero);
	summary->vlan_count = forget(summary->vlan_count, walk->zero);
	summary->mpls_count = forget(summary->mpls_count, walk->zero);
	summary->ip_protocol = forget(summary->ip_protocol, walk->zero);
}

/* Reads at a distance from where the walk stands; notes an incomplete header. */
static __always_inline bool walk_read(struct walk *walk, __u32 distance, void *to, __u32 size)
{
	if (!walk->hook->read_header(walk->ctx, walk->offset + distance, to, size))
		return true;
	walk->summary->fields |= SUMMARY_INCOMPLETE;
	return false;
}

static __always_inline bool is_vlan(__u16 ethertype)
{
	return ethertype == ETHERTYPE_VLAN || ethertype == ETHERTYPE_QINQ ||
	       ethertype == ETHERTYPE_QINQ_OLD;
}

/* Linux 5.10 has no writes to the stack at an offset that varies. */
static __always_inline void add_vlan_id(struct packet_summary *summary, __u16 id)
{
	switch (summary->vlan_count) {
	case 0:
		summary->vlan_id[0] = id;
		break;
	case 1:
		summary->vlan_id[1] = id;
		break;
	case 2:
		summary->vlan_id[2] = id;
		break;
	default:
		summary->vlan_id[3] = id;
		break;
	}
	summary->vlan_count++;
}

/* IEEE 802.1Q, clause 9.6: tag control information, then the type of what follows */
static __always_inline bool walk_vlan_tags(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;
	struct {
		__be16 control;
		__be16 ethertype;
	} tag;

	for (int i = 0; i < MAXIMUM_VLAN_TAGS && is_vlan(summary->ethertype); i++) {
		if (summary->vlan_count >= MAXIMUM_VLAN_TAGS)
			break;
		if (!walk_read(walk, 0, &tag, sizeof(tag)))
			return false;
		add_vlan_id(summary, bpf_ntohs(tag.control) & 0xfff);
		summary->ethertype = bpf_ntohs(tag.ethertype);
		walk->offset += sizeof(tag);
	}
	forget_path(walk);
	if (!is_vlan(summary->ethertype))
		return true;
	summary->fields |= SUMMARY_INCOMPLETE;
	return false;
}

/* RFC 2516, section 4: version, code, session, length; then PPP's protocol (RFC 1661) */
static __always_inline void walk_pppoe(struct walk *walk)
{
	struct {
		__be16 version_and_code;
		__be16 session;
		__be16 length;
		__be16 protocol;
	} header;

	walk->summary->fields |= SUMMARY_PPPOE;
	if (!walk_read(walk, 0, &header, sizeof(header)))
		return;
	if (header.protocol == bpf_htons(PPP_IPV4))
		walk->summary->ethertype = ETHERTYPE_IPV4;
	else if (header.protocol == bpf_htons(PPP_IPV6))
		walk->summary->ethertype = ETHERTYPE_IPV6;
	else
		return;
	walk->offset += sizeof(header);
}

/* Of a packet that tells by its version alone that it is IP; 0: neither version. */
static __always_inline __u16 ip_ethertype(struct walk *walk)
{
	__u8 first_byte;

	if (!walk_read(walk, 0, &first_byte, sizeof(first_byte)))
		return 0;
	switch (first_byte >> 4) {
	case 4:
		return ETHERTYPE_IPV4;
	case 6:
		return ETHERTYPE_IPV6;
	}
	return 0;
}

/* RFC 3032, section 2.1: 20 bits of label, 3 of class, bottom of stack, TTL */
static __always_inline void walk_mpls(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;
	__u16 ethertype;
	__be32 label = 0;

	for (int i = 0; i < MAXIMUM_MPLS_LABELS; i++) {
		if (!walk_read(walk, 0, &label, sizeof(label)))
			return;
		summary->mpls_count++;
		walk->offset += sizeof(label);
		if (label & bpf_htonl(0x100))
			break;
	}
	if (!(label & bpf_htonl(0x100))) {
		summary->fields |= SUMMARY_INCOMPLETE;
		return;
	}
	/* Nothing names what follows the labels (RFC 4928, section 2). */
	ethertype = ip_ethertype(walk);
	if (ethertype)
		summary->ethertype = ethertype;
}

/* RFC 826, with the lengths that Ethernet and IPv4 have */
static __always_inline void walk_arp(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;

	if (walk_read(walk, 14, summary->source, 4))
		summary->fields |= SUMMARY_SOURCE;
	if (walk_read(walk, 24, summary->destination, 4))
		summary->fields |= SUMMARY_DESTINATION;
}

/* The fields of an IPv4 header that is cut off, one by one. */
static __always_inline void walk_short_ipv4(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;

	if (walk_read(walk, 9, &summary->ip_protocol, 1))
		summary->fields |= SUMMARY_PROTOCOL;
	if (walk_read(walk, 12, summary->source, 4))
		summary->fields |= SUMMARY_SOURCE;
	if (walk_read(walk, 16, summary->destination, 4))
		summary->fields |= SUMMARY_DESTINATION;
}

static __always_inline void walk_ipv4(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;
	struct ipv4_header header;
	__u16 fragment;

	if (!walk_read(walk, 0, &header, sizeof(header))) {
		walk_short_ipv4(walk);
		return;
	}
	summary->ip_protocol = header.protocol;
	summary->source[0] = header.source;
	summary->destination[0] = header.destination;
	summary->fields |= SUMMARY_PROTOCOL | SUMMARY_SOURCE | SUMMARY_DESTINATION;

	fragment = bpf_ntohs(header.fragment);
	if (fragment & 0x3fff) {
		summary->fields |= SUMMARY_FRAGMENT;
		summary->fragment_id = bpf_ntohs(header.identification);
	}
	summary->transport_offset = walk->offset + 4 * (header.version_and_length & 0xf);
	if (fragment & 0x1fff)
		summary->fields |= SUMMARY_LATER_FRAGMENT;
	else
		summary->fields |= SUMMARY_TRANSPORT;
}

static __always_inline bool is_ipv6_extension(__u8 next_header)
{
	switch (next_header) {
	case IPPROTO_HOP_BY_HOP:
	case IPPROTO_ROUTING:
	case IPPROTO_FRAGMENT:
	case IPPROTO_DESTINATION_OPTIONS:
	case IPPROTO_MOBILITY:
	case IPPROTO_HIP:
	case IPPROTO_SHIM6:
		return true;
	}
	return false;
}

static __always_inline void walk_short_ipv6(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;
	__u8 next_header;

	if (walk_read(walk, 6, &next_header, 1) && !is_ipv6_extension(next_header)) {
		summary->ip_protocol = next_header;
		summary->fields |= SUMMARY_PROTOCOL;
	}
	if (walk_read(walk, 8, summary->source, 16))
		summary->fields |= SUMMARY_SOURCE;
	if (walk_read(walk, 24, summary->destination, 16))
		summary->fields |= SUMMARY_DESTINATION;
}

/*
 * RFC 8200, section 4: each extension header begins with the number of the next; all but
 * the fragment header (section 4.5) have their length behind it, in units of 8 bytes
 * beyond the first 8. Returns false where the chain does not lead to a transport header.
 */
static __always_inline bool walk_ipv6_extensions(struct walk *walk, __u8 *next_header)
{
	struct packet_summary *summary = walk->summary;
	struct {
		__u8 next_header;
		__u8 length;
		__be16 fragment; /* 13 bits of offset, 2 reserved, more fragments */
	} header;
	__be32 identification;

	for (int i = 0; i < MAXIMUM_IPV6_EXTENSION_HEADERS; i++) {
		if (!is_ipv6_extension(*next_header))
			return true;
		if (*next_header == IPPROTO_FRAGMENT) {
			if (!walk_read(walk, 0, &header, sizeof(header)) ||
			    !walk_read(walk, 4, &identification, sizeof(identification)))
				return false;
			if (header.fragment & bpf_htons(0xfff9)) {
				summary->fields |= SUMMARY_FRAGMENT;
				summary->fragment_id = bpf_ntohl(identification);
			}
			*next_header = header.next_header;
			walk->offset += 8;
			if (header.fragment & bpf_htons(0xfff8)) {
				summary->fields |= SUMMARY_LATER_FRAGMENT;
				return true;
			}
			continue;
		}
		if (!walk_read(walk, 0, &header, 2))
			return false;
		*next_header = header.next_header;
		walk->offset += 8 * (header.length + 1);
	}
	if (!is_ipv6_extension(*next_header))
		return true;
	summary->fields |= SUMMARY_INCOMPLETE;
	return false;
}

static __always_inline void walk_ipv6(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;
	struct ipv6_header header;
	__u8 next_header;

	if (!walk_read(walk, 0, &header, sizeof(header))) {
		walk_short_ipv6(walk);
		return;
	}
	__builtin_memcpy(summary->source, header.source, 16);
	__builtin_memcpy(summary->destination, header.destination, 16);
	summary->fields |= SUMMARY_SOURCE | SUMMARY_DESTINATION;

	next_header = header.next_header;
	walk->offset += sizeof(header);
	if (!walk_ipv6_extensions(walk, &next_header))
		return;
	summary->ip_protocol = next_header;
	summary->fields |= SUMMARY_PROTOCOL;
	summary->transport_offset = walk->offset;
	if (!(summary->fields & SUMMARY_LATER_FRAGMENT))
		summary->fields |= SUMMARY_TRANSPORT;
}

/* RFC 9293, RFC 768, RFC 9260: ports first in TCP, UDP and SCTP */
static __always_inline void walk_transport(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;
	__be16 port;

	if (summary->ip_protocol != IPPROTO_TCP && summary->ip_protocol != IPPROTO_UDP &&
	    summary->ip_protocol != IPPROTO_SCTP)
		return;
	walk->offset = summary->transport_offset;
	if (walk_read(walk, 0, &port, sizeof(port))) {
		summary->source_port = bpf_ntohs(port);
		summary->fields |= SUMMARY_SOURCE_PORT;
	}
	if (walk_read(walk, 2, &port, sizeof(port))) {
		summary->destination_port = bpf_ntohs(port);
		summary->fields |= SUMMARY_DESTINATION_PORT;
	}
	if (summary->ip_protocol == IPPROTO_TCP &&
	    walk_read(walk, TCP_FLAGS_OFFSET, &summary->tcp_flags, 1))
		summary->fields |= SUMMARY_TCP_FLAGS;
}

/* From the Ethernet header to the network header; false where that ends the walk. */
static __always_inline bool walk_ethernet(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;
	__be16 ethertype;

	if (!walk_read(walk, ETHERNET_TYPE_OFFSET, &ethertype, sizeof(ethertype)))
		return false;
	walk->offset = ETHERNET_HEADER_BYTES;
	summary->ethertype = bpf_ntohs(ethertype);
	summary->fields |= SUMMARY_ETHERTYPE;
	if (!walk_vlan_tags(walk))
		return false;
	summary->link_offset = walk->offset;
	summary->link_ethertype = summary->ethertype;
	if (summary->ethertype <= ETHERNET_MAXIMUM_LENGTH) {
		summary->link_ethertype = 0;
		summary->ethertype = 0;
		summary->fields &= ~SUMMARY_ETHERTYPE;
		summary->fields |= SUMMARY_LLC;
		return false;
	}
	if (summary->ethertype == ETHERTYPE_PPPOE)
		walk_pppoe(walk);
	else if (summary->ethertype == ETHERTYPE_MPLS ||
		 summary->ethertype == ETHERTYPE_MPLS_MULTICAST)
		walk_mpls(walk);
	return true;
}

/* A packet that begins with its network header. */
static __always_inline bool walk_bare_ip(struct walk *walk)
{
	struct packet_summary *summary = walk->summary;

	summary->ethertype = ip_ethertype(walk);
	summary->link_ethertype = summary->ethertype;
	if (!summary->ethertype)
		return false;
	summary->fields |= SUMMARY_ETHERTYPE;
	return true;
}

/*
 * All zero, but not for the verifier: what a packet does not have must look to it like what
 * it has, or each combination of fields is one more state. Linux 5.10 and 6.1 take a zero
 * that they know for something else than a number; volatile, so that it stays with words.
 */
static __always_inline void clear_summary(struct packet_summary *summary, __u32 zero)
{
	volatile __u32 *words = (volatile __u32 *)summary;

	UNROLL
	for (unsigned int i = 0; i < sizeof(*summary) / sizeof(*words); i++)
		words[i] = zero;
}

/* Fills in a summary. For `zero` see forget(). */
static __always_inline void walk_headers(void *ctx, const struct hook *hook, __u32 zero,
					 struct packet_summary *summary)
{
	struct walk walk = { .ctx = ctx, .hook = hook, .summary = summary, .zero = zero };
	__be32 tag = hook->metadata_tag(ctx);
	bool is_network;

	clear_summary(summary, zero);
	summary->available_bytes = hook->available_bytes(ctx);
	summary->wire_bytes = summary->available_bytes;
	if (tag) {
		summary->vlan_id[0] = bpf_ntohl(tag) & 0xfff;
		summary->vlan_count = 1;
		summary->inserted_bytes = VLAN_TAG_BYTES;
		summary->wire_bytes += VLAN_TAG_BYTES;
	}
	is_network = hook->link_layer == LINK_LAYER_ETHERNET ? walk_ethernet(&walk) :
							       walk_bare_ip(&walk);
	forget_path(&walk);
	summary->network_offset = walk.offset;
	if (!is_network)
		return;
	switch (summary->ethertype) {
	case ETHERTYPE_ARP:
	case ETHERTYPE_RARP:
		walk_arp(&walk);
		return;
	case ETHERTYPE_IPV4:
		walk_ipv4(&walk);
		break;
	case ETHERTYPE_IPV6:
		walk_ipv6(&walk);
		break;
	}
	forget_path(&walk);
	if (summary->fields & SUMMARY_TRANSPORT)
		walk_transport(&walk);
	forget_path(&walk);
}
