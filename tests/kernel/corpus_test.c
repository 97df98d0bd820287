/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's verdict on each frame of a collection of captures equals tcpdump's, for each
 * expression of the collection that pktsieve takes. CORPUS in the environment is the
 * collection's folder; without it the test is skipped.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "filter_check.h"

#define LINE_BYTES 4096
/* Captures that are longer go on as they began. */
#define FRAMES_PER_FILE 4000
#define SLOW_STRIDE 29

struct context {
	const char *folder;
	struct frames frames;
	struct oracle oracle;
	struct oracle tagged; /* the same frames with their VLAN tags */
	struct filter_tally sum;
	unsigned int tested;
	unsigned int not_taken; /* expressions that are not part of pktsieve's language */
	unsigned int failed;
};

static FILE *open_list(const struct context *context, const char *name)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", context->folder, name);
	return fopen(path, "r");
}

static int read_captures(struct context *context)
{
	FILE *list = open_list(context, "files-public.txt");
	char line[LINE_BYTES], path[PATH_MAX];
	int error = 0;

	if (!list)
		return -errno;
	while (!error && fgets(line, sizeof(line), list)) {
		line[strcspn(line, "\n")] = '\0';
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", context->folder, line) <
		    sizeof(path))
			error = frames_read(&context->frames, path, FRAMES_PER_FILE);
	}
	fclose(list);
	return error;
}

static void add_tally(struct filter_tally *sum, const struct filter_tally *tally)
{
	sum->frames += tally->frames;
	sum->matches += tally->matches;
	sum->wrong += tally->wrong;
	for (int i = 0; i < EXCUSE_COUNT; i++)
		sum->excused[i] += tally->excused[i];
}

/*
 * What tcpdump can be asked. `vlan` does not shift what follows it, unlike tcpdump's: only by
 * itself it means the same, and of frames that have their tags.
 */
static const struct oracle *choose_oracle(const struct context *context, const char *expression,
					  const struct filter *filter)
{
	if (!filter_uses_vlan(filter))
		return &context->oracle;
	return strcmp(expression, "vlan") == 0 ? &context->tagged : NULL;
}

static void test_expression(struct context *context, const char *expression)
{
	struct kernel_capture_options options = { .expression = expression };
	struct filter_tally tally = { 0 };
	struct filter_error refusal;
	struct filter *filter = NULL;
	struct kernel_capture capture;
	int error = filter_compile(expression, &filter, &refusal);

	const struct oracle *oracle = error ? NULL : choose_oracle(context, expression, filter);

	filter_free(filter);
	if (error) {
		context->not_taken++;
		return;
	}
	error = kernel_capture_open(&options, &capture);
	if (!error)
		error = filter_check(&capture, expression, &context->frames, oracle, &tally);
	kernel_capture_close(&capture);
	context->tested++;
	add_tally(&context->sum, &tally);
	if (!error && tally.wrong == 0)
		return;
	context->failed++;
	printf("# '%s': %zu of %zu frames are judged wrongly%s%s\n", expression, tally.wrong,
	       tally.frames, error ? ", " : "", error ? strerror(-error) : "");
}

/* Lines are: expression, tab, verdict of tcpdump, tab, more. */
static void test_expressions(struct context *context)
{
	FILE *list = open_list(context, "filters-public.txt");
	unsigned int stride = test_run_is_slow() ? SLOW_STRIDE : 1, count = 0;
	char line[LINE_BYTES];
	char *verdict;

	if (!check(list != NULL, "the collection has a list of expressions"))
		return;
	while (fgets(line, sizeof(line), list)) {
		verdict = strchr(line, '\t');
		if (line[0] == '#' || !verdict || strncmp(verdict, "\tok\t", 4) != 0 ||
		    count++ % stride)
			continue;
		*verdict = '\0';
		test_expression(context, line);
	}
	fclose(list);
}

static void report(const struct context *context)
{
	check(context->failed == 0 && context->tested > 0 && context->sum.matches > 0,
	      "the kernel and tcpdump match the same frames of the collection");
	printf("# %u expressions, %u others are not taken, %zu frames, %zu verdicts, %zu matches\n",
	       context->tested, context->not_taken, context->frames.count, context->sum.frames,
	       context->sum.matches);
	for (int i = EXCUSE_NONE + 1; i < EXCUSE_COUNT; i++)
		printf("# tcpdump differs for a known reason, %s: %zu\n", excuse_names[i],
		       context->sum.excused[i]);
}

int main(void)
{
	struct context context = { .folder = getenv("CORPUS") };
	int error;

	if (!context.folder || !context.folder[0]) {
		check_skip("the kernel and tcpdump match the same frames of the collection",
			   "CORPUS is not set");
		return check_finish();
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	kernel_capture_stay_on_cpu(0);
	error = read_captures(&context);
	if (!error)
		error = oracle_open(&context.frames, ORACLE_UNWRAPPED, &context.oracle);
	if (!error)
		error = oracle_open(&context.frames, ORACLE_AS_THEY_ARE, &context.tagged);
	if (check(!error && context.frames.count > 0,
		  "the captures of the collection can be read")) {
		test_expressions(&context);
		report(&context);
	}
	oracle_close(&context.oracle);
	oracle_close(&context.tagged);
	frames_free(&context.frames);
	return check_finish();
}
