/* SPDX-License-Identifier: GPL-2.0-only */
/* The reader of a ring, against a kernel that is played. */
#include "../../user/ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "played_ring.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define PUBLISH_STEP 65536 /* of ring.c */

static const uint32_t sizes[] = { 0,  1,  2,    7,    8,    9,     15,    16,     17,
				  60, 64, 1514, 4096, 9014, 65535, 65536, 262143, 262144 };

static void test_sizes(void)
{
	struct stage stage;

	open_stage(&stage, 1 << 20, 0);
	for (size_t i = 0; i < LENGTH(sizes); i++) {
		check(put(&stage, i, sizes[i]) && take(&stage, i, sizes[i]),
		      "a record of %u bytes is read as it was written", sizes[i]);
		check(ring_used_bytes(&stage.ring) == 0 && !ring_peek(&stage.ring),
		      "nothing is left behind a record of %u bytes", sizes[i]);
		ring_publish(&stage.ring);
	}
	close_stage(&stage);
}

static void test_empty(void)
{
	struct stage stage;

	open_stage(&stage, page(), 0);
	check(!ring_peek(&stage.ring) && ring_used_bytes(&stage.ring) == 0,
	      "an empty ring has no record and no bytes");
	ring_publish(&stage.ring);
	check(*stage.consumer == 0, "an empty ring is published as empty");
	close_stage(&stage);
}

/* Every distance from the end of the data, for records shorter and longer than it. */
static void test_every_end(void)
{
	unsigned int right = 0, wanted = 0;

	for (unsigned long start = 0; start < page(); start += 8) {
		struct stage stage;

		open_stage(&stage, page(), 5 * page() + start);
		for (size_t i = 0; i < 10; i++) {
			wanted++;
			right += put(&stage, i, sizes[i]) && take(&stage, i, sizes[i]);
			ring_publish(&stage.ring);
		}
		wanted++;
		right += put(&stage, 77, (uint32_t)page() - 64) &&
			 take(&stage, 77, (uint32_t)page() - 64);
		close_stage(&stage);
	}
	check(right == wanted && wanted > 5000,
	      "a record is whole wherever the ring's end cuts it");
	check_note("%u of %u were", right, wanted);
}

/* Fills and drains, over and over, beyond 2^32 too. */
static void test_laps(unsigned long start, const char *where)
{
	uint64_t written = 0, read = 0, wrong = 0;
	struct stage stage;

	open_stage(&stage, 16 * page(), start);
	while (read < 20000 && !wrong) {
		while (put(&stage, written, (uint32_t)(written * 37 % 3000)))
			written++;
		/* Not all, so that the borders move. */
		for (int i = 0; i < 13 && read < written; i++, read++)
			wrong += !take(&stage, read, (uint32_t)(read * 37 % 3000));
		ring_publish(&stage.ring);
	}
	check(wrong == 0, "20000 records go through a full ring in their order, from %s on", where);
	check_note("record %llu is wrong", (unsigned long long)read);
	close_stage(&stage);
}

static void test_busy(void)
{
	struct stage stage;
	uint32_t *first, *second;

	open_stage(&stage, page(), 0);
	put(&stage, 1, 60);
	first = reserve(&stage, 100);
	second = reserve(&stage, 200);
	fill(second, 3, 200);
	commit(second, 0);
	check(take(&stage, 1, 60), "a record before a busy one is read");
	check(!ring_peek(&stage.ring) && !ring_peek(&stage.ring),
	      "a busy record stops the reader, though the next is complete");
	check(ring_used_bytes(&stage.ring) == record_room(100) + record_room(200),
	      "a busy record counts as used, and so do those behind it");
	fill(first, 2, 100);
	commit(first, 0);
	check(take(&stage, 2, 100) && take(&stage, 3, 200),
	      "a record that is no longer busy is read, and then those behind it");
	close_stage(&stage);
}

