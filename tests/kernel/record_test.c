/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is in the rings: each matching frame, cut to the snapshot length, whole, with its
 * wire length, interface, direction and time; and what happens when a ring is full.
 */
#include <bpf/bpf.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../unit/check.h"
#include "kernel_capture.h"
#include "traffic.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static enum hook hook;

/* Lengths of frames; those behind the longest that every kernel takes are for XDP. */
static const uint32_t frame_bytes[] = {
	54,
	59,
	60,
	61,
	64,
	65,
	66,
	87,
	88,
	89,
	90,
	215,
	216,
	217,
	471,
	472,
	473,
	983,
	984,
	985,
	1513,
	1514,
	1515,
	1528,
	1529,
	TEST_RUN_MAXIMUM_BYTES,
	3519,
	3520,
	3521,
	4096,
	4097,
	9014,
	16384,
	65534,
	65535,
	65536,
	65549,
	65561,
	PACKET_MAXIMUM_BYTES,
};

static const char *name(void)
{
	return test_run_hook_name(hook);
}

static bool is_for_this_hook(uint32_t bytes)
{
	return bytes <= TEST_RUN_MAXIMUM_BYTES || (hook_is_xdp(hook) && test_run_has_pieces());
}

/* tc has both; the numbers take turns. */
static enum direction direction_of(size_t number)
{
	return number % 2 && !hook_is_xdp(hook) ? DIRECTION_EGRESS : DIRECTION_INGRESS;
}

