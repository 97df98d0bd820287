/* SPDX-License-Identifier: GPL-2.0-only */
/* See figures.h. */
#include "figures.h"

#include <time.h>

static int64_t wall_time_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

void figures_read(const struct intake *intake, struct report_figures *ret_figures)
{
	const struct writer_options *options = intake->options;
	const struct shared_status *shared = options->shared;
	struct savefile_counts counts = writer_output_counts(intake->output);

	*ret_figures = (struct report_figures){
		.time_ns = clock_monotonic_ns(),
		.wall_time_ns = wall_time_ns(),
		.written = counts.written,
		.lost_write = counts.lost,
		.discarded_at_stop = counts.discarded + intake->given_up,
		.intake = intake_figures(intake),
		.late = merge_late(intake->merge),
		.clock_steps = intake->clock->steps,
		.dropped_by_interface =
			__atomic_load_n(&shared->dropped_by_interface, __ATOMIC_RELAXED),
		.dropped_by_softnet =
			__atomic_load_n(&shared->dropped_by_softnet, __ATOMIC_RELAXED),
	};
	counters_read(options->counters, &ret_figures->kernel);
	for (unsigned int i = 0; i < options->source_count; i++) {
		const struct ring *ring = options->sources[i].ring;

		ret_figures->ring_used_bytes += ring_used_bytes(ring);
		ret_figures->ring_bytes += ring->bytes;
	}
}

void figures_add_tops(struct tops *tops, struct report_figures *figures)
{
	if (!tops)
		return;
	tops_read(tops);
	for (enum top_table table = 0; table < TOP_TABLE_COUNT; table++)
		figures->tops[table] = tops_figures(tops, table);
}