static void test_discarded(void)
{
	struct stage stage;
	uint32_t *header;

	open_stage(&stage, page(), 0);
	put_discarded(&stage, 50);
	put(&stage, 1, 60);
	put_discarded(&stage, 0);
	put_discarded(&stage, 333);
	put(&stage, 2, 61);
	put_discarded(&stage, 7);
	check(take(&stage, 1, 60), "a discarded record at the start is skipped");
	check(take(&stage, 2, 61), "two discarded records in the middle are skipped");
	check(!ring_peek(&stage.ring) && ring_used_bytes(&stage.ring) == 0,
	      "a discarded record at the end is skipped");
	header = reserve(&stage, 40);
	check(!ring_peek(&stage.ring), "a record that may yet be discarded stops the reader");
	commit(header, BPF_RINGBUF_DISCARD_BIT);
	put(&stage, 3, 62);
	check(take(&stage, 3, 62), "a busy record that is discarded is skipped");
	ring_publish(&stage.ring);
	check(*stage.consumer == *stage.producer, "the room of discarded records is given back");
	close_stage(&stage);
}

static void test_peek(void)
{
	struct stage stage;
	const struct capture_record *first;

	open_stage(&stage, page(), 0);
	put(&stage, 1, 60);
	put(&stage, 2, 61);
	first = ring_peek(&stage.ring);
	check(first && ring_peek(&stage.ring) == first,
	      "a record is peeked at until it is released");
	check(ring_used_bytes(&stage.ring) == record_room(60) + record_room(61),
	      "a record that is only peeked at counts as used");
	ring_release(&stage.ring);
	check(ring_used_bytes(&stage.ring) == record_room(61), "a released record is not used");
	check(is_record(ring_peek(&stage.ring), 2, 61), "behind a released record is the next");
	check(is_record(first, 1, 60), "a released record stays as it was until it is published");
	close_stage(&stage);
}

/* Records that take 1024 bytes each, of which PUBLISH_STEP is a multiple. */
#define KIB_RECORD (1024 - RECORD_BYTES - BPF_RINGBUF_HDR_SZ)

static void test_publish(bool is_discarded)
{
	const char *what = is_discarded ? "discarded" : "read";
	unsigned int early = 0, kib = 0;
	struct stage stage;

	open_stage(&stage, 1 << 20, 0);
	for (; kib < PUBLISH_STEP / 1024 - 1; kib++) {
		if (is_discarded) {
			put_discarded(&stage, KIB_RECORD);
			ring_peek(&stage.ring);
		} else {
			put(&stage, kib, KIB_RECORD);
			take(&stage, kib, KIB_RECORD);
		}
		early += *stage.consumer != 0;
	}
	check(early == 0, "less than 64 KiB of %s records are kept back", what);
	put_discarded(&stage, KIB_RECORD);
	ring_peek(&stage.ring);
	check(*stage.consumer == PUBLISH_STEP, "64 KiB of %s records are given back at once", what);
	check_note("the consumer is at %lu", *stage.consumer);
	put(&stage, 9, 60);
	take(&stage, 9, 60);
	check(*stage.consumer == PUBLISH_STEP, "what comes behind 64 KiB of %s records waits",
	      what);
	ring_publish(&stage.ring);
	check(*stage.consumer == PUBLISH_STEP + record_room(60),
	      "what comes behind 64 KiB of %s records is given back on demand", what);
	close_stage(&stage);
}

static void test_publish_large(void)
{
	struct stage stage;

	open_stage(&stage, 1 << 20, 0);
	put(&stage, 1, 262144);
	check(ring_peek(&stage.ring) && *stage.consumer == 0,
	      "a record of more than 64 KiB is kept while it is peeked at");
	ring_release(&stage.ring);
	check(*stage.consumer == record_room(262144),
	      "a record of more than 64 KiB is given back when it is released");
	close_stage(&stage);
}

static void test_full(void)
{
	uint64_t count = 0;
	struct stage stage;

	open_stage(&stage, page(), 0);
	while (put(&stage, count, 60))
		count++;
	check(ring_used_bytes(&stage.ring) == count * record_room(60),
	      "a full ring's bytes are those of its records");
	for (uint64_t i = 0; i < count; i++)
		take(&stage, i, 60);
	check(!put(&stage, count, 60), "the kernel cannot write to room that is not published");
	ring_publish(&stage.ring);
	check(put(&stage, count, 60) && take(&stage, count, 60),
	      "the kernel can write to room that is published");
	close_stage(&stage);
}

