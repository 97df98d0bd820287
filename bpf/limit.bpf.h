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

/* One more of this host; whether that is too many. */
__noinline int pktsieve_host_is_over(__u64 high, __u64 low)
{
	const struct top_key key = { high, low };
	__u64 *packets = bpf_map_lookup_elem(&host_packets, &key), first = 1;

	if (!packets) {
		/* Another CPU may be at the same: then it is counted on below. */
		if (!bpf_map_update_elem(&host_packets, &key, &first, BPF_NOEXIST))
			return 0;
		packets = bpf_map_lookup_elem(&host_packets, &key);
		if (!packets)
			return 0;
	}
	if (*packets >= configuration.host_limit)
		return 1;
	/* First add, then look: of two CPUs at once both may be over, never one too few. */
	__sync_fetch_and_add(packets, 1);
	return *(volatile __u64 *)packets > configuration.host_limit;
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
