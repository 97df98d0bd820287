/* SPDX-License-Identifier: GPL-2.0-only */
/* Takes the figures of one moment from where they are: the kernel, the rings, the writer. */
#pragma once

#include "clock.h"
#include "merge.h"
#include "report.h"
#include "writer.h"
#include "writer_output.h"

struct figures_sources {
	const struct writer_options *options;
	const struct writer_output *output;
	const struct merge *merge;
	const struct clock *clock;
	uint64_t given_up; /* packets of the rings that nobody wrote */
};

/* All but those of the busiest. */
void figures_read(const struct figures_sources *sources, struct report_figures *ret_figures);

/*
 * Reads the tables of the busiest, unless tops is NULL. What is recent in them is what came since
 * the last call, so only one may make it.
 */
void figures_add_tops(struct tops *tops, struct report_figures *figures);
