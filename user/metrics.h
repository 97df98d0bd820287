/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Figures as a text for Prometheus. It is the text format 0.0.4, which is what node_exporter's
 * textfile collector reads: TYPE and HELP have the name of the sample, with _total. What OpenMetrics
 * has in addition (UNIT of the family, EOF) is a comment there.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "report.h"

/* What the text of a capture that runs ends with, and of one that does not any more. */
#define METRICS_END_RUNNING "} 1\n# EOF\n"
#define METRICS_END_STOPPED "} 0\n# EOF\n"

/* Starts as all zero but for what is given. */
struct metrics {
	const char *interface; /* names, as in the panel: the label of each sample */
	const struct top_prefixes *prefixes;
	int64_t start_time_ns; /* of the wall clock */
	/*
	 * Differences of counters that are read one after the other, and what is written, could
	 * become less by a few. A counter that becomes less began anew, to Prometheus: so these
	 * stay where they were until they are more.
	 */
	struct traffic_counters filtered_out[DIRECTION_COUNT];
	uint64_t written;
};

/* The whole text. */
void metrics_print(struct metrics *metrics, const struct report_figures *figures, bool is_running,
		   FILE *out);
