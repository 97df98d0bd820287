/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A reader of one BPF ring buffer (Documentation/bpf/ringbuf.rst). It needs no system call
 * once it is mapped, unlike libbpf's, so that a process without rights can read.
 */
#pragma once

#include <stdint.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"

struct ring {
	unsigned long *consumer_position; /* the only page that may be written */
	const unsigned long *producer_position;
	const uint8_t *data;     /* mapped twice in a row: no record is split */
	uint64_t bytes;          /* a power of two */
	unsigned long position;  /* of the next record */
	unsigned long published; /* up to where the kernel may write again */
	int map_fd;              /* the caller's: readable when a program wakes its reader */
};

/* Maps a ring of the given size. 0, or a negative errno with *reterr filled in. */
int ring_map(int map_fd, uint64_t bytes, struct ring *ret_ring, struct error *reterr);
void ring_unmap(struct ring *ring);

/*
 * The oldest record, followed by its captured_bytes; NULL where there is none that is
 * complete. It stays valid until ring_release().
 */
const struct capture_record *ring_peek(struct ring *ring);

/* Steps over the record that was peeked at. Its room is free for the kernel a little later. */
void ring_release(struct ring *ring);

/* Gives all room that was released back to the kernel. */
void ring_publish(struct ring *ring);

/* Bytes that wait to be read. */
uint64_t ring_used_bytes(const struct ring *ring);
