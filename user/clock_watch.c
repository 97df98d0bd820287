/* SPDX-License-Identifier: GPL-2.0-only */
/* Words about steps of the wall clock; see clock_watch.h. */
#include "clock_watch.h"

#include <stdlib.h>

void clock_watch_look(struct clock *clock, struct notices *notices)
{
	int64_t step_ns = clock_refresh(clock);

	if (step_ns)
		notices_say(notices,
			    "the wall clock was set %s by %.3f s; the timestamps follow it",
			    step_ns > 0 ? "forward" : "back", (double)llabs(step_ns) / 1e9);
}

uint64_t clock_watch_read(struct clock *clock, struct notices *notices)
{
	uint64_t now_ns = clock_now_ns(clock);

	if (!clock_seems_set(clock, now_ns))
		return now_ns;
	clock_watch_look(clock, notices);
	return clock_now_ns(clock);
}
