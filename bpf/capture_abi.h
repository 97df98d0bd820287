/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs in the kernel and the processes in user space agree on: the
 * configuration, the summary of a packet that the filter judges, the records in the
 * rings and the counters. The only header that both sides include; every struct has the
 * same layout on both, asserted below.
 */
#pragma once

#ifndef __VMLINUX_H__
#include <linux/types.h>
#endif

/* From 64 KiB of IPv4 on, up to BIG TCP: tcpdump's MAXIMUM_SNAPLEN. */
#define MAXIMUM_SNAPSHOT_BYTES 262144u
#define MAXIMUM_VLAN_TAGS 4
#define MAXIMUM_MPLS_LABELS 8
#define MAXIMUM_IPV6_EXTENSION_HEADERS 8
/* Headers that `protochain` follows: IPv6 extension headers and AH. */
#define MAXIMUM_CHAIN_HEADERS 8

/* Instructions that a filter may have, its unused rest and the final exit included. */
#define FILTER_STUB_INSTRUCTIONS 4096
/* Immediate of the first instruction of the stub ("r0 = FILTER_STUB_SENTINEL"). */
#define FILTER_STUB_SENTINEL 0x7e51e5e7

/* A clsact filter whose keeper has not written the heartbeat for this long returns at once. */
#define HEARTBEAT_TIMEOUT_NS 5000000000ull

enum direction {
	DIRECTION_INGRESS,
	DIRECTION_EGRESS,
	DIRECTION_COUNT,
};

/* What the packets of a device begin with. */
enum link_layer {
	LINK_LAYER_ETHERNET,
	LINK_LAYER_IP, /* nothing before the IP header: tun, WireGuard, PPP, IP tunnels */
	LINK_LAYER_COUNT,
};

/* The clock of capture_record.time_ns. */
enum capture_clock {
	CAPTURE_CLOCK_MONOTONIC, /* bpf_ktime_get_ns(), every kernel */
	CAPTURE_CLOCK_TAI,       /* bpf_ktime_get_tai_ns(), since Linux 6.1 */
};

/* Set before the programs are loaded, constant afterwards. */
struct capture_configuration {
	__u32 snapshot_bytes;  /* 1 to MAXIMUM_SNAPSHOT_BYTES */
	__u32 clock;           /* enum capture_clock */
	__u32 extra_bytes;     /* where snap_headers is 1: kept behind the headers */
	__u8 copy_packets;     /* 0: only count, put nothing into the rings */
	__u8 check_heartbeat;  /* 1: clsact, where a filter outlives its keeper */
	__u8 follow_fragments; /* 1: the filter asks for ports */
	__u8 snap_headers;     /* 1: cut packets behind the last header that the walk parsed */
	__u8 is_cooked;        /* 1: records begin behind the Ethernet header */
	__u8 can_pause;        /* 1: capture_control.is_paused counts */
	__u8 unused[6];
	__u64 watermark_bytes; /* a ring that is filled so far wakes the writer, once */
	__u64 rate_period_ns;  /* one packet is copied each so often; 0: at any rate */
	__u64 rate_burst_ns;   /* so much of that time may be used at once */
	__u64 hash_seed;       /* of the tables of the busiest: so that nobody can foresee places */
	__u32 sample_below;    /* of 32 random bits; below it a packet is copied; 0: every one is */
	__u32 host_limit;      /* packets copied of each host; 0: any number */
	__u32 top_sets;        /* of each table of each CPU, a power of two; 0: none are kept */
	__be32 top_ipv4_mask;  /* of the addresses in these tables */
	__be32 top_ipv6_mask[4];
};

/*
 * Which fields of a packet_summary were there to be read. A filter's comparison with a
 * field that was not is false; its value is 0.
 */
