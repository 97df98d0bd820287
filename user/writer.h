/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process without rights: it reads the rings, writes the file that the keeper gave it,
 * and reports. It needs nothing but what it is handed here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "counters.h"
#include "options.h"
#include "ring.h"

/*
 * What the keeper can still say about the file when the writer has been killed; in memory
 * that both share. The writer updates it after each flush.
 */
struct writer_progress {
	uint64_t flushed_packets;
	uint64_t flushed_bytes;
};

struct writer_options {
	const struct options *options;
	const struct counters *counters;
	struct ring *rings; /* ring_count of them, in no order; mapped */
	unsigned int ring_count;
	enum capture_clock clock;
	int channel_fd; /* the writer's end */
	struct writer_progress *progress;
};

/*
 * Runs until the keeper says stop or is gone, and has drained the rings and closed the file
 * by then. Returns the exit status of the process: 0, 1 or 2 (an output error).
 */
int writer_run(const struct writer_options *options);
