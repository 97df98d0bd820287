/* SPDX-License-Identifier: GPL-2.0-only */
/* The last minute, second by second: rates for the spark line, mean and peak of the panel. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "counters.h"

#define HISTORY_SECONDS 60

enum history_series {
	HISTORY_IN,
	HISTORY_OUT,
	HISTORY_SEEN,
	HISTORY_MATCHED,
	HISTORY_SERIES_COUNT,
};

/* Each second. */
struct history_rate {
	double packets;
	double bytes;
};

struct history_second {
	struct history_rate rates[HISTORY_SERIES_COUNT];
	/* Packets seen up to its beginning, since the start of the capture. */
	uint64_t packets[PROTOCOL_COUNT];
};

struct history {
	uint64_t time_ns; /* of the last reading, CLOCK_MONOTONIC */
	struct traffic_counter totals[HISTORY_SERIES_COUNT];
	uint64_t packets[PROTOCOL_COUNT];
	unsigned int count; /* seconds that are known */
	unsigned int next;  /* place of the next one */
	struct history_second seconds[HISTORY_SECONDS];
};

/* Forgets all; what comes is counted from this reading on. */
void history_start(struct history *history, uint64_t time_ns, const struct counters_totals *totals);

/*
 * Takes a reading, to be called about once a second. Rates are those of the time that has
 * really passed since the last one: after a longer time several seconds get the same. Less
 * than half a second after the last one nothing happens.
 */
void history_add(struct history *history, uint64_t time_ns, const struct counters_totals *totals);

/* 0: the last second that is over; less than history->count. */
struct history_rate history_rate(const struct history *history, enum history_series series,
				 unsigned int seconds_ago);

/* Of all seconds that are known; 0 where none is. Packets and bytes may peak apart. */
struct history_rate history_mean(const struct history *history, enum history_series series);
struct history_rate history_peak(const struct history *history, enum history_series series);

/* Of these packets, as many were counted before the first second that is known. */
uint64_t history_packets_before(const struct history *history, enum protocol protocol);
