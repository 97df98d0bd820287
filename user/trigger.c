/* SPDX-License-Identifier: GPL-2.0-only */
/* Rates over a sliding window, and how long they count; see trigger.h. */
#include "trigger.h"

#include <string.h>

static const struct trigger_reading *reading_before(const struct trigger *trigger, uint64_t number)
{
	return &trigger->readings[(trigger->reading_count - number) % TRIGGER_READINGS];
}

static void add_reading(struct trigger *trigger, uint64_t now_ns, const uint64_t *values)
{
	struct trigger_reading *reading =
		&trigger->readings[trigger->reading_count++ % TRIGGER_READINGS];

	reading->time_ns = now_ns;
	memcpy(reading->values, values,
	       trigger->condition->comparison_count * sizeof(reading->values[0]));
}

/* The youngest reading that is a window older than the last one; NULL: there is none yet. */
static const struct trigger_reading *window_begin(const struct trigger *trigger)
{
	const struct trigger_reading *last = reading_before(trigger, 1), *reading;

	for (uint64_t i = 2; i <= trigger->reading_count && i <= TRIGGER_READINGS; i++) {
		reading = reading_before(trigger, i);
		if (last->time_ns - reading->time_ns >= TRIGGER_WINDOW_NS)
			return reading;
	}
	return NULL;
}

/* Whether the rates are known. */
static bool measure(struct trigger *trigger)
{
	const struct trigger_reading *last = reading_before(trigger, 1);
	const struct trigger_reading *begin = window_begin(trigger);
	double seconds;

	if (!begin)
		return false;
	seconds = (double)(last->time_ns - begin->time_ns) / 1e9;
	for (size_t i = 0; i < trigger->condition->comparison_count; i++)
		trigger->rates[i] = (double)(last->values[i] - begin->values[i]) / seconds;
	return true;
}

uint64_t trigger_due_ns(const struct trigger *trigger)
{
	if (trigger->condition)
		return trigger->look_ns;
	return trigger->is_on ? trigger->until_ns : UINT64_MAX;
}

enum trigger_change trigger_look(struct trigger *trigger, uint64_t now_ns, const uint64_t *values)
{
	if (trigger->condition) {
		trigger->look_ns = now_ns + TRIGGER_LOOK_NS;
		add_reading(trigger, now_ns, values);
		if (measure(trigger) && condition_holds(trigger->condition, trigger->rates))
			return trigger_fire(trigger, now_ns) ? TRIGGER_BEGINS : TRIGGER_STAYS;
	}
	if (!trigger->is_on || now_ns < trigger->until_ns)
		return TRIGGER_STAYS;
	trigger->is_on = false;
	return TRIGGER_ENDS;
}

bool trigger_fire(struct trigger *trigger, uint64_t now_ns)
{
	bool was_on = trigger->is_on;

	trigger->is_on = true;
	trigger->until_ns = now_ns + trigger->hold_ns;
	return !was_on;
}
