/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs of the tests' own at the hooks that pktsieve uses: they count what passes, so that
 * pktsieve's counters have something to be compared with, drop what comes in, put a VLAN tag
 * into the metadata, or are in the one slot for XDP programs.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define NEXT_PROGRAM -1
#define DROP 2 /* TC_ACT_SHOT */
#define VLAN_ID 42

/* Frames and bytes; ingress, egress. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u64[2]);
} counts SEC(".maps");

static __always_inline int count(struct __sk_buff *skb, __u32 direction)
{
	__u64 *element = bpf_map_lookup_elem(&counts, &direction);

	if (element) {
		__sync_fetch_and_add(&element[0], 1);
		__sync_fetch_and_add(&element[1], skb->len);
	}
	return NEXT_PROGRAM;
}

SEC("tc")
int count_ingress(struct __sk_buff *skb)
{
	return count(skb, 0);
}

SEC("tc")
int count_egress(struct __sk_buff *skb)
{
	return count(skb, 1);
}

SEC("tc")
int drop_ingress(struct __sk_buff *skb)
{
	count(skb, 0);
	return DROP;
}

SEC("tc")
int push_vlan(struct __sk_buff *skb)
{
	bpf_skb_vlan_push(skb, bpf_htons(0x8100), VLAN_ID);
	return NEXT_PROGRAM;
}

SEC("xdp")
int count_xdp(struct xdp_md *xdp)
{
	__u32 direction = 0;
	__u64 *element = bpf_map_lookup_elem(&counts, &direction);

	(void)xdp;
	if (element)
		__sync_fetch_and_add(&element[0], 1);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
