/* SPDX-License-Identifier: GPL-2.0-only */
/* The way from the records' clock to the wall clock: it follows, and never runs backwards. */
#include "../../user/clock.h"

#include <stdlib.h>

#include "check.h"

#define SECOND 1000000000ll
#define START (100 * SECOND)
#define OFFSET (1700000000 * SECOND)

static struct clock started(void)
{
	struct clock clock = { .source = CAPTURE_CLOCK_MONOTONIC };

	clock_set_offset(&clock, START, OFFSET);
	return clock;
}

static void check_time(const struct clock *clock, uint64_t time_ns, int64_t wanted_ns,
		       const char *sentence)
{
	int64_t got_ns = clock_to_realtime(clock, time_ns);

	check(got_ns == wanted_ns, "%s", sentence);
	check_note("%lld ns off", (long long)(got_ns - wanted_ns));
}

static void test_slope(void)
{
	struct clock clock = started();

	check_time(&clock, START, START + OFFSET, "the first offset holds at once");
	check_time(&clock, START - 5, START - 5 + OFFSET, "it holds for records from before it");
	clock_set_offset(&clock, START + SECOND, OFFSET - 1000);
	check_time(&clock, START + SECOND, START + SECOND + OFFSET,
		   "a small change does not hold at once");
	check_time(&clock, START + SECOND * 3 / 2, START + SECOND * 3 / 2 + OFFSET - 500,
		   "after half a second half of it holds");
	check_time(&clock, START + SECOND * 2, START + SECOND * 2 + OFFSET - 1000,
		   "after a second all of it holds");
	check_time(&clock, START + SECOND * 9, START + SECOND * 9 + OFFSET - 1000,
		   "after that it stays");
	check_time(&clock, START + SECOND - 7, START + SECOND - 7 + OFFSET,
		   "records from before it keep their time");
}

static void test_step(void)
{
	struct clock clock = started();

	clock_set_offset(&clock, START + SECOND, OFFSET - 3600 * SECOND);
	check_time(&clock, START + SECOND, START + OFFSET - 3599 * SECOND,
		   "a step of an hour holds at once");
	clock_set_offset(&clock, START + 2 * SECOND, OFFSET - 3600 * SECOND + 500);
	check_time(&clock, START + 3 * SECOND, START + 3 * SECOND + OFFSET - 3600 * SECOND + 500,
		   "after a step small changes are followed");
}

static void test_records_at_step(void)
{
	struct clock clock = started();

	clock_set_offset(&clock, START + SECOND, OFFSET + 3600 * SECOND);
	check_time(&clock, START + SECOND - 5, START + SECOND - 5 + OFFSET,
		   "a record from before a step keeps its time");
	check_time(&clock, START + SECOND + 5, START + 3601 * SECOND + 5 + OFFSET,
		   "a record from behind a step has the new time");
}

/* An NTP daemon tells the kernel that TAI is 37 s ahead: its TAI clock jumps, UTC does not. */
static void test_tai(void)
{
	struct clock clock = { .source = CAPTURE_CLOCK_TAI };

	clock_set_offset(&clock, START, 0);
	clock_set_offset(&clock, START + SECOND, 0);
	clock_set_offset(&clock, START + 39 * SECOND, -37 * SECOND);
	check_time(&clock, START + 2 * SECOND - 5, START + 2 * SECOND - 5,
		   "a record from before TAI's jump keeps its time");
	check_time(&clock, START + 38 * SECOND + 5, START + SECOND + 5,
		   "a record from behind TAI's jump has the time of the wall clock");
	check_time(&clock, START + 39 * SECOND + 5, START + 2 * SECOND + 5,
		   "so has one from behind the measurement");
	clock_set_offset(&clock, START + 40 * SECOND, -37 * SECOND);
	check_time(&clock, START + 39 * SECOND + 5, START + 2 * SECOND + 5,
		   "and it keeps it when the clock is measured again");
}

