/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random expressions on random frames, from a seed: pktsieve takes and refuses what tcpdump
 * does, and its verdicts are right, in user space and in the kernel with tc and XDP. CORPUS is
 * the folder of the generator, gen.py. FUZZ_SEED and FUZZ_ROUNDS change what is run; with 0
 * rounds it goes on until it is stopped (make fuzz). Each round is made again by
 * `gen.py packets --seed SEED/ROUND` and `gen.py exprs --seed SEED/ROUND`.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../unit/check.h"
#include "findings.h"
#include "parts.h"

#define LINE_BYTES 65536
#define PACKETS_PER_ROUND 200
#define EXPRESSIONS_PER_ROUND 50
#define DEFAULT_ROUNDS 8

struct context {
	const char *folder;
	const char *seed;
	unsigned long rounds; /* 0: without end */
	struct findings findings;
	struct differences differences; /* for their text */
};

static int make_frames(const struct context *context, unsigned long round, struct frames *frames)
{
	char path[] = "/tmp/pktsieve-random.XXXXXX", command[PATH_MAX];
	int error = 0, fd = mkstemp(path);

	if (fd < 0)
		return -errno;
	close(fd);
	snprintf(command, sizeof(command),
		 "python3 '%s/gen.py' packets --seed '%s/%lu' --count %d --out %s 2>&1 | grep -v ' "
		 "packets$'",
		 context->folder, context->seed, round, PACKETS_PER_ROUND, path);
	/* grep has nothing to say where all went well. */
	error = system(command) == 0 ? -EIO : frames_read(frames, path);
	unlink(path);
	return error ? error : frames->count == PACKETS_PER_ROUND ? 0 : -EIO;
}

/* Judges what an expression is made of, the smallest first, so that the mistake shows. */
static void judge_parts(struct filter_check *check, const struct part *part)
{
	struct finding nobodys = { 0 };
	char *text;

	if (!part)
		return;
	judge_parts(check, part->left);
	judge_parts(check, part->right);
	text = parts_write(part);
	if (text)
		findings_judge(check, text, &nobodys);
	free(text);
}

static void explain(struct filter_check *check, const char *expression)
{
	struct part *root = NULL;
	size_t leaves;

	if (parts_split(expression, &root, &leaves))
		return;
	if (root->kind != PART_LEAF) {
		printf("# its parts:\n");
		judge_parts(check, root);
	}
	parts_free(root);
}

static int judge_expressions(const struct context *context, unsigned long round,
			     struct filter_check *check, struct finding *finding)
{
	static char line[LINE_BYTES];
	char command[PATH_MAX];
	FILE *list;

	snprintf(command, sizeof(command), "python3 '%s/gen.py' exprs --seed '%s/%lu' --count %d",
		 context->folder, context->seed, round, EXPRESSIONS_PER_ROUND);
	list = popen(command, "r");
	if (!list)
		return -errno;
	while (fgets(line, sizeof(line), list)) {
		size_t wrong = finding->wrong, errors = finding->errors;
		enum filter_outcome outcome;

		line[strcspn(line, "\n")] = '\0';
		outcome = findings_judge(check, line, finding);
		if (outcome != OUTCOME_UNEXPECTED && finding->wrong == wrong &&
		    finding->errors == errors)
			continue;
		if (finding->wrong != wrong)
			explain(check, line);
		printf("# that was seed %s/%lu\n", context->seed, round);
	}
	return pclose(list) == 0 ? 0 : -EIO;
}

static int run_round(const struct context *context, unsigned long round, struct finding *finding)
{
	struct truth_source source = { 0 };
	struct filter_check check = { 0 };
	struct frames frames = { 0 };
	int error = make_frames(context, round, &frames);

	if (!error)
		error = truth_open(&frames, &source);
	if (!error) {
		error = filter_check_open(&source, &check);
		if (!error)
			error = judge_expressions(context, round, &check, finding);
		filter_check_close(&check);
		truth_close(&source);
	}
	frames_free(&frames);
	return error;
}

/* Each worker takes its share of the rounds. */
static int run_rounds(void *data, unsigned int worker)
{
	struct context *context = data;
	int error = 0;

	for (unsigned long round = worker; !error; round += context->findings.workers) {
		if (context->rounds > 0 && round >= context->rounds)
			break;
		error = run_round(context, round, &context->findings.list[worker]);
		if (context->rounds == 0)
			printf("# round %lu is done\n", round);
	}
	return error;
}

static void report(const struct context *context)
{
	struct finding sum = findings_sum(&context->findings);

	check(sum.errors == 0, "every random expression can be judged");
	check(sum.outcomes[OUTCOME_UNEXPECTED] == 0,
	      "pktsieve takes and refuses random expressions as tcpdump does");
	check(sum.wrong == 0 && sum.tally.matches > 0,
	      "the verdicts of random expressions on random frames are right");
	check(filter_tally_report(&sum.tally, &context->differences, true) == 0,
	      "every line of " DIFFERENCES_FILE " for random expressions excuses something");
	findings_print(&sum);
}

int main(void)
{
	struct context context = { .folder = getenv("CORPUS"),
				   .seed = getenv("FUZZ_SEED"),
				   .rounds = DEFAULT_ROUNDS };

	if (!context.folder || !context.folder[0]) {
		check_skip("the verdicts of random expressions on random frames are right",
			   "CORPUS is not set");
		return check_finish();
	}
	if (!context.seed)
		context.seed = "pktsieve";
	if (getenv("FUZZ_ROUNDS"))
		context.rounds = strtoul(getenv("FUZZ_ROUNDS"), NULL, 10);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (check(findings_open(&context.findings) == 0 &&
			  differences_read(DIFFERENCES_FILE, &context.differences) == 0,
		  DIFFERENCES_FILE " can be read")) {
		findings_run(&context.findings, run_rounds, &context);
		report(&context);
	}
	findings_close(&context.findings);
	differences_free(&context.differences);
	return check_finish();
}