enum summary_field {
	SUMMARY_ETHERTYPE = 1 << 0,
	SUMMARY_SOURCE = 1 << 1, /* source address of IPv4, IPv6, ARP or RARP */
	SUMMARY_DESTINATION = 1 << 2,
	SUMMARY_PROTOCOL = 1 << 3,  /* ip_protocol */
	SUMMARY_TRANSPORT = 1 << 4, /* a header at transport_offset; not in later fragments */
	SUMMARY_SOURCE_PORT = 1 << 5,
	SUMMARY_DESTINATION_PORT = 1 << 6,
	SUMMARY_TCP_FLAGS = 1 << 7,
	/* What was met on the way, not what can be read. */
	SUMMARY_FRAGMENT = 1 << 8,       /* any fragment of a larger datagram */
	SUMMARY_LATER_FRAGMENT = 1 << 9, /* fragment offset > 0: no transport header */
	SUMMARY_LLC = 1 << 10,           /* IEEE 802.3 length, no EtherType */
	SUMMARY_PPPOE = 1 << 11,         /* PPPoE session */
	SUMMARY_INCOMPLETE = 1 << 12,    /* the packet ended, or a limit was met, inside a header */
};

/*
 * What the header walk found, once per packet; the filter, the counters and the copy read
 * only this. Offsets count from the first byte that the hook can load. Addresses are in
 * network byte order, everything else in host byte order. The order of the fields costs: the
 * verifier follows values at multiples of 8 bytes one by one (load_test shows its steps).
 */
struct packet_summary {
	__u32 fields;          /* enum summary_field */
	__u32 wire_bytes;      /* with a VLAN tag that is in the metadata */
	__u32 available_bytes; /* that the hook can load */
	__u16 ethertype;       /* behind VLAN tags, MPLS labels and PPPoE; 0 for LLC */
	__u16 network_offset;
	__u16 transport_offset; /* of a later fragment: where its data begins */
	__u16 source_port;
	__u16 destination_port;
	__u16 vlan_id[MAXIMUM_VLAN_TAGS]; /* outermost first, 12 bits */
	__u8 vlan_count;                  /* one in the metadata included */
	__u8 inserted_bytes;              /* 4 where the outermost tag is in the metadata, else 0 */
	__u8 mpls_count;
	__u8 ip_protocol; /* IPv6: behind the extension headers */
	__u8 tcp_flags;
	__u8 direction;  /* enum direction */
	__u32 source[4]; /* IPv4, ARP: in source[0] */
	__u32 destination[4];
	__u32 fragment_id; /* identification of a fragment: 16 bits in IPv4, 32 in IPv6 */
	__u32 ifindex;
	__u16 link_ethertype; /* behind VLAN tags; 0 for LLC */
	__u16 link_offset; /* behind link_ethertype: of labels, PPPoE, LLC or the network header */
};

/*
 * Functions that a filter calls, in user space as in the kernel: a call instruction with
 * BPF_PSEUDO_CALL whose immediate is one of these. r1 is the hook's context; offsets count
 * from the first byte that the hook can load, other than those of FILTER_CALL_LOAD_FRAME.
 */
enum filter_call {
	/* r2: offset, r3: 1, 2 or 4 bytes. The number that they are, or FILTER_LOAD_FAILED. */
	FILTER_CALL_LOAD,
	/* The same, of the frame as on the wire: with a tag that is in the metadata. */
	FILTER_CALL_LOAD_FRAME,
	/*
	 * r2: offset of the network header, r3: its EtherType, IPv4 or IPv6, r4: number of a
	 * protocol. 1 if some header of the chain (IPv6 extension headers, AH, and what is
	 * behind them) has this number, else 0.
	 */
	FILTER_CALL_CHAIN,
	FILTER_CALL_COUNT,
};

#define FILTER_LOAD_FAILED (~0ull)

/* Numbers of <linux/if_packet.h>, for whom a packet is. */
enum packet_type {
	PACKET_TYPE_HOST,
	PACKET_TYPE_BROADCAST,
	PACKET_TYPE_MULTICAST,
	PACKET_TYPE_OTHERHOST, /* XDP cannot tell it from HOST */
	PACKET_TYPE_OUTGOING,
	/* What a host sends to a group that it listens to; was on no wire. */
	PACKET_TYPE_LOOPED_BACK,
};

