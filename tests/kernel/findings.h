/* SPDX-License-Identifier: GPL-2.0-only */
/* What several processes, one on each CPU, find out about expressions. */
#pragma once

#include "filter_check.h"

/* What one worker found; in memory that all share. */
struct finding {
	struct filter_tally tally;
	unsigned int outcomes[OUTCOME_UNEXPECTED + 1];
	unsigned int wrong;         /* expressions */
	unsigned int errors;        /* expressions that could not be judged */
	unsigned int not_as_listed; /* expressions whose outcome is not what a list says */
};

struct findings {
	unsigned int workers;
	struct finding *list;
};

/* One for each CPU. Returns 0 or -ENOMEM; findings_close() in both cases. */
int findings_open(struct findings *ret_findings);
void findings_close(struct findings *findings);

/*
 * Calls work(context, worker) in a process of its own for each worker, whose number says which
 * share it takes, and waits for all. What it returns other than 0 is an error.
 */
void findings_run(struct findings *findings, int (*work)(void *context, unsigned int worker),
		  void *context);

/* Judges one expression, says in a "# " line what is wrong, and adds to the finding. */
enum filter_outcome findings_judge(struct filter_check *check, const char *expression,
				   struct finding *finding);

struct finding findings_sum(const struct findings *findings);

/* One "# " line with the figures. */
void findings_print(const struct finding *finding);
