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
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../unit/check.h"
#include "filter_check.h"

#define LINE_BYTES 4096
#define SLOW_STRIDE 29
#define MAXIMUM_WORKERS 16

/* What one worker found; in memory that all share. */
struct finding {
	struct filter_tally tally;
	unsigned int outcomes[OUTCOME_UNEXPECTED + 1];
	unsigned int wrong; /* expressions */
	unsigned int errors;
	unsigned int not_as_listed; /* expressions whose verdict is not the list's */
};

struct context {
	const char *folder;
	struct frames frames;
	struct truth_source source;
	unsigned int workers;
	struct finding *findings; /* one for each worker */
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
	struct filter_tally tally = { 0 };
	enum filter_outcome outcome = OUTCOME_UNEXPECTED;

	if (filter_check_run(check, expression, &outcome, &tally))
		finding->errors++;
	else
		finding->outcomes[outcome]++;
	finding->wrong += tally.wrong > 0;
	if (tally.wrong > 0)
		printf("# '%s': %zu verdicts are wrong\n", expression, tally.wrong);
	if (outcome != OUTCOME_UNEXPECTED && !is_as_listed(listed, outcome)) {
		printf("# '%s' is listed as %.60s\n", expression, listed);
		finding->not_as_listed++;
	}
	filter_tally_add(&finding->tally, &tally);
}

/* Lines are: expression, tab, verdict of tcpdump, tab, more. Each worker takes its share. */
static int test_expressions(struct context *context, unsigned int worker)
{
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
		if (index % stride || index / stride % context->workers != worker)
			continue;
		*listed = '\0';
		test_expression(&check, line, listed + 1, &context->findings[worker]);
	}
	if (list)
		fclose(list);
	filter_check_close(&check);
	return error;
}

static void run_workers(struct context *context)
{
	pid_t children[MAXIMUM_WORKERS];

	fflush(stdout);
	for (unsigned int i = 0; i < context->workers; i++) {
		children[i] = fork();
		if (children[i] != 0)
			continue;
		kernel_capture_stay_on_cpu(i);
		_exit(test_expressions(context, i) != 0);
	}
	for (unsigned int i = 0; i < context->workers; i++) {
		int status = 1;

		if (children[i] < 0 || waitpid(children[i], &status, 0) != children[i] || status)
			context->findings[i].errors++;
	}
}

static void report(const struct context *context)
{
	struct finding sum = { 0 };

	for (unsigned int i = 0; i < context->workers; i++) {
		const struct finding *finding = &context->findings[i];

		filter_tally_add(&sum.tally, &finding->tally);
		for (int outcome = 0; outcome <= OUTCOME_UNEXPECTED; outcome++)
			sum.outcomes[outcome] += finding->outcomes[outcome];
		sum.wrong += finding->wrong;
		sum.errors += finding->errors;
		sum.not_as_listed += finding->not_as_listed;
	}
	check(sum.errors == 0, "every expression of the collection can be judged");
	check(sum.not_as_listed == 0,
	      "pktsieve refuses the expressions of the collection that tcpdump refuses");
	check_note("%u are not as listed", sum.not_as_listed);
	printf("# %u expressions are not taken yet\n", sum.outcomes[OUTCOME_UNEXPECTED]);
	check(sum.wrong == 0 && sum.tally.matches > 0,
	      "the verdicts on the frames of the collection are right, with tc, XDP and vm.c");
	check(test_run_is_slow() ||
		      filter_tally_report(&sum.tally, &context->source.differences, false) == 0,
	      "every line of " DIFFERENCES_FILE " excuses something");
	printf("# %u expressions judged, %u refused, %u as a line says; %zu frames, %zu verdicts "
	       "in "
	       "user space, %zu in the kernel (%zu cannot run there), %zu matches\n",
	       sum.outcomes[OUTCOME_JUDGED], sum.outcomes[OUTCOME_REFUSED],
	       sum.outcomes[OUTCOME_EXPECTED], context->frames.count, sum.tally.user,
	       sum.tally.kernel, sum.tally.skipped, sum.tally.matches);
}

static int prepare(struct context *context)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int error = read_captures(context);

	context->workers = cpus < 1 ? 1 : cpus > MAXIMUM_WORKERS ? MAXIMUM_WORKERS : (unsigned)cpus;
	context->findings = mmap(NULL, context->workers * sizeof(*context->findings),
				 PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (context->findings == MAP_FAILED)
		return -ENOMEM;
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
		run_workers(&context);
		report(&context);
		truth_close(&context.source);
	}
	frames_free(&context.frames);
	return check_finish();
}
