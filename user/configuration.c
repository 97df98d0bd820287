/* SPDX-License-Identifier: GPL-2.0-only */
/* From options to the one struct that is constant for the programs; see configuration.h. */
#include "configuration.h"

#include <arpa/inet.h>

/* Hosts in one of the tables of the busiest, in all, and at least on each CPU; 40 bytes each. */
#define TOP_ENTRIES 65536
#define TOP_LEAST_SETS 64
/* What --max-rate lets through at once, of a second. */
#define RATE_BURST_PARTS 100
#define SECOND_NS 1000000000ull

unsigned int configuration_top_sets(unsigned int cpu_count)
{
	unsigned int sets = TOP_ENTRIES / TOP_WAYS;

	while (sets > TOP_LEAST_SETS && sets * cpu_count > TOP_ENTRIES / TOP_WAYS)
		sets /= 2;
	return sets;
}

/* The bits of a word of an address that belong to its prefix, in network byte order. */
static __be32 prefix_mask(unsigned int bits, unsigned int word)
{
	unsigned int before = 32 * word;

	if (bits <= before)
		return 0;
	return bits >= before + 32 ? UINT32_MAX : htonl(~(UINT32_MAX >> (bits - before)));
}

static void set_tops(const struct top_prefixes *prefixes,
		     struct capture_configuration *configuration)
{
	configuration->top_ipv4_mask = prefix_mask(prefixes->ipv4_bits, 0);
	for (unsigned int word = 0; word < 4; word++)
		configuration->top_ipv6_mask[word] = prefix_mask(prefixes->ipv6_bits, word);
}

static void set_limits(const struct copy_limits *limits,
		       struct capture_configuration *configuration)
{
	if (limits->packets_per_second) {
		configuration->rate_period_ns = SECOND_NS / limits->packets_per_second;
		configuration->rate_burst_ns = SECOND_NS / RATE_BURST_PARTS;
	}
	if (limits->sample_every > 1)
		configuration->sample_below = (uint32_t)((1ull << 32) / limits->sample_every);
	configuration->host_limit = limits->packets_per_host;
}

void configuration_make(const struct loader_options *options,
			const struct configuration_facts *facts,
			struct capture_configuration *ret_configuration)
{
	*ret_configuration = (struct capture_configuration){
		.snapshot_bytes = options->snapshot_bytes,
		.clock = facts->clock,
		.snap_headers = options->snap_headers,
		.extra_bytes = options->snap_extra_bytes,
		.is_cooked = options->is_cooked,
		.copy_packets = options->copy_packets,
		.check_heartbeat = options->check_heartbeat,
		.follow_fragments = facts->follow_fragments,
		.can_pause = options->can_pause,
		.watermark_bytes = facts->ring_bytes / 4,
		.hash_seed = facts->hash_seed,
		.top_sets = facts->top_sets,
	};
	set_tops(&options->top_prefixes, ret_configuration);
	set_limits(&options->limits, ret_configuration);
}
