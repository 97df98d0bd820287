/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts on the same frames: of the programs in the kernel, of the filter's instructions in
 * user space, and the truth (truth.h).
 */
#pragma once

#include "kernel_capture.h"
#include "truth.h"

struct filter_check {
	const struct truth_source *source;
	struct truth *truths; /* one for each frame */
	bool runs_kernel;     /* false: user space only */
};

struct filter_tally {
	size_t user;    /* verdicts in user space */
	size_t kernel;  /* in the kernel, tc and XDP */
	size_t skipped; /* frames that the kernel cannot be given as they are, tc and XDP */
	size_t matches; /* in user space */
	size_t wrong;   /* the first few are printed */
	size_t excused[DIFFERENCES_MAXIMUM]; /* verdicts other than tcpdump's, by line */
};

enum filter_outcome {
	OUTCOME_JUDGED,    /* both take it, or pktsieve one that never matches */
	OUTCOME_REFUSED,   /* both refuse it */
	OUTCOME_EXPECTED,  /* one takes it, as a line of the differences says */
	OUTCOME_UNEXPECTED /* one takes it; said in a "# " line */
};

/* Returns 0 or a negative errno; filter_check_close() in both cases. */
int filter_check_open(const struct truth_source *source, struct filter_check *ret_check);
void filter_check_close(struct filter_check *check);

/*
 * Judges all frames by one expression and adds to the tally. Returns 0 with *ret_outcome, or a
 * negative errno with "# " lines.
 */
int filter_check_run(struct filter_check *check, const char *expression,
		     enum filter_outcome *ret_outcome, struct filter_tally *tally);

void filter_tally_add(struct filter_tally *sum, const struct filter_tally *tally);

/*
 * Prints for each line of the differences what it excused. Returns how many lines excused
 * nothing, which it names: of those for random expressions, or of the others.
 */
unsigned int filter_tally_report(const struct filter_tally *tally,
				 const struct differences *differences, bool is_random);
