/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs count what the reference counts, for all that they saw and for what matched,
 * in each direction; also packets of aggregates, and nothing when the keeper is gone.
 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../unit/check.h"
#include "kernel_capture.h"
#include "reference_count.h"
#include "reference_walk.h"
#include "traffic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What stands before the network header of a frame of the mix. */
static const struct layer prefixes[][6] = {
	{ { .kind = LAYER_ETHERNET } },
	{ { .kind = LAYER_VLAN, .bits = 5 } },
	{ { .kind = LAYER_VLAN, .type = 0x88a8, .bits = 5 }, { .kind = LAYER_VLAN, .bits = 9 } },
	{ { .kind = LAYER_PPPOE } },
	{ { .kind = LAYER_MPLS }, { .kind = LAYER_MPLS, .bits = 1 } },
	{ { .kind = LAYER_VLAN },
	  { .kind = LAYER_VLAN },
	  { .kind = LAYER_VLAN },
	  { .kind = LAYER_VLAN },
	  { .kind = LAYER_VLAN } },
	{ { .kind = LAYER_ETHERTYPE, .type = 0x8863 } },
};

/* Ports and protocols that the mix does not have: all of them, from the frame's number. */
static void vary(struct layers *layers, unsigned int number)
{
	static const uint32_t protocols[] = { 1, 2, 47, 50, 51, 58, 89, 112, 253 };
	static const uint32_t ports[] = {
#define X(port, name) port,
		TCP_SERVICE_PORTS(X) UDP_SERVICE_PORTS(X)
#undef X
	};

	for (size_t i = 0; i < layers->count; i++) {
		struct layer *layer = &layers->list[i];

		if (layer->kind == LAYER_PROTOCOL)
			layer->type = protocols[number % COUNT(protocols)];
		if (layer->kind != LAYER_TCP && layer->kind != LAYER_UDP)
			continue;
		layer->source = ports[number % COUNT(ports)];
		layer->destination = number % 3 ? 20000 + number : ports[number / 3 % COUNT(ports)];
		layer->bits = number / 3 % 64;
	}
}

static void make_frame(unsigned int number, struct packet *ret_packet)
{
	struct layers inner, outer = { .count = 1 };

	traffic_layers(number, &inner);
	if (number >= TRAFFIC_COUNT)
		vary(&inner, number);
	layers_add_list(&outer, prefixes[number / 7 % COUNT(prefixes)], COUNT(prefixes[0]));
	layers_add_list(&outer, inner.list + 1, inner.count - 1);
	packet_build(ret_packet, &outer);
}

/* Runs one frame, and counts it as it should be counted. */
static int run_frame(const struct kernel_capture *capture, enum direction direction,
		     const struct packet *packet, const struct test_aggregate *aggregate,
		     struct cpu_counters *expected)
{
	struct frame_counters *frames = &expected->frames[direction];
	struct offline_packet judged = { .bytes = bytes_make(packet->bytes, packet->length) };
	const struct packet_summary *summary = &judged.summary;
	struct traffic_counter size;
	int error;

	error = kernel_capture_run(capture, direction, packet, packet->length, aggregate);
	if (error) {
		printf("# %u bytes: %s\n", packet->length, strerror(-error));
		return error;
	}
	reference_walk(packet->bytes, packet->length, &judged.summary);
	size = reference_size(packet, summary, aggregate);
	frames->seen++;
	reference_count(summary, size, &expected->seen[direction]);
	if (!filter_run(capture->filter, &judged)) {
		frames->filtered_out++;
		return 0;
	}
	frames->matched++;
	frames->counted_only++;
	reference_count(summary, size, &expected->matched[direction]);
	return 0;
}

static bool counts_are_right(const struct kernel_capture *capture,
			     const struct cpu_counters *expected)
{
	struct cpu_counters found;
	bool is_right = true;

	kernel_capture_sum(capture, &found);
	for (int i = 0; i < DIRECTION_COUNT; i++) {
		const struct frame_counters *frames = &found.frames[i];

		is_right &= reference_counters_are_same("seen", &found.seen[i], &expected->seen[i]);
		is_right &= reference_counters_are_same("matched", &found.matched[i],
							&expected->matched[i]);
		is_right &= !memcmp(frames, &expected->frames[i], sizeof(*frames));
		is_right &= frames->seen == frames->filtered_out + frames->sampled_out +
						    frames->over_limit + frames->matched;
		is_right &= frames->matched == frames->counted_only + frames->submitted +
						       frames->lost_ring + frames->lost_copy;
	}
	return is_right;
}

/* A counter that no frame of the mix reaches would not be tested. */
static bool all_are_reached(const struct traffic_counters *counters)
{
	bool are_reached = true;

	for (size_t i = 0; i < PROTOCOL_COUNT; i++) {
		if (counters->protocols[i].packets > 0)
			continue;
		printf("# protocol %zu was not met\n", i);
		are_reached = false;
	}
	return are_reached;
}

static void test_expression(const char *expression, enum hook hook)
{
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	unsigned int frames = test_run_is_slow() ? 4000 : 10000;
	struct cpu_counters expected = { 0 };
	struct kernel_capture capture;
	struct packet packet;
	int error = kernel_capture_open(&options, &capture);

	for (unsigned int i = 0; i < frames && !error; i++) {
		make_frame(i, &packet);
		error = run_frame(&capture,
				  i % 7 == 0 && !hook_is_xdp(hook) ? DIRECTION_EGRESS :
								     DIRECTION_INGRESS,
				  &packet, NULL, &expected);
	}
	check(!error && counts_are_right(&capture, &expected) &&
		      all_are_reached(&expected.seen[DIRECTION_INGRESS]),
	      "%s: with the filter '%s' packets and bytes of each protocol are counted",
	      test_run_hook_name(hook), expression);
	printf("# %u frames, %llu on ingress matched\n", frames,
	       expected.frames[DIRECTION_INGRESS].matched);
	kernel_capture_close(&capture);
}

