/* SPDX-License-Identifier: GPL-2.0-only */
/* When --when begins and ends, by a clock of the test. */
#include "../../user/trigger.h"

#include <string.h>

#include "check.h"

#define MS 1000000ull
#define SECOND (1000 * MS)

static struct condition condition;
static uint64_t now_ns, counted;

static struct trigger make_trigger(const char *text, uint64_t hold_ns)
{
	struct filter_error wrong;

	if (text && condition_parse(text, &condition, &wrong))
		check(false, "the condition of the test is right");
	now_ns = 5000 * SECOND;
	counted = 1000000;
	return (struct trigger){ .condition = text ? &condition : NULL, .hold_ns = hold_ns };
}

/* A tenth of a second with so many packets, and a look. */
static enum trigger_change look_after(struct trigger *trigger, uint64_t packets)
{
	now_ns += 100 * MS;
	counted += packets;
	return trigger_look(trigger, now_ns, &counted);
}

/* So many of these; returns after how many something changed, 0: nothing did. */
static unsigned int looks_until(struct trigger *trigger, unsigned int looks, uint64_t packets,
				enum trigger_change change)
{
	for (unsigned int i = 1; i <= looks; i++)
		if (look_after(trigger, packets) == change)
			return i;
	return 0;
}

static bool stays(struct trigger *trigger, unsigned int looks, uint64_t packets)
{
	for (unsigned int i = 0; i < looks; i++)
		if (look_after(trigger, packets) != TRIGGER_STAYS)
			return false;
	return true;
}

static void test_begin(void)
{
	struct trigger trigger = make_trigger("pps > 100", SECOND);

	check(trigger_due_ns(&trigger) == 0, "the first look is due at once");
	check(trigger_look(&trigger, now_ns, &counted) == TRIGGER_STAYS && stays(&trigger, 9, 1000),
	      "nothing begins before there is a second to measure");
	check(trigger_due_ns(&trigger) == now_ns + TRIGGER_LOOK_NS, "the next look is due soon");
	check(look_after(&trigger, 1000) == TRIGGER_BEGINS && trigger.is_on, "then it does");
	check(trigger.rates[0] > 9999 && trigger.rates[0] < 10001, "the rate is of that second");

	trigger = make_trigger("pps > 100", SECOND);
	check(stays(&trigger, 50, 10),
	      "a rate that reaches the limit and does not pass it is none");
	check(looks_until(&trigger, 10, 11, TRIGGER_BEGINS) == 1, "one more packet is");

	trigger = make_trigger("pps > 100", SECOND);
	stays(&trigger, 20, 0);
	check(looks_until(&trigger, 10, 101, TRIGGER_BEGINS) == 1,
	      "all packets of a second may come in a tenth of it");
	trigger = make_trigger("pps < 100", SECOND);
	check(looks_until(&trigger, 20, 0, TRIGGER_BEGINS) == 11,
	      "what is below a limit from the start on holds after a second");
}

static void test_end(void)
{
	struct trigger trigger = make_trigger("pps > 100", 3 * SECOND);

	stays(&trigger, 20, 10);
	check(looks_until(&trigger, 20, 20, TRIGGER_BEGINS) == 1, "it begins");
	check(stays(&trigger, 100, 20), "and stays while the rate does");
	/* The last second still has more than 100 packets for nine looks. */
	check(looks_until(&trigger, 100, 10, TRIGGER_ENDS) == 9 + 30 && !trigger.is_on,
	      "it ends when the time is over since the condition last held");
	check(stays(&trigger, 100, 10), "and stays off");
	check(looks_until(&trigger, 20, 20, TRIGGER_BEGINS) == 1, "it begins again");
	looks_until(&trigger, 20, 0, TRIGGER_ENDS);
	check(stays(&trigger, 5, 200) && trigger.is_on, "and goes on if it holds again in time");
	check(looks_until(&trigger, 100, 0, TRIGGER_ENDS) == 9 + 30, "the time begins anew then");
}

static void test_late(void)
{
	struct trigger trigger = make_trigger("pps > 100", SECOND);

	stays(&trigger, 15, 1);
	now_ns += 60 * SECOND;
	check(look_after(&trigger, 5000) == TRIGGER_STAYS,
	      "the packets of a minute without a look are not of one second");
	check(trigger.rates[0] > 80 && trigger.rates[0] < 84, "but of all the time since then");
	check(looks_until(&trigger, 20, 11, TRIGGER_BEGINS) == 10,
	      "the window is short again soon");

	trigger = make_trigger("pps > 100", SECOND);
	for (int i = 0; i < 100; i++) {
		now_ns += 30 * MS;
		counted += 3;
		if (trigger_look(&trigger, now_ns, &counted) != TRIGGER_STAYS)
			check(false, "looks that come too often change nothing");
	}
	trigger = make_trigger("pps > 100", SECOND);
	for (int i = 0; i < 30; i++) {
		now_ns += 50 * MS;
		counted += 6;
		trigger_look(&trigger, now_ns, &counted);
	}
	check(trigger.is_on, "looks that come twice as often still make a second");
}

static void test_fire(void)
{
	struct trigger trigger = make_trigger("pps > 100", 2 * SECOND);

	stays(&trigger, 15, 1);
	check(trigger_fire(&trigger, now_ns) && trigger.is_on, "it can be made to begin");
	check(!trigger_fire(&trigger, now_ns), "once");
	check(looks_until(&trigger, 100, 1, TRIGGER_ENDS) == 20, "that ends after the same time");
	trigger_fire(&trigger, now_ns);
	stays(&trigger, 15, 1);
	trigger_fire(&trigger, now_ns);
	check(looks_until(&trigger, 100, 1, TRIGGER_ENDS) == 20, "which begins anew each time");

	trigger = make_trigger(NULL, 2 * SECOND);
	check(trigger_due_ns(&trigger) == UINT64_MAX, "without a condition nothing is ever due");
	trigger_fire(&trigger, now_ns);
	check(trigger_due_ns(&trigger) == now_ns + 2 * SECOND, "but the end of what was begun");
	check(trigger_look(&trigger, now_ns + 2 * SECOND - 1, NULL) == TRIGGER_STAYS &&
		      trigger_look(&trigger, now_ns + 2 * SECOND, NULL) == TRIGGER_ENDS,
	      "which comes at its time");
	check(trigger_due_ns(&trigger) == UINT64_MAX, "and once");
}

int main(void)
{
	test_begin();
	test_end();
	test_late();
	test_fire();
	return check_finish();
}
