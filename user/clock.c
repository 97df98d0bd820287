/* SPDX-License-Identifier: GPL-2.0-only */
/* Measures clocks against each other; see clock.h. */
#include "clock.h"

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define SAMPLES 10
#define SECOND_NS 1000000000
#define STEP_NS 1000000

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

static int64_t offset_at(const struct clock_slope *slope, uint64_t time_ns)
{
	uint64_t elapsed_ns = time_ns > slope->begin_ns ? time_ns - slope->begin_ns : 0;

	if (elapsed_ns >= SECOND_NS)
		return slope->to_ns;
	/* Less than 1 ms times less than 1 s: no overflow. A step has from = to. */
	return slope->from_ns + (slope->to_ns - slope->from_ns) * (int64_t)elapsed_ns / SECOND_NS;
}

void clock_set_offset(struct clock *clock, uint64_t now_ns, int64_t offset_ns)
{
	int64_t present_ns = offset_at(&clock->slope, now_ns);
	bool is_step = llabs(offset_ns - present_ns) >= STEP_NS;

	clock->before = clock->slope;
	clock->slope = (struct clock_slope){
		.begin_ns = now_ns,
		.from_ns = is_step ? offset_ns : present_ns,
		.to_ns = offset_ns,
	};
	if (is_step)
		clock->before = clock->slope;
}

/*
 * The wall clock is read between two readings of the source; the narrowest of some tries,
 * whose error is at most half its width, tells the offset.
 */
void clock_refresh(struct clock *clock)
{
	clockid_t id = source_id(clock);
	int64_t before, wall, after = 0, narrowest = INT64_MAX, offset = 0;

	for (int i = 0; i < SAMPLES; i++) {
		before = now_ns(id);
		wall = now_ns(CLOCK_REALTIME);
		after = now_ns(id);
		if (after - before >= narrowest)
			continue;
		narrowest = after - before;
		offset = wall - (before + (after - before) / 2);
	}
	/* TAI and UTC differ by whole seconds, so that no measuring error is left. */
	if (clock->source == CAPTURE_CLOCK_TAI) {
		int64_t half_second = offset < 0 ? -SECOND_NS / 2 : SECOND_NS / 2;

		offset = (offset + half_second) / SECOND_NS * SECOND_NS;
	}
	clock_set_offset(clock, (uint64_t)after, offset);
}

uint64_t clock_now_ns(const struct clock *clock)
{
	return (uint64_t)now_ns(source_id(clock));
}

int64_t clock_to_realtime(const struct clock *clock, uint64_t time_ns)
{
	const struct clock_slope *slope =
		time_ns < clock->slope.begin_ns ? &clock->before : &clock->slope;

	return (int64_t)time_ns + offset_at(slope, time_ns);
}

uint64_t clock_monotonic_ns(void)
{
	return (uint64_t)now_ns(CLOCK_MONOTONIC);
}
