/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads records from a mapped ring and gives their room back in large steps; see ring.h. */
#include "ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A write to the consumer's cache line makes the producer wait: one per so many bytes. */
#define PUBLISH_STEP_BYTES (64u << 10)

static uint64_t page_bytes(void)
{
	return (uint64_t)sysconf(_SC_PAGESIZE);
}

int ring_map(int map_fd, uint64_t bytes, struct ring *ret_ring, struct error *reterr)
{
	struct ring ring = { .bytes = bytes, .map_fd = map_fd };
	void *consumer, *producer;
	int error;

	consumer = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (consumer == MAP_FAILED)
		return error_set(reterr, -errno, "cannot map a ring: %s", strerror(errno));
	producer = mmap(NULL, page_bytes() + 2 * bytes, PROT_READ, MAP_SHARED, map_fd,
			(off_t)page_bytes());
	if (producer == MAP_FAILED) {
		error = -errno;
		munmap(consumer, page_bytes());
		return error_set(reterr, error, "cannot map a ring: %s", strerror(-error));
	}
	ring.consumer_position = consumer;
	ring.producer_position = producer;
	ring.data = (const uint8_t *)producer + page_bytes();
	ring.position = ring.published = *ring.consumer_position;
	*ret_ring = ring;
	return 0;
}

void ring_unmap(struct ring *ring)
{
	if (!ring->data)
		return;
	munmap(ring->consumer_position, page_bytes());
	munmap((void *)ring->producer_position, page_bytes() + 2 * ring->bytes);
	*ring = (struct ring){};
}

/* Record lengths are rounded up to 8 bytes and do not count the header of 8. */
static unsigned long step_over(uint32_t length)
{
	uint32_t bytes = length & ~(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT);

	return (bytes + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
}

static const uint32_t *record_length(const struct ring *ring)
{
	return (const uint32_t *)(ring->data + (ring->position & (ring->bytes - 1)));
}

static void step(struct ring *ring, uint32_t length)
{
	ring->position += step_over(length);
	if (ring->position - ring->published >= PUBLISH_STEP_BYTES)
		ring_publish(ring);
}

const struct capture_record *ring_peek(struct ring *ring)
{
	uint32_t length;

	while (ring->position < __atomic_load_n(ring->producer_position, __ATOMIC_ACQUIRE)) {
		length = __atomic_load_n(record_length(ring), __ATOMIC_ACQUIRE);
		if (length & BPF_RINGBUF_BUSY_BIT)
			return NULL;
		if (!(length & BPF_RINGBUF_DISCARD_BIT))
			return (const struct capture_record *)((const uint8_t *)record_length(
								       ring) +
							       BPF_RINGBUF_HDR_SZ);
		step(ring, length);
	}
	return NULL;
}

void ring_release(struct ring *ring)
{
	step(ring, *record_length(ring));
}

void ring_publish(struct ring *ring)
{
	if (ring->published == ring->position)
		return;
	__atomic_store_n(ring->consumer_position, ring->position, __ATOMIC_RELEASE);
	ring->published = ring->position;
}

uint64_t ring_used_bytes(const struct ring *ring)
{
	return __atomic_load_n(ring->producer_position, __ATOMIC_RELAXED) - ring->position;
}