static uint64_t clock_ns(enum capture_clock clock)
{
	struct timespec now;

	clock_gettime(clock == CAPTURE_CLOCK_TAI ? CLOCK_TAI : CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* What a record should say. */
struct expectation {
	const struct packet *packet;
	uint32_t wire_bytes;
	uint32_t captured_bytes;
	enum direction direction;
	uint64_t earliest_ns;
	uint64_t latest_ns;
};

static bool record_is_right(const struct ring_record *found, const struct expectation *expected)
{
	const struct capture_record *record = found->record;

	if (found->is_busy || found->is_discarded)
		printf("# busy %d, discarded %d\n", found->is_busy, found->is_discarded);
	else if (found->length < sizeof(*record) + record->captured_bytes)
		printf("# %u bytes are reserved for %u\n", found->length, record->captured_bytes);
	else if (record->wire_bytes != expected->wire_bytes ||
		 record->captured_bytes != expected->captured_bytes)
		printf("# %u bytes of %u are there, should be %u of %u\n", record->captured_bytes,
		       record->wire_bytes, expected->captured_bytes, expected->wire_bytes);
	else if (record->ifindex != KERNEL_CAPTURE_IFINDEX ||
		 record->direction != expected->direction || record->packet_type ||
		 record->protocol || record->link_address_bytes)
		printf("# interface %u, direction %u\n", record->ifindex, record->direction);
	else if (record->time_ns < expected->earliest_ns || record->time_ns > expected->latest_ns)
		printf("# time %llu is not between %llu and %llu\n", record->time_ns,
		       (unsigned long long)expected->earliest_ns,
		       (unsigned long long)expected->latest_ns);
	else if (memcmp(found->bytes, expected->packet->bytes, expected->captured_bytes))
		printf("# the bytes differ\n");
	else
		return true;
	return false;
}

/* Runs one frame and takes the one record that it must leave. */
static bool run_and_take(const struct kernel_capture *capture, struct ring_reader *reader,
			 const struct packet *packet, struct expectation *expected)
{
	enum capture_clock clock = loader_clock(capture->loader);
	struct ring_record found;
	int error;

	expected->packet = packet;
	expected->earliest_ns = clock_ns(clock);
	error = kernel_capture_run(capture, expected->direction, packet, expected->wire_bytes,
				   NULL);
	expected->latest_ns = clock_ns(clock);
	if (error || !ring_reader_peek(reader, &found)) {
		printf("# %u bytes: %s\n", expected->wire_bytes,
		       error ? strerror(-error) : "no record");
		return false;
	}
	if (!record_is_right(&found, expected))
		return false;
	ring_reader_take(reader);
	if (ring_reader_used_bytes(reader) == 0)
		return true;
	printf("# something follows the record\n");
	return false;
}

static void test_snapshot(uint32_t snapshot_bytes)
{
	struct kernel_capture_options options = {
		.hook = hook,
		.expression = "",
		.snapshot_bytes = snapshot_bytes,
		.copy_packets = true,
	};
	struct ring_reader reader = { 0 };
	struct kernel_capture capture;
	struct packet packet;
	bool is_right;

	is_right = !kernel_capture_open(&options, &capture) &&
		   !kernel_capture_map_ring(&capture, 0, &reader);
	for (size_t i = 0; i < 2 * COUNT(frame_bytes) && is_right; i++) {
		uint32_t bytes = frame_bytes[i / 2];
		struct expectation expected = {
			.wire_bytes = bytes,
			.captured_bytes = bytes < snapshot_bytes ? bytes : snapshot_bytes,
			.direction = direction_of(i),
		};

		if (!is_for_this_hook(bytes))
			break;
		traffic_packet((unsigned int)i * 20 + i % 3, &packet);
		packet_pad(&packet, bytes);
		is_right = run_and_take(&capture, &reader, &packet, &expected);
	}
	check(is_right, "%s: with a snapshot length of %u a record holds the frame up to there",
	      name(), snapshot_bytes);
	ring_reader_unmap(&reader);
	kernel_capture_close(&capture);
}

/* Only what matches is in the ring, in order. */
static void test_filter(void)
{
	struct kernel_capture_options options = { .hook = hook,
						  .expression = "udp",
						  .copy_packets = true };
	struct ring_reader reader = { 0 };
	struct kernel_capture capture;
	struct ring_record found;
	struct packet packet;
	unsigned int records = 0;
	struct cpu_counters sum;
	bool is_right;

	is_right = !kernel_capture_open(&options, &capture) &&
		   !kernel_capture_map_ring(&capture, 0, &reader);
	for (unsigned int i = 0; i < TRAFFIC_COUNT && is_right; i++) {
		traffic_packet(i, &packet);
		is_right = !kernel_capture_run(&capture, DIRECTION_INGRESS, &packet, packet.length,
					       NULL);
	}
	for (unsigned int i = 0; i < TRAFFIC_COUNT && is_right; i++) {
		traffic_packet(i, &packet);
		if (!ring_reader_peek(&reader, &found) ||
		    found.record->wire_bytes != packet.length ||
		    memcmp(found.bytes, packet.bytes, packet.length))
			continue;
		ring_reader_take(&reader);
		records++;
	}
	if (is_right) {
		kernel_capture_sum(&capture, &sum);
		is_right = ring_reader_used_bytes(&reader) == 0 && records > 0 &&
			   records < TRAFFIC_COUNT / 2 &&
			   records == sum.frames[DIRECTION_INGRESS].submitted &&
			   records == sum.frames[DIRECTION_INGRESS].matched;
	}
	check(is_right, "%s: the ring holds the frames that match, in their order, and no others",
	      name());
	ring_reader_unmap(&reader);
	kernel_capture_close(&capture);
}

/* The frame that is told by its number: bytes 20 to 23. */
static void number_frame(struct packet *packet, uint32_t number)
{
	memcpy(packet->bytes + 20, &number, sizeof(number));
}

static bool fill_ring(const struct kernel_capture *capture, struct packet *packet,
		      unsigned int frames)
{
	for (uint32_t i = 0; i < frames; i++) {
		number_frame(packet, i);
		if (kernel_capture_run(capture, DIRECTION_INGRESS, packet, packet->length, NULL))
			return false;
	}
	return true;
}

/* Takes all records; they must be the first frames, one after the other. */
static bool drain_ring(struct ring_reader *reader, struct packet *packet, uint64_t records)
{
	struct ring_record found;

	for (uint32_t i = 0; i < records; i++) {
		number_frame(packet, i);
		if (!ring_reader_peek(reader, &found) || found.is_busy || found.is_discarded ||
		    memcmp(found.bytes, packet->bytes, packet->length)) {
			printf("# record %u of %llu is not right\n", i,
			       (unsigned long long)records);
			return false;
		}
		ring_reader_take(reader);
	}
	return ring_reader_used_bytes(reader) == 0;
}

static void test_full_ring(uint32_t bytes, const char *kind)
{
	struct kernel_capture_options options = { .hook = hook,
						  .expression = "",
						  .copy_packets = true };
	struct expectation next = { .wire_bytes = bytes, .captured_bytes = bytes };
	unsigned int frames = 2 * KERNEL_CAPTURE_RING_BYTES / bytes;
	const struct frame_counters *counted;
	struct ring_reader reader = { 0 };
	struct kernel_capture capture;
	struct cpu_counters sum;
	struct packet packet;

	traffic_packet(17, &packet);
	packet_pad(&packet, bytes);
	packet.length = bytes;
	if (!check(!kernel_capture_open(&options, &capture) &&
			   !kernel_capture_map_ring(&capture, 0, &reader) &&
			   fill_ring(&capture, &packet, frames),
		   "%s: a full ring changes no verdict about %s frames", name(), kind))
		goto out;
	kernel_capture_sum(&capture, &sum);
	counted = &sum.frames[DIRECTION_INGRESS];
	check(counted->seen == frames && counted->matched == frames && counted->lost_ring > 0 &&
		      counted->submitted + counted->lost_ring == frames &&
		      sum.matched[DIRECTION_INGRESS].protocols[PROTOCOL_ETHERNET].packets == frames,
	      "%s: of %s frames what a full ring does not take is counted as lost", name(), kind);
	check_note("%llu submitted, %llu lost of %u", counted->submitted, counted->lost_ring,
		   frames);
	/* The ring takes no record that would make it quite full. */
	check(ring_reader_used_bytes(&reader) <= reader.bytes &&
		      ring_reader_used_bytes(&reader) + 2 * (bytes + 1024) > reader.bytes,
	      "%s: a ring is full of %s frames only when it is full", name(), kind);
	check(drain_ring(&reader, &packet, counted->submitted),
	      "%s: what was in a full ring of %s frames is whole", name(), kind);
	check(run_and_take(&capture, &reader, &packet, &next),
	      "%s: a ring of %s frames that was full takes the next frame", name(), kind);
out:
	ring_reader_unmap(&reader);
	kernel_capture_close(&capture);
}

static void test_count_only(void)
{
	struct kernel_capture_options options = { .hook = hook, .expression = "ip" };
	struct kernel_capture capture;
	struct cpu_counters sum;
	struct packet packet;
	bool is_right = !kernel_capture_open(&options, &capture);

	for (unsigned int i = 0; i < TRAFFIC_COUNT && is_right; i++) {
		traffic_packet(i, &packet);
		is_right = !kernel_capture_run(&capture, direction_of(1), &packet, packet.length,
					       NULL);
	}
	if (is_right) {
		const struct frame_counters *counted = &sum.frames[direction_of(1)];

		kernel_capture_sum(&capture, &sum);
		is_right = counted->matched > 0 && counted->counted_only == counted->matched &&
			   counted->submitted == 0 && counted->lost_ring == 0 &&
			   loader_ring_fd(capture.loader, 0) < 0;
	}
	check(is_right, "%s: where only counting is wanted there is no ring and nothing is lost",
	      name());
	kernel_capture_close(&capture);
}

/* Runs a frame on each online CPU, and takes it from that one's ring. */
static bool has_ring_of_each_cpu(const struct kernel_capture *capture, const struct packet *packet)
{
	bool is_right = true;

	for (unsigned int cpu = 0; cpu < capture->cpu_count && is_right; cpu++) {
		struct expectation expected = { .wire_bytes = packet->length,
						.captured_bytes = packet->length };
		struct ring_reader reader = { 0 };

		if (kernel_capture_stay_on_cpu(cpu))
			continue; /* not online */
		is_right = !kernel_capture_map_ring(capture, cpu, &reader) &&
			   run_and_take(capture, &reader, packet, &expected);
		ring_reader_unmap(&reader);
	}
	kernel_capture_stay_on_cpu(0);
	return is_right;
}

/* A program that runs behind the wait for those that run finds what one of them would have. */
static void test_cpus(void)
{
	struct kernel_capture_options options = { .hook = hook,
						  .expression = "",
						  .copy_packets = true };
	struct kernel_capture capture;
	struct packet packet;
	bool is_right = !kernel_capture_open(&options, &capture);

	traffic_packet(3, &packet);
	check(is_right && has_ring_of_each_cpu(&capture, &packet),
	      "%s: a record is in the ring of the CPU that ran the frame", name());
	check(is_right && !loader_wait_for_programs(capture.loader) &&
		      has_ring_of_each_cpu(&capture, &packet),
	      "%s: waiting for the programs that run takes no ring from them", name());
	kernel_capture_close(&capture);
}

/* The map of rings, which the loader keeps to itself; -1 if it is not found. */
static int open_rings(int program_fd)
{
	__u32 ids[16], bytes = sizeof(struct bpf_prog_info);
	struct bpf_prog_info program = { .nr_map_ids = COUNT(ids), .map_ids = (uintptr_t)ids };

	if (bpf_obj_get_info_by_fd(program_fd, &program, &bytes))
		return -1;
	for (__u32 i = 0; i < program.nr_map_ids && i < COUNT(ids); i++) {
		struct bpf_map_info map = { 0 };
		int fd = bpf_map_get_fd_by_id(ids[i]);

		bytes = sizeof(map);
		if (!bpf_obj_get_info_by_fd(fd, &map, &bytes) &&
		    map.type == BPF_MAP_TYPE_ARRAY_OF_MAPS)
			return fd;
		close(fd);
	}
	return -1;
}

/* As on a CPU that came online after the start. */
static void test_no_ring(void)
{
	struct kernel_capture_options options = { .hook = hook,
						  .expression = "",
						  .copy_packets = true };
	struct kernel_capture capture;
	struct cpu_counters sum = { 0 };
	struct packet packet;
	unsigned int cpu = 0;
	bool is_right = !kernel_capture_open(&options, &capture);
	int rings_fd = -1;

	traffic_packet(3, &packet);
	if (is_right)
		rings_fd = open_rings(
			loader_program_fd(capture.loader, LINK_LAYER_ETHERNET, DIRECTION_INGRESS));
	is_right = is_right && !bpf_map_delete_elem(rings_fd, &cpu) &&
		   !kernel_capture_run(&capture, DIRECTION_INGRESS, &packet, packet.length, NULL);
	if (is_right)
		kernel_capture_sum(&capture, &sum);
	check(is_right && sum.frames[DIRECTION_INGRESS].matched == 1 &&
		      sum.frames[DIRECTION_INGRESS].lost_ring == 1,
	      "%s: on a CPU without a ring the loss is counted", name());
	if (rings_fd >= 0)
		close(rings_fd);
	kernel_capture_close(&capture);
}

static void test_hook(void)
{
	static const uint32_t snapshots[] = {
		1,   12,   13,   14,   15,   16,   17,   60,    64,     65,
		87,  88,   89,   128,  215,  216,  217,  472,   473,    984,
		985, 1514, 1528, 1529, 4056, 4057, 9177, 65535, 262144,
	};

	for (size_t i = 0; i < COUNT(snapshots); i += test_run_is_slow() ? 4 : 1)
		test_snapshot(snapshots[i]);
	test_filter();
	test_full_ring(TEST_RUN_MAXIMUM_BYTES, "large");
	test_full_ring(60, "small");
	test_count_only();
	test_cpus();
	test_no_ring();
}

int main(void)
{
	if (!check(!kernel_capture_stay_on_cpu(0), "this process can stay on one CPU"))
		return check_finish();
	for (hook = HOOK_TC; hook <= HOOK_XDP_NATIVE; hook++)
		test_hook();
	if (!test_run_has_pieces())
		check_skip("XDP: frames of several pieces are copied",
			   "frames have one piece before Linux 5.18");
	return check_finish();
}
