/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The XDP hook: a frame is memory, in one piece or (since Linux 5.18) in several. There is
 * nothing beside the bytes: no tag that the card took off, no segments.
 */
#pragma once

#include <bpf/bpf_core_read.h>

#include "hook.bpf.h"

/* The offset and the length up to which bpf_xdp_load_bytes() reads. */
#define XDP_LOAD_LIMIT 0xffffu

/* Linux 5.18: frames of several pieces, and the helpers for them. */
static __always_inline bool xdp_has_pieces(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_xdp_load_bytes);
}

/*
 * A field of the context, loaded at a constant offset: the compiler would keep the address
 * of the field in a register, which the verifier does not take for the context any more.
 */
#define XDP_LOAD(xdp, field)                                                             \
	({                                                                               \
		long value;                                                              \
		asm volatile("%0 = *(u32 *)(%1 + %2)"                                    \
			     : "=r"(value)                                               \
			     : "r"(xdp), "i"(__builtin_offsetof(struct xdp_md, field))); \
		value;                                                                   \
	})

static __always_inline void *xdp_data(const struct xdp_md *xdp)
{
	return (void *)XDP_LOAD(xdp, data);
}

static __always_inline void *xdp_data_end(const struct xdp_md *xdp)
{
	return (void *)XDP_LOAD(xdp, data_end);
}

static __always_inline int xdp_read_header(void *ctx, __u32 offset, void *to, __u32 size)
{
	struct xdp_md *xdp = ctx;
	void *data_end = xdp_data_end(xdp);
	void *data = xdp_data(xdp);

	switch (read_first_piece(data, data_end, offset, to, size)) {
	case FIRST_PIECE_HAS_IT:
		return 0;
	case FIRST_PIECE_ENDS_BEFORE:
		return xdp_has_pieces() ? bpf_xdp_load_bytes(xdp, offset, to, size) : -1;
	case FIRST_PIECE_TOO_FAR:
		break;
	}
	return -1;
}

/* Before Linux 5.18 a native frame fits into a page, and a header's reach. */
static __always_inline int xdp_read_far(void *ctx, __u32 offset, void *to, __u32 size)
{
	return xdp_has_pieces() ? bpf_xdp_load_bytes(ctx, offset, to, size) : -1;
}

/* Bytes of the first piece. */
static __always_inline __u64 xdp_linear_bytes(const struct xdp_md *xdp)
{
	return xdp_data_end(xdp) - xdp_data(xdp);
}

static __always_inline __u32 xdp_available_bytes(void *ctx)
{
	return xdp_has_pieces() ? bpf_xdp_get_buff_len(ctx) : xdp_linear_bytes(ctx);
}

/*
 * Before Linux 5.18 all is in one piece, whose bytes up to data_end are ours to read. Since
 * then the helper takes 64 KiB at a time; what needs more than two of them is lost, and
 * counted as such. (bpf_probe_read_kernel() is not there under lockdown=confidentiality.)
 */
static __always_inline int xdp_copy_packet(void *ctx, __u32 offset, void *to, __u32 size)
{
	struct xdp_md *xdp = ctx;
	__u64 rest = size;

	if (!xdp_has_pieces())
		return bpf_probe_read_kernel(to, size, xdp_data(xdp) + offset);
	if (rest <= XDP_LOAD_LIMIT)
		return bpf_xdp_load_bytes(xdp, offset, to, size);
	rest -= XDP_LOAD_LIMIT;
	asm volatile("" : "+r"(rest));
	return bpf_xdp_load_bytes(xdp, offset, to, XDP_LOAD_LIMIT) ||
	       bpf_xdp_load_bytes(xdp, offset + XDP_LOAD_LIMIT, to + XDP_LOAD_LIMIT, rest);
}

static __always_inline __u32 xdp_ifindex(void *ctx)
{
	return XDP_LOAD(ctx, ingress_ifindex);
}

/* From the destination address alone: whether it is this host's own, only the stack finds out. */
static __always_inline __u32 xdp_packet_type(void *ctx)
{
	struct {
		__u16 start;
		__u16 middle;
		__u16 end;
	} address;
	__u8 first;

	if (xdp_read_header(ctx, 0, &address, sizeof(address)))
		return PACKET_TYPE_HOST;
	if ((address.start & address.middle & address.end) == 0xffff)
		return PACKET_TYPE_BROADCAST;
	__builtin_memcpy(&first, &address.start, sizeof(first));
	return first & 1 ? PACKET_TYPE_MULTICAST : PACKET_TYPE_HOST;
}

static __always_inline __be32 xdp_metadata_tag(void *ctx)
{
	(void)ctx;
	return 0;
}

static __always_inline __u32 xdp_segment_bytes(void *ctx)
{
	(void)ctx;
	return 0;
}

static __always_inline __u32 xdp_segments(void *ctx)
{
	(void)ctx;
	return 0;
}

static const struct hook xdp_hook = {
	.link_layer = LINK_LAYER_ETHERNET,
	.read_header = xdp_read_header,
	.read_far = xdp_read_far,
	.copy_packet = xdp_copy_packet,
	.available_bytes = xdp_available_bytes,
	.ifindex = xdp_ifindex,
	.packet_type = xdp_packet_type,
	.metadata_tag = xdp_metadata_tag,
	.segment_bytes = xdp_segment_bytes,
	.segments = xdp_segments,
};
