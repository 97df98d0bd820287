/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When packets are written (--when, --for, SIGUSR2): a state machine that is told the time and
 * the counters. It knows neither packets nor files.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "condition.h"

/* Between two looks at the counters, and what a rate is measured over. */
#define TRIGGER_LOOK_NS 100000000ull
#define TRIGGER_WINDOW_NS 1000000000ull

/* A window and a look, also where every look comes up to half of the time too early. */
#define TRIGGER_READINGS 24

struct trigger_reading {
	uint64_t time_ns;
	uint64_t values[CONDITION_MAXIMUM_COMPARISONS];
};

/* Starts as all zero but for the first two. */
struct trigger {
	const struct condition *condition; /* NULL: only trigger_fire() begins anything */
	uint64_t hold_ns;                  /* so long after the condition last held */
	struct trigger_reading readings[TRIGGER_READINGS]; /* a ring */
	uint64_t reading_count;                            /* that were ever made */
	double rates[CONDITION_MAXIMUM_COMPARISONS];       /* at the last look */
	uint64_t look_ns;                                  /* when the next look is due */
	uint64_t until_ns;                                 /* while is_on: when it ends */
	bool is_on;
};

enum trigger_change {
	TRIGGER_STAYS,
	TRIGGER_BEGINS,
	TRIGGER_ENDS,
};

/* When trigger_look() is due: CLOCK_MONOTONIC as all times here, or UINT64_MAX. */
uint64_t trigger_due_ns(const struct trigger *trigger);

/*
 * To be called when it is due, with the values of condition_read(); without a condition NULL.
 * Nothing begins before the first window is over.
 */
enum trigger_change trigger_look(struct trigger *trigger, uint64_t now_ns, const uint64_t *values);

/* As if the condition held at this moment. Returns whether it begins by that. */
bool trigger_fire(struct trigger *trigger, uint64_t now_ns);
