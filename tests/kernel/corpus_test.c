/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each expression of a collection is taken or refused as tcpdump does it, and the verdicts on
 * each frame of its captures are right, in user space and in the kernel with tc and XDP.
 * CORPUS in the environment is the collection's folder; without it the test is skipped.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/check.h"
#include "findings.h"

#define LINE_BYTES 4096
#define SLOW_STRIDE 29

struct context {
	const char *folder;
	struct frames frames;
	struct truth_source source;
	struct findings findings;
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
			error = frames_read(&context->frames, path);
	}
	fclose(list);
	return error;
}

/* The list's own word on who takes it, for what tcpdump says here and now. */
static bool is_as_listed(const char *listed, enum filter_outcome outcome)
{
	bool is_error = strncmp(listed, "error\t", 6) == 0;

	return outcome == OUTCOME_EXPECTED || (outcome == OUTCOME_REFUSED) == is_error ||
	       (outcome == OUTCOME_JUDGED && strstr(listed, "rejects all packets"));
}

static void test_expression(struct filter_check *check, const char *expression, const char *listed,
			    struct finding *finding)
{
	enum filter_outcome outcome = findings_judge(check, expression, finding);

	if (outcome == OUTCOME_UNEXPECTED || is_as_listed(listed, outcome))
		return;
	printf("# '%s' is listed as %.60s\n", expression, listed);
	finding->not_as_listed++;
}

/* Lines are: expression, tab, verdict of tcpdump, tab, more. Each worker takes its share. */
static int test_expressions(void *data, unsigned int worker)
{
	struct context *context = data;
	FILE *list = open_list(context, "filters-public.txt");
	unsigned int stride = test_run_is_slow() ? SLOW_STRIDE : 1, count = 0, index;
	struct filter_check check;
	char line[LINE_BYTES];
	int error = list ? filter_check_open(&context->source, &check) : -errno;

	while (!error && fgets(line, sizeof(line), list)) {
		char *listed = strchr(line, '\t');

		if (line[0] == '#' || !listed)
			continue;
		index = count++;
		if (index % stride || index / stride % context->findings.workers != worker)
			continue;
		*listed = '\0';
		test_expression(&check, line, listed + 1, &context->findings.list[worker]);
	}
	if (list)
		fclose(list);
	filter_check_close(&check);
	return error;
}

static void report(const struct context *context)
{
	struct finding sum = findings_sum(&context->findings);

	check(sum.errors == 0, "every expression of the collection can be judged");
	check(sum.outcomes[OUTCOME_UNEXPECTED] == 0 && sum.not_as_listed == 0,
	      "pktsieve takes and refuses the expressions of the collection as tcpdump does");
	check_note("%u are taken by one of both; %u not as listed",
		   sum.outcomes[OUTCOME_UNEXPECTED], sum.not_as_listed);
	check(sum.wrong == 0 && sum.tally.matches > 0,
	      "the verdicts on the frames of the collection are right, with tc, XDP and vm.c");
	check(test_run_is_slow() ||
		      filter_tally_report(&sum.tally, &context->source.differences, false) == 0,
	      "every line of " DIFFERENCES_FILE " excuses something");
	findings_print(&sum);
}

static int prepare(struct context *context)
{
	int error = read_captures(context);

	if (!error)
		error = findings_open(&context->findings);
	return error ? error : truth_open(&context->frames, &context->source);
}

int main(void)
{
	struct context context = { .folder = getenv("CORPUS") };
	int error;

	if (!context.folder || !context.folder[0]) {
		check_skip("the verdicts on the frames of the collection are right",
			   "CORPUS is not set");
		return check_finish();
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	error = prepare(&context);
	if (check(!error && context.frames.count > 0,
		  "the captures of the collection can be read")) {
		findings_run(&context.findings, test_expressions, &context);
		report(&context);
		truth_close(&context.source);
	}
	findings_close(&context.findings);
	frames_free(&context.frames);
	return check_finish();
}
