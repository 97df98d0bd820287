/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether a condition holds, and the words for its rates; see condition.h. */
#include "condition.h"

#include <assert.h>
#include <string.h>

#include "base/text.h"

#define LINE_COLUMNS 78

void condition_read(const struct condition *condition, const struct counters *counters,
		    uint64_t ret_values[CONDITION_MAXIMUM_COMPARISONS])
{
	for (size_t i = 0; i < condition->comparison_count; i++) {
		const struct condition_rate *rate = &condition->comparisons[i].rate;
		const struct traffic_counter traffic =
			counters_read_protocol(counters, rate->protocol, rate->of_seen);

		if (rate->unit == CONDITION_PACKETS)
			ret_values[i] = traffic.packets;
		else
			ret_values[i] = traffic.bytes * (rate->unit == CONDITION_BITS ? 8 : 1);
	}
}

static bool comparison_holds(const struct condition_comparison *comparison, double rate)
{
	const double limit = (double)comparison->limit;

	switch (comparison->relation) {
	case CONDITION_MORE:
		return rate > limit;
	case CONDITION_AT_LEAST:
		return rate >= limit;
	case CONDITION_LESS:
		return rate < limit;
	case CONDITION_AT_MOST:
		return rate <= limit;
	}
	return false;
}

bool condition_holds(const struct condition *condition,
		     const double rates[CONDITION_MAXIMUM_COMPARISONS])
{
	bool results[CONDITION_MAXIMUM_COMPARISONS];
	size_t depth = 0, compared = 0;

	for (size_t i = 0; i < condition->step_count; i++) {
		if (condition->steps[i] == CONDITION_COMPARE) {
			results[depth++] = comparison_holds(&condition->comparisons[compared],
							    rates[compared]);
			compared++;
			continue;
		}
		assert(depth >= 2);
		depth--;
		if (condition->steps[i] == CONDITION_AND)
			results[depth - 1] = results[depth - 1] && results[depth];
		else
			results[depth - 1] = results[depth - 1] || results[depth];
	}
	return depth && results[0];
}

/* Appends ", NAME RATE/s"; what does not fit is cut. */
static void add_rate(const struct condition_rate *rate, double value, char *text, size_t size)
{
	size_t length = strlen(text);
	char quantity[24];

	text_format_quantity(value, "", quantity, sizeof(quantity));
	snprintf(text + length, size - length, "%s%s %s/s", length ? ", " : "", rate->name,
		 quantity);
}

void condition_describe(const struct condition *condition,
			const double rates[CONDITION_MAXIMUM_COMPARISONS], bool that_hold,
			char *ret_text, size_t size)
{
	*ret_text = '\0';
	for (size_t i = 0; i < condition->comparison_count; i++)
		if (comparison_holds(&condition->comparisons[i], rates[i]) == that_hold)
			add_rate(&condition->comparisons[i].rate, rates[i], ret_text, size);
	for (size_t i = 0; i < condition->comparison_count && !*ret_text; i++)
		add_rate(&condition->comparisons[i].rate, rates[i], ret_text, size);
}

/* Another word of a list, on a new line where this one is full. */
static void print_word(const char *word, size_t *column, FILE *out)
{
	if (*column + 1 + strlen(word) > LINE_COLUMNS) {
		fputs("\n ", out);
		*column = 1;
	}
	fprintf(out, " %s", word);
	*column += 1 + strlen(word);
}

void condition_print_names(FILE *out)
{
	char name[COUNTERS_NAME_BYTES];
	size_t column = 1;

	fputs("names of rates:\n ", out);
	print_word("pps", &column, out);
	print_word("bps", &column, out);
	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++) {
		counters_protocol_name(protocol, name);
		print_word(name, &column, out);
	}
	fputs("\nThey count packets a second that passed the filter, bps bits; 'seen.tcp' is of "
	      "all "
	      "packets,\n'tcp.bits' and 'tcp.bytes' are bits and bytes a second.\n",
	      out);
}
