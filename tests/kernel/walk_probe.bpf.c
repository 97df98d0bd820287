/* SPDX-License-Identifier: GPL-2.0-only */
/* The header walk alone, at a tc hook: leaves the summary in a map for walk_test.c. */
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

SEC("tc")
int probe_walk(struct __sk_buff *skb)
{
	struct packet_summary summary = {};
	struct probe *probe;
	__u32 key = 0;

	probe = bpf_map_lookup_elem(&probes, &key);
	if (!probe)
		return TC_ACT_UNSPEC;
	walk_headers(skb, &tc_hook, probe->zero, &summary);
	probe->summary = summary;
	return TC_ACT_UNSPEC;
}

char _license[] SEC("license") = "GPL";
