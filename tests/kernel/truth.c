/* SPDX-License-Identifier: GPL-2.0-only */
/* Asks tcpdump for the whole, libpcap for the parts. */
#include "truth.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "brackets.h"
#include "classic.h"
#include "parts.h"
#include "reference_chain.h"

/* One expression under way. */
struct question {
	const struct truth_source *source;
	const char *expression;
	size_t count;
	bool *answers;          /* tcpdump's */
	unsigned int *features; /* enum frame_feature, with those that the program adds */
	bool *parts;            /* what the parts say; NULL: they cannot be asked */
	bool fits[DIFFERENCES_MAXIMUM];
};

int truth_open(const struct frames *frames, struct truth_source *ret_source)
{
	bool *answers = calloc(frames->count + 1, sizeof(*answers));
	int error;

	*ret_source = (struct truth_source){ .frames = frames };
	error = differences_read(DIFFERENCES_FILE, &ret_source->differences);
	if (!error)
		error = views_open(frames, &ret_source->views);
	if (!error)
		error = oracle_open(frames, &ret_source->oracle);
	ret_source->features = calloc(frames->count + 1, sizeof(*ret_source->features));
	if (!error && (!ret_source->features || !answers))
		error = -ENOMEM;
	for (size_t i = 0; i < frames->count && !error; i++)
		ret_source->features[i] = differences_frame_features(&frames->list[i]);
	if (!error)
		ret_source->has_tcpdump = oracle_ask(&ret_source->oracle, "ip", answers) != -ENOENT;
	free(answers);
	if (error)
		truth_close(ret_source);
	return error;
}

void truth_close(struct truth_source *source)
{
	views_close(source->frames, &source->views);
	oracle_close(&source->oracle);
	differences_free(&source->differences);
	free(source->features);
	source->features = NULL;
}

/* What the program meets in each frame; what it says is added to *answers, if not NULL. */
static void run_whole(struct question *question, const struct classic *classic, bool *answers)
{
	static const unsigned int features[] = { [CLASSIC_BEYOND] = FRAME_BEYOND,
						 [CLASSIC_LOOPS] = FRAME_LOOPS,
						 [CLASSIC_UNSET] = FRAME_UNSET };

	for (size_t i = 0; i < question->count; i++) {
		const struct frame *frame = &question->source->frames->list[i];
		enum classic_end end;
		bool matches =
			classic_run(classic, frame->bytes, frame->length, frame->wire_bytes, &end);

		question->features[i] |= features[end];
		if (answers)
			answers[i] = matches;
	}
}

static bool has_feature(const struct question *question, unsigned int feature)
{
	for (size_t i = 0; i < question->count; i++)
		if (question->features[i] & feature)
			return true;
	return false;
}

/* tcpdump's own answers, which its instructions have to give too. -EINVAL: not of a file. */
static int ask_tcpdump(struct question *question)
{
	bool *answers = calloc(question->count + 1, sizeof(*answers));
	int error = answers ? oracle_ask(&question->source->oracle, question->expression, answers) :
			      -ENOMEM;

	if (error && error != -EINVAL)
		printf("# '%s': tcpdump: %s\n", question->expression, strerror(-error));
	for (size_t i = 0; i < question->count && !error; i++) {
		if (question->features[i] & FRAME_UNSET)
			question->answers[i] = answers[i];
		if (question->answers[i] == answers[i])
			continue;
		printf("# '%s': frame %zu: tcpdump says %d, its instructions %d\n",
		       question->expression, i, answers[i], question->answers[i]);
		error = -EBADE;
	}
	free(answers);
	return error;
}

/* Runs the whole in both forms, because the optimizer changes which bytes are read. */
static int answer_whole(struct question *question, const struct classic *optimized)
{
	char message[CLASSIC_MESSAGE_BYTES];
	struct classic *plain = NULL;
	int error = classic_compile(question->expression, false, &plain, message);

	if (error)
		return error;
	run_whole(question, plain, NULL);
	classic_free(plain);
	run_whole(question, optimized, question->answers);
	/* tcpdump itself would not come back from a loop. */
	if (!question->source->has_tcpdump || has_feature(question, FRAME_LOOPS))
		return 0;
	return ask_tcpdump(question);
}

