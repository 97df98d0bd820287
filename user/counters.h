/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's counters, mapped: reading them is no system call and needs no rights. */
#pragma once

#include <stdbool.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"

struct counters;

/* The sums over all CPUs. */
struct counters_totals {
	struct frame_counters frames_by[DIRECTION_COUNT];
	struct frame_counters frames; /* both directions */
	struct traffic_counters seen_by[DIRECTION_COUNT];
	struct traffic_counters matched_by[DIRECTION_COUNT];
	struct traffic_counters seen; /* both directions */
	struct traffic_counters matched;
};

/*
 * Maps the counters of a loaded program, cpu_count elements. Returns 0 or a negative errno
 * with *reterr filled in.
 */
int counters_map(int map_fd, unsigned int cpu_count, struct counters **ret_counters,
		 struct error *reterr);
void counters_unmap(struct counters *counters);

/* What a CPU counts, as the kernel writes it. */
const struct cpu_counters *counters_of_cpu(const struct counters *counters, unsigned int cpu);

/* While the programs run, the figures of different counters are of slightly different times. */
void counters_read(const struct counters *counters, struct counters_totals *ret_totals);

/*
 * One figure of counters_read(), of all that was seen or of what passed the filter: the other
 * lines of the CPUs' memory are left where they are.
 */
struct traffic_counter counters_read_protocol(const struct counters *counters,
					      enum protocol protocol, bool of_seen);

/* Labels and parents of the protocols, from PROTOCOL_LIST. */
const char *counters_protocol_label(enum protocol protocol);
enum protocol counters_protocol_parent(enum protocol protocol);

#define COUNTERS_NAME_BYTES 32

/*
 * The stable name of a protocol in conditions, JSON and metrics: "tcp", "tcp.syn_ack",
 * "udp.dns", "ip.other". What is right below Ethernet or IP has no prefix, but for "other".
 */
void counters_protocol_name(enum protocol protocol, char ret_name[COUNTERS_NAME_BYTES]);

/* PROTOCOL_COUNT where no protocol has that name. */
enum protocol counters_find_protocol(const char *name);
