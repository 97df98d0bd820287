/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of the records in the rings: they go to the file, or for --before into the memory
 * and from there to the file; and when, for --when. While none is wanted and none is kept, the
 * programs copy none.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "clock.h"
#include "condition.h"
#include "merge.h"
#include "notices.h"
#include "recorder.h"
#include "report.h"
#include "trigger.h"
#include "writer.h"
#include "writer_output.h"

/* Records between two looks at channel and clock. */
#define INTAKE_BATCH_RECORDS 4096

/* Starts as all zero but for what is given. */
struct intake {
	const struct writer_options *options;
	struct writer_output *output;
	struct notices *notices;
	const struct clock *clock;
	struct merge *merge;
	struct recorder *recorder; /* NULL: without --before */
	struct condition condition;
	struct trigger trigger;
	uint64_t offered;  /* packets to the file */
	uint64_t begun_at; /* what that was when the trigger began */
	uint64_t given_up;
	bool gives_up; /* what comes from here on */
};

/*
 * The memory of --before, while the user can still be told that there is not so much: it is the
 * writer's. NULL without the option. 0, or a negative errno with *reterr filled in.
 */
int intake_reserve_memory(const struct trigger_options *options, struct recorder **ret_recorder,
			  struct error *reterr);

/* In the writer, before any program runs. 0, or a negative errno with *reterr filled in. */
int intake_open(struct intake *intake, struct error *reterr);
void intake_close(struct intake *intake);

/*
 * Takes at most a batch of records out of the rings, in the order of their time, behind a slice of
 * what memory owes to the file. now_ns is the clock of the records, or MERGE_EVERYTHING. Returns
 * how many it took.
 */
unsigned int intake_take(struct intake *intake, uint64_t now_ns);

/* Whether packets in memory are still to be written. */
bool intake_owes(const struct intake *intake);

/* What records still come from that go to the file; NULL: they go into memory for now. */
const struct merge *intake_source(const struct intake *intake);

/* Looks at the condition where that is due. Returns when it is the next time. */
uint64_t intake_run_trigger(struct intake *intake, uint64_t now_ns);

/* SIGUSR2: as if the condition held now. Nothing where everything is written anyway. */
void intake_fire(struct intake *intake, uint64_t now_ns);

/* The user does not want to wait for what is not written yet. */
void intake_give_up(struct intake *intake);

/* The end, behind the last record: what is left in memory was not wanted. */
void intake_end(struct intake *intake);

/* How it stands, for those who show it. */
struct report_intake intake_figures(const struct intake *intake);
