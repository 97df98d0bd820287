/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Crafted frames: a list of layers, outermost first, becomes bytes. Each layer writes into
 * the one before it what it is (EtherType, PPP protocol, IP protocol), unless told otherwise.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* As long as XDP's BPF_PROG_TEST_RUN takes, beyond 64 KiB. */
#define PACKET_MAXIMUM_BYTES 70000
#define PACKET_MAXIMUM_LAYERS 24

enum layer_kind {
	LAYER_ETHERNET,
	LAYER_VLAN,      /* type: TPID, 0 for 0x8100; bits: tag control information */
	LAYER_PPPOE,     /* type: PPP protocol, where no IP follows */
	LAYER_MPLS,      /* type: EtherType, 0 for 0x8847; bits: 1 at the bottom of the stack */
	LAYER_LLC,       /* type: the length that stands in place of an EtherType */
	LAYER_ETHERTYPE, /* type: EtherType of the payload; no bytes of its own */
	LAYER_ARP,       /* type: EtherType, 0 for ARP; source, destination: IPv4 */
	LAYER_IPV4,      /* bits: flags and fragment offset; words: of options */
	LAYER_IPV6,      /* source, destination: last 32 bits, behind fd00:9:: */
	LAYER_EXTENSION, /* type: its number; words: of 8 bytes beyond the first 8 */
	LAYER_FRAGMENT,  /* of IPv6; bits: offset and flags */
	LAYER_TCP,       /* source, destination: ports; bits: flags; words: of options */
	LAYER_UDP,
	LAYER_SCTP,
	LAYER_PROTOCOL, /* type: IP protocol of the payload; no bytes of its own */
	LAYER_PAYLOAD,  /* words: bytes */
	LAYER_KIND_COUNT,
};

struct layer {
	enum layer_kind kind;
	uint32_t type;
	uint32_t source;
	uint32_t destination;
	uint32_t bits;
	uint32_t words;
};

struct packet {
	uint32_t length;
	uint8_t bytes[PACKET_MAXIMUM_BYTES];
};

/* A stack of layers that grows, for tests that combine them. */
struct layers {
	size_t count;
	struct layer list[PACKET_MAXIMUM_LAYERS];
};

void layers_add(struct layers *layers, struct layer layer);

/* Adds a list that ends after `count` layers, or before, at a layer that is all zero. */
void layers_add_list(struct layers *layers, const struct layer *list, size_t count);

/* Builds the frame; what does not fit is a mistake of the caller and ends in an assertion. */
void packet_build(struct packet *packet, const struct layers *layers);

/* Lengthens the packet to `length` bytes, if it is shorter, with bytes that differ. */
void packet_pad(struct packet *packet, uint32_t length);

/* Prints "# " lines with the first `length` bytes in hexadecimal, at most 160 of them. */
void packet_print(const struct packet *packet, uint32_t length);
