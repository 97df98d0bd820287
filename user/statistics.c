/* SPDX-License-Identifier: GPL-2.0-only */
/* The rhythm of what is shown; see statistics.h. */
#include "statistics.h"

#include "clock.h"

/* When the rest of a drawing that a slow terminal did not take is tried again. */
#define REDRAW_NS 10000000
#define FIRST_NS 250000000

void statistics_open(struct statistics *statistics)
{
	struct display *display = &statistics->display;

	display->options = statistics->options;
	display->interface = statistics->interface;
	display->shared = statistics->shared;
	display->before = &statistics->before;
	display->now = &statistics->now;
	display_open(display);
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
	/* The first look at a panel is not to wait. */
	if (statistics->display.terminal && statistics->options->interval_ns > FIRST_NS)
		statistics->next_ns = statistics->start_ns + FIRST_NS;
	display_start(&statistics->display, figures);
}

uint64_t statistics_due_ns(const struct statistics *statistics)
{
	uint64_t redraw_ns = clock_monotonic_ns() + REDRAW_NS;

	return statistics->display.has_more && redraw_ns < statistics->next_ns ?
		       redraw_ns :
		       statistics->next_ns;
}

bool statistics_are_due(struct statistics *statistics, uint64_t now_ns)
{
	uint64_t interval_ns = statistics->options->interval_ns;

	if (now_ns < statistics->next_ns)
		return false;
	statistics->next_ns = statistics->start_ns +
			      ((now_ns - statistics->start_ns) / interval_ns + 1) * interval_ns;
	return true;
}

bool statistics_have_screen(const struct statistics *statistics)
{
	return display_has_screen(&statistics->display);
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
	display_show(&statistics->display);
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

void statistics_close(struct statistics *statistics, bool keeper_is_gone)
{
	display_close(&statistics->display, keeper_is_gone);
}
