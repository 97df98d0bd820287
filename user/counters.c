/* SPDX-License-Identifier: GPL-2.0-only */
/* Maps the counters and adds up what the CPUs counted; see counters.h. */
#include "counters.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

struct counters {
	const struct cpu_counters *cpus;
	unsigned int cpu_count;
	size_t mapped_bytes;
};

static const struct {
	const char *label;
	enum protocol parent;
} protocols[] = {
#define X(name, text, above) [PROTOCOL_##name] = { .label = text, .parent = PROTOCOL_##above },
	PROTOCOL_LIST(X)
#undef X
};

_Static_assert(sizeof(protocols) / sizeof(protocols[0]) == PROTOCOL_COUNT, "one row each");

int counters_map(int map_fd, unsigned int cpu_count, struct counters **ret_counters,
		 struct error *reterr)
{
	struct counters *counters = calloc(1, sizeof(*counters));
	void *mapping;
	int error;

	if (!counters)
		return error_set(reterr, -ENOMEM, "out of memory");
	counters->cpu_count = cpu_count;
	counters->mapped_bytes = cpu_count * sizeof(struct cpu_counters);
	mapping = mmap(NULL, counters->mapped_bytes, PROT_READ, MAP_SHARED, map_fd, 0);
	if (mapping == MAP_FAILED) {
		error = -errno;
		free(counters);
		return error_set(reterr, error, "cannot map the counters: %s", strerror(-error));
	}
	counters->cpus = mapping;
	*ret_counters = counters;
	return 0;
}

void counters_unmap(struct counters *counters)
{
	if (!counters)
		return;
	munmap((void *)counters->cpus, counters->mapped_bytes);
	free(counters);
}

const struct cpu_counters *counters_of_cpu(const struct counters *counters, unsigned int cpu)
{
	return &counters->cpus[cpu];
}

static void add_all(__u64 *sums, const __u64 *values, size_t bytes)
{
	/* The kernel writes while this reads: each figure at once, and none twice. */
	for (size_t i = 0; i < bytes / sizeof(*sums); i++)
		sums[i] += __atomic_load_n(&values[i], __ATOMIC_RELAXED);
}

void counters_read(const struct counters *counters, struct counters_totals *ret_totals)
{
	*ret_totals = (struct counters_totals){};
	for (unsigned int cpu = 0; cpu < counters->cpu_count; cpu++) {
		const struct cpu_counters *of_cpu = &counters->cpus[cpu];

		for (int direction = 0; direction < DIRECTION_COUNT; direction++) {
			add_all((__u64 *)&ret_totals->frames_by[direction],
				(const __u64 *)&of_cpu->frames[direction],
				sizeof(ret_totals->frames_by[direction]));
			add_all((__u64 *)&ret_totals->seen_by[direction],
				(const __u64 *)&of_cpu->seen[direction],
				sizeof(ret_totals->seen_by[direction]));
			add_all((__u64 *)&ret_totals->matched_by[direction],
				(const __u64 *)&of_cpu->matched[direction],
				sizeof(ret_totals->matched_by[direction]));
		}
	}
	for (int direction = 0; direction < DIRECTION_COUNT; direction++) {
		add_all((__u64 *)&ret_totals->frames,
			(const __u64 *)&ret_totals->frames_by[direction],
			sizeof(ret_totals->frames));
		add_all((__u64 *)&ret_totals->seen, (const __u64 *)&ret_totals->seen_by[direction],
			sizeof(ret_totals->seen));
		add_all((__u64 *)&ret_totals->matched,
			(const __u64 *)&ret_totals->matched_by[direction],
			sizeof(ret_totals->matched));
	}
}

struct traffic_counter counters_read_protocol(const struct counters *counters,
					      enum protocol protocol, bool of_seen)
{
	struct traffic_counter sum = {};

	for (unsigned int cpu = 0; cpu < counters->cpu_count; cpu++) {
		const struct cpu_counters *of_cpu = &counters->cpus[cpu];

		for (int direction = 0; direction < DIRECTION_COUNT; direction++) {
			const struct traffic_counters *all =
				of_seen ? &of_cpu->seen[direction] : &of_cpu->matched[direction];

			add_all((__u64 *)&sum, (const __u64 *)&all->protocols[protocol],
				sizeof(sum));
		}
	}
	return sum;
}

const char *counters_protocol_label(enum protocol protocol)
{
	return protocols[protocol].label;
}

enum protocol counters_protocol_parent(enum protocol protocol)
{
	return protocols[protocol].parent;
}

void counters_protocol_name(enum protocol protocol, char ret_name[COUNTERS_NAME_BYTES])
{
	enum protocol parent = protocols[protocol].parent;
	const char *label = protocols[protocol].label;
	bool is_inner = (parent != PROTOCOL_ETHERNET && parent != PROTOCOL_IP) ||
			strcmp(label, "other") == 0;

	snprintf(ret_name, COUNTERS_NAME_BYTES, "%s%s%s",
		 is_inner && parent != protocol ? protocols[parent].label : "",
		 is_inner && parent != protocol ? "." : "", label);
	for (char *at = ret_name; *at; at++)
		*at = (char)(*at == '-' ? '_' : tolower((unsigned char)*at));
}

enum protocol counters_find_protocol(const char *name)
{
	char of_protocol[COUNTERS_NAME_BYTES];

	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++) {
		counters_protocol_name(protocol, of_protocol);
		if (strcmp(of_protocol, name) == 0)
			return protocol;
	}
	return PROTOCOL_COUNT;
}
