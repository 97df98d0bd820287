/* SPDX-License-Identifier: GPL-2.0-only */
/* The rhythm of what is shown, and what the panel is about; see statistics.h. */
#include "statistics.h"

#include <stdio.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "clock.h"
#include "panel.h"
#include "writer.h"

/* When the rest of a drawing that a slow terminal did not take is tried again. */
#define REDRAW_NS 10000000

void statistics_open(struct statistics *statistics)
{
	struct error why;

	if (statistics->options->stats == OPTIONS_STATS_PANEL &&
	    terminal_open(STDERR_FILENO, &statistics->terminal, &why))
		fprintf(stderr, "pktsieve: no panel: %s\n", why.message);
}

void statistics_start(struct statistics *statistics, const struct report_figures *figures)
{
	statistics->start_ns = figures->time_ns;
	statistics->next_ns =
		statistics->options->stats == OPTIONS_STATS_NONE && !statistics->metrics.page ?
			UINT64_MAX :
			statistics->start_ns + statistics->options->interval_ns;
	statistics->metrics.metrics.start_time_ns = figures->wall_time_ns;
	statistics->before = statistics->now = statistics->output.start = *figures;
}

uint64_t statistics_due_ns(const struct statistics *statistics)
{
	uint64_t redraw_ns = clock_monotonic_ns() + REDRAW_NS;

	return statistics->has_more && redraw_ns < statistics->next_ns ? redraw_ns :
									 statistics->next_ns;
}

bool statistics_are_due(struct statistics *statistics, uint64_t now_ns)
{
	uint64_t interval_ns = statistics->options->interval_ns;

	if (now_ns < statistics->next_ns)
		return false;
	statistics->next_ns += ((now_ns - statistics->next_ns) / interval_ns + 1) * interval_ns;
	return true;
}

bool statistics_have_screen(const struct statistics *statistics)
{
	return __atomic_load_n(&statistics->shared->panel_is_shown, __ATOMIC_RELAXED);
}

static void set_have_screen(struct statistics *statistics, bool have_screen)
{
	__atomic_store_n(&statistics->shared->panel_is_shown, have_screen, __ATOMIC_RELAXED);
}

static void draw(struct statistics *statistics)
{
	const struct options *options = statistics->options;
	const struct shared_status *shared = statistics->shared;
	struct panel panel = {
		.interface = statistics->interface,
		.filter = options->expression,
		.output = options->output ? shared->output.name : NULL,
		.start_ns = statistics->start_ns,
		.packet_limit = options->packet_limit,
		.duration_ns = options->duration_ns,
		.interface_is_down = __atomic_load_n(&shared->interface_is_down, __ATOMIC_RELAXED),
		.file_bytes = __atomic_load_n(&shared->flushed_bytes, __ATOMIC_RELAXED),
		.before = &statistics->before,
		.now = &statistics->now,
	};

	if (!statistics_have_screen(statistics))
		return;
	terminal_draw(statistics->terminal, &panel);
	statistics->has_more = true;
}

static void take_figures(struct statistics *statistics, const struct report_figures *figures)
{
	statistics->before = statistics->now;
	statistics->now = *figures;
}

static void put_out(struct statistics *statistics, bool is_final, bool is_complete)
{
	const struct stats_moment moment = {
		.before = &statistics->before,
		.now = &statistics->now,
		.is_final = is_final,
		.is_complete = is_complete,
	};

	stats_output_show(&statistics->output, &moment);
	metrics_output_show(&statistics->metrics, &statistics->now, is_final);
}

void statistics_show(struct statistics *statistics, const struct report_figures *figures)
{
	take_figures(statistics, figures);
	if (statistics->terminal)
		draw(statistics);
	put_out(statistics, false, false);
}

void statistics_finish(struct statistics *statistics, const struct report_figures *figures,
		       bool is_complete)
{
	take_figures(statistics, figures);
	put_out(statistics, true, is_complete);
}

bool statistics_want_flush(const struct statistics *statistics)
{
	return statistics_have_screen(statistics) || statistics->metrics.page ||
	       statistics->options->stats_file || statistics->options->stats == OPTIONS_STATS_JSON;
}

void statistics_continue(struct statistics *statistics)
{
	if (statistics->has_more)
		statistics->has_more = terminal_continue(statistics->terminal);
}

void statistics_take_screen(struct statistics *statistics)
{
	if (!statistics->terminal)
		return;
	set_have_screen(statistics, true);
	draw(statistics);
}

void statistics_close(struct statistics *statistics)
{
	/* Waits for the terminal: now that may be. */
	terminal_close(TAKE(statistics->terminal));
	statistics->has_more = false;
	set_have_screen(statistics, false);
}
