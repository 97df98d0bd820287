/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of the busiest hosts and services. Each CPU has its own, so a flood of addresses
 * waits for no lock, and plain additions do. See struct top_set.
 */
#pragma once

#include "count.bpf.h"
#include "maps.bpf.h"

/* Two odd constants of splitmix64. */
#define TOP_MIX_1 0xbf58476d1ce4e5b9ull
#define TOP_MIX_2 0x94d049bb133111ebull

/* packets << TOP_PACKETS_SHIFT | bytes: one argument for both. */
#define TOP_PACKETS_SHIFT 40

static __always_inline __u64 top_hash(const struct top_key *key)
{
	__u64 hash = (key->high ^ configuration.hash_seed) * TOP_MIX_1;

	hash = (hash ^ hash >> 32 ^ key->low) * TOP_MIX_2;
	hash = (hash ^ hash >> 29) * TOP_MIX_1;
	return hash ^ hash >> 32;
}

/* The way of the key, or TOP_WAYS. */
static __always_inline __u32 find_way(const struct top_set *set, __u32 tag,
				      const struct top_key *key)
{
	UNROLL
	for (__u32 way = 0; way < TOP_WAYS; way++)
		if (set->tags[way] == tag && set->entries[way].key.low == key->low &&
		    set->entries[way].key.high == key->high)
			return way;
	return TOP_WAYS;
}

/* The way that is free, or was not seen for longest; ages grow. */
static __always_inline __u32 find_oldest_way(const __u32 tags[TOP_WAYS], const __u32 ages[TOP_WAYS],
					     __u32 now)
{
	__u32 oldest = 0, longest = 0, age;

	UNROLL
	for (__u32 way = 0; way < TOP_WAYS; way++) {
		age = tags[way] ? now - ages[way] : ~0u;
		if (age > longest) {
			longest = age;
			oldest = way;
		}
	}
	return oldest & (TOP_WAYS - 1);
}

/*
 * Gives the way to another key. The reader must not take the one's figures for the other's, so
 * nothing is there meanwhile; the atomic additions are barriers, too.
 */
static __always_inline void replace(struct top_set *set, __u32 way, __u32 tag,
				    const struct top_key *key, struct top_totals *totals)
{
	struct top_entry *entry = &set->entries[way];

	if (set->tags[way]) {
		totals->forgotten.packets += entry->traffic.packets;
		totals->forgotten.bytes += entry->traffic.bytes;
		set->tags[way] = 0;
		__sync_fetch_and_add(&totals->forgotten_keys, 1);
	}
	entry->key = *key;
	entry->traffic.packets = 0;
	entry->traffic.bytes = 0;
	__sync_fetch_and_add(&totals->new_keys, 1);
	set->tags[way] = tag;
}

/* Global: the verifier looks at it once. table: enum top_table. */
__noinline int pktsieve_count_top(__u64 high, __u64 low, __u64 size, __u32 table)
{
	__u32 way, tag, index, cpu = bpf_get_smp_processor_id();
	struct cpu_counters *counted = bpf_map_lookup_elem(&counters, &cpu);
	const struct top_key key = { high, low };
	__u64 hash = top_hash(&key);
	struct top_totals *totals;
	struct top_set *set;

	if (!counted || table >= TOP_TABLE_COUNT)
		return 0;
	totals = &counted->tops[table];
	index = (cpu * TOP_TABLE_COUNT + table) * configuration.top_sets +
		(hash & (configuration.top_sets - 1));
	set = bpf_map_lookup_elem(&tops, &index);
	if (!set)
		return 0;
	totals->all.packets += size >> TOP_PACKETS_SHIFT;
	totals->all.bytes += size & ((1ull << TOP_PACKETS_SHIFT) - 1);
	totals->clock++;
	tag = (__u32)(hash >> 32) | 1;
	way = find_way(set, tag, &key);
	if (way >= TOP_WAYS) {
		way = find_oldest_way(set->tags, set->ages, totals->clock);
		replace(set, way, tag, &key, totals);
	}
	set->ages[way] = totals->clock;
	set->entries[way].traffic.packets += size >> TOP_PACKETS_SHIFT;
	set->entries[way].traffic.bytes += size & ((1ull << TOP_PACKETS_SHIFT) - 1);
	return 0;
}

static __always_inline struct top_key ipv4_key(__be32 address)
{
	return (struct top_key){ .low = (__u64)address << 32 | bpf_htonl(0xffff) };
}

static __always_inline struct top_key ipv6_key(const __be32 address[4])
{
	return (struct top_key){
		.high = (__u64)address[1] << 32 | address[0],
		.low = (__u64)address[3] << 32 | address[2],
	};
}

/* Of the prefix that the tables are kept by. */
static __always_inline struct top_key prefix_key(const __be32 address[4], bool is_ipv4)
{
	__be32 prefix[4];

	if (is_ipv4)
		return ipv4_key(address[0] & configuration.top_ipv4_mask);
	UNROLL
	for (int i = 0; i < 4; i++)
		prefix[i] = address[i] & configuration.top_ipv6_mask[i];
	return ipv6_key(prefix);
}

/*
 * The port of the service that a packet is of: known by the counters, or the one that a SYN is for,
 * else the lower one.
 */
static __always_inline __u16 service_port(const struct packet_summary *summary,
					  const struct protocols_of_packet *found)
{
	if ((summary->fields & SUMMARY_TCP_FLAGS) && summary->tcp_flags & TCP_SYN)
		return summary->tcp_flags & TCP_ACK ? summary->source_port :
						      summary->destination_port;
	return found->service_port;
}

static __always_inline void count_tops(const struct packet_summary *summary,
				       const struct protocols_of_packet *found,
				       const struct wire_size *size)
{
	const __u32 ports = SUMMARY_SOURCE_PORT | SUMMARY_DESTINATION_PORT;
	bool is_ipv4 = found->link == PROTOCOL_IPV4;
	__u64 packed = size->packets << TOP_PACKETS_SHIFT | size->bytes;
	struct top_key key;

	if (!is_ipv4 && found->link != PROTOCOL_IPV6)
		return;
	if (summary->fields & SUMMARY_SOURCE) {
		key = prefix_key(summary->source, is_ipv4);
		pktsieve_count_top(key.high, key.low, packed, TOP_SOURCES);
	}
	if (summary->fields & SUMMARY_DESTINATION) {
		key = prefix_key(summary->destination, is_ipv4);
		pktsieve_count_top(key.high, key.low, packed, TOP_DESTINATIONS);
	}
	if ((summary->fields & (ports | SUMMARY_LATER_FRAGMENT)) == ports)
		pktsieve_count_top(
			0, TOP_SERVICE_KEY(summary->ip_protocol, service_port(summary, found)),
			packed, TOP_SERVICES);
}
