/* SPDX-License-Identifier: GPL-2.0-only */
/* Measures clocks against each other; see clock.h. */
#include "clock.h"

#include <stdlib.h>
#include <time.h>

#define SAMPLES 10
#define SECOND_NS 1000000000
#define STEP_NS 1000000
/* NTP slews by at most 500 ppm. */
#define SLEWED_NS(elapsed_ns) ((elapsed_ns) / 1000)

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

/*
 * From where on a new offset holds. Where the difference between TAI and UTC becomes known to
 * the kernel, its TAI clock jumps by it, and every record behind the jump has at least that
 * distance from the last reading.
 */
static uint64_t begin_of_offset(const struct clock *clock, uint64_t now_ns, int64_t offset_ns)
{
	int64_t jump_ns = clock->slope.to_ns - offset_ns;

	if (clock->source == CAPTURE_CLOCK_TAI && jump_ns > 0 &&
	    clock->refreshed_ns + (uint64_t)jump_ns < now_ns)
		return clock->refreshed_ns + (uint64_t)jump_ns;
	return now_ns;
}

void clock_set_offset(struct clock *clock, uint64_t now_ns, int64_t offset_ns)
{
	int64_t present_ns = offset_at(&clock->slope, now_ns);
	bool is_step = !clock->is_measured || llabs(offset_ns - present_ns) >= STEP_NS;

	clock->before = clock->slope;
	clock->slope = (struct clock_slope){
		.begin_ns = is_step ? begin_of_offset(clock, now_ns, offset_ns) : now_ns,
		.from_ns = is_step ? offset_ns : present_ns,
		.to_ns = offset_ns,
	};
	if (!clock->is_measured)
		clock->before = clock->slope;
	clock->refreshed_ns = now_ns;
	clock->is_measured = true;
}

int64_t clock_find_step(struct clock *clock, uint64_t boot_ns, int64_t offset_ns)
{
	int64_t elapsed_ns = (int64_t)(boot_ns - clock->looked_boot_ns);
	int64_t step_ns = offset_ns - clock->boot_offset_ns;
	bool is_first = !clock->looked_boot_ns;

	clock->looked_boot_ns = boot_ns;
	clock->boot_offset_ns = offset_ns;
	if (is_first || llabs(step_ns) < STEP_NS + SLEWED_NS(elapsed_ns))
		return 0;
	clock->steps++;
	return step_ns;
}

/*
 * The wall clock is read between two readings of the other; the narrowest of some tries,
 * whose error is at most half its width, tells the offset. Returns the last reading.
 */
static uint64_t measure_offset(clockid_t id, int64_t *ret_offset_ns)
{
	int64_t before, wall, after = 0, narrowest = INT64_MAX;

	for (int i = 0; i < SAMPLES; i++) {
		before = now_ns(id);
		wall = now_ns(CLOCK_REALTIME);
		after = now_ns(id);
		/* A clock that is set meanwhile goes back, too. */
		if (after < before || after - before >= narrowest)
			continue;
		narrowest = after - before;
		*ret_offset_ns = wall - (before + (after - before) / 2);
	}
	return (uint64_t)after;
}

int64_t clock_refresh(struct clock *clock)
{
	int64_t offset_ns = 0, boot_offset_ns = 0;
	uint64_t boot_ns = measure_offset(CLOCK_BOOTTIME, &boot_offset_ns);
	uint64_t source_ns = measure_offset(source_id(clock), &offset_ns);

	/* TAI and UTC differ by whole seconds, so that no measuring error is left. */
	if (clock->source == CAPTURE_CLOCK_TAI) {
		int64_t half_second = offset_ns < 0 ? -SECOND_NS / 2 : SECOND_NS / 2;

		offset_ns = (offset_ns + half_second) / SECOND_NS * SECOND_NS;
	}
	clock_set_offset(clock, source_ns, offset_ns);
	return clock_find_step(clock, boot_ns, boot_offset_ns);
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

/* A process that is held up between the two readings measures once more, no worse. */
bool clock_seems_set(const struct clock *clock, uint64_t source_ns)
{
	return llabs(now_ns(CLOCK_REALTIME) - clock_to_realtime(clock, source_ns)) >= STEP_NS;
}

uint64_t clock_monotonic_ns(void)
{
	return (uint64_t)now_ns(CLOCK_MONOTONIC);
}
