/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs and maps in the kernel: configured, with the filter's instructions in their
 * place, verified. Attaching them is attach.c's.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"
#include "copy_limits.h"
#include "filter/filter.h"
#include "hook.h"
#include "set_maps.h"
#include "tops.h"

struct loader;

struct loader_options {
	enum hook hook;
	const struct filter *filter;
	bool link_layers
		[LINK_LAYER_COUNT]; /* whose programs are wanted; XDP has Ethernet's alone */
	uint32_t snapshot_bytes;    /* of a record, 1 to MAXIMUM_SNAPSHOT_BYTES */
	bool snap_headers;          /* and of its headers, with so many bytes more */
	uint32_t snap_extra_bytes;
	bool is_cooked;    /* see struct capture_record */
	bool copy_packets; /* false: count only, no rings are made */
	bool check_heartbeat;
	bool can_pause;      /* the writer may say that nothing is copied for now */
	uint64_t ring_bytes; /* in all, shared out over the online CPUs */
	bool count_tops;     /* keep the tables of the busiest, by these prefixes */
	struct top_prefixes top_prefixes;
	struct copy_limits limits;
};

/*
 * Loads the programs. Returns 0, or a negative errno with *reterr filled in: -EPERM (which
 * capabilities are missing), -EINVAL (a program that the verifier refused: a bug, see
 * loader_print_log()), and what the kernel says of maps that it cannot make.
 */
int loader_load(const struct loader_options *options, struct loader **ret_loader,
		struct error *reterr);
void loader_free(struct loader *loader);

/*
 * Owned by the loader; -1 for a direction that the hook does not see, and for a link layer that
 * was not asked for.
 */
int loader_program_fd(const struct loader *loader, enum link_layer link_layer,
		      enum direction direction);

/*
 * Loads the programs once more, with another filter, on the maps of those that run; a
 * thread of its own may do that. Then they are either put in the place of the running ones
 * (attach_replace()) and taken, or not: loader_end_replacement() frees the others.
 */
int loader_begin_replacement(struct loader *loader, const struct filter *filter,
			     struct error *reterr);
int loader_replacement_fd(const struct loader *loader, enum link_layer link_layer,
			  enum direction direction);
void loader_end_replacement(struct loader *loader, bool is_taken);

/* Of the running programs; the loader's. */
const struct set_maps *loader_set_maps(const struct loader *loader);

int loader_counters_fd(const struct loader *loader);
int loader_control_fd(const struct loader *loader);

/* The tables of the busiest; see top.h. */
int loader_tops_fd(const struct loader *loader);

/* Sets of each of them and each CPU; 0 where none are kept. */
unsigned int loader_top_sets(const struct loader *loader);

/*
 * From here on the losses of an interface are counted. 0 or a negative errno: -E2BIG where there
 * are too many of them.
 */
int loader_begin_losses(const struct loader *loader, unsigned int ifindex);

/* Frames of an interface that matched and were lost, since then; 0 where they are not counted. */
uint64_t loader_losses(const struct loader *loader, unsigned int ifindex);

/* The ring of a CPU; -1 for a CPU that is not online or where nothing is copied. */
int loader_ring_fd(const struct loader *loader, unsigned int cpu);

/* Possible CPUs: elements of the counters, numbers for loader_ring_fd(). */
unsigned int loader_cpu_count(const struct loader *loader);

/* Bytes of each ring, a power of two of at least 1 MiB; 0 where nothing is copied. */
uint64_t loader_ring_bytes(const struct loader *loader);

enum capture_clock loader_clock(const struct loader *loader);

/*
 * Returns when no program that was attached before the call is still running: detach,
 * call this, and the counters and rings are final.
 */
int loader_wait_for_programs(const struct loader *loader);

/* What libbpf and the verifier said during the last load that failed. */
void loader_print_log(FILE *out);