#define LINK_ADDRESS_BYTES 6

/*
 * One packet in a ring, followed by captured_bytes of it. With capture_configuration.is_cooked
 * the bytes begin behind the Ethernet header, as on the wire: at a VLAN tag, where there is
 * one. wire_bytes then counts from there, too. What the header said is in the last three fields.
 */
struct capture_record {
	__u64 time_ns; /* of capture_configuration.clock */
	__u32 wire_bytes;
	__u32 captured_bytes;
	__u32 ifindex;
	__u8 direction;          /* enum direction */
	__u8 packet_type;        /* enum packet_type; cooked only, as what follows */
	__u8 link_address_bytes; /* LINK_ADDRESS_BYTES, or 0: the device has no such addresses */
	__u8 unused;
	__be16 protocol; /* EtherType; 802.2 (4) or 802.3 (1) of <linux/if_ether.h> where there is none */
	__u8 link_address[LINK_ADDRESS_BYTES]; /* of the sender */
};

/*
 * Protocols that are counted: name, label, parent. A packet counts once for each name that
 * fits, parents included. VLAN, MPLS, PPPoE, fragments and the TCP flags say what a packet
 * also is: such packets count for their network or transport protocol too.
 */
#define PROTOCOL_LIST(X)                     \
	X(ETHERNET, "Ethernet", ETHERNET)    \
	X(ARP, "ARP", ETHERNET)              \
	X(IPV4, "IPv4", ETHERNET)            \
	X(IPV6, "IPv6", ETHERNET)            \
	X(VLAN, "VLAN", ETHERNET)            \
	X(MPLS, "MPLS", ETHERNET)            \
	X(PPPOE, "PPPoE", ETHERNET)          \
	X(LLDP, "LLDP", ETHERNET)            \
	X(ETHERNET_OTHER, "other", ETHERNET) \
	X(IP, "IP", ETHERNET)                \
	X(ICMP, "ICMP", IP)                  \
	X(ICMPV6, "ICMPv6", IP)              \
	X(SCTP, "SCTP", IP)                  \
	X(GRE, "GRE", IP)                    \
	X(ESP, "ESP", IP)                    \
	X(AH, "AH", IP)                      \
	X(IGMP, "IGMP", IP)                  \
	X(OSPF, "OSPF", IP)                  \
	X(VRRP, "VRRP", IP)                  \
	X(IP_OTHER, "other", IP)             \
	X(FRAGMENT, "fragments", IP)         \
	X(TCP, "TCP", IP)                    \
	X(TCP_SYN, "SYN", TCP)               \
	X(TCP_SYN_ACK, "SYN-ACK", TCP)       \
	X(TCP_FIN, "FIN", TCP)               \
	X(TCP_RST, "RST", TCP)               \
	X(TCP_HTTP, "HTTP", TCP)             \
	X(TCP_TLS, "TLS", TCP)               \
	X(TCP_SSH, "SSH", TCP)               \
	X(TCP_SMTP, "SMTP", TCP)             \
	X(TCP_IMAP, "IMAP", TCP)             \
	X(TCP_POP3, "POP3", TCP)             \
	X(TCP_FTP, "FTP", TCP)               \
	X(TCP_DNS, "DNS", TCP)               \
	X(TCP_LDAP, "LDAP", TCP)             \
	X(TCP_RDP, "RDP", TCP)               \
	X(TCP_MYSQL, "MySQL", TCP)           \
	X(TCP_POSTGRESQL, "PostgreSQL", TCP) \
	X(TCP_REDIS, "Redis", TCP)           \
	X(TCP_MEMCACHED, "memcached", TCP)   \
	X(TCP_SIP, "SIP", TCP)               \
	X(TCP_BGP, "BGP", TCP)               \
	X(TCP_SYSLOG, "syslog", TCP)         \
	X(TCP_OTHER, "other", TCP)           \
	X(UDP, "UDP", IP)                    \
	X(UDP_DNS, "DNS", UDP)               \
	X(UDP_QUIC, "QUIC", UDP)             \
	X(UDP_NTP, "NTP", UDP)               \
	X(UDP_DHCP, "DHCP", UDP)             \
	X(UDP_SNMP, "SNMP", UDP)             \
	X(UDP_CLDAP, "CLDAP", UDP)           \
	X(UDP_SSDP, "SSDP", UDP)             \
	X(UDP_MDNS, "mDNS", UDP)             \
	X(UDP_MEMCACHED, "memcached", UDP)   \
	X(UDP_RDP, "RDP", UDP)               \
	X(UDP_SIP, "SIP", UDP)               \
	X(UDP_WIREGUARD, "WireGuard", UDP)   \
	X(UDP_VXLAN, "VXLAN", UDP)           \
	X(UDP_GENEVE, "Geneve", UDP)         \
	X(UDP_SYSLOG, "syslog", UDP)         \
	X(UDP_OTHER, "other", UDP)