/* What was measured, and the step that is to be found there; one clock through all. */
static const struct {
	const char *sentence;
	uint64_t boot_ns;
	int64_t offset_ns;
	int64_t step_ns;
} looks[] = {
	{ "the first look finds no step", START, OFFSET, 0 },
	{ "a clock that goes on is no step", START + SECOND, OFFSET + 900, 0 },
	{ "slewing is no step", START + 2 * SECOND, OFFSET + 500900, 0 },
	{ "slewing for an hour while nobody looked is no step", START + 3602 * SECOND,
	  OFFSET + 500900 + 1800000000, 0 },
	{ "an hour forward is a step", START + 3603 * SECOND, OFFSET + 3600 * SECOND,
	  3600 * SECOND - 1800500900 },
	{ "after it there is none", START + 3604 * SECOND, OFFSET + 3600 * SECOND + 100, 0 },
	{ "an hour back is a step", START + 3605 * SECOND, OFFSET + 100, -3600 * SECOND },
	{ "5 ms back are a step", START + 3606 * SECOND, OFFSET + 100 - 5000000, -5000000 },
	{ "2 ms at once are a step", START + 3606 * SECOND + 1000, OFFSET + 100 - 3000000,
	  2000000 },
};

static void test_steps(void)
{
	struct clock clock = { .source = CAPTURE_CLOCK_TAI };
	uint64_t steps = 0;

	for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
		int64_t step_ns = clock_find_step(&clock, looks[i].boot_ns, looks[i].offset_ns);

		steps += looks[i].step_ns != 0;
		check(step_ns == looks[i].step_ns && clock.steps == steps, "%s", looks[i].sentence);
		check_note("a step of %lld ns", (long long)step_ns);
	}
}

/* Measurements with errors, records that are converted a little late. */
static void test_order(void)
{
	struct clock clock = started();
	uint64_t time_ns = START, next_ns = START + SECOND;
	int64_t got_ns, last_ns = 0, drift_ns = 0, furthest_ns = 0;
	unsigned int backwards = 0;

	srand(1);
	while (time_ns < START + 60 * SECOND) {
		time_ns += (uint64_t)(rand() % 20000);
		if (time_ns >= next_ns) {
			next_ns += SECOND;
			drift_ns -= 400000; /* 400 ppm, nearly what NTP may slew */
			clock_set_offset(&clock, time_ns + (uint64_t)(rand() % 10000000),
					 OFFSET + drift_ns + rand() % 2000 - 1000);
		}
		got_ns = clock_to_realtime(&clock, time_ns);
		backwards += got_ns < last_ns;
		last_ns = got_ns;
		if (llabs(got_ns - (int64_t)time_ns - OFFSET - drift_ns) > furthest_ns)
			furthest_ns = llabs(got_ns - (int64_t)time_ns - OFFSET - drift_ns);
	}
	check(backwards == 0, "with a slewed clock and measuring errors times never run backwards");
	check_note("%u times", backwards);
	check(furthest_ns < 500000, "with a slewed clock times stay within one measurement");
	check_note("%lld ns", (long long)furthest_ns);
}

static void test_measurement(enum capture_clock source, const char *name)
{
	struct clock clock = { .source = source }, wall = { .source = CAPTURE_CLOCK_MONOTONIC };
	int64_t before, after, got;

	clock_refresh(&clock);
	clock_refresh(&wall);
	before = clock_to_realtime(&wall, clock_now_ns(&wall));
	got = clock_to_realtime(&clock, clock_now_ns(&clock));
	after = clock_to_realtime(&wall, clock_now_ns(&wall));
	/* Wide enough for a machine that stops between the lines. */
	check(got >= before - SECOND && got <= after + SECOND, "the wall clock is found from %s",
	      name);
}

static void test_seems_set(void)
{
	struct clock clock = { .source = CAPTURE_CLOCK_MONOTONIC };
	uint64_t now_ns;

	clock_refresh(&clock);
	now_ns = clock_now_ns(&clock);
	clock_set_offset(&clock, now_ns,
			 clock_to_realtime(&clock, now_ns) - (int64_t)now_ns - SECOND);
	check(clock_seems_set(&clock, clock_now_ns(&clock)),
	      "an offset that is not the present one is found");
	check(clock_refresh(&clock) == 0 && clock.steps == 0,
	      "that it is none of the wall clock, too");
}

int main(void)
{
	test_slope();
	test_step();
	test_records_at_step();
	test_tai();
	test_steps();
	test_seems_set();
	test_order();
	test_measurement(CAPTURE_CLOCK_MONOTONIC, "CLOCK_MONOTONIC");
	test_measurement(CAPTURE_CLOCK_TAI, "CLOCK_TAI");
	return check_finish();
}
