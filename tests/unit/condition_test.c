/* SPDX-License-Identifier: GPL-2.0-only */
/* Conditions of --when: what they mean, what is refused and where, and the words for them. */
#include "../../user/condition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *text;
	struct condition_rate rate;
	enum condition_relation relation;
	uint64_t limit;
} comparisons[] = {
	{ "pps > 200k",
	  { "pps", false, PROTOCOL_ETHERNET, CONDITION_PACKETS },
	  CONDITION_MORE,
	  200000 },
	{ "bps>=1.5G/s",
	  { "bps", false, PROTOCOL_ETHERNET, CONDITION_BITS },
	  CONDITION_AT_LEAST,
	  1500000000 },
	{ "tcp.syn > 50000/s",
	  { "tcp.syn", false, PROTOCOL_TCP_SYN, CONDITION_PACKETS },
	  CONDITION_MORE,
	  50000 },
	{ " TCP.SYN-ACK<10 ",
	  { "tcp.syn_ack", false, PROTOCOL_TCP_SYN_ACK, CONDITION_PACKETS },
	  CONDITION_LESS,
	  10 },
	{ "seen.udp.dns <= 3",
	  { "seen.udp.dns", true, PROTOCOL_UDP_DNS, CONDITION_PACKETS },
	  CONDITION_AT_MOST,
	  3 },
	{ "matched.ip.other > 0",
	  { "matched.ip.other", false, PROTOCOL_IP_OTHER, CONDITION_PACKETS },
	  CONDITION_MORE,
	  0 },
	{ "tcp.bits > 1M",
	  { "tcp.bits", false, PROTOCOL_TCP, CONDITION_BITS },
	  CONDITION_MORE,
	  1000000 },
	{ "seen.udp.bytes > 1k/s",
	  { "seen.udp.bytes", true, PROTOCOL_UDP, CONDITION_BYTES },
	  CONDITION_MORE,
	  1000 },
	{ "arp.packets > 5",
	  { "arp.packets", false, PROTOCOL_ARP, CONDITION_PACKETS },
	  CONDITION_MORE,
	  5 },
	{ "seen.pps > 5",
	  { "seen.pps", true, PROTOCOL_ETHERNET, CONDITION_PACKETS },
	  CONDITION_MORE,
	  5 },
	{ "((udp > 5))", { "udp", false, PROTOCOL_UDP, CONDITION_PACKETS }, CONDITION_MORE, 5 },
};

static void test_comparisons(void)
{
	for (size_t i = 0; i < LENGTH(comparisons); i++) {
		struct filter_error wrong = {};
		struct condition condition;
		const struct condition_comparison *read = &condition.comparisons[0];
		int error = condition_parse(comparisons[i].text, &condition, &wrong);

		check(!error && condition.comparison_count == 1 && condition.step_count == 1 &&
			      strcmp(read->rate.name, comparisons[i].rate.name) == 0 &&
			      read->rate.of_seen == comparisons[i].rate.of_seen &&
			      read->rate.protocol == comparisons[i].rate.protocol &&
			      read->rate.unit == comparisons[i].rate.unit &&
			      read->relation == comparisons[i].relation &&
			      read->limit == comparisons[i].limit,
		      "'%s' is read", comparisons[i].text);
		check_note("%d: %s", error, wrong.message);
	}
}

