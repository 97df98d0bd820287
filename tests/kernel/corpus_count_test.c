/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * corpus_count_test [FOLDER]: for each capture of a collection the counters of the programs are
 * those of the reference. CORPUS in the environment is the collection's folder; without it the
 * test is skipped. With a FOLDER, what was run and counted is left there for others to judge:
 * frames.pcap, where the seconds of a frame's time are the number of its capture and the
 * microseconds its own, and counters.tsv, "NUMBER CAPTURE PROTOCOL PACKETS BYTES".
 */
#include <errno.h>
#include <limits.h>
/* pcap.h and <linux/bpf.h> clash. */
#define PCAP_DONT_INCLUDE_PCAP_BPF_H
#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/counters.h"
#include "../unit/check.h"
#include "kernel_capture.h"
#include "oracle.h"
#include "reference_count.h"
#include "reference_walk.h"

#define LINKTYPE_ETHERNET 1 /* DLT_EN10MB */

/* What came of a hook. */
struct side {
	struct kernel_capture capture;
	uint32_t longest; /* of a frame; what is longer is cut */
	uint64_t frames;
	unsigned int wrong; /* captures with other counters than the reference's */
};

struct context {
	const char *folder;
	struct side tc, xdp;
	FILE *counters; /* NULL: nobody wants them */
	pcap_dumper_t *frames;
	unsigned int captures;
};

static int open_side(enum hook hook, uint32_t longest, struct side *ret_side)
{
	const struct kernel_capture_options options = { .hook = hook, .expression = "" };

	ret_side->longest = longest;
	return kernel_capture_open(&options, &ret_side->capture);
}

static void keep_frame(const struct context *context, size_t number, const struct packet *packet)
{
	const struct pcap_pkthdr header = {
		.ts = { .tv_sec = context->captures, .tv_usec = (suseconds_t)number },
		.caplen = packet->length,
		.len = packet->length,
	};

	if (context->frames)
		pcap_dump((u_char *)context->frames, &header, packet->bytes);
}

/* Runs the frames of a capture. Kernels may refuse frames that are short. */
static int run_frames(const struct context *context, struct side *side, const struct frames *frames,
		      struct traffic_counters *expected)
{
	static struct packet packet;

	for (size_t i = 0; i < frames->count; i++) {
		const struct frame *frame = &frames->list[i];
		struct packet_summary summary = frame->summary;
		int error = -EINVAL;

		packet.length = frame->length < side->longest ? frame->length : side->longest;
		memcpy(packet.bytes, frame->bytes, packet.length);
		if (packet.length >= TEST_RUN_MINIMUM_BYTES)
			error = kernel_capture_run(&side->capture, DIRECTION_INGRESS, &packet,
						   packet.length, NULL);
		if (error == -EINVAL && packet.length < TEST_RUN_CERTAIN_BYTES)
			continue;
		if (error)
			return error;
		if (packet.length < frame->length)
			reference_walk(packet.bytes, packet.length, &summary);
		reference_count(&summary, reference_size(&packet, &summary, NULL), expected);
		side->frames++;
		if (side == &context->xdp)
			keep_frame(context, i, &packet);
	}
	return 0;
}

static void forget_counters(struct kernel_capture *capture)
{
	for (unsigned int cpu = 0; cpu < capture->cpu_count; cpu++)
		memset(capture->counters[cpu].seen, 0, sizeof(capture->counters[cpu].seen));
}

static void write_counters(const struct context *context, const char *path,
			   const struct traffic_counters *counted)
{
	char name[COUNTERS_NAME_BYTES];

	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++) {
		counters_protocol_name(protocol, name);
		if (counted->protocols[protocol].packets)
			fprintf(context->counters, "%u\t%s\t%s\t%llu\t%llu\n", context->captures,
				path, name, counted->protocols[protocol].packets,
				counted->protocols[protocol].bytes);
	}
}

