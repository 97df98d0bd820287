/* SPDX-License-Identifier: GPL-2.0-only */
/* The header walk alone, at each hook: leaves the summary in a map for walk_test.c. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "headers.bpf.h"
#include "hook_tc.bpf.h"
#include "hook_xdp.bpf.h"

struct probe {
	struct packet_summary summary;
	__u32 zero;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct probe);
} probes SEC(".maps");

static __always_inline void probe_walk(void *ctx, const struct hook *hook)
{
	struct packet_summary summary = {};
	struct probe *probe;
	__u32 key = 0;

	probe = bpf_map_lookup_elem(&probes, &key);
	if (!probe)
		return;
	walk_headers(ctx, hook, probe->zero, &summary);
	probe->summary = summary;
}

SEC("tc")
int probe_walk_tc(struct __sk_buff *skb)
{
	probe_walk(skb, &tc_hook);
	return TC_ACT_UNSPEC;
}

SEC("xdp")
int probe_walk_xdp(struct xdp_md *xdp)
{
	probe_walk(xdp, &xdp_hook);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
