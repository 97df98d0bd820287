/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user is told in figures, when it is asked for and at the end. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "counters.h"
#include "tops.h"

/* When packets are written, and what is kept for that (--when, --before). */
struct report_intake {
	bool is_conditional;   /* else always, and nothing is kept */
	bool is_on;            /* they are written now */
	bool has_memory;       /* --before */
	const char *condition; /* of --when; NULL: it is SIGUSR2 alone that begins */
	uint64_t kept_packets; /* in memory now */
	uint64_t kept_ns;      /* the age of the oldest of these */
	uint64_t kept_bytes;   /* of memory */
	uint64_t kept_maximum_bytes;
	uint64_t expired; /* packets that left the memory unwritten */
};

/* All figures of one moment. */
struct report_figures {
	uint64_t time_ns;     /* CLOCK_MONOTONIC */
	int64_t wall_time_ns; /* of the wall clock, since 1970 */
	struct counters_totals kernel;
	uint64_t written; /* packets */
	uint64_t lost_write;
	uint64_t discarded_at_stop;
	struct report_intake intake;
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

/* Frames that the terms do not explain; 0 when a capture has ended properly. */
int64_t report_unexplained(const struct report_figures *figures);

/* The line that tcpdump prints at SIGUSR1. */
void report_print_status(const struct report_figures *figures, FILE *out);

/*
 * tcpdump's three or four lines, the table of protocols, the accounting, and what was lost
 * before the hook. is_final says that no
 * program runs any more, so that every frame must be accounted for to the last one.
 */
void report_print_summary(const struct report_figures *figures, bool is_final,
			  const struct top_prefixes *prefixes, FILE *out);