enum protocol {
#define X(name, label, parent) PROTOCOL_##name,
	PROTOCOL_LIST(X)
#undef X
		PROTOCOL_COUNT,
};

/* Ports by which a service is told (IANA service name registry): port, protocol. */
#define TCP_SERVICE_PORTS(X) \
	X(20, FTP)           \
	X(21, FTP)           \
	X(22, SSH)           \
	X(25, SMTP)          \
	X(53, DNS)           \
	X(80, HTTP)          \
	X(110, POP3)         \
	X(143, IMAP)         \
	X(179, BGP)          \
	X(389, LDAP)         \
	X(443, TLS)          \
	X(465, SMTP)         \
	X(514, SYSLOG)       \
	X(587, SMTP)         \
	X(601, SYSLOG)       \
	X(636, LDAP)         \
	X(853, DNS)          \
	X(989, FTP)          \
	X(990, FTP)          \
	X(993, IMAP)         \
	X(995, POP3)         \
	X(3306, MYSQL)       \
	X(3389, RDP)         \
	X(5060, SIP)         \
	X(5061, SIP)         \
	X(5432, POSTGRESQL)  \
	X(6379, REDIS)       \
	X(6514, SYSLOG)      \
	X(8080, HTTP)        \
	X(8443, TLS)         \
	X(11211, MEMCACHED)

#define UDP_SERVICE_PORTS(X) \
	X(53, DNS)           \
	X(67, DHCP)          \
	X(68, DHCP)          \
	X(123, NTP)          \
	X(161, SNMP)         \
	X(162, SNMP)         \
	X(389, CLDAP)        \
	X(443, QUIC)         \
	X(514, SYSLOG)       \
	X(546, DHCP)         \
	X(547, DHCP)         \
	X(853, DNS)          \
	X(1900, SSDP)        \
	X(3389, RDP)         \
	X(4789, VXLAN)       \
	X(5060, SIP)         \
	X(5353, MDNS)        \
	X(6081, GENEVE)      \
	X(11211, MEMCACHED)  \
	X(51820, WIREGUARD)

/*
 * Where each frame that the hook saw went; a frame may be a GSO or GRO aggregate of several
 * packets. For each CPU, once the programs are detached and a grace period is over:
 *   seen = filtered_out + sampled_out + over_limit + matched
 *   matched = counted_only + submitted + lost_ring + lost_copy
 * and user space goes on: submitted = written + lost_write + discarded_at_stop.
 */
struct frame_counters {
	__u64 seen;
	__u64 filtered_out;
	__u64 sampled_out; /* passed the filter, not the sample */
	__u64 over_limit;  /* nor the limits of a host or of all */
	__u64 matched;
	__u64 counted_only; /* copy_packets is 0, or the control said so */
	__u64 submitted;    /* records in the ring */
	__u64 lost_ring;    /* the ring was full, or this CPU has none */
	__u64 lost_copy;    /* the bytes could not be read */
};

