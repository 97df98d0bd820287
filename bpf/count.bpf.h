/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counters per protocol. A packet of this CPU is counted in this CPU's element, where
 * nobody else writes, so plain additions do.
 */
#pragma once

#include "headers_end.bpf.h"

/* Packets and bytes that a frame stands for on the wire. */
struct wire_size {
	__u64 packets;
	__u64 bytes;
};

static __always_inline struct wire_size wire_size(void *ctx, const struct hook *hook,
						  const struct packet_summary *summary)
{
	struct wire_size size = { .packets = 1, .bytes = summary->wire_bytes };
	__u32 header_bytes, payload_bytes, segment_bytes = hook->segment_bytes(ctx);

	if (!segment_bytes)
		return size;
	header_bytes = headers_end(ctx, hook, summary);
	size.packets = hook->segments(ctx);
	if (!size.packets && summary->available_bytes > header_bytes) {
		payload_bytes = summary->available_bytes - header_bytes;
		size.packets = (payload_bytes + segment_bytes - 1) / segment_bytes;
	}
	if (!size.packets)
		size.packets = 1;
	size.bytes += (size.packets - 1) * (header_bytes + summary->inserted_bytes);
	return size;
}

static __always_inline enum protocol tcp_service(__u16 port)
{
	switch (port) {
#define X(number, name) \
	case number:    \
		return PROTOCOL_TCP_##name;
		TCP_SERVICE_PORTS(X)
#undef X
	}
	return PROTOCOL_TCP_OTHER;
}

static __always_inline enum protocol udp_service(__u16 port)
{
	switch (port) {
#define X(number, name) \
	case number:    \
		return PROTOCOL_UDP_##name;
		UDP_SERVICE_PORTS(X)
#undef X
	}
	return PROTOCOL_UDP_OTHER;
}

static __always_inline __u16 lower_port(const struct packet_summary *summary)
{
	return summary->source_port < summary->destination_port ? summary->source_port :
								  summary->destination_port;
}

/* Finds a service by its port: of the two the lower, where the counters know both or none. */
static __always_inline enum protocol service(const struct packet_summary *summary, __u16 *ret_port)
{
	bool is_tcp = summary->ip_protocol == IPPROTO_TCP;
	enum protocol other = is_tcp ? PROTOCOL_TCP_OTHER : PROTOCOL_UDP_OTHER;
	__u16 low = lower_port(summary);
	__u16 high = summary->source_port ^ summary->destination_port ^ low;
	enum protocol found;

	*ret_port = low;
	/* The lower port first: the other one is more likely an ephemeral one. */
	found = is_tcp ? tcp_service(low) : udp_service(low);
	if (found != other)
		return found;
	found = is_tcp ? tcp_service(high) : udp_service(high);
	if (found != other)
		*ret_port = high;
	return found;
}

static __always_inline enum protocol link_protocol(const struct packet_summary *summary)
{
	switch (summary->ethertype) {
	case ETHERTYPE_IPV4:
		return PROTOCOL_IPV4;
	case ETHERTYPE_IPV6:
		return PROTOCOL_IPV6;
	case ETHERTYPE_ARP:
	case ETHERTYPE_RARP:
		return PROTOCOL_ARP;
	case ETHERTYPE_LLDP:
		return PROTOCOL_LLDP;
	case ETHERTYPE_MPLS:
	case ETHERTYPE_MPLS_MULTICAST:
		return PROTOCOL_MPLS;
	case ETHERTYPE_PPPOE:
	case ETHERTYPE_PPPOE_DISCOVERY:
		return PROTOCOL_PPPOE;
	}
	return PROTOCOL_ETHERNET_OTHER;
}

