/* SPDX-License-Identifier: GPL-2.0-only */
/* From the clock that records are stamped with to the wall clock of the file. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../bpf/capture_abi.h"

/* The offset (CLOCK_REALTIME - source) goes from one value to another within a second. */
struct clock_slope {
	uint64_t begin_ns; /* of the source */
	int64_t from_ns;
	int64_t to_ns;
};

/* Starts as all zero but for the source. */
struct clock {
	enum capture_clock source;
	bool is_measured;
	struct clock_slope slope;
	struct clock_slope before; /* for records that are older than the last measurement */
	uint64_t refreshed_ns;     /* of the source */
	/* CLOCK_REALTIME against CLOCK_BOOTTIME, which nobody sets and sleep does not stop. */
	uint64_t looked_boot_ns;
	int64_t boot_offset_ns;
	uint64_t steps; /* of the wall clock, so far */
};

/*
 * Measures the offset, to well under 1 us; once a second follows the wall clock. Returns by
 * how much the wall clock has been set forward (or back: less than 0) since the last time;
 * 0: not at all, or by so little that it may have been slewed.
 */
int64_t clock_refresh(struct clock *clock);

/*
 * Takes an offset that was measured at a time of the source. A difference below 1 ms, such as
 * a measuring error or a clock that NTP slews, is made good over a second, so that times
 * never run backwards; a larger one is a step of the wall clock, and followed at once:
 * records from before it keep their time.
 */
void clock_set_offset(struct clock *clock, uint64_t now_ns, int64_t offset_ns);

/*
 * Takes (CLOCK_REALTIME - CLOCK_BOOTTIME), measured at a CLOCK_BOOTTIME, and counts a step if
 * it differs from the last one by more than slewing can explain. Returns as clock_refresh().
 */
int64_t clock_find_step(struct clock *clock, uint64_t boot_ns, int64_t offset_ns);

/* The source now: the clock that records are stamped with. */
uint64_t clock_now_ns(const struct clock *clock);

/* Whether one of the clocks may have been set before this reading of the source, so that clock_refresh() is due at once. */
bool clock_seems_set(const struct clock *clock, uint64_t source_ns);

/* Nanoseconds since 1970, UTC. */
int64_t clock_to_realtime(const struct clock *clock, uint64_t time_ns);

/* CLOCK_MONOTONIC now, in ns. */
uint64_t clock_monotonic_ns(void);
