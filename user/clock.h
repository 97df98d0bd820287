/* SPDX-License-Identifier: GPL-2.0-only */
/* From the clock that records are stamped with to the wall clock of the file. */
#pragma once

#include <stdint.h>

#include "../bpf/capture_abi.h"

struct clock {
	enum capture_clock source;
	int64_t offset_ns; /* CLOCK_REALTIME - source */
};

/* Measures the offset, to well under 1 us; once a second follows the wall clock. */
void clock_refresh(struct clock *clock);

/* The source now: the clock that records are stamped with. */
uint64_t clock_now_ns(const struct clock *clock);

/* Nanoseconds since 1970, UTC. */
int64_t clock_to_realtime(const struct clock *clock, uint64_t time_ns);

/* CLOCK_MONOTONIC now, in ns. */
uint64_t clock_monotonic_ns(void);
