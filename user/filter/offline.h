/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A packet in memory for filters: read by the same header walk, and with the same functions
 * for filters, as at the hooks in the kernel (bpf/headers.bpf.h, bpf/filter.bpf.h).
 */
#pragma once

#include <stdbool.h>

#include "../../bpf/capture_abi.h"
#include "../base/bytes.h"

#define OFFLINE_LINK_BYTES 14 /* of an Ethernet header */

struct offline_packet {
	struct bytes bytes; /* as captured, from the Ethernet header on; not owned */
	struct packet_summary summary;
	/* Of a packet without an Ethernet header: stands in for it before the bytes. */
	bool has_no_frame;
	uint8_t link_header[OFFLINE_LINK_BYTES];
};

/* Ports of the first fragments that were met last, a bounded number of them. */
struct offline_fragments;

/* Walks the headers. wire_bytes is the length that the packet had before it was cut. */
void offline_read(struct bytes bytes, uint32_t wire_bytes, struct offline_packet *ret_packet);

/*
 * The same of a packet that came in no Ethernet frame: bytes from the network header on, whose
 * EtherType is known, or 0 where the version of IP has to tell. What filters ask of the frame itself
 * is not there, as at the hooks of such devices. wire_bytes counts what stood before, too.
 */
void offline_read_network(struct bytes bytes, uint16_t ethertype, uint32_t wire_bytes,
			  struct offline_packet *ret_packet);

/* One of the functions that filters call, on a packet. */
uint64_t offline_call(const struct offline_packet *packet, enum filter_call function,
		      const uint64_t arguments[3]);

/* NULL: no memory. */
struct offline_fragments *offline_fragments_new(void);
void offline_fragments_free(struct offline_fragments *fragments);

/*
 * Gives a later fragment the ports of its first one, if that came before and is not
 * forgotten yet. To be called for each packet, in order.
 */
void offline_follow_fragment(struct offline_fragments *fragments, struct offline_packet *packet);
