/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the frames one by one; whether one matched is seen from the counters. */
#include "filter_check.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reference_walk.h"

#define WRONG_SHOWN 3

const char *const excuse_names[EXCUSE_COUNT] = {
	[EXCUSE_NONE] = "none",
	[EXCUSE_EXTENSION] = "IPv6 extension header in a later fragment",
	[EXCUSE_CUT] = "cut header",
	[EXCUSE_FRAGMENT] = "later fragment that follows its first",
};

static enum excuse find_excuse(const struct frame *frame, const struct offline_packet *packet)
{
	const struct packet_summary *summary = &frame->summary;

	if (packet->summary.fields != summary->fields)
		return EXCUSE_FRAGMENT;
	if (summary->fields & SUMMARY_INCOMPLETE)
		return EXCUSE_CUT;
	if (reference_has_ipv6_extension(frame->bytes, summary) &&
	    summary->fields & SUMMARY_LATER_FRAGMENT)
		return EXCUSE_EXTENSION;
	return EXCUSE_NONE;
}

/* Frames that matched so far, on this CPU and all others. */
static uint64_t matched(const struct kernel_capture *capture)
{
	uint64_t sum = 0;

	for (unsigned int cpu = 0; cpu < capture->cpu_count; cpu++)
		sum += capture->counters[cpu].frames[DIRECTION_INGRESS].matched;
	return sum;
}

/* Whether the frame matches, or a negative errno. -EINVAL: too short for this kernel. */
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

static void show_wrong(const struct frame *frame, size_t number, int kernel, int user, int tcpdump)
{
	static struct packet packet;

	printf("# frame %zu: kernel %d, user space %d, tcpdump %d (-1: not asked)\n", number,
	       kernel, user, tcpdump);
	memcpy(packet.bytes, frame->bytes, frame->length);
	packet_print(&packet, frame->length);
}

static int judge(const struct kernel_capture *capture, const struct frames *frames,
		 const bool *answers, struct offline_fragments *fragments,
		 struct filter_tally *tally)
{
	for (size_t i = 0; i < frames->count; i++) {
		const struct frame *frame = &frames->list[i];
		struct offline_packet packet = {
			.bytes = bytes_make(frame->bytes, frame->length),
			.summary = frame->summary,
		};
		int tcpdump = answers ? answers[i] : -1;
		int kernel = ask_kernel(capture, frame);
		enum excuse excuse;
		int user;

		if (filter_uses_ports(capture->filter))
			offline_follow_fragment(fragments, &packet);
		user = filter_run(capture->filter, &packet);
		excuse = find_excuse(frame, &packet);

		if (kernel == -EINVAL && frame->length < TEST_RUN_CERTAIN_BYTES)
			continue;
		if (kernel < 0) {
			printf("# frame %zu: %s\n", i, strerror(-kernel));
			return kernel;
		}
		tally->frames++;
		tally->matches += (size_t)kernel;
		if (kernel == user && (tcpdump < 0 || kernel == tcpdump))
			continue;
		if (kernel == user && excuse != EXCUSE_NONE)
			tally->excused[excuse]++;
		else if (tally->wrong++ < WRONG_SHOWN)
			show_wrong(frame, i, kernel, user, tcpdump);
	}
	return 0;
}

int filter_check(const struct kernel_capture *capture, const char *expression,
		 const struct frames *frames, const struct oracle *oracle,
		 struct filter_tally *ret_tally)
{
	struct offline_fragments *fragments = offline_fragments_new();
	bool *answers = NULL;
	int error = fragments ? 0 : -ENOMEM;

	*ret_tally = (struct filter_tally){ 0 };
	if (!error && oracle) {
		answers = calloc(frames->count, sizeof(*answers));
		error = answers ? oracle_ask(oracle, expression, answers) : -ENOMEM;
	}
	if (!error)
		error = judge(capture, frames, answers, fragments, ret_tally);
	offline_fragments_free(fragments);
	free(answers);
	return error;
}
