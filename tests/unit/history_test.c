/* SPDX-License-Identifier: GPL-2.0-only */
/* Readings at any distance, and the minute of rates that they make. */
#include "../../user/history.h"

#include <math.h>

#include "check.h"

#define SECOND 1000000000ull

static struct history history;
static struct counters_totals totals;
static uint64_t now_ns;

static void start(void)
{
	totals = (struct counters_totals){ 0 };
	totals.seen.protocols[PROTOCOL_ETHERNET].packets = 1000;
	totals.seen.protocols[PROTOCOL_ETHERNET].bytes = 64000;
	now_ns = 5 * SECOND;
	history_start(&history, now_ns, &totals);
}

/* So much later, so much more was seen. */
static void add(uint64_t after_ns, uint64_t packets, uint64_t bytes)
{
	now_ns += after_ns;
	totals.seen.protocols[PROTOCOL_ETHERNET].packets += packets;
	totals.seen.protocols[PROTOCOL_ETHERNET].bytes += bytes;
	history_add(&history, now_ns, &totals);
}

static bool is(double value, double wanted)
{
	return fabs(value - wanted) < 0.001;
}

static double packets(unsigned int seconds_ago)
{
	return history_rate(&history, HISTORY_SEEN, seconds_ago).packets;
}

static void test_rates(void)
{
	start();
	check(history.count == 0 && is(history_mean(&history, HISTORY_SEEN).packets, 0) &&
		      is(history_peak(&history, HISTORY_SEEN).bytes, 0),
	      "before the first second nothing is known");
	add(SECOND, 300, 3000);
	check(history.count == 1 && is(packets(0), 300), "what came before the start is no rate");
	add(1200000000, 600, 120000);
	check(history.count == 2 && is(packets(0), 500) && is(packets(1), 300),
	      "a rate is that of the time that has passed");
	check(is(history_mean(&history, HISTORY_SEEN).packets, 400), "the mean is that of all");
	check(is(history_peak(&history, HISTORY_SEEN).packets, 500) &&
		      is(history_peak(&history, HISTORY_SEEN).bytes, 100000),
	      "the peak is the highest");
	add(SECOND / 4, 1000000, 0);
	check(history.count == 2 && is(packets(0), 500), "a quarter of a second is none");
	add(SECOND * 3 / 4, 0, 0);
	check(history.count == 3 && is(packets(0), 1000000),
	      "what came in it is in the next second");
	add(3 * SECOND, 30, 0);
	check(history.count == 6 && is(packets(0), 10) && is(packets(2), 10) &&
		      is(packets(3), 1000000),
	      "three seconds without a reading have the same rate");
	check(is(history_rate(&history, HISTORY_OUT, 0).packets, 0) &&
		      is(history_peak(&history, HISTORY_MATCHED).packets, 0),
	      "each series has its own");
	totals.seen.protocols[PROTOCOL_ETHERNET].packets = 0;
	add(SECOND, 0, 0);
	check(is(packets(0), 0), "figures that went back are no rate");
	now_ns -= 2 * SECOND;
	add(0, 1, 1);
	check(history.count == 7, "a clock that goes back adds nothing");
}

static void test_minute(void)
{
	start();
	add(SECOND, 700, 0);
	for (int i = 0; i < HISTORY_SECONDS - 1; i++)
		add(SECOND, 5, 0);
	check(history.count == HISTORY_SECONDS && is(packets(HISTORY_SECONDS - 1), 700) &&
		      is(history_peak(&history, HISTORY_SEEN).packets, 700),
	      "the first second of the last minute is still there");
	check(history_packets_before(&history, PROTOCOL_ETHERNET) == 1000,
	      "what was counted before it is known");
	add(SECOND, 6, 0);
	check(history.count == HISTORY_SECONDS && is(packets(HISTORY_SECONDS - 1), 5) &&
		      is(packets(0), 6) && is(history_peak(&history, HISTORY_SEEN).packets, 6),
	      "what is older than a minute is forgotten");
	check(history_packets_before(&history, PROTOCOL_ETHERNET) == 1700,
	      "what was counted before the minute goes on with it");
	add(3600 * SECOND, 3600, 0);
	check(history.count == HISTORY_SECONDS && is(packets(HISTORY_SECONDS - 1), 1),
	      "an hour without a reading is a minute of the same rate");
	history_start(&history, now_ns, &totals);
	check(history.count == 0 && history_packets_before(&history, PROTOCOL_ETHERNET) ==
					    totals.seen.protocols[PROTOCOL_ETHERNET].packets,
	      "a new start forgets all");
}

int main(void)
{
	test_rates();
	test_minute();
	return check_finish();
}
