/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Expressions at and beyond the limits are compiled or refused with a clear error, and the
 * instructions of every filter keep the contract of filter.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/filter/filter.h"
#include "check.h"

#define MAXIMUM_INSTRUCTIONS (FILTER_STUB_INSTRUCTIONS - 8)

/* An expression of a start, then count times a part, then an end. */
struct repetition {
	const char *start;
	const char *part;
	size_t count;
	const char *end;
};

/* clang-format off */
static const struct {
	struct repetition expression;
	const char *message;	/* what the error contains, NULL: it is compiled */
	const char *sentence;
} cases[] = {
	{ { "", "(", 10000, "ip" }, "levels of parentheses",
	  "10,000 parentheses are refused" },
	{ { "port 1 or ", "(", 10000, "2" }, "')'",
	  "10,000 parentheses before a number are refused" },
	{ { "host (10.0.0.1 or ", "(10.0.0.1 or ", 10000, "" }, "levels of parentheses",
	  "10,000 groups of ids are refused" },
	{ { "", "not ", 10000, "ip" }, "levels of parentheses",
	  "10,000 negations are refused" },
	{ { "port ", "not ", 10000, "1" }, "levels of parentheses",
	  "10,000 negations of an id are refused" },
	{ { "", "!(", 10000, "ip" }, "levels of parentheses",
	  "10,000 negations of parentheses are refused" },
	{ { "", "not ", 200, "ip" }, NULL,
	  "200 negations are compiled" },
	{ { "port (((", "((((((((((", 1000, "1" }, "')'",
	  "10,003 parentheses around a number, never closed, are refused" },
	{ { "ip", " and arp or ip", 100000, "" }, "take turns too often",
	  "100,000 turns of 'and' and 'or' are refused" },
	{ { "ip", " and ip or ip", 200, "" }, NULL,
	  "400 turns of 'and' and 'or' are compiled" },
	{ { "port 1", " or 2", 1019, "" }, NULL,
	  "1,020 ports fit into a filter" },
	{ { "port 1", " or 2", 1020, "" }, "too long",
	  "1,021 ports do not fit into a filter" },
	{ { "port 1", " or 2", 50000, "" }, "too long",
	  "50,000 ports are refused" },
	{ { "host 10.0.0.1", " or 10.0.0.2", 50000, "" }, NULL,
	  "50,000 hosts become a set, which fits" },
	{ { "host ", "a", 100000, "" }, "unknown host",
	  "a name of 100,000 bytes is refused" },
	{ { "", "a", 100000, "" }, "unknown word",
	  "a word of 100,000 bytes is refused" },
	{ { "port ", "1", 100000, "" }, "overflows",
	  "a number of 100,000 digits is refused" },
	{ { "host ", "a:", 100000, "" }, "unexpected ':'",
	  "100,000 groups with colons are refused" },
	{ { "5 < ", "(", 10000, "len" }, "levels of parentheses",
	  "10,000 parentheses around a value are refused" },
	{ { "", "(", 10000, "len) < 5" }, "levels of parentheses",
	  "10,000 parentheses that could be values or conditions are refused" },
	{ { "", "- ", 10000, "len < 5" }, "levels of parentheses",
	  "10,000 signs before a value are refused" },
	{ { "", "ip[", 10000, "0" }, "levels of parentheses",
	  "10,000 loads inside each other are refused" },
	{ { "", "(5 & ", 199, "len" }, "')'",
	  "199 open groups of values are refused" },
	{ { "len", " + len", 100000, " = 5" }, "more than 1000 operations",
	  "100,000 operations on one value are refused" },
	{ { "len", " + len", 999, " = 5" }, NULL,
	  "999 operations on one value are compiled" },
	{ { "1", " + 1", 100000, " = len" }, NULL,
	  "100,000 operations on numbers are calculated at once" },
	{ { "ip[0]", " + ip[0]", 899, " = 5" }, "too long",
	  "900 loads in one value do not fit into a filter" },
	{ { "ip[0]", " + ip[0]", 400, " = 5" }, NULL,
	  "401 loads in one value fit into a filter" },
	{ { "ip[0] = 1", " or ip[0] = 1", 400, "" }, NULL,
	  "401 loads in as many comparisons fit into a filter" },
	{ { "", " ", 100000, "" }, NULL,
	  "100,000 blanks match every packet" },
};
/* clang-format on */

