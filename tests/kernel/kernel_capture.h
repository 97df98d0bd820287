/* SPDX-License-Identifier: GPL-2.0-only */
/* The real programs, loaded with a filter, and their maps seen through memory. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../../user/filter/filter.h"
#include "../../user/loader.h"
#include "packet.h"
#include "ring_reader.h"
#include "test_run.h"

/* Where BPF_PROG_TEST_RUN lets packets come from: loopback. */
#define KERNEL_CAPTURE_IFINDEX 1
#define KERNEL_CAPTURE_RING_BYTES (1u << 20)

struct kernel_capture {
	enum hook hook;
	enum link_layer link_layer;
	struct filter *filter;
	struct loader *loader;
	unsigned int cpu_count;
	struct cpu_counters *counters;   /* one for each CPU; in the map */
	struct capture_control *control; /* in the map */
};

struct kernel_capture_options {
	enum hook hook; /* native and generic are the same program */
	enum link_layer link_layer;
	const char *expression;
	uint32_t snapshot_bytes; /* 0: as much as there is */
	bool snap_headers;       /* see struct loader_options */
	uint32_t snap_extra_bytes;
	bool is_cooked;
	bool copy_packets;
	bool check_heartbeat;
	bool can_pause;
	bool count_tops;
	struct top_prefixes top_prefixes;
	struct copy_limits limits;
};

/* Returns 0, or a negative errno with "# " lines; kernel_capture_close() in both cases. */
int kernel_capture_open(const struct kernel_capture_options *options,
			struct kernel_capture *ret_capture);
void kernel_capture_close(struct kernel_capture *capture);

/* Runs the program of one direction; see test_run(). */
int kernel_capture_run(const struct kernel_capture *capture, enum direction direction,
		       const struct packet *packet, uint32_t length,
		       const struct test_aggregate *aggregate);

/* The counters of all CPUs together. */
void kernel_capture_sum(const struct kernel_capture *capture, struct cpu_counters *ret_sum);

/* Keeps this process on one CPU, so that it is known whose ring is written. */
int kernel_capture_stay_on_cpu(unsigned int cpu);

/* Returns 0 or a negative errno. */
int kernel_capture_map_ring(const struct kernel_capture *capture, unsigned int cpu,
			    struct ring_reader *ret_reader);
