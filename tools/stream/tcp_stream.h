/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One connection of TCP as its two sides spoke: bytes in their order, each once, as soon as they are
 * known. What came too early is kept until what was missing comes, until the other side says that it
 * has it, or until there is no more memory: then there is a gap. Of bytes that came several times the
 * first copy counts.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../user/base/bytes.h"

struct tcp_stream;

/* A segment as its header has it, and what was captured of its payload. */
struct tcp_stream_segment {
	unsigned int side; /* that sent it */
	uint32_t sequence;
	uint32_t acknowledgment;
	bool has_acknowledgment;
	bool is_syn;
	struct bytes payload;
	uint32_t length; /* of the payload when it was sent */
	uint64_t packet; /* its number */
	uint64_t time_ns;
};

/* What a side said next. */
struct tcp_stream_chunk {
	unsigned int side;
	uint64_t offset;    /* of the side's bytes, gaps counted */
	struct bytes bytes; /* valid during the call; none in a gap */
	uint64_t missing;   /* bytes of a gap; 0: this is none */
	uint64_t packet;    /* that had it; of a gap: by which it is known */
	uint64_t time_ns;
};

/* 0 or a negative errno, which the functions below return. */
typedef int tcp_stream_show(void *context, const struct tcp_stream_chunk *chunk);

/* NULL: no memory. memory_bytes: for what came too early, of both sides. */
struct tcp_stream *tcp_stream_new(uint64_t memory_bytes, tcp_stream_show *show, void *context);
void tcp_stream_free(struct tcp_stream *stream);

/* Adds one segment; shows what follows from it. 0 or a negative errno. */
int tcp_stream_add(struct tcp_stream *stream, const struct tcp_stream_segment *segment);

/* There is no more: shows what is kept, with the gaps before it. 0 or a negative errno. */
int tcp_stream_finish(struct tcp_stream *stream);

/* How many gaps had to be assumed for want of memory. */
uint64_t tcp_stream_early_gaps(const struct tcp_stream *stream);