static int count_capture(struct context *context, struct side *side, const char *path,
			 const struct frames *frames)
{
	struct traffic_counters expected = { 0 };
	struct cpu_counters found;
	int error;

	forget_counters(&side->capture);
	error = run_frames(context, side, frames, &expected);
	if (error) {
		printf("# %s: %s\n", path, strerror(-error));
		return error;
	}
	kernel_capture_sum(&side->capture, &found);
	if (!reference_counters_are_same(path, &found.seen[DIRECTION_INGRESS], &expected))
		side->wrong++;
	if (side == &context->xdp && context->counters)
		write_counters(context, path, &found.seen[DIRECTION_INGRESS]);
	return 0;
}

static int count_captures(struct context *context)
{
	char line[PATH_MAX], path[PATH_MAX];
	FILE *list;
	int error = 0;

	snprintf(path, sizeof(path), "%s/files-public.txt", context->folder);
	list = fopen(path, "r");
	if (!list)
		return -errno;
	while (!error && fgets(line, sizeof(line), list)) {
		struct frames frames = { 0 };

		line[strcspn(line, "\n")] = '\0';
		if ((size_t)snprintf(path, sizeof(path), "%s/%s", context->folder, line) >=
		    sizeof(path))
			continue;
		error = frames_read(&frames, path);
		if (!error && frames.count) {
			context->captures++;
			error = count_capture(context, &context->tc, line, &frames);
		}
		if (!error && frames.count)
			error = count_capture(context, &context->xdp, line, &frames);
		frames_free(&frames);
	}
	fclose(list);
	return error;
}

/* Where others are to judge, too. */
static int open_results(const char *folder, struct context *context)
{
	char path[PATH_MAX];
	pcap_t *format = pcap_open_dead(LINKTYPE_ETHERNET, MAXIMUM_SNAPSHOT_BYTES);

	snprintf(path, sizeof(path), "%s/counters.tsv", folder);
	context->counters = fopen(path, "w");
	snprintf(path, sizeof(path), "%s/frames.pcap", folder);
	context->frames = pcap_dump_open(format, path);
	pcap_close(format);
	return context->counters && context->frames ? 0 : -EIO;
}

static bool close_results(struct context *context)
{
	bool is_whole = true;

	if (context->counters)
		is_whole = fclose(context->counters) == 0;
	if (context->frames) {
		is_whole &= pcap_dump_flush(context->frames) == 0;
		pcap_dump_close(context->frames);
	}
	return is_whole;
}

static void report(const struct side *side)
{
	const char *hook = test_run_hook_name(side->capture.hook);

	check(side->wrong == 0 && side->frames > 0,
	      "%s: the counters of each capture are those of the reference", hook);
	check_note("%u captures differ", side->wrong);
	printf("# %s: %llu frames\n", hook, (unsigned long long)side->frames);
}

int main(int argc, char **argv)
{
	struct context context = { .folder = getenv("CORPUS") };
	int error;

	if (!context.folder || !context.folder[0]) {
		check_skip("the counters of the captures of the collection are right",
			   "CORPUS is not set");
		return check_finish();
	}
	error = open_side(HOOK_TC, TEST_RUN_MAXIMUM_BYTES, &context.tc);
	if (!error)
		error = open_side(HOOK_XDP_NATIVE,
				  test_run_has_pieces() ? PACKET_MAXIMUM_BYTES :
							  TEST_RUN_MAXIMUM_BYTES,
				  &context.xdp);
	if (!error && argc > 1)
		error = open_results(argv[1], &context);
	if (!error)
		error = count_captures(&context);
	if (check(!error && close_results(&context), "the captures of the collection can be run")) {
		report(&context.tc);
		report(&context.xdp);
		printf("# %u captures\n", context.captures);
	}
	kernel_capture_close(&context.tc.capture);
	kernel_capture_close(&context.xdp.capture);
	return check_finish();
}
