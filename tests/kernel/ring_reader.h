/* SPDX-License-Identifier: GPL-2.0-only */
/* A reader of a BPF ring, from the kernel's documentation (bpf/ringbuf.rst) alone. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../../bpf/capture_abi.h"

struct ring_reader {
	uint64_t bytes;          /* a power of two */
	unsigned long *consumer; /* positions, in bytes since the ring was made */
	const unsigned long *producer;
	const uint8_t *data; /* mapped twice, one after the other */
};

/* One record as it lies in the ring. */
struct ring_record {
	bool is_busy;
	bool is_discarded;
	uint32_t length; /* of record and bytes, with what is left of the reservation */
	const struct capture_record *record;
	const uint8_t *bytes;
};

/* Maps the ring of a descriptor. Returns 0 or a negative errno. */
int ring_reader_map(int fd, uint64_t bytes, struct ring_reader *ret_reader);
void ring_reader_unmap(struct ring_reader *reader);

/* Whether there is a record; it stays valid until ring_reader_take(). */
bool ring_reader_peek(const struct ring_reader *reader, struct ring_record *ret_record);

/* Gives the place of the record that ring_reader_peek() found back. */
void ring_reader_take(struct ring_reader *reader);

/* Bytes that are not taken yet. */
uint64_t ring_reader_used_bytes(const struct ring_reader *reader);
