/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Numbers and layouts of the headers that the walk reads, as the wire has them; what user
 * space would take from <linux/if_ether.h> and <linux/in.h>, which do not go with vmlinux.h.
 */
#pragma once

#include "target.bpf.h"

#define ETHERNET_TYPE_OFFSET 12
/* Tags are between the addresses and the EtherType. */
#define VLAN_TAG_OFFSET 12
#define ETHERNET_HEADER_BYTES 14
/* IEEE 802.3, clause 3.2.6: up to here a length, not a type */
#define ETHERNET_MAXIMUM_LENGTH 1500

#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_RARP 0x8035
#define ETHERTYPE_IPV6 0x86dd
#define ETHERTYPE_VLAN 0x8100
#define ETHERTYPE_QINQ 0x88a8
#define ETHERTYPE_QINQ_OLD 0x9100
#define ETHERTYPE_MPLS 0x8847
#define ETHERTYPE_MPLS_MULTICAST 0x8848
#define ETHERTYPE_PPPOE_DISCOVERY 0x8863
#define ETHERTYPE_PPPOE 0x8864
#define ETHERTYPE_LLDP 0x88cc

/* <linux/if_ether.h>, what the kernel calls frames without an EtherType */
#define ETHERTYPE_802_3 0x0001 /* IPX without LLC */
#define ETHERTYPE_802_2 0x0004

/* RFC 826 with the lengths that Ethernet and IPv4 have */
#define ARP_BYTES 28

#define PPP_IPV4 0x0021
#define PPP_IPV6 0x0057

#define IPPROTO_HOP_BY_HOP 0
#define IPPROTO_ICMP 1
#define IPPROTO_IGMP 2
#define IPPROTO_TCP 6
#define IPPROTO_UDP 17
#define IPPROTO_ROUTING 43
#define IPPROTO_FRAGMENT 44
#define IPPROTO_GRE 47
#define IPPROTO_ESP 50
#define IPPROTO_AH 51
#define IPPROTO_ICMPV6 58
#define IPPROTO_DESTINATION_OPTIONS 60
#define IPPROTO_OSPF 89
#define IPPROTO_VRRP 112
#define IPPROTO_SCTP 132
#define IPPROTO_MOBILITY 135
#define IPPROTO_HIP 139
#define IPPROTO_SHIM6 140

#define TCP_FLAGS_OFFSET 13
#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* RFC 791, section 3.1 */
struct ipv4_header {
	__u8 version_and_length;
	__u8 tos;
	__be16 total_bytes;
	__be16 identification;
	__be16 fragment; /* 3 bits of flags, 13 of offset in units of 8 */
	__u8 ttl;
	__u8 protocol;
	__be16 checksum;
	__be32 source;
	__be32 destination;
};

/* RFC 8200, section 3 */
struct ipv6_header {
	__be32 version_class_flow;
	__be16 payload_bytes; /* 0 in a jumbogram and in BIG TCP */
	__u8 next_header;
	__u8 hop_limit;
	__be32 source[4];
	__be32 destination[4];
};