/* The kernel's part of test_concurrent(): every fifth record is discarded. */
static void run_kernel(struct stage *stage, uint64_t count)
{
	for (uint64_t i = 0; i < count; i++) {
		uint32_t *header;

		while (!(header = reserve(stage, (uint32_t)(i * 53 % 1600))))
			sched_yield();
		fill(header, i, (uint32_t)(i * 53 % 1600));
		commit(header, i % 5 == 4 ? BPF_RINGBUF_DISCARD_BIT : 0);
	}
	_exit(0);
}

/* Waits for a record; NULL where the kernel's process ends without one. */
static const struct capture_record *wait_for_record(struct stage *stage, pid_t *child)
{
	const struct capture_record *record;

	while (!(record = ring_peek(&stage->ring)) && *child) {
		ring_publish(&stage->ring);
		if (waitpid(*child, NULL, WNOHANG) == *child)
			*child = 0;
		sched_yield();
	}
	return record;
}

static void test_concurrent(void)
{
	const uint64_t count = 50000;
	uint64_t right = 0, number = 0;
	struct stage stage;
	pid_t child;

	open_stage(&stage, 8 * page(), 0);
	fflush(stdout);
	child = fork();
	if (child < 0)
		fail("fork");
	if (child == 0)
		run_kernel(&stage, count);
	while (right < count / 5 * 4 &&
	       is_record(wait_for_record(&stage, &child), number, (uint32_t)(number * 53 % 1600))) {
		ring_release(&stage.ring);
		right++;
		number += number % 5 == 3 ? 2 : 1;
	}
	check(right == count / 5 * 4,
	      "what another process writes at the same time is read whole and in order");
	check_note("record %llu is wrong", (unsigned long long)number);
	if (child) {
		kill(child, SIGKILL);
		waitpid(child, NULL, 0);
	}
	close_stage(&stage);
}

/* ring_map() on a file of the same layout, but that its data is there twice by itself. */
static void test_map(void)
{
	int fd = memfd_create("ring", MFD_CLOEXEC);
	unsigned long consumer = 4096, producer = 4096 + 96;
	struct error error = {};
	struct ring ring = {};

	if (ftruncate(fd, (off_t)(4 * page())) ||
	    pwrite(fd, &consumer, sizeof(consumer), 0) != sizeof(consumer) ||
	    pwrite(fd, &producer, sizeof(producer), (off_t)page()) != sizeof(producer))
		fail("memfd");
	check(!ring_map(fd, page(), &ring, &error), "a ring is mapped");
	check_note("%s", error.message);
	check(ring.bytes == page() && ring_used_bytes(&ring) == 96,
	      "a mapped ring goes on where its consumer stands");
	check(ring_peek(&ring) && (const uint8_t *)ring_peek(&ring) ==
					  ring.data + (4096 & (page() - 1)) + BPF_RINGBUF_HDR_SZ,
	      "a mapped ring's data are behind its producer's page");
	ring_unmap(&ring);
	check(!ring.data, "an unmapped ring has no data");
	ring_unmap(&ring);
	close(fd);
}

static void test_map_errors(void)
{
	struct ring ring = { .bytes = 77 };
	struct error error = {};

	check(ring_map(-1, page(), &ring, &error) == -EBADF, "what is not open cannot be mapped");
	check(strstr(error.message, "ring") && strstr(error.message, strerror(EBADF)),
	      "the message of a ring that cannot be mapped says what and why");
	check(ring.bytes == 77 && !ring.data, "a ring that cannot be mapped is left as it was");
}

int main(void)
{
	test_map();
	test_map_errors();
	test_empty();
	test_sizes();
	test_every_end();
	test_laps(0, "0");
	test_laps((1ul << 31 << 1) - 8000, "just below 2^32");
	test_busy();
	test_discarded();
	test_peek();
	test_publish(false);
	test_publish(true);
	test_publish_large();
	test_full();
	test_concurrent();
	return check_finish();
}
