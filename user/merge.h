/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Puts the records of all rings into one order, that of their time. A ring holds the records
 * of its CPU in order, so the oldest of all is at the head of one; what may still come into
 * a ring that is empty, its CPU tells by two marks (submissions_started and _finished).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"
#include "ring.h"

/* A CPU that says for so long that a record is on its way is not waited for any longer. */
#define MERGE_MAXIMUM_HOLD_NS 100000000ull

/* No record is held back any more: no program is running. */
#define MERGE_EVERYTHING UINT64_MAX

struct merge;

/* One ring and the marks of the CPU that fills it. */
struct merge_source {
	struct ring *ring;
	const struct cpu_counters *cpu;
};

/* The sources are copied, what they point to stays the caller's. 0 or -ENOMEM with *reterr. */
int merge_new(const struct merge_source *sources, size_t count, struct merge **ret_merge,
	      struct error *reterr);
void merge_free(struct merge *merge);

/*
 * Begins a round. now_ns is the clock of the records, read just before, or MERGE_EVERYTHING;
 * where it has been set back since the last round, what is in the rings is not held back.
 */
void merge_begin_round(struct merge *merge, uint64_t now_ns);

/*
 * The oldest record of all rings, as ring_peek(); NULL where there is none, or where an older
 * one may still come.
 */
const struct capture_record *merge_peek(struct merge *merge);

/* Steps over the record that was peeked at. */
void merge_release(struct merge *merge);

/* Gives all room that was released back to the kernel. */
void merge_end_round(struct merge *merge);

/*
 * Whether there is nothing in any ring and nothing on its way into one. Whoever has asked
 * the programs to be woken before he asks this misses no record by sleeping.
 */
bool merge_is_idle(const struct merge *merge);

/* Records that were released after a younger one. */
uint64_t merge_late(const struct merge *merge);
