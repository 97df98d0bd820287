/* SPDX-License-Identifier: GPL-2.0-only */
/* A ring of seconds; see history.h. */
#include "history.h"

#include <string.h>

#define SECOND_NS 1000000000ull

static void remember(struct history *history, uint64_t time_ns,
		     const struct counters_totals *totals)
{
	const enum protocol all = PROTOCOL_ETHERNET;

	history->time_ns = time_ns;
	history->totals[HISTORY_IN] = totals->seen_by[DIRECTION_INGRESS].protocols[all];
	history->totals[HISTORY_OUT] = totals->seen_by[DIRECTION_EGRESS].protocols[all];
	history->totals[HISTORY_SEEN] = totals->seen.protocols[all];
	history->totals[HISTORY_MATCHED] = totals->matched.protocols[all];
	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++)
		history->packets[protocol] = totals->seen.protocols[protocol].packets;
}

void history_start(struct history *history, uint64_t time_ns, const struct counters_totals *totals)
{
	history->count = history->next = 0;
	remember(history, time_ns, totals);
}

static double rate(uint64_t before, uint64_t now, double seconds)
{
	return now > before ? (double)(now - before) / seconds : 0;
}

static void add_second(struct history *history, const struct history_second *second)
{
	history->seconds[history->next] = *second;
	history->next = (history->next + 1) % HISTORY_SECONDS;
	if (history->count < HISTORY_SECONDS)
		history->count++;
}

void history_add(struct history *history, uint64_t time_ns, const struct counters_totals *totals)
{
	uint64_t passed_ns = time_ns > history->time_ns ? time_ns - history->time_ns : 0;
	uint64_t times = (passed_ns + SECOND_NS / 2) / SECOND_NS;
	struct traffic_counter before[HISTORY_SERIES_COUNT];
	struct history_second second;

	if (!times)
		return;
	memcpy(before, history->totals, sizeof(before));
	memcpy(second.packets, history->packets, sizeof(second.packets));
	remember(history, time_ns, totals);
	for (int i = 0; i < HISTORY_SERIES_COUNT; i++)
		second.rates[i] = (struct history_rate){
			.packets = rate(before[i].packets, history->totals[i].packets,
					(double)passed_ns / SECOND_NS),
			.bytes = rate(before[i].bytes, history->totals[i].bytes,
				      (double)passed_ns / SECOND_NS),
		};
	for (uint64_t i = 0; i < times && i < HISTORY_SECONDS; i++)
		add_second(history, &second);
}

static const struct history_second *second_at(const struct history *history,
					      unsigned int seconds_ago)
{
	return &history->seconds[(history->next + HISTORY_SECONDS - 1 - seconds_ago) %
				 HISTORY_SECONDS];
}

struct history_rate history_rate(const struct history *history, enum history_series series,
				 unsigned int seconds_ago)
{
	return second_at(history, seconds_ago)->rates[series];
}

struct history_rate history_mean(const struct history *history, enum history_series series)
{
	struct history_rate mean = { 0 }, one;

	for (unsigned int i = 0; i < history->count; i++) {
		one = history_rate(history, series, i);
		mean.packets += one.packets / history->count;
		mean.bytes += one.bytes / history->count;
	}
	return mean;
}

struct history_rate history_peak(const struct history *history, enum history_series series)
{
	struct history_rate peak = { 0 }, one;

	for (unsigned int i = 0; i < history->count; i++) {
		one = history_rate(history, series, i);
		peak.packets = one.packets > peak.packets ? one.packets : peak.packets;
		peak.bytes = one.bytes > peak.bytes ? one.bytes : peak.bytes;
	}
	return peak;
}

uint64_t history_packets_before(const struct history *history, enum protocol protocol)
{
	return history->count ? second_at(history, history->count - 1)->packets[protocol] :
				history->packets[protocol];
}
