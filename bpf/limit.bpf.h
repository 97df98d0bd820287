/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which of the packets that passed the filter are copied: a random sample, so many of each host,
 * so many a second.
 */
#pragma once

#include "top.bpf.h"

enum limit_verdict {
	LIMIT_PASSED,
	LIMIT_SAMPLED_OUT,
	LIMIT_OVER,
};

/*
 * The host at the other end, whole: of what comes in who sent it, of what goes out whom it is for.
 * False for what has no addresses.
 */
static __always_inline bool far_host(const struct packet_summary *summary,
				     const struct protocols_of_packet *found,
				     struct top_key *ret_key)
{
	bool is_out = summary->direction == DIRECTION_EGRESS;
	const __u32 *address = is_out ? summary->destination : summary->source;

	if (!(summary->fields & (is_out ? SUMMARY_DESTINATION : SUMMARY_SOURCE)))
		return false;
	if (found->link == PROTOCOL_IPV4)
		*ret_key = ipv4_key(address[0]);
	else if (found->link == PROTOCOL_IPV6)
		*ret_key = ipv6_key(address);
	else
		return false;
	return true;
}

static __always_inline __u32 find_host(const struct host_set *set, __u32 tag)
{
	UNROLL
	for (__u32 way = 0; way < TOP_WAYS; way++)
		if (set->tags[way] == tag)
			return way;
	return TOP_WAYS;
}

/* One more of this host in its set; whether that is too many. Under the lock. */
static __always_inline bool count_host(struct host_set *set, __u32 tag, __u32 now)
{
	__u32 way = find_host(set, tag);
	bool is_over;

	if (way >= TOP_WAYS) {
		way = find_oldest_way(set->tags, set->ages, now);
		set->tags[way] = tag;
		set->packets[way] = 0;
	}
	is_over = set->packets[way] >= configuration.host_limit;
	if (!is_over)
		set->packets[way]++;
	set->ages[way] = now;
	return is_over;
}

/*
 * One more of this host; whether that is too many. It is one limit for all CPUs, so the sets are
 * common to them; no lock is taken for a host that is surely over it. Two hosts are one where 45
 * bits of their hashes are the same.
 */
__noinline int pktsieve_host_is_over(__u64 high, __u64 low)
{
	const struct top_key key = { high, low };
	__u32 now = (__u32)bpf_jiffies64(), way, tag, index;
	__u64 hash = top_hash(&key);
	struct host_set *set;
	bool is_over;

	index = hash & (HOST_SETS - 1);
	set = bpf_map_lookup_elem(&host_packets, &index);
	if (!set)
		return 0;
	tag = (__u32)(hash >> 32) | 1;
	way = find_host(set, tag);
	if (way < TOP_WAYS && set->packets[way] >= configuration.host_limit) {
		set->ages[way] = now;
		return 1;
	}
	bpf_spin_lock(&set->lock);
	is_over = count_host(set, tag, now);
	bpf_spin_unlock(&set->lock);
	return is_over;
}

/*
 * The generic cell rate algorithm (ITU-T I.371, annex A): each packet takes its part of the time,
 * and as much of it may be ahead of the clock as the burst is long. No lock is taken for a packet
 * that is surely over the limit, so a flood waits for nothing.
 */
static __always_inline bool rate_is_over(void)
{
	__u64 now = bpf_ktime_get_ns();
	__u64 latest = now + configuration.rate_burst_ns;
	struct rate_limit *limit;
	__u32 zero = 0;
	bool is_over;

	limit = bpf_map_lookup_elem(&rate_limit, &zero);
	if (!limit || limit->next_ns > latest)
		return true;
	bpf_spin_lock(&limit->lock);
	is_over = limit->next_ns > latest;
	if (!is_over) {
		if (limit->next_ns < now)
			limit->next_ns = now;
		limit->next_ns += configuration.rate_period_ns;
	}
	bpf_spin_unlock(&limit->lock);
	return is_over;
}

static __always_inline enum limit_verdict limit(const struct packet_summary *summary,
						const struct protocols_of_packet *found)
{
	struct top_key host;

	if (configuration.sample_below && bpf_get_prandom_u32() >= configuration.sample_below)
		return LIMIT_SAMPLED_OUT;
	if (configuration.host_limit && far_host(summary, found, &host) &&
	    pktsieve_host_is_over(host.high, host.low))
		return LIMIT_OVER;
	if (configuration.rate_period_ns && rate_is_over())
		return LIMIT_OVER;
	return LIMIT_PASSED;
}