#define ANY_TAG UINT32_MAX

/* A tag of which only the type is there is none. */
static bool has_tag(const struct frame *frame, uint32_t id)
{
	if (id == ANY_TAG)
		return frame->summary.vlan_count > 0;
	for (int i = 0; i < frame->summary.vlan_count; i++)
		if (frame->summary.vlan_id[i] == id)
			return true;
	return false;
}

/* RFC 3032, section 2.1 */
static bool has_label(const struct frame *frame, uint32_t label)
{
	const struct packet_summary *summary = &frame->summary;

	for (int i = 0; summary->link_ethertype == 0x8847 && i < summary->mpls_count; i++) {
		const uint8_t *at = frame->bytes + summary->link_offset + 4 * i;

		if (((uint32_t)at[0] << 12 | at[1] << 4 | at[2] >> 4) == label)
			return true;
	}
	return false;
}

/* `vlan`, `vlan N`, `mpls N`: some tag or label of the frame. -EINVAL for another primitive. */
static int answer_some(const struct question *question, const char *text, bool *answers)
{
	bool (*has)(const struct frame *frame, uint32_t number) =
		strncmp(text, "vlan", 4) == 0  ? has_tag :
		strncmp(text, "mpls ", 5) == 0 ? has_label :
						 NULL;
	unsigned long number;
	char *end;

	if (!has)
		return -EINVAL;
	number = text[4] ? strtoul(text + 5, &end, 0) : ANY_TAG;
	if (text[4] && *end)
		return -EINVAL;
	for (size_t i = 0; i < question->count; i++)
		answers[i] = has(&question->source->frames->list[i], (uint32_t)number);
	return 0;
}

/* -EINVAL for a primitive that asks for no chain of headers. */
static int answer_chain(const struct question *question, const char *text, bool *answers)
{
	struct chain_question chain;

	if (!chain_question_read(text, &chain))
		return -EINVAL;
	for (size_t i = 0; i < question->count; i++)
		answers[i] = chain_question_answer(&chain, &question->source->frames->list[i]);
	return 0;
}

/* In C's order of operations, which `%` and `^` do not have in libpcap. */
static int compile_leaf(const char *text, struct classic **ret_classic,
			char message[static CLASSIC_MESSAGE_BYTES])
{
	char *brackets = strpbrk(text, "%^") ? brackets_write(text) : NULL;
	int error = classic_compile(brackets ? brackets : text, true, ret_classic, message);

	free(brackets);
	return error;
}

static int answer_leaf(const struct question *question, const char *text, bool *answers)
{
	const struct viewed *viewed = question->source->views.list[views_choose(text)];
	char message[CLASSIC_MESSAGE_BYTES];
	struct classic *classic = NULL;
	int error;

	if (answer_some(question, text, answers) == 0 || answer_chain(question, text, answers) == 0)
		return 0;
	error = compile_leaf(text, &classic, message);
	if (error) {
		memset(answers, 0, question->count * sizeof(*answers));
		return strstr(message, "rejects all") ? 0 : error;
	}
	for (size_t i = 0; i < question->count; i++)
		answers[i] = classic_run(classic, viewed[i].bytes, viewed[i].length,
					 question->source->frames->list[i].wire_bytes, NULL);
	classic_free(classic);
	return 0;
}

