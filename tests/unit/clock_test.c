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

int main(void)
{
	test_slope();
	test_step();
	test_order();
	test_measurement(CAPTURE_CLOCK_MONOTONIC, "CLOCK_MONOTONIC");
	test_measurement(CAPTURE_CLOCK_TAI, "CLOCK_TAI");
	return check_finish();
}