/* Of a condition of pps, udp and arp in this order, and the rates at which it is to hold. */
static const struct {
	const char *text;
	double rates[3];
	bool holds;
} cases[] = {
	{ "pps > 10", { 10 }, false },
	{ "pps > 10", { 10.5 }, true },
	{ "pps >= 10", { 10 }, true },
	{ "pps >= 10", { 9.9 }, false },
	{ "pps < 10", { 10 }, false },
	{ "pps < 10", { 0 }, true },
	{ "pps <= 10", { 10 }, true },
	{ "pps <= 10", { 10.1 }, false },
	{ "pps > 10 and udp > 10", { 11, 11 }, true },
	{ "pps > 10 and udp > 10", { 11, 10 }, false },
	{ "pps > 10 && udp > 10", { 10, 11 }, false },
	{ "pps > 10 or udp > 10", { 10, 11 }, true },
	{ "pps > 10 || udp > 10", { 11, 10 }, true },
	{ "pps > 10 OR udp > 10", { 10, 10 }, false },
	/* Both stand equal, from the left. */
	{ "pps > 10 or udp > 10 and arp > 10", { 11, 0, 0 }, false },
	{ "pps > 10 or (udp > 10 and arp > 10)", { 11, 0, 0 }, true },
	{ "pps > 10 or (udp > 10 and arp > 10)", { 0, 11, 0 }, false },
	{ "pps > 10 and udp > 10 or arp > 10", { 0, 0, 11 }, true },
	{ "pps > 10 and (udp > 10 or arp > 10)", { 0, 0, 11 }, false },
	{ "(pps > 10 or udp > 10) and (arp > 10)", { 11, 0, 11 }, true },
};

static void test_cases(void)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		double rates[CONDITION_MAXIMUM_COMPARISONS] = {};
		struct filter_error wrong = {};
		struct condition condition;

		memcpy(rates, cases[i].rates, sizeof(cases[i].rates));
		check(!condition_parse(cases[i].text, &condition, &wrong) &&
			      condition_holds(&condition, rates) == cases[i].holds,
		      "'%s' %s at %g, %g, %g", cases[i].text,
		      cases[i].holds ? "holds" : "does not hold", rates[0], rates[1], rates[2]);
		check_note("%s", wrong.message);
	}
}