static __always_inline enum protocol transport_protocol(const struct packet_summary *summary)
{
	if (!(summary->fields & SUMMARY_PROTOCOL))
		return PROTOCOL_IP_OTHER;
	switch (summary->ip_protocol) {
	case IPPROTO_TCP:
		return PROTOCOL_TCP;
	case IPPROTO_UDP:
		return PROTOCOL_UDP;
	case IPPROTO_ICMP:
		return PROTOCOL_ICMP;
	case IPPROTO_ICMPV6:
		return PROTOCOL_ICMPV6;
	case IPPROTO_SCTP:
		return PROTOCOL_SCTP;
	case IPPROTO_GRE:
		return PROTOCOL_GRE;
	case IPPROTO_ESP:
		return PROTOCOL_ESP;
	case IPPROTO_AH:
		return PROTOCOL_AH;
	case IPPROTO_IGMP:
		return PROTOCOL_IGMP;
	case IPPROTO_OSPF:
		return PROTOCOL_OSPF;
	case IPPROTO_VRRP:
		return PROTOCOL_VRRP;
	}
	return PROTOCOL_IP_OTHER;
}

/* What a packet counts as: found once, used for "seen" and for "matched". */
struct protocols_of_packet {
	enum protocol link;
	enum protocol transport; /* PROTOCOL_COUNT: not IP */
	enum protocol service;   /* PROTOCOL_COUNT: no ports */
	__u16 service_port;      /* by which it was found, or the lower one */
};

static __always_inline struct protocols_of_packet classify(const struct packet_summary *summary,
							   __u32 zero)
{
	const __u32 ports = SUMMARY_SOURCE_PORT | SUMMARY_DESTINATION_PORT;
	struct protocols_of_packet found = {
		.link = link_protocol(summary),
		.transport = PROTOCOL_COUNT,
		.service = PROTOCOL_COUNT,
	};

	if (found.link == PROTOCOL_IPV4 || found.link == PROTOCOL_IPV6)
		found.transport = transport_protocol(summary);
	if (found.transport != PROTOCOL_COUNT && (summary->fields & ports) == ports) {
		found.service_port = lower_port(summary);
		if (found.transport == PROTOCOL_TCP || found.transport == PROTOCOL_UDP)
			found.service = service(summary, &found.service_port);
	}
	/* See forget_path(): one path from here on, not one for each service. */
	found.link = forget(found.link, zero);
	found.transport = forget(found.transport, zero);
	found.service = forget(found.service, zero);
	found.service_port = forget(found.service_port, zero);
	return found;
}

static __always_inline void add(struct traffic_counters *counters, __u64 protocol,
				const struct wire_size *size)
{
	/* One register from the check to the use: Linux 5.10 forgets what was spilled. */
	asm volatile("" : "+r"(protocol));
	if (protocol >= PROTOCOL_COUNT)
		return;
	counters->protocols[protocol].packets += size->packets;
	counters->protocols[protocol].bytes += size->bytes;
}

static __always_inline void add_tcp_flags(struct traffic_counters *counters, __u8 flags,
					  const struct wire_size *size)
{
	if (flags & TCP_SYN)
		add(counters, flags & TCP_ACK ? PROTOCOL_TCP_SYN_ACK : PROTOCOL_TCP_SYN, size);
	if (flags & TCP_FIN)
		add(counters, PROTOCOL_TCP_FIN, size);
	if (flags & TCP_RST)
		add(counters, PROTOCOL_TCP_RST, size);
}

/* Counts one packet under each name that fits it. */
static __always_inline void count_protocols(struct traffic_counters *counters,
					    const struct packet_summary *summary,
					    const struct protocols_of_packet *found,
					    const struct wire_size *size)
{
	add(counters, PROTOCOL_ETHERNET, size);
	add(counters, found->link, size);
	if (summary->vlan_count)
		add(counters, PROTOCOL_VLAN, size);
	if (summary->mpls_count && found->link != PROTOCOL_MPLS)
		add(counters, PROTOCOL_MPLS, size);
	if ((summary->fields & SUMMARY_PPPOE) && found->link != PROTOCOL_PPPOE)
		add(counters, PROTOCOL_PPPOE, size);
	if (found->transport == PROTOCOL_COUNT)
		return;
	add(counters, PROTOCOL_IP, size);
	add(counters, found->transport, size);
	add(counters, found->service, size);
	if (summary->fields & SUMMARY_FRAGMENT)
		add(counters, PROTOCOL_FRAGMENT, size);
	if (summary->fields & SUMMARY_TCP_FLAGS)
		add_tcp_flags(counters, summary->tcp_flags, size);
}
