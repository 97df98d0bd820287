/* SPDX-License-Identifier: GPL-2.0-only */
/* Positions only grow; the place in the data is the position modulo the size. */
#include "ring_reader.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define HEADER_BYTES 8

static size_t page_bytes(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

int ring_reader_map(int fd, uint64_t bytes, struct ring_reader *ret_reader)
{
	size_t read_bytes = page_bytes() + 2 * bytes;
	void *consumer, *producer;
	int error;

	consumer = mmap(NULL, page_bytes(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (consumer == MAP_FAILED)
		return -errno;
	producer = mmap(NULL, read_bytes, PROT_READ, MAP_SHARED, fd, (off_t)page_bytes());
	if (producer == MAP_FAILED) {
		error = -errno;
		munmap(consumer, page_bytes());
		return error;
	}
	*ret_reader = (struct ring_reader){
		.bytes = bytes,
		.consumer = consumer,
		.producer = producer,
		.data = (const uint8_t *)producer + page_bytes(),
	};
	return 0;
}

void ring_reader_unmap(struct ring_reader *reader)
{
	if (!reader->consumer)
		return;
	munmap(reader->consumer, page_bytes());
	munmap((void *)reader->producer, page_bytes() + 2 * reader->bytes);
	reader->consumer = NULL;
}

uint64_t ring_reader_used_bytes(const struct ring_reader *reader)
{
	return __atomic_load_n(reader->producer, __ATOMIC_ACQUIRE) - *reader->consumer;
}

static const uint8_t *head(const struct ring_reader *reader)
{
	return reader->data + (*reader->consumer & (reader->bytes - 1));
}

bool ring_reader_peek(const struct ring_reader *reader, struct ring_record *ret_record)
{
	uint32_t length;

	if (ring_reader_used_bytes(reader) == 0)
		return false;
	length = __atomic_load_n((const uint32_t *)(const void *)head(reader), __ATOMIC_ACQUIRE);
	*ret_record = (struct ring_record){
		.is_busy = length & BPF_RINGBUF_BUSY_BIT,
		.is_discarded = length & BPF_RINGBUF_DISCARD_BIT,
		.length = length & ~(uint32_t)(BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT),
		.record = (const void *)(head(reader) + HEADER_BYTES),
		.bytes = head(reader) + HEADER_BYTES + sizeof(struct capture_record),
	};
	return true;
}

void ring_reader_take(struct ring_reader *reader)
{
	struct ring_record found;

	if (!ring_reader_peek(reader, &found))
		return;
	__atomic_store_n(reader->consumer,
			 *reader->consumer + ((HEADER_BYTES + found.length + 7) & ~7ul),
			 __ATOMIC_RELEASE);
}
