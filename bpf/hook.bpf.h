/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the hooks, as one table of operations per hook (hook_tc.bpf.h,
 * hook_xdp.bpf.h). Everything is inlined, so a call through the table costs nothing and
 * never is an indirect call.
 */
#pragma once

#include "target.bpf.h"

/* Linux 5.10 wants a bound on what is added to a packet pointer; no header lies beyond. */
#define MAXIMUM_HEADER_OFFSET 0x3fff
#define VLAN_TAG_BYTES 4

struct hook {
	enum link_layer link_layer;
	/* Copies size bytes (a constant) from offset; negative where the packet is shorter. */
	int (*read_header)(void *ctx, __u32 offset, void *to, __u32 size);
	/* The same from beyond MAXIMUM_HEADER_OFFSET, where the kernel can. */
	int (*read_far)(void *ctx, __u32 offset, void *to, __u32 size);
	/* Copies size bytes (1 to the size of what `to` points to) from offset. */
	int (*copy_packet)(void *ctx, __u32 offset, void *to, __u32 size);
	__u32 (*available_bytes)(void *ctx);
	/* Of the interface that the hook is on. */
	__u32 (*ifindex)(void *ctx);
	/* enum packet_type, of what comes in. */
	__u32 (*packet_type)(void *ctx);
	/* The VLAN tag that is not in the bytes, as it was on the wire; 0 if there is none. */
	__be32 (*metadata_tag)(void *ctx);
	/* Payload of each packet of a GSO or GRO aggregate; 0 for a frame that is one packet. */
	__u32 (*segment_bytes)(void *ctx);
	/* Packets of an aggregate; 0 where the kernel has not counted them. */
	__u32 (*segments)(void *ctx);
};

/* Loads of the width that the size allows; the headers are aligned as the NIC left them. */
static __always_inline void copy_header(void *to, const void *from, __u32 size)
{
	if (size % 4 == 0)
		__builtin_memcpy(to, __builtin_assume_aligned(from, 4), size);
	else if (size % 2 == 0)
		__builtin_memcpy(to, __builtin_assume_aligned(from, 2), size);
	else
		__builtin_memcpy(to, from, size);
}

enum first_piece {
	FIRST_PIECE_HAS_IT,
	FIRST_PIECE_ENDS_BEFORE, /* what is asked for may be in another piece */
	FIRST_PIECE_TOO_FAR,     /* no header is there */
};

/* Copies a header from what can be read directly. */
static __always_inline enum first_piece read_first_piece(const void *data, const void *data_end,
							 __u64 offset, void *to, __u32 size)
{
	/* Linux 5.10 and 6.1 want what was checked and what is added in one register. */
	asm volatile("" : "+r"(offset));
	if (offset > MAXIMUM_HEADER_OFFSET)
		return FIRST_PIECE_TOO_FAR;
	data += offset;
	if (data + size > data_end)
		return FIRST_PIECE_ENDS_BEFORE;
	copy_header(to, data, size);
	return FIRST_PIECE_HAS_IT;
}
