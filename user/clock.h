/* SPDX-License-Identifier: GPL-2.0-only */
/* From the clock that records are stamped with to the wall clock of the file. */
#pragma once

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
	struct clock_slope slope;
	struct clock_slope before; /* for records that are older than the last measurement */
};

/* Measures the offset, to well under 1 us; once a second follows the wall clock. */
void clock_refresh(struct clock *clock);

/*
 * Takes an offset that was measured at a time of the source. A difference below 1 ms, such as
 * a measuring error or a clock that NTP slews, is made good over a second, so that times
 * never run backwards; a larger one is a step of the wall clock, and followed at once.
 */
void clock_set_offset(struct clock *clock, uint64_t now_ns, int64_t offset_ns);

/* The source now: the clock that records are stamped with. */
uint64_t clock_now_ns(const struct clock *clock);

/* Nanoseconds since 1970, UTC. */
int64_t clock_to_realtime(const struct clock *clock, uint64_t time_ns);

/* CLOCK_MONOTONIC now, in ns. */
uint64_t clock_monotonic_ns(void);
