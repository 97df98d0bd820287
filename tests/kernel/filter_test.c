/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's verdict on each frame of a mix equals tcpdump's, for each line of
 * tests/filter/expressions.txt. The mix has nothing on which both are expected to differ.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "filter_check.h"
#include "traffic.h"

#define LINE_BYTES 1024
#define EXPRESSIONS "tests/filter/expressions.txt"
/* In a virtual machine each so manyth expression. */
#define SLOW_STRIDE 15

struct context {
	struct frames frames;
	struct oracle oracle;
	bool has_tcpdump;
	unsigned int sometimes; /* expressions that match some frames, not all */
};

static size_t all_excused(const struct filter_tally *tally)
{
	size_t sum = 0;

	for (int i = 0; i < EXCUSE_COUNT; i++)
		sum += i == EXCUSE_FRAGMENT ? 0 : tally->excused[i];
	return sum;
}

static void test_expression(struct context *context, const char *expression)
{
	struct kernel_capture_options options = { .expression = expression };
	const struct oracle *oracle = context->has_tcpdump ? &context->oracle : NULL;
	struct filter_tally tally = { 0 };
	struct kernel_capture capture;
	int error = kernel_capture_open(&options, &capture);

	if (!error)
		error = filter_check(&capture, expression, &context->frames, oracle, &tally);
	check(!error && tally.wrong == 0 && all_excused(&tally) == 0 &&
		      tally.frames == context->frames.count,
	      "the kernel and %s match the same frames with '%s'",
	      oracle ? "tcpdump" : "user space", expression);
	check_note("%zu frames, %zu matches, %zu wrong, %zu differ: %s", tally.frames,
		   tally.matches, tally.wrong, all_excused(&tally),
		   error ? strerror(-error) : "no error");
	context->sometimes += tally.matches > 0 && tally.matches < tally.frames;
	kernel_capture_close(&capture);
}

static void test_expressions(struct context *context)
{
	FILE *file = fopen(EXPRESSIONS, "r");
	unsigned int stride = test_run_is_slow() ? SLOW_STRIDE : 1;
	unsigned int count = 0, tested = 0;
	char line[LINE_BYTES];

	if (!check(file != NULL, EXPRESSIONS " is there, seen from the top of the tree"))
		return;
	while (fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#' || count++ % stride)
			continue;
		test_expression(context, line);
		tested++;
	}
	fclose(file);
	check(context->sometimes > tested / 2,
	      "most expressions match some frames of the mix and not others");
	check_note("%u of %u", context->sometimes, tested);
}

static int make_frames(struct frames *frames)
{
	struct packet packet;
	int error = 0;

	for (unsigned int i = 0; i < TRAFFIC_COUNT && !error; i++) {
		traffic_packet(i, &packet);
		error = frames_add(frames, packet.bytes, packet.length);
	}
	return error;
}

int main(void)
{
	struct context context = { .has_tcpdump = true };
	bool *answers;
	int error = make_frames(&context.frames);

	setvbuf(stdout, NULL, _IOLBF, 0);

	if (!error)
		error = oracle_open(&context.frames, ORACLE_UNWRAPPED, &context.oracle);
	if (!check(!error, "frames can be written for tcpdump"))
		return check_finish();
	answers = calloc(context.frames.count, sizeof(*answers));
	if (!answers || oracle_ask(&context.oracle, "ip", answers) == -ENOENT) {
		check_skip("the kernel and tcpdump match the same frames", "there is no tcpdump");
		context.has_tcpdump = false;
	}
	free(answers);
	test_expressions(&context);
	oracle_close(&context.oracle);
	frames_free(&context.frames);
	return check_finish();
}