/* Packets and bytes as on the wire: those inside an aggregate count one by one. */
struct traffic_counter {
	__u64 packets;
	__u64 bytes;
};

struct traffic_counters {
	struct traffic_counter protocols[PROTOCOL_COUNT];
};

/* Tables of the busiest, of what passed the filter. */
enum top_table {
	TOP_SOURCES,      /* by address of IPv4 or IPv6 */
	TOP_DESTINATIONS, /* likewise */
	TOP_SERVICES,     /* by protocol and port */
	TOP_TABLE_COUNT,
};

/*
 * What a table counts by: an IPv6 address; an IPv4 address as ::ffff:A.B.C.D (RFC 4291, section
 * 2.5.5.2), both in network byte order; or a service as TOP_SERVICE_KEY in `low`.
 */
struct top_key {
	__u64 high; /* the first 8 bytes */
	__u64 low;
};

#define TOP_SERVICE_KEY(ip_protocol, port) ((__u64)(ip_protocol) << 16 | (port))

struct top_entry {
	struct top_key key;
	struct traffic_counter traffic; /* since the key came into the table */
};

#define TOP_WAYS 8

/*
 * A key is in the set that its hash names, on each CPU the same, in any of its ways. A new key
 * takes the place of the one that has not been seen for longest.
 */
struct top_set {
	__u32 tags[TOP_WAYS]; /* of the key's hash, never 0; 0: nothing is there */
	__u32 ages[TOP_WAYS]; /* the higher, the later it was seen; see top_totals.clock */
	struct top_entry entries[TOP_WAYS];
};

/*
 * Of one table. What is in it and what was forgotten add up to all, so that what is not listed
 * is known exactly, and nobody has been counted too low by more than was forgotten.
 */
struct top_totals {
	struct traffic_counter all;
	struct traffic_counter forgotten; /* of keys that others took the place of */
	__u64 forgotten_keys;
	__u64 new_keys;
	__u64 clock; /* one more with each frame */
};

/* Of the map "host_packets", where hosts are limited; a power of two. See limit.bpf.h. */
#define HOST_SETS 16384

/* One element per possible CPU in the map "counters"; only that CPU writes to it. */
struct cpu_counters {
	struct frame_counters frames[DIRECTION_COUNT];
	struct traffic_counters seen[DIRECTION_COUNT];
	/* What passed the filter: also what was not copied because of a sample or a limit. */
	struct traffic_counters matched[DIRECTION_COUNT];
	struct top_totals tops[TOP_TABLE_COUNT];
	/* Equal: no record of this CPU is between its time and its ring; see merge.h. */
	__u64 submissions_started;
	__u64 submissions_finished;
	__u64 heartbeat_checked_jiffies;
	__u32 is_above_watermark;
	__u32 is_quiet; /* the keeper is gone */
	__u32 zero;     /* never written; see forget_path() in headers.bpf.h */
} __attribute__((aligned(64)));

/* The one element of the map "control". */
struct capture_control {
	__u64 heartbeat_ns; /* by the keeper: CLOCK_MONOTONIC */
	__u32 is_paused;    /* by the writer, 1: nothing is copied for now */
	/* By the writer, 1: the next record is to wake it. The program takes it back to 0. */
	__u32 writer_sleeps __attribute__((aligned(64)));
};

_Static_assert(sizeof(struct capture_configuration) == 88, "layout");
_Static_assert(sizeof(struct packet_summary) == 80, "layout");
_Static_assert(sizeof(struct capture_record) == 32, "layout");
_Static_assert(sizeof(struct top_set) == 320, "whole cache lines, the tags in the first");
_Static_assert(sizeof(struct capture_control) == 128, "the two words are in two cache lines");
_Static_assert(sizeof(struct cpu_counters) % 64 == 0, "one cache line is never shared by CPUs");
