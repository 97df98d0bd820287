/* SPDX-License-Identifier: GPL-2.0-only */
/* Measures clocks against each other; see clock.h. */
#include "clock.h"

#include <time.h>

#define SAMPLES 10

static int64_t now_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static clockid_t source_id(const struct clock *clock)
{
	return clock->source == CAPTURE_CLOCK_TAI ? CLOCK_TAI : CLOCK_MONOTONIC;
}

/*
 * The wall clock is read between two readings of the source; the narrowest of some tries,
 * whose error is at most half its width, tells the offset.
 */
void clock_refresh(struct clock *clock)
{
	clockid_t id = source_id(clock);
	int64_t before, wall, after, narrowest = INT64_MAX;

	for (int i = 0; i < SAMPLES; i++) {
		before = now_ns(id);
		wall = now_ns(CLOCK_REALTIME);
		after = now_ns(id);
		if (after - before >= narrowest)
			continue;
		narrowest = after - before;
		clock->offset_ns = wall - (before + (after - before) / 2);
	}
	/* TAI and UTC differ by whole seconds, so that no measuring error is left. */
	if (clock->source == CAPTURE_CLOCK_TAI) {
		int64_t half_second = clock->offset_ns < 0 ? -500000000 : 500000000;

		clock->offset_ns = (clock->offset_ns + half_second) / 1000000000 * 1000000000;
	}
}

uint64_t clock_now_ns(const struct clock *clock)
{
	return (uint64_t)now_ns(source_id(clock));
}

int64_t clock_to_realtime(const struct clock *clock, uint64_t time_ns)
{
	return (int64_t)time_ns + clock->offset_ns;
}

uint64_t clock_monotonic_ns(void)
{
	return (uint64_t)now_ns(CLOCK_MONOTONIC);
}