static char *repeat(const struct repetition *repetition)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	fputs(repetition->start, out);
	for (size_t i = 0; i < repetition->count; i++)
		fputs(repetition->part, out);
	fputs(repetition->end, out);
	fclose(out);
	return text;
}

/* Of the summary, of a set's bitmap (r2 is the byte in it), or of a value on the stack. */
static bool is_sound_load(const struct bpf_insn *at)
{
	static const int sizes[] = {
		[BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1, [3] = 8
	};
	int size = sizes[BPF_SIZE(at->code) >> 3];

	if (at->src_reg == BPF_REG_2)
		return size == 1 && at->off == 0;
	if (at->src_reg == BPF_REG_10)
		return at->off % size == 0 && at->off >= -64 && at->off < 0;
	return at->src_reg == BPF_REG_6 && at->off % size == 0 && at->off >= 0 &&
	       at->off + size <= (int)sizeof(struct packet_summary);
}

/* Jumps go forward and at most to the end, loads are aligned and inside of what is there. */
static bool is_sound(const struct filter *filter)
{
	size_t count;
	const struct bpf_insn *instructions = filter_instructions(filter, &count);
	bool sound = count <= MAXIMUM_INSTRUCTIONS;

	for (size_t i = 0; i < count; i++) {
		const struct bpf_insn *at = &instructions[i];
		int class = BPF_CLASS(at->code);

		if (class == BPF_JMP || class == BPF_JMP32)
			sound &= at->off >= 0 && i + 1 + (size_t)at->off <= count &&
				 BPF_OP(at->code) != BPF_EXIT;
		sound &= class != BPF_LDX || is_sound_load(at);
		sound &= at->dst_reg < BPF_REG_10 || class == BPF_STX;
	}
	return sound;
}

static void test_case(size_t index)
{
	const char *message = cases[index].message;
	struct filter_error error = { 0 };
	struct filter *filter = NULL;
	char *expression = repeat(&cases[index].expression);
	int status = filter_compile(expression, &filter, &error);
	bool right = message ? status == -EINVAL && strstr(error.message, message) != NULL :
			       status == 0 && is_sound(filter);

	check(right, "%s", cases[index].sentence);
	check_note("status %d: %s", status, error.message);
	filter_free(filter);
	free(expression);
}

static void test_file(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[1024];

	if (!check(file != NULL, "%s is there, seen from the top of the tree", path))
		return;
	while (fgets(line, sizeof(line), file)) {
		struct filter_error error = { 0 };
		struct filter *filter = NULL;

		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		check(filter_compile(line, &filter, &error) == 0 && is_sound(filter),
		      "the jumps and loads of '%s' stay where they may be", line);
		check_note("%s", error.message);
		filter_free(filter);
	}
	fclose(file);
}

static void test_printed(void)
{
	static const char expected[] = "   0: r6 = r1\n"
				       "   1: r7 = r2\n"
				       "   2: r3 = *(u8 *)(r6 +33)  ; summary.ip_protocol\n"
				       "   3: if w3 != 0x6 goto 6\n"
				       "   4: r0 = 1\n"
				       "   5: goto 7\n"
				       "   6: r0 = 0\n"
				       "   7: (end: r0 is the verdict)\n";
	struct filter_error error = { 0 };
	struct filter *filter = NULL;
	char printed[512] = "";
	FILE *out = fmemopen(printed, sizeof(printed), "w");

	if (filter_compile("tcp", &filter, &error) == 0)
		filter_print_instructions(filter, out);
	fclose(out);
	check(strcmp(printed, expected) == 0, "'tcp' is eight lines of instructions");
	check_note("%s", printed);
	filter_free(filter);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(i);
	test_file("tests/filter/expressions.txt");
	test_printed();
	filter_free(NULL);
	return check_finish();
}
