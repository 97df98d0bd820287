/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process without rights: it reads the rings, writes the file that the keeper gave it,
 * and reports. It needs nothing but what it is handed here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "counters.h"
#include "merge.h"
#include "options.h"

/* Memory that keeper and writer share; each field is written by one of them, atomically. */
struct shared_status {
	/*
	 * By the writer, after each flush: what the keeper can still say about the file when
	 * the writer has been killed.
	 */
	uint64_t flushed_packets;
	uint64_t flushed_bytes;
	/* By the keeper, each second: packets lost before the hook since the start. */
	uint64_t dropped_by_interface; /* by the network card or its driver */
	uint64_t dropped_by_softnet;   /* in the backlogs of all CPUs, of all interfaces */
	uint32_t interface_is_down;    /* or without carrier: nothing can come */
	/* By the writer: whether the panel has the screen, and the keeper's words have none. */
	uint32_t panel_is_shown;
};

struct writer_options {
	const struct options *options;
	const char *interface; /* its name */
	const struct counters *counters;
	struct capture_control *control;    /* mapped */
	const struct merge_source *sources; /* the rings, source_count of them; mapped */
	unsigned int source_count;
	enum capture_clock clock;
	int channel_fd; /* the writer's end */
	struct shared_status *shared;
};

/*
 * Runs until the keeper says stop or is gone, and has drained the rings and closed the file
 * by then. Returns the exit status of the process: 0, 1 or 2 (an output error).
 */
int writer_run(const struct writer_options *options);