/* Aggregates of TCP, UDP and what is neither, behind a tag, too. */
static void test_aggregates(void)
{
	static const struct test_aggregate aggregates[] = {
		{ 2, 1448 }, { 5, 500 }, { 0, 1448 }, { 0, 500 }, { 0, 7 }, { 0, 5000 }, { 1, 100 },
	};
	struct kernel_capture_options options = { .expression = "tcp" };
	struct cpu_counters expected = { 0 };
	struct kernel_capture capture;
	struct packet packet;
	int error = kernel_capture_open(&options, &capture);

	for (unsigned int i = 0; i < 600 && !error; i++) {
		make_frame(i + TRAFFIC_COUNT, &packet);
		packet_pad(&packet, i * 5);
		error = run_frame(&capture, DIRECTION_EGRESS, &packet,
				  &aggregates[i % COUNT(aggregates)], &expected);
	}
	check(!error && counts_are_right(&capture, &expected),
	      "the packets of an aggregate are counted one by one, each with its headers");
	kernel_capture_close(&capture);
}

/* Each CPU writes to its own element only. */
static void test_cpus(void)
{
	struct kernel_capture_options options = { .expression = "" };
	struct kernel_capture capture;
	struct packet packet;
	bool is_right = true;
	int error = kernel_capture_open(&options, &capture);

	traffic_packet(0, &packet);
	for (unsigned int cpu = 0; cpu < capture.cpu_count && !error; cpu++) {
		struct cpu_counters before;

		if (kernel_capture_stay_on_cpu(cpu))
			continue; /* not online */
		kernel_capture_sum(&capture, &before);
		error = kernel_capture_run(&capture, DIRECTION_INGRESS, &packet, packet.length,
					   NULL);
		is_right &= before.frames[DIRECTION_INGRESS].seen == cpu &&
			    capture.counters[cpu].frames[DIRECTION_INGRESS].seen == 1;
	}
	check(!error && is_right, "a frame is counted in the element of the CPU that ran it");
	kernel_capture_close(&capture);
}

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* Frames of ten that are counted when the last heartbeat is so old. */
static uint64_t count_with_heartbeat(struct kernel_capture *capture, uint64_t age_ns)
{
	struct cpu_counters before, after;
	struct packet packet;

	traffic_packet(0, &packet);
	kernel_capture_sum(capture, &before);
	__atomic_store_n(&capture->control->heartbeat_ns, now_ns() - age_ns, __ATOMIC_RELAXED);
	usleep(30000); /* looked at once per jiffy */
	for (int i = 0; i < 10; i++)
		if (kernel_capture_run(capture, DIRECTION_INGRESS, &packet, packet.length, NULL))
			return UINT64_MAX;
	kernel_capture_sum(capture, &after);
	return after.frames[DIRECTION_INGRESS].seen - before.frames[DIRECTION_INGRESS].seen;
}

static void test_heartbeat(void)
{
	struct kernel_capture_options options = { .expression = "", .check_heartbeat = true };
	const uint64_t second_ns = 1000000000;
	struct kernel_capture capture;

	if (!check(!kernel_capture_open(&options, &capture),
		   "programs that look for a heartbeat can be loaded"))
		goto out;
	while (now_ns() < 7 * second_ns)
		usleep(100000); /* a virtual machine that is younger than an old heartbeat */
	check(count_with_heartbeat(&capture, 6 * second_ns) == 0,
	      "nothing is counted when the heartbeat is 6 s old");
	check(count_with_heartbeat(&capture, 0) == 10,
	      "all is counted when the heartbeat is fresh");
	check(count_with_heartbeat(&capture, 3 * second_ns) == 10,
	      "all is counted when the heartbeat is 3 s old");
	check(count_with_heartbeat(&capture, 5 * second_ns + 1) == 0,
	      "counting stops when the heartbeat grows old");
	check(count_with_heartbeat(&capture, 0) == 10, "counting goes on with the next heartbeat");
out:
	kernel_capture_close(&capture);
}

static void test_no_heartbeat_wanted(void)
{
	struct kernel_capture_options options = { .expression = "" };
	struct kernel_capture capture;

	check(!kernel_capture_open(&options, &capture) &&
		      count_with_heartbeat(&capture, 6000000000) == 10,
	      "where links hold the programs, no heartbeat is needed");
	kernel_capture_close(&capture);
}

int main(void)
{
	static const char *const expressions[] = {
		"", "host 10.9.0.1", "tcp port 80", "not ip", "udp or arp", "ip6 and not udp",
	};

	for (size_t i = 0; i < COUNT(expressions); i += test_run_is_slow() ? 2 : 1)
		test_expression(expressions[i], HOOK_TC);
	for (size_t i = 0; i < COUNT(expressions); i += test_run_is_slow() ? 3 : 1)
		test_expression(expressions[i], HOOK_XDP_NATIVE);
	test_aggregates();
	test_heartbeat();
	test_no_heartbeat_wanted();
	test_cpus();
	return check_finish();
}
