/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's verdict on each frame of a mix is right, for each line of
 * tests/filter/expressions.txt: it is tcpdump's, but for tests/filter/differences.txt.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "../unit/frame_file.h"
#include "filter_check.h"
#include "traffic.h"

#define LINE_BYTES 1024
#define EXPRESSIONS "tests/filter/expressions.txt"
/* In a virtual machine each so manyth expression. */
#define SLOW_STRIDE 15

struct context {
	struct frames frames;
	struct truth_source source;
	struct filter_check check;
	unsigned int sometimes; /* expressions that match some frames, not all */
};

static void test_expression(struct context *context, const char *expression)
{
	enum filter_outcome outcome = OUTCOME_UNEXPECTED;
	struct filter_tally tally = { 0 };
	int error = filter_check_run(&context->check, expression, &outcome, &tally);
	size_t count = context->frames.count;

	check(!error && outcome == OUTCOME_JUDGED && tally.wrong == 0 && tally.user == count &&
		      tally.kernel == 2 * count,
	      "tc, XDP and vm.c judge the mix rightly by '%s'", expression);
	check_note("%zu frames, %zu verdicts in the kernel, %zu wrong, %s", tally.user,
		   tally.kernel, tally.wrong, error ? strerror(-error) : "no error");
	context->sometimes += tally.matches > 0 && tally.matches < tally.user;
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
	static struct named_frame named[FRAME_FILE_MAXIMUM];
	size_t count = frame_file_read(named);
	struct packet packet;
	int error = count > 0 ? 0 : -ENOENT;

	for (unsigned int i = 0; i < TRAFFIC_COUNT && !error; i++) {
		traffic_packet(i, &packet);
		error = frames_add(frames, packet.bytes, packet.length, packet.length);
	}
	for (size_t i = 0; i < count && !error; i++)
		error = frames_add(frames, named[i].bytes, FRAME_FILE_BYTES, FRAME_FILE_BYTES);
	return error;
}

int main(void)
{
	struct context context = { 0 };
	int error = make_frames(&context.frames);

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!error)
		error = truth_open(&context.frames, &context.source);
	if (!error)
		error = filter_check_open(&context.source, &context.check);
	if (!check(!error, "tcpdump can be asked about the mix"))
		return check_finish();
	if (!context.source.has_tcpdump)
		check_skip("the kernel and tcpdump match the same frames", "there is no tcpdump");
	test_expressions(&context);
	filter_check_close(&context.check);
	truth_close(&context.source);
	frames_free(&context.frames);
	return check_finish();
}
