/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an expression should say of each frame: what tcpdump says of it, but where a line of
 * tests/filter/differences.txt fits, what its primitives say one by one, each asked of libpcap
 * in the view in which it means what pktsieve means.
 */
#pragma once

#include "differences.h"
#include "views.h"

#define TRUTH_NO_LINE (-1)

struct truth_source {
	const struct frames *frames;
	struct views views;
	struct oracle oracle;
	struct differences differences;
	bool has_tcpdump;       /* without it, its instructions are interpreted here */
	unsigned int *features; /* of each frame: enum frame_feature */
};

/* Of one frame. */
struct truth {
	bool matches;
	bool tcpdump; /* what tcpdump says */
	int line;     /* the difference that makes the truth another than tcpdump's */
	int unknown;  /* the difference by which the truth is not known for sure */
};

enum truth_verdict {
	TRUTH_ACCEPTED,
	TRUTH_REFUSED,
	TRUTH_NEVER,     /* tcpdump refuses it because no packet could match */
	TRUTH_LIVE_ONLY, /* tcpdump takes it on an interface only */
};

/* Reads the differences, makes the views. Returns 0 or a negative errno, with "# " lines. */
int truth_open(const struct frames *frames, struct truth_source *ret_source);
void truth_close(struct truth_source *source);

/*
 * Fills in one truth for each frame. Returns 0 with *ret_verdict, the truths only for
 * TRUTH_ACCEPTED and TRUTH_NEVER; a negative errno, with "# " lines; -EBADE if tcpdump's
 * instructions, interpreted, do not say what tcpdump says.
 */
int truth_find(const struct truth_source *source, const char *expression,
	       enum truth_verdict *ret_verdict, struct truth *ret_truths);
