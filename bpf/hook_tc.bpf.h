/* SPDX-License-Identifier: GPL-2.0-only */
/* The hooks of tc: a packet is an skb, its tag and its segments are in the metadata. */
#pragma once

#include "hook.bpf.h"

#define TC_ACT_UNSPEC (-1) /* = TCX_NEXT: whoever comes after us decides */

static __always_inline int tc_read_header(void *ctx, __u32 offset, void *to, __u32 size)
{
	struct __sk_buff *skb = ctx;
	void *data_end = (void *)(long)skb->data_end;
	void *data = (void *)(long)skb->data;

	switch (read_first_piece(data, data_end, offset, to, size)) {
	case FIRST_PIECE_HAS_IT:
		return 0;
	case FIRST_PIECE_ENDS_BEFORE:
		return bpf_skb_load_bytes(skb, offset, to, size);
	case FIRST_PIECE_TOO_FAR:
		break;
	}
	return -1;
}

static __always_inline int tc_read_far(void *ctx, __u32 offset, void *to, __u32 size)
{
	return bpf_skb_load_bytes(ctx, offset, to, size);
}

static __always_inline int tc_copy_packet(void *ctx, __u32 offset, void *to, __u32 size)
{
	return bpf_skb_load_bytes(ctx, offset, to, size);
}

static __always_inline __u32 tc_available_bytes(void *ctx)
{
	struct __sk_buff *skb = ctx;

	return skb->len;
}

static __always_inline __u32 tc_ifindex(void *ctx)
{
	struct __sk_buff *skb = ctx;

	return skb->ifindex;
}

static __always_inline __u32 tc_packet_type(void *ctx)
{
	struct __sk_buff *skb = ctx;

	return skb->pkt_type;
}

static __always_inline __be32 tc_metadata_tag(void *ctx)
{
	struct __sk_buff *skb = ctx;

	if (!skb->vlan_present)
		return 0;
	return bpf_htonl(bpf_ntohs(skb->vlan_proto) << 16 | (skb->vlan_tci & 0xffff));
}

static __always_inline __u32 tc_segment_bytes(void *ctx)
{
	struct __sk_buff *skb = ctx;

	return skb->gso_size;
}

static __always_inline __u32 tc_segments(void *ctx)
{
	struct __sk_buff *skb = ctx;

	return skb->gso_segs;
}

/* clang-format off */
#define TC_OPERATIONS                           \
	.read_header = tc_read_header,          \
	.read_far = tc_read_far,                \
	.copy_packet = tc_copy_packet,          \
	.available_bytes = tc_available_bytes,  \
	.ifindex = tc_ifindex,                  \
	.packet_type = tc_packet_type,          \
	.metadata_tag = tc_metadata_tag,        \
	.segment_bytes = tc_segment_bytes,      \
	.segments = tc_segments
/* clang-format on */

static const struct hook tc_hook = {
	.link_layer = LINK_LAYER_ETHERNET,
	TC_OPERATIONS,
};

/* The same on devices without a link layer of their own. */
static const struct hook tc_ip_hook = {
	.link_layer = LINK_LAYER_IP,
	TC_OPERATIONS,
};