/* What is wrong, the place that is marked, and words of the message. */
static const struct {
	const char *text;
	int error;
	size_t offset;
	size_t length;
	const char *words;
} errors[] = {
	{ "tcp.sny > 5", -ENOENT, 0, 7, "unknown name 'tcp.sny'; did you mean 'tcp.syn'?" },
	{ "pps > 1 or tpc > 5", -ENOENT, 11, 3, "did you mean 'tcp'?" },
	{ "memcached > 5", -ENOENT, 0, 9, "did you mean 'tcp.memcached'?" },
	{ "frobnicate > 5", -ENOENT, 0, 10, "unknown name 'frobnicate'" },
	{ "seen. > 5", -ENOENT, 0, 5, "unknown name ''" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa > 5", -ENOENT, 0, 49, "unknown name" },
	{ "pps.bits > 5", -EINVAL, 0, 8, "has its unit already" },
	{ "", -EINVAL, 0, 0, "ends where it should go on with a name such as 'pps'" },
	{ "> 5", -EINVAL, 0, 1, "a name such as 'pps' or 'tcp.syn' expected" },
	{ "and > 5", -EINVAL, 0, 3, "a name such as" },
	{ "pps", -EINVAL, 3, 0, "'>', '>=', '<' or '<='" },
	{ "pps 5", -EINVAL, 4, 1, "unexpected '5'; '>', '>=', '<' or '<=' expected" },
	{ "pps = 5", -EINVAL, 4, 1, "'>', '>=', '<' or '<=' expected" },
	{ "pps >> 5", -EINVAL, 4, 2, "unexpected '>>'" },
	{ "pps >", -EINVAL, 5, 0, "a rate such as 50000/s" },
	{ "pps > many", -EINVAL, 6, 4, "unexpected 'many'; a rate such as 50000/s" },
	{ "pps > -5", -EINVAL, 6, 2, "a rate such as 50000/s" },
	{ "pps > 5/m", -EINVAL, 6, 3, "a rate such as 50000/s" },
	{ "pps > 5 udp > 5", -EINVAL, 8, 3, "'and' or 'or' expected" },
	{ "pps > 5 and", -EINVAL, 11, 0, "a name such as" },
	{ "(pps > 5", -EINVAL, 0, 1, "'(' without ')'" },
	{ "(pps > 5 udp", -EINVAL, 9, 3, "'and', 'or' or ')' expected" },
	{ "pps > 5)", -EINVAL, 7, 1, "')' without '('" },
	{ "()", -EINVAL, 1, 1, "a name such as" },
	{ "pps > 5 \xc3\xa4", -EINVAL, 8, 2, "'and' or 'or' expected" },
};

static void test_errors(void)
{
	for (size_t i = 0; i < LENGTH(errors); i++) {
		struct condition condition = { .step_count = 77 };
		struct filter_error wrong = {};
		int error = condition_parse(errors[i].text, &condition, &wrong);

		check(error == errors[i].error && wrong.offset == errors[i].offset &&
			      wrong.length == errors[i].length &&
			      strstr(wrong.message, errors[i].words),
		      "'%s' is wrong from %zu on: %s", errors[i].text, errors[i].offset,
		      errors[i].words);
		check_note("%d at %zu, %zu: %s", error, wrong.offset, wrong.length, wrong.message);
		check(condition.step_count == 77, "what is wrong leaves no condition");
	}
}

/* count times the piece, then the end */
static int parse_repeated(const char *piece, size_t count, const char *end,
			  struct condition *ret_condition)
{
	struct filter_error wrong = {};
	char *text = NULL;
	size_t length;
	FILE *out = open_memstream(&text, &length);
	int error;

	for (size_t i = 0; i < count; i++)
		fputs(piece, out);
	fputs(end, out);
	fclose(out);
	error = condition_parse(text, ret_condition, &wrong);
	free(text);
	return error;
}

static void test_limits(void)
{
	struct condition condition;

	check(!parse_repeated("pps > 1 or ", CONDITION_MAXIMUM_COMPARISONS - 1, "pps > 1",
			      &condition) &&
		      condition.comparison_count == CONDITION_MAXIMUM_COMPARISONS,
	      "a condition can have as many comparisons as there is room for");
	check(parse_repeated("pps > 1 or ", CONDITION_MAXIMUM_COMPARISONS, "pps > 1", &condition) ==
		      -EINVAL,
	      "one more is an error");
	check(!parse_repeated("pps > 1 or (", CONDITION_MAXIMUM_COMPARISONS - 1,
			      "pps > 1)))))))))))))))", &condition),
	      "each comparison can have a parenthesis of its own");
	check(parse_repeated("(", 100000, "pps > 1", &condition) == -EINVAL,
	      "any number of parentheses is an error, and no more");
}

static void test_words(void)
{
	const double rates[CONDITION_MAXIMUM_COMPARISONS] = { 312345, 3, 50001 };
	struct filter_error wrong;
	struct condition condition;
	char text[80], *names = NULL;
	size_t length, known = 0;
	FILE *out = open_memstream(&names, &length);

	condition_parse("pps > 200k and udp > 5 or seen.tcp.syn > 50000", &condition, &wrong);
	condition_describe(&condition, rates, true, text, sizeof(text));
	check(strcmp(text, "pps 312k/s, seen.tcp.syn 50.0k/s") == 0,
	      "the rates are told that make a condition hold");
	check_note("%s", text);
	condition_describe(&condition, rates, false, text, sizeof(text));
	check(strcmp(text, "udp 3/s") == 0, "or those that do not");
	check_note("%s", text);
	condition_describe(&condition, rates, true, text, 8);
	check(strlen(text) == 7, "words that do not fit are cut");
	condition_print_names(out);
	fclose(out);
	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++) {
		char name[COUNTERS_NAME_BYTES + 2] = " ";

		counters_protocol_name(protocol, name + 1);
		known += strstr(names, name) != NULL;
	}
	check(known == PROTOCOL_COUNT && strstr(names, " pps bps "), "the list has every name");
	for (char *line = strtok(names, "\n"); line; line = strtok(NULL, "\n"))
		if (strlen(line) > 100)
			known = 0;
	check(known, "the list has short lines");
	free(names);
}

int main(void)
{
	test_comparisons();
	test_cases();
	test_errors();
	test_limits();
	test_words();
	return check_finish();
}
