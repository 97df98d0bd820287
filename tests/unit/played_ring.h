/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For ring_test.c: the kernel's side of a ring, played. The memory is laid out as in
 * Documentation/bpf/ringbuf.rst (consumer page, producer page, data that is mapped twice in a
 * row); the reader may write to the consumer page only. Records are numbered, and their bytes are
 * made of the number.
 */
#pragma once

#include <linux/bpf.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../user/ring.h"
#include "check.h"

#define RECORD_BYTES sizeof(struct capture_record)

/* A ring from the kernel's side and from the reader's. */
struct stage {
	struct ring ring;
	const unsigned long *consumer;
	unsigned long *producer;
	uint8_t *data; /* also mapped twice */
	void *kernel_mapping;
	size_t kernel_bytes;
};

static uint64_t page(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void map_at(void *address, size_t bytes, int protection, int fd, uint64_t offset)
{
	if (mmap(address, bytes, protection, MAP_SHARED | MAP_FIXED, fd, (off_t)offset) ==
	    MAP_FAILED)
		fail("mmap");
}

/* Consumer page, producer page, data, data. */
static uint8_t *map_view(int fd, uint64_t bytes, int protection)
{
	uint8_t *view =
		mmap(NULL, 2 * page() + 2 * bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (view == MAP_FAILED)
		fail("mmap");
	map_at(view, page(), PROT_READ | PROT_WRITE, fd, 0);
	map_at(view + page(), page() + bytes, protection, fd, page());
	map_at(view + 2 * page() + bytes, bytes, protection, fd, 2 * page());
	return view;
}

/* A ring that has already passed `start` bytes (a multiple of 8). */
static void open_stage(struct stage *stage, uint64_t bytes, unsigned long start)
{
	int fd = memfd_create("ring", MFD_CLOEXEC);
	uint8_t *kernel, *reader;

	if (fd < 0 || ftruncate(fd, (off_t)(2 * page() + bytes)))
		fail("memfd");
	kernel = map_view(fd, bytes, PROT_READ | PROT_WRITE);
	reader = map_view(fd, bytes, PROT_READ);
	close(fd);
	*stage = (struct stage){
		.ring = {
			.consumer_position = (unsigned long *)reader,
			.producer_position = (const unsigned long *)(reader + page()),
			.data = reader + 2 * page(),
			.bytes = bytes,
			.position = start,
			.published = start,
		},
		.consumer = (const unsigned long *)kernel,
		.producer = (unsigned long *)(kernel + page()),
		.data = kernel + 2 * page(),
		.kernel_mapping = kernel,
		.kernel_bytes = 2 * page() + 2 * bytes,
	};
	*(unsigned long *)kernel = start;
	*stage->producer = start;
}

static void close_stage(struct stage *stage)
{
	ring_unmap(&stage->ring);
	munmap(stage->kernel_mapping, stage->kernel_bytes);
}

static unsigned long record_room(uint32_t captured)
{
	return (RECORD_BYTES + captured + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
}

/* bpf_ringbuf_reserve(): the record's header, or NULL where the ring is full. */
static uint32_t *reserve(struct stage *stage, uint32_t captured)
{
	unsigned long position = *stage->producer, next = position + record_room(captured);
	uint32_t *header;

	if (next - __atomic_load_n(stage->consumer, __ATOMIC_ACQUIRE) > stage->ring.bytes - 1)
		return NULL;
	header = (uint32_t *)(stage->data + (position & (stage->ring.bytes - 1)));
	header[1] = (uint32_t)(position / page()); /* the kernel's own */
	__atomic_store_n(header, (uint32_t)(RECORD_BYTES + captured) | BPF_RINGBUF_BUSY_BIT,
			 __ATOMIC_RELAXED);
	__atomic_store_n(stage->producer, next, __ATOMIC_RELEASE);
	return header;
}

/* The bytes that record number `number` has to hold. */
static uint8_t byte_of(uint64_t number, uint32_t i)
{
	return (uint8_t)(number * 31 + i * 7 + (i >> 8));
}

static void fill(uint32_t *header, uint64_t number, uint32_t captured)
{
	struct capture_record *record = (struct capture_record *)(header + 2);
	uint8_t *bytes = (uint8_t *)(record + 1);

	*record = (struct capture_record){
		.time_ns = number,
		.wire_bytes = captured + 4,
		.captured_bytes = captured,
		.ifindex = 3,
	};
	for (uint32_t i = 0; i < captured; i++)
		bytes[i] = byte_of(number, i);
}

/* bpf_ringbuf_submit() or bpf_ringbuf_discard(). */
static void commit(uint32_t *header, uint32_t discard_bit)
{
	__atomic_store_n(header, (*header & ~BPF_RINGBUF_BUSY_BIT) | discard_bit, __ATOMIC_RELEASE);
}

/* Puts a whole record into the ring; false where the ring is full. */
static bool put(struct stage *stage, uint64_t number, uint32_t captured)
{
	uint32_t *header = reserve(stage, captured);

	if (!header)
		return false;
	fill(header, number, captured);
	commit(header, 0);
	return true;
}

static bool put_discarded(struct stage *stage, uint32_t captured)
{
	uint32_t *header = reserve(stage, captured);

	if (header)
		commit(header, BPF_RINGBUF_DISCARD_BIT);
	return header;
}

/* Whether the reader's record is that one, to its last byte. */
static bool is_record(const struct capture_record *record, uint64_t number, uint32_t captured)
{
	const uint8_t *bytes = (const uint8_t *)(record + 1);

	if (!record || record->time_ns != number || record->captured_bytes != captured ||
	    record->wire_bytes != captured + 4 || record->ifindex != 3)
		return false;
	for (uint32_t i = 0; i < captured; i++)
		if (bytes[i] != byte_of(number, i))
			return false;
	return true;
}

/* Peeks at that record and releases it. */
static bool take(struct stage *stage, uint64_t number, uint32_t captured)
{
	if (!is_record(ring_peek(&stage->ring), number, captured))
		return false;
	ring_release(&stage->ring);
	return true;
}
