/* SPDX-License-Identifier: GPL-2.0-only */
/* The maps and the configuration. User space sets the sizes that are 1 here. */
#pragma once

#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "capture_abi.h"
#include "fragment.bpf.h"

const volatile struct capture_configuration configuration = {};

/* When the next packet may be copied, had all come at the permitted rate. */
struct rate_limit {
	struct bpf_spin_lock lock;
	__u64 next_ns;
};

/* As a set of the busiest: the hosts whose hash names it, and how many packets of each were copied. */
struct host_set {
	struct bpf_spin_lock lock;
	__u32 tags[TOP_WAYS]; /* of the host's hash, never 0; 0: nothing is there */
	__u32 packets[TOP_WAYS];
	__u32 ages[TOP_WAYS]; /* the higher, the later it was seen: in jiffies */
};

/* One element per possible CPU. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cpu_counters);
} counters SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct capture_control);
} control SEC(".maps");

/* See fragment.bpf.h; bounded, the oldest are forgotten. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct fragment_key);
	__type(value, __u32); /* source port << 16 | destination port */
} fragments SEC(".maps");

/*
 * Packets that matched and were lost here, by the ifindex of their interface: each interface
 * has an element before the programs are on it.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} losses SEC(".maps");

/* For each CPU, and there for each table, configuration.top_sets sets; see top.bpf.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct top_set);
} tops SEC(".maps");

/* See limit.bpf.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct rate_limit);
} rate_limit SEC(".maps");

/* HOST_SETS of them, where there is a limit for each host; see limit.bpf.h. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct host_set);
} host_packets SEC(".maps");

struct ring {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
};

/* One ring per CPU: two producers on one ring cost four times one. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct ring);
} rings SEC(".maps");
