/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process without rights: it reads the rings, writes the file that the keeper gave it,
 * and reports. It needs nothing but what it is handed here.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "counters.h"
#include "interface_table.h"
#include "merge.h"
#include "notices.h"
#include "options.h"

struct recorder;

/* The file that packets go to: by the keeper, before it sends the descriptor. */
struct output_file {
	char name[PATH_MAX]; /* for the user: of the complete file, or "stdout" */
	int64_t begin_s;     /* with -G, seconds since 1970: from here on, */
	int64_t end_s;       /* and up to here; 0 without -G */
};

/* Memory that keeper and writer share; each field is written by one of them, atomically. */
struct shared_status {
	struct output_file output;
	/*
	 * By the writer, after each flush: what the keeper can still say about the file when
	 * the writer has been killed. The bytes are those of the present file, which the
	 * keeper sets to 0 when it opens one, the packets those of all files.
	 */
	uint64_t flushed_packets;
	uint64_t flushed_bytes;
	/* By the keeper, each second: packets lost before the hook since the start. */
	uint64_t dropped_by_interface; /* by the network card or its driver */
	uint64_t dropped_by_softnet;   /* in the backlogs of all CPUs, of all interfaces */
	uint32_t interface_is_down;    /* or without carrier: nothing can come */
	/* By the writer: whether the panel has the screen, and the keeper's words have none. */
	uint32_t panel_is_shown;
	/* By the keeper: what it said last while the panel was shown. */
	struct notices_board keeper_notice;
};

struct writer_options {
	const struct options *options;
	const char *interface; /* names, for the panel */
	struct interface_table *interfaces;
	enum link_type link_type; /* of the packets in the rings */
	uint32_t snapshot_bytes;  /* in the file */
	const struct counters *counters;
	struct tops *tops;                  /* mapped; NULL: none are kept */
	struct recorder *recorder;          /* the writer's own; NULL: without --before */
	struct capture_control *control;    /* mapped */
	const struct merge_source *sources; /* the rings, source_count of them; mapped */
	unsigned int source_count;
	enum capture_clock clock;
	int channel_fd;               /* the writer's end */
	int stats_fd;                 /* of --stats-file; -1: there is none */
	struct metrics_page *metrics; /* for --metrics-file; NULL: there is none */
	struct shared_status *shared;
	uid_t user; /* that it becomes, and its group */
	gid_t group;
};

/*
 * Runs until the keeper says stop or is gone, and has drained the rings and closed the file
 * by then. Returns the exit status of the process: 0, 1 or 2 (an output error).
 */
int writer_run(const struct writer_options *options);
