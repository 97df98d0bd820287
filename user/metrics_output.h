/* SPDX-License-Identifier: GPL-2.0-only */
/* The writer's side of --metrics-file: makes the text at each interval, and tells the keeper. */
#pragma once

#include <stdbool.h>

#include "metrics.h"
#include "metrics_page.h"
#include "notices.h"

/* Starts as all zero but for what is given. */
struct metrics_output {
	struct metrics metrics;
	struct metrics_page *page; /* NULL: no --metrics-file */
	struct notices *notices;
	int channel_fd;
	bool has_failed; /* that was told */
};

/* Leaves a text out where the keeper has not taken the last one, so that nobody waits. */
void metrics_output_show(struct metrics_output *output, const struct report_figures *figures,
			 bool is_final);
