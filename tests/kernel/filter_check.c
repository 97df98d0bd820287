/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the frames one by one; whether one matched is seen from the counters. */
#include "filter_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WRONG_SHOWN 3

/* One expression under way. */
struct run {
	struct filter_check *check;
	const char *expression;
	const struct filter *filter;
	bool *user; /* its verdicts */
	bool reads_length;
	struct filter_tally *tally;
};

/* Frames that matched so far, on this CPU and all others. */
static uint64_t matched(const struct kernel_capture *capture)
{
	uint64_t sum = 0;

	for (unsigned int cpu = 0; cpu < capture->cpu_count; cpu++)
		sum += capture->counters[cpu].frames[DIRECTION_INGRESS].matched;
	return sum;
}

/* Whether the frame matches, or a negative errno. -EINVAL: this kernel does not run it. */
static int ask_kernel(const struct kernel_capture *capture, const struct frame *frame)
{
	static struct packet packet;
	uint64_t before = matched(capture);
	int error;

	packet.length = frame->length;
	memcpy(packet.bytes, frame->bytes, frame->length);
	error = kernel_capture_run(capture, DIRECTION_INGRESS, &packet, packet.length, NULL);
	return error ? error : matched(capture) != before;
}

static void show_wrong(const struct run *run, size_t i, const char *who, bool verdict)
{
	const struct frame *frame = &run->check->source->frames->list[i];
	const struct truth *truth = &run->check->truths[i];
	static struct packet packet;

	if (run->tally->wrong++ >= WRONG_SHOWN)
		return;
	printf("# '%s', frame %zu: %s says %d, should be %d; tcpdump says %d\n", run->expression, i,
	       who, verdict, truth->matches, truth->tcpdump);
	memcpy(packet.bytes, frame->bytes, frame->length);
	packet_print(&packet, frame->length);
}

/* User space is held to the truth, the kernel to what user space says. */
static int judge_user(struct run *run)
{
	const struct frames *frames = run->check->source->frames;
	struct offline_fragments *fragments = offline_fragments_new();

	if (!fragments)
		return -ENOMEM;
	for (size_t i = 0; i < frames->count; i++) {
		const struct frame *frame = &frames->list[i];
		const struct truth *truth = &run->check->truths[i];
		struct offline_packet packet;
		bool verdict;

		offline_read(bytes_make(frame->bytes, frame->length), frame->wire_bytes, &packet);
		if (filter_uses_ports(run->filter))
			offline_follow_fragment(fragments, &packet);
		verdict = filter_run(run->filter, &packet);
		run->user[i] = verdict;
		run->tally->user++;
		run->tally->matches += verdict;
		if (verdict == truth->matches && truth->line != TRUTH_NO_LINE)
			run->tally->excused[truth->line]++;
		else if (verdict != truth->matches && truth->unknown != TRUTH_NO_LINE)
			run->tally->excused[truth->unknown]++;
		else if (verdict != truth->matches)
			show_wrong(run, i, "user space", verdict);
	}
	offline_fragments_free(fragments);
	return 0;
}

/* Whether every kernel runs a frame of that length. */
static bool is_certain(const struct frame *frame)
{
	return frame->length >= TEST_RUN_CERTAIN_BYTES && frame->length <= TEST_RUN_MAXIMUM_BYTES;
}

/*
 * A frame that was cut has the wrong length in the kernel; and XDP reads nothing at offsets
 * above 64 KiB, as `ether[len - 1]` may want.
 */
static bool can_run(const struct run *run, enum hook hook, const struct frame *frame)
{
	if (frame->length < TEST_RUN_MINIMUM_BYTES)
		return false;
	if (!run->reads_length)
		return true;
	return frame->wire_bytes == frame->length &&
	       !(hook_is_xdp(hook) && frame->length > UINT16_MAX);
}

static int judge_frames(struct run *run, const struct kernel_capture *capture)
{
	const struct frames *frames = run->check->source->frames;

	for (size_t i = 0; i < frames->count; i++) {
		const struct frame *frame = &frames->list[i];
		int verdict =
			can_run(run, capture->hook, frame) ? ask_kernel(capture, frame) : -ERANGE;

		if (verdict == -ERANGE || (verdict < 0 && !is_certain(frame))) {
			run->tally->skipped++;
			continue;
		}
		if (verdict < 0) {
			printf("# frame %zu: %s\n", i, strerror(-verdict));
			return verdict;
		}
		run->tally->kernel++;
		if (verdict != run->user[i])
			show_wrong(run, i, test_run_hook_name(capture->hook), verdict);
	}
	return 0;
}

