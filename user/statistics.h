/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is shown while a capture runs: the panel on its terminal, or the lines and objects of
 * --stats.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "display.h"
#include "options.h"
#include "metrics_output.h"
#include "report.h"
#include "stats_output.h"

struct shared_status;

struct statistics {
	const struct options *options;
	const char *interface; /* its name when the capture began */
	struct shared_status *shared;
	struct stats_output output; /* of lines and objects */
	struct metrics_output metrics;
	struct display display; /* of the panel */
	uint64_t start_ns;
	uint64_t next_ns; /* when the next figures are due */
	struct report_figures before;
	struct report_figures now;
};

/*
 * Opens the terminal for a panel, to be called while the process may still open files. Where
 * that fails the capture goes on without, and this says so.
 */
void statistics_open(struct statistics *statistics);

/* The capture begins. */
void statistics_start(struct statistics *statistics, const struct report_figures *figures);

/* When there is something to do: CLOCK_MONOTONIC, or UINT64_MAX. */
uint64_t statistics_due_ns(const struct statistics *statistics);

/* Whether figures are due; late ones are left out, the others keep their rhythm. */
bool statistics_are_due(struct statistics *statistics, uint64_t now_ns);
void statistics_show(struct statistics *statistics, const struct report_figures *figures);

/* The last figures; is_complete: no program runs any more, as far as is known. */
void statistics_finish(struct statistics *statistics, const struct report_figures *figures,
		       bool is_complete);

/*
 * Whether what counts as written is to be in the file before figures are taken: no figure that
 * others reckon with may become less again.
 */
bool statistics_want_flush(const struct statistics *statistics);

/* Whether the panel has the screen, so that other words would be lost there. */
bool statistics_have_screen(const struct statistics *statistics);

/* See display_close(). */
void statistics_close(struct statistics *statistics, bool keeper_is_gone);
