/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The condition of --when: rates of counters compared with limits, joined by "and" and "or". It
 * is parsed into steps in postfix order, and says of a set of rates whether it holds.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "counters.h"
#include "filter/filter.h"

#define CONDITION_MAXIMUM_COMPARISONS 16
/* Of a rate, as in "seen.tcp.syn_ack.packets". */
#define CONDITION_NAME_BYTES 48

enum condition_unit {
	CONDITION_PACKETS,
	CONDITION_BYTES,
	CONDITION_BITS,
};

/* What is measured, each second. */
struct condition_rate {
	char name[CONDITION_NAME_BYTES]; /* as it was written, in lower case */
	bool of_seen;                    /* of everything; else of what passed the filter */
	enum protocol protocol;
	enum condition_unit unit;
};

enum condition_relation {
	CONDITION_MORE,
	CONDITION_AT_LEAST,
	CONDITION_LESS,
	CONDITION_AT_MOST,
};

struct condition_comparison {
	struct condition_rate rate;
	enum condition_relation relation;
	uint64_t limit;
};

enum condition_step {
	CONDITION_COMPARE, /* the next of the comparisons */
	CONDITION_AND,     /* of the last two results */
	CONDITION_OR,
};

struct condition {
	struct condition_comparison comparisons[CONDITION_MAXIMUM_COMPARISONS];
	size_t comparison_count;
	enum condition_step steps[2 * CONDITION_MAXIMUM_COMPARISONS - 1];
	size_t step_count;
};

/*
 * Returns 0; -ENOENT with *reterr filled in where a name is unknown, so that
 * condition_print_names() helps; -EINVAL with *reterr for what is wrong otherwise.
 */
int condition_parse(const char *text, struct condition *ret_condition, struct filter_error *reterr);

/* Every name that a condition can have, in a few lines. */
void condition_print_names(FILE *out);

/* The counters behind the rates now, one value for each comparison. */
void condition_read(const struct condition *condition, const struct counters *counters,
		    uint64_t ret_values[CONDITION_MAXIMUM_COMPARISONS]);

/* rates: per second, one for each comparison. */
bool condition_holds(const struct condition *condition,
		     const double rates[CONDITION_MAXIMUM_COMPARISONS]);

/*
 * "tcp.syn 81.2k/s, pps 90.1k/s": the rates of those comparisons that hold, or do not. Where there
 * are none of these, all.
 */
void condition_describe(const struct condition *condition,
			const double rates[CONDITION_MAXIMUM_COMPARISONS], bool that_hold,
			char *ret_text, size_t size);