static int judge_kernel(struct run *run)
{
	static const enum hook hooks[] = { HOOK_TC, HOOK_XDP_GENERIC };
	int error = 0;

	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]) && !error; i++) {
		struct kernel_capture_options options = { .hook = hooks[i],
							  .expression = run->expression };
		struct kernel_capture capture;

		error = kernel_capture_open(&options, &capture);
		if (!error)
			error = judge_frames(run, &capture);
		kernel_capture_close(&capture);
	}
	return error;
}

static int judge_frames_by(struct filter_check *check, const char *expression,
			   const struct filter *filter, struct filter_tally *tally)
{
	struct run run = {
		.check = check,
		.expression = expression,
		.filter = filter,
		.reads_length = views_has_word(expression, "len") ||
				views_has_word(expression, "less") ||
				views_has_word(expression, "greater"),
		.tally = tally,
	};
	int error = 0;

	run.user = calloc(check->source->frames->count + 1, sizeof(*run.user));
	if (!run.user)
		return -ENOMEM;
	error = judge_user(&run);
	if (!error && check->runs_kernel)
		error = judge_kernel(&run);
	free(run.user);
	return error;
}

/* Whether a line expects that only one of both takes the expression. */
static bool is_expected(const struct filter_check *check, const char *expression,
			enum difference_kind kind, const char *message, struct filter_tally *tally)
{
	const struct differences *differences = &check->source->differences;
	bool fits[DIFFERENCES_MAXIMUM];

	differences_fit(differences, expression, fits);
	for (size_t i = 0; i < differences->count; i++) {
		const struct difference *difference = &differences->list[i];

		if (!fits[i] || difference->kind != kind ||
		    (kind == DIFFERENCE_REFUSED && !strstr(message, difference->word)))
			continue;
		tally->excused[i]++;
		return true;
	}
	return false;
}

static enum filter_outcome judge_refusal(const struct filter_check *check, const char *expression,
					 enum truth_verdict verdict, bool is_refused,
					 const char *message, struct filter_tally *tally)
{
	if (is_refused && verdict != TRUTH_ACCEPTED && verdict != TRUTH_LIVE_ONLY)
		return OUTCOME_REFUSED;
	if (is_expected(check, expression, is_refused ? DIFFERENCE_REFUSED : DIFFERENCE_ACCEPTED,
			message, tally))
		return OUTCOME_EXPECTED;
	printf("# '%s': %s; %s\n", expression,
	       is_refused ? "tcpdump takes it, pktsieve does not" :
			    "pktsieve takes it, tcpdump does not",
	       is_refused ? message : "");
	return OUTCOME_UNEXPECTED;
}

int filter_check_run(struct filter_check *check, const char *expression,
		     enum filter_outcome *ret_outcome, struct filter_tally *tally)
{
	struct filter_error refusal = { 0 };
	struct filter *filter = NULL;
	enum truth_verdict verdict;
	int refused = filter_compile(expression, &filter, &refusal);
	int error = refused == 0 || refused == -EINVAL ? 0 : refused;

	if (!error)
		error = truth_find(check->source, expression, &verdict, check->truths);
	if (error) {
		printf("# '%s': %s\n", expression, strerror(-error));
	} else if (refused || verdict == TRUTH_REFUSED) {
		*ret_outcome =
			judge_refusal(check, expression, verdict, refused, refusal.message, tally);
	} else {
		*ret_outcome = OUTCOME_JUDGED;
		/* What an interface has is not in the frames. */
		if (verdict != TRUTH_LIVE_ONLY)
			error = judge_frames_by(check, expression, filter, tally);
	}
	filter_free(filter);
	return error;
}

int filter_check_open(const struct truth_source *source, struct filter_check *ret_check)
{
	*ret_check = (struct filter_check){ .source = source, .runs_kernel = true };
	ret_check->truths = calloc(source->frames->count + 1, sizeof(*ret_check->truths));
	return ret_check->truths ? 0 : -ENOMEM;
}

void filter_check_close(struct filter_check *check)
{
	free(check->truths);
	check->truths = NULL;
}

void filter_tally_add(struct filter_tally *sum, const struct filter_tally *tally)
{
	sum->user += tally->user;
	sum->kernel += tally->kernel;
	sum->skipped += tally->skipped;
	sum->matches += tally->matches;
	sum->wrong += tally->wrong;
	for (int i = 0; i < DIFFERENCES_MAXIMUM; i++)
		sum->excused[i] += tally->excused[i];
}

unsigned int filter_tally_report(const struct filter_tally *tally,
				 const struct differences *differences, bool is_random)
{
	unsigned int unused = 0;

	for (size_t i = 0; i < differences->count; i++) {
		const struct difference *difference = &differences->list[i];

		if (tally->excused[i] > 0)
			printf("# %8zu: %s\n", tally->excused[i], difference->text);
		else if (difference->is_random == is_random && ++unused)
			printf("# excuses nothing: %s\n", difference->text);
	}
	return unused;
}