static int answer_part(const struct question *question, const struct part *part, bool *answers)
{
	bool *right;
	int error;

	if (part->kind == PART_LEAF)
		return answer_leaf(question, part->text, answers);
	error = answer_part(question, part->left, answers);
	if (part->kind == PART_NOT) {
		for (size_t i = 0; i < question->count; i++)
			answers[i] = !answers[i];
		return error;
	}
	right = error ? NULL : calloc(question->count + 1, sizeof(*right));
	if (!right)
		return error ? error : -ENOMEM;
	error = answer_part(question, part->right, right);
	for (size_t i = 0; i < question->count; i++)
		answers[i] =
			part->kind == PART_AND ? answers[i] && right[i] : answers[i] || right[i];
	free(right);
	return error;
}

/* Leaves question->parts NULL if a primitive cannot be asked alone. */
static int answer_parts(struct question *question)
{
	struct part *root = NULL;
	size_t leaves;
	int error = parts_split(question->expression, &root, &leaves);

	if (!error) {
		question->parts = calloc(question->count + 1, sizeof(*question->parts));
		error = question->parts ? answer_part(question, root, question->parts) : -ENOMEM;
	}
	parts_free(root);
	if (!error)
		return 0;
	free(question->parts);
	question->parts = NULL;
	return error == -EINVAL ? 0 : error;
}

/* The first line of that kind that fits, or TRUTH_NO_LINE. */
static int find_line(const struct question *question, enum difference_kind kind,
		     unsigned int features)
{
	const struct differences *differences = &question->source->differences;

	for (size_t i = 0; i < differences->count; i++) {
		const struct difference *difference = &differences->list[i];

		if (question->fits[i] && difference->kind == kind &&
		    (difference->frames & features) == difference->frames)
			return (int)i;
	}
	return TRUTH_NO_LINE;
}

static struct truth find_truth(const struct question *question, size_t i)
{
	unsigned int features = question->features[i];
	bool tcpdump = question->answers[i];
	int line = TRUTH_NO_LINE;

	if (question->parts && question->parts[i] != tcpdump)
		line = find_line(question, DIFFERENCE_PARTS, features);
	return (struct truth){
		.matches = line == TRUTH_NO_LINE ? tcpdump : !tcpdump,
		.tcpdump = tcpdump,
		.line = line,
		.unknown = find_line(question, DIFFERENCE_UNKNOWN, features),
	};
}

static int find_truths(struct question *question, const struct classic *optimized,
		       struct truth *ret_truths)
{
	int error = answer_whole(question, optimized);

	if (!error)
		error = answer_parts(question);
	if (error)
		return error;
	differences_fit(&question->source->differences, question->expression, question->fits);
	for (size_t i = 0; i < question->count; i++)
		ret_truths[i] = find_truth(question, i);
	return 0;
}

int truth_find(const struct truth_source *source, const char *expression,
	       enum truth_verdict *ret_verdict, struct truth *ret_truths)
{
	struct question question = { .source = source,
				     .expression = expression,
				     .count = source->frames->count };
	char message[CLASSIC_MESSAGE_BYTES];
	struct classic *optimized = NULL;
	int error = classic_compile(expression, true, &optimized, message);

	*ret_verdict = TRUTH_ACCEPTED;
	if (error == -EINVAL) {
		*ret_verdict = strstr(message, "rejects all packets") ? TRUTH_NEVER : TRUTH_REFUSED;
		for (size_t i = 0; i < question.count; i++)
			ret_truths[i] =
				(struct truth){ .line = TRUTH_NO_LINE, .unknown = TRUTH_NO_LINE };
		return 0;
	}
	question.answers = calloc(question.count + 1, sizeof(*question.answers));
	question.features = calloc(question.count + 1, sizeof(*question.features));
	if (!error && (!question.answers || !question.features))
		error = -ENOMEM;
	if (!error) {
		memcpy(question.features, source->features,
		       question.count * sizeof(*question.features));
		error = find_truths(&question, optimized, ret_truths);
	}
	if (error == -EINVAL) {
		*ret_verdict = TRUTH_LIVE_ONLY;
		error = 0;
	}
	classic_free(optimized);
	free(question.answers);
	free(question.features);
	free(question.parts);
	return error;
}
