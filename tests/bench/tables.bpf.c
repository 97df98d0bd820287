/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sources, destinations and services of made-up packets, counted three times over: in pktsieve's
 * tables of the busiest, in the kernel's LRU hashes, and not at all. See tables.c.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "capture_abi.h"
#include "top.bpf.h"

#define LRU_ENTRIES 65536
#define PACKET_BYTES 64

/* Which sources there are: of a 64-bit random number these bits. */
__u64 source_mask = ~0ull;

/* How many packets this CPU has made up. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} numbers SEC(".maps");

#define LRU_TABLE(name, flags)                         \
	struct {                                       \
		__uint(type, BPF_MAP_TYPE_LRU_HASH);   \
		__uint(map_flags, flags);              \
		__uint(max_entries, LRU_ENTRIES);      \
		__type(key, struct top_key);           \
		__type(value, struct traffic_counter); \
	} name SEC(".maps")

LRU_TABLE(lru_sources, 0);
LRU_TABLE(lru_destinations, 0);
LRU_TABLE(lru_services, 0);
LRU_TABLE(apart_sources, BPF_F_NO_COMMON_LRU);
LRU_TABLE(apart_destinations, BPF_F_NO_COMMON_LRU);
LRU_TABLE(apart_services, BPF_F_NO_COMMON_LRU);

/* splitmix64 */
static __always_inline struct top_key next_source(void)
{
	__u32 zero = 0;
	__u64 *number = bpf_map_lookup_elem(&numbers, &zero), z = 0;

	if (number) {
		z = (*number += 0x9e3779b97f4a7c15ull);
		z = (z ^ z >> 30) * TOP_MIX_1;
		z = (z ^ z >> 27) * TOP_MIX_2;
	}
	return (struct top_key){ .low = z & source_mask };
}

/* 198.51.100.1, and tcp/443; no constants, which would be beside the configuration. */
static __always_inline struct top_key one_destination(void)
{
	return (struct top_key){ .low = 0x016433c6ffff0000ull };
}

static __always_inline struct top_key one_service(void)
{
	return (struct top_key){ .low = TOP_SERVICE_KEY(IPPROTO_TCP, 443) };
}

SEC("tc")
int nothing(void *skb __attribute__((unused)))
{
	struct top_key source = next_source();

	asm volatile("" ::"r"(source.low));
	return 0;
}

SEC("tc")
int ours(void *skb __attribute__((unused)))
{
	const __u64 packed = 1ull << TOP_PACKETS_SHIFT | PACKET_BYTES;
	struct top_key source = next_source(), host = one_destination(), service = one_service();

	pktsieve_count_top(source.high, source.low, packed, TOP_SOURCES);
	pktsieve_count_top(host.high, host.low, packed, TOP_DESTINATIONS);
	pktsieve_count_top(service.high, service.low, packed, TOP_SERVICES);
	return 0;
}

static __always_inline void count_lru(void *table, const struct top_key *key)
{
	const struct traffic_counter first = { 1, PACKET_BYTES };
	struct traffic_counter *traffic = bpf_map_lookup_elem(table, key);

	if (!traffic) {
		if (!bpf_map_update_elem(table, key, &first, BPF_NOEXIST))
			return;
		traffic = bpf_map_lookup_elem(table, key);
		if (!traffic)
			return;
	}
	/* Other CPUs count in the same element. */
	__sync_fetch_and_add(&traffic->packets, 1);
	__sync_fetch_and_add(&traffic->bytes, PACKET_BYTES);
}

SEC("tc")
int lru(void *skb __attribute__((unused)))
{
	struct top_key source = next_source(), host = one_destination(), service = one_service();

	count_lru(&lru_sources, &source);
	count_lru(&lru_destinations, &host);
	count_lru(&lru_services, &service);
	return 0;
}

SEC("tc")
int lru_apart(void *skb __attribute__((unused)))
{
	struct top_key source = next_source(), host = one_destination(), service = one_service();

	count_lru(&apart_sources, &source);
	count_lru(&apart_destinations, &host);
	count_lru(&apart_services, &service);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
