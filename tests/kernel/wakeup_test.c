/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When a record wakes the writer: if it sleeps, and when a ring passes its watermark; never
 * otherwise. And that the marks of a CPU say that nothing is on its way when nothing is.
 */
#include <sys/epoll.h>
#include <unistd.h>

#include "../../user/wakeup.h"
#include "../unit/check.h"
#include "kernel_capture.h"
#include "traffic.h"

#define PATIENCE_MS 5000
#define MOMENT_MS 100 /* a wake-up that is not to come is waited for so long */

struct stage {
	struct kernel_capture capture;
	struct ring_reader reader;
	int wakeup_fd;
};

static bool open_stage(struct stage *stage)
{
	const struct kernel_capture_options options = { .expression = "", .copy_packets = true };
	int ring_fd;

	*stage = (struct stage){ .wakeup_fd = wakeup_open() };
	if (stage->wakeup_fd < 0 || kernel_capture_open(&options, &stage->capture) ||
	    kernel_capture_map_ring(&stage->capture, 0, &stage->reader))
		return false;
	ring_fd = loader_ring_fd(stage->capture.loader, 0);
	return !wakeup_add_ring(stage->wakeup_fd, ring_fd);
}

static void close_stage(struct stage *stage)
{
	ring_reader_unmap(&stage->reader);
	kernel_capture_close(&stage->capture);
	if (stage->wakeup_fd >= 0)
		close(stage->wakeup_fd);
}

static bool run_one(const struct stage *stage, unsigned int number)
{
	struct packet packet;

	traffic_packet(number, &packet);
	packet_pad(&packet, TEST_RUN_MAXIMUM_BYTES);
	return !kernel_capture_run(&stage->capture, DIRECTION_INGRESS, &packet, packet.length,
				   NULL);
}

static bool is_woken(const struct stage *stage, int timeout_ms)
{
	struct epoll_event event;

	return epoll_wait(stage->wakeup_fd, &event, 1, timeout_ms) == 1;
}

static void take_all(struct stage *stage)
{
	while (ring_reader_used_bytes(&stage->reader))
		ring_reader_take(&stage->reader);
}

static void test_sleeper(struct stage *stage)
{
	struct capture_control *control = stage->capture.control;

	check(run_one(stage, 0) && !is_woken(stage, MOMENT_MS),
	      "a record does not wake a writer that does not sleep");
	take_all(stage);
	__atomic_store_n(&control->writer_sleeps, 1, __ATOMIC_SEQ_CST);
	check(run_one(stage, 1) && is_woken(stage, PATIENCE_MS),
	      "a record wakes a writer that sleeps");
	check(control->writer_sleeps == 0, "the record takes the word back");
	check(run_one(stage, 2) && !is_woken(stage, MOMENT_MS), "the record after it wakes nobody");
	take_all(stage);
}

/* Runs frames until the reader is woken or the ring is full; returns the bytes in the ring. */
static uint64_t fill_until_woken(const struct stage *stage)
{
	uint64_t before, used = 0;

	do {
		before = used;
		if (!run_one(stage, 3))
			return 0;
		used = ring_reader_used_bytes(&stage->reader);
		/* Near the watermark a wake-up may take a moment to arrive. */
		if (is_woken(stage, used >= KERNEL_CAPTURE_RING_BYTES / 4 ? MOMENT_MS : 0))
			return used;
	} while (used > before && used < KERNEL_CAPTURE_RING_BYTES * 3 / 4);
	return 0;
}

static void test_watermark(struct stage *stage)
{
	const uint64_t quarter = KERNEL_CAPTURE_RING_BYTES / 4, record = 4096 + 64;
	uint64_t used = fill_until_woken(stage);

	check(used >= quarter && used <= quarter + 2 * record,
	      "a ring that passes a quarter wakes the writer");
	check_note("woken at %llu of %u bytes", (unsigned long long)used,
		   KERNEL_CAPTURE_RING_BYTES);
	check(run_one(stage, 4) && run_one(stage, 5) && !is_woken(stage, MOMENT_MS),
	      "above a quarter it wakes nobody again");
	take_all(stage);
	check(run_one(stage, 6) && !is_woken(stage, MOMENT_MS), "below a quarter it wakes nobody");
	used = fill_until_woken(stage);
	check(used >= quarter, "the next time that it passes a quarter it wakes the writer again");
	take_all(stage);
}

static void test_marks(const struct stage *stage)
{
	const struct cpu_counters *counted = &stage->capture.counters[0];

	check(counted->submissions_started > 0 &&
		      counted->submissions_started == counted->submissions_finished,
	      "a CPU at rest has ended as many submissions as it has begun");
	check_note("%llu begun, %llu ended", (unsigned long long)counted->submissions_started,
		   (unsigned long long)counted->submissions_finished);
}

int main(void)
{
	struct stage stage;

	if (check(open_stage(&stage) && !kernel_capture_stay_on_cpu(0), "the programs load")) {
		test_sleeper(&stage);
		test_watermark(&stage);
		/* Also of records for which the ring had no room. */
		while (run_one(&stage, 7) && !stage.capture.counters[0].frames[0].lost_ring)
			;
		test_marks(&stage);
	}
	close_stage(&stage);
	return check_finish();
}
