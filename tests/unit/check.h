/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The harness of the unit tests. A test is a sentence that can be false:
 *
 *	check(value == 3, "a sum of two summands is their sum");
 *	check_note("value is %d", value);	after a check: shown if it failed
 *	...
 *	return check_finish();
 *
 * Output: "ok - SENTENCE", "not ok - SENTENCE" with "# " lines below it, or
 * "skip - SENTENCE: REASON"; "done" at the end. The exit status is 1 if any check failed.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

struct check_state {
	unsigned int failures;
	bool last_passed;
};

static struct check_state check_state = { .last_passed = true };

/* Reports whether the sentence holds; returns it. */
__attribute__((format(printf, 2, 3), unused)) static bool check(bool holds, const char *sentence,
								...)
{
	va_list arguments;

	fputs(holds ? "ok - " : "not ok - ", stdout);
	va_start(arguments, sentence);
	vprintf(sentence, arguments);
	va_end(arguments);
	putchar('\n');
	check_state.failures += holds ? 0 : 1;
	check_state.last_passed = holds;
	return holds;
}

/* Says more about the check before it if that failed. */
__attribute__((format(printf, 1, 2), unused)) static void check_note(const char *format, ...)
{
	va_list arguments;

	if (check_state.last_passed)
		return;
	fputs("# ", stdout);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

__attribute__((unused)) static void check_skip(const char *sentence, const char *reason)
{
	printf("skip - %s: %s\n", sentence, reason);
	check_state.last_passed = true;
}

/* The exit status of the program. */
static int check_finish(void)
{
	puts("done");
	return check_state.failures > 0 ? 1 : 0;
}
