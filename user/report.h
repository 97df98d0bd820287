/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user is told in figures: a line while it runs, the summary at the end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "counters.h"
#include "tops.h"

/* All figures of one moment. */
struct report_figures {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	struct counters_totals kernel;
	uint64_t written; /* packets */
	uint64_t lost_write;
	uint64_t discarded_at_stop;
	uint64_t expired;     /* were kept for --before, and no condition came */
	uint64_t late;        /* of those written: behind a younger one */
	uint64_t clock_steps; /* times that the wall clock was set */
	/* Before the hook, since the start; see struct shared_status. */
	uint64_t dropped_by_interface;
	uint64_t dropped_by_softnet;
	uint64_t ring_used_bytes;
	uint64_t ring_bytes; /* in all; 0 where nothing is copied */
	/* Of the reading that belongs to these figures; NULL where none are kept. */
	const struct top_figures *tops[TOP_TABLE_COUNT];
};

/*
 * One line: what happened since `before`, and the totals of what was written and lost; and
 * what was lost before the hook since then, where that is anything.
 */
void report_print_line(const struct report_figures *before, const struct report_figures *now,
		       uint64_t start_ns, FILE *out);

/* The line that tcpdump prints at SIGUSR1. */
void report_print_status(const struct report_figures *figures, FILE *out);

/*
 * tcpdump's three or four lines, the table of protocols, the accounting, and what was lost
 * before the hook. is_final says that no
 * program runs any more, so that every frame must be accounted for to the last one.
 */
void report_print_summary(const struct report_figures *figures, bool is_final,
			  const struct top_prefixes *prefixes, FILE *out);
