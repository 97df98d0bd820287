/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The writer's side of the output: which packet goes into which file, when the keeper is asked
 * for the next one, and what user and keeper are told of it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "merge.h"
#include "notices.h"
#include "options.h"
#include "savefile.h"

struct shared_status;
struct writer_options;

/* Starts as all zero but for what is given. */
struct writer_output {
	const struct options *options;
	struct capture_file_options format; /* of each file */
	struct shared_status *shared;
	struct notices *notices;
	int channel_fd;
	int wakeup_fd;
	struct savefile *file; /* NULL: only counting */
	enum savefile_state told_state;
	unsigned int timed_files; /* that the clock has ended */
	bool is_waiting;          /* for the next file: until it is there no packet is taken */
	bool is_held_up;          /* the file is not ready for a packet, which stays in its ring */
	bool is_refused;          /* there will be no next file */
	bool keeper_is_gone;      /* nor then */
	bool has_all_files;       /* -G -W: the last one has ended */
};

/* Of each file. */
struct capture_file_options writer_output_format(const struct writer_options *given);

/* The first message is the file; 0, or a negative errno after having said why. */
int writer_output_open(struct writer_output *output);

/*
 * Whether the packet of this time can be written now. If not, it belongs into the next file, and
 * the keeper has been asked for that.
 */
bool writer_output_takes(struct writer_output *output, int64_t time_ns);
void writer_output_write(struct writer_output *output, const struct capture_file_packet *packet);

/* To be called when packets have been written and there are no more for now. */
void writer_output_end_round(struct writer_output *output);

/*
 * Ends the present file where the clock says so, also where nothing comes. merge: where records
 * come from, or NULL, if none is to come for now. now_ns: CLOCK_MONOTONIC. Returns when that is
 * due, or UINT64_MAX.
 */
uint64_t writer_output_run_clock(struct writer_output *output, const struct clock *clock,
				 const struct merge *merge, uint64_t now_ns);

/* As that, at a time of the wall clock; no packet that is older may still be to come. */
void writer_output_look_at_clock(struct writer_output *output, int64_t clock_ns);

/* When the clock ends the present file, of the wall clock; INT64_MAX: it does not. */
int64_t writer_output_due_ns(const struct writer_output *output);

/* Messages of the keeper: the next file (its descriptor is taken over), or that there is none. */
void writer_output_take_file(struct writer_output *output, int fd);
void writer_output_take_refusal(struct writer_output *output, int error);
void writer_output_lose_keeper(struct writer_output *output);

void writer_output_flush(struct writer_output *output);

/* The reader of a pipe is gone. */
void writer_output_lose_reader(struct writer_output *output);

struct savefile_counts writer_output_counts(const struct writer_output *output);

/* Returns 0, or the negative errno of what went wrong. */
int writer_output_close(struct writer_output *output);

/* What the user has to know behind the end. */
void writer_output_report(const struct writer_output *output);
void writer_output_free(struct writer_output *output);
