/* SPDX-License-Identifier: GPL-2.0-only */
/* See tcp_stream.h. */
#include "tcp_stream.h"

#include <stdlib.h>
#include <string.h>

/* A segment that came too early. */
struct early {
	uint64_t offset;
	uint64_t arrival; /* order in which they came */
	uint64_t packet;
	uint64_t time_ns;
	uint32_t length; /* that was sent */
	uint32_t captured;
	uint8_t data[];
};

struct side {
	uint64_t offset; /* of the next byte */
	uint32_t next;   /* its sequence number */
	bool has_next;
	struct early **heap; /* that of the lowest offset is the first */
	size_t count;
	size_t capacity;
};

struct tcp_stream {
	struct side sides[2];
	uint64_t memory_bytes;
	uint64_t used_bytes;
	uint64_t arrivals;
	uint64_t early_gaps;
	tcp_stream_show *show;
	void *context;
};

struct tcp_stream *tcp_stream_new(uint64_t memory_bytes, tcp_stream_show *show, void *context)
{
	struct tcp_stream *stream = calloc(1, sizeof(*stream));

	if (!stream)
		return NULL;
	stream->memory_bytes = memory_bytes;
	stream->show = show;
	stream->context = context;
	return stream;
}

void tcp_stream_free(struct tcp_stream *stream)
{
	for (int i = 0; stream && i < 2; i++) {
		for (size_t j = 0; j < stream->sides[i].count; j++)
			free(stream->sides[i].heap[j]);
		free(stream->sides[i].heap);
	}
	free(stream);
}

uint64_t tcp_stream_early_gaps(const struct tcp_stream *stream)
{
	return stream->early_gaps;
}

static bool is_before(const struct early *a, const struct early *b)
{
	return a->offset < b->offset || (a->offset == b->offset && a->arrival < b->arrival);
}

static void swap(struct early **a, struct early **b)
{
	struct early *moved = *a;

	*a = *b;
	*b = moved;
}

static void push(struct side *side, struct early *early)
{
	struct early **heap = side->heap;
	size_t at = side->count++;

	heap[at] = early;
	for (; at > 0 && is_before(heap[at], heap[(at - 1) / 2]); at = (at - 1) / 2)
		swap(&heap[at], &heap[(at - 1) / 2]);
}

static struct early *pop(struct side *side)
{
	struct early **heap = side->heap;
	struct early *first = heap[0];
	size_t at = 0, child;

	heap[0] = heap[--side->count];
	while ((child = 2 * at + 1) < side->count) {
		if (child + 1 < side->count && is_before(heap[child + 1], heap[child]))
			child++;
		if (!is_before(heap[child], heap[at]))
			break;
		swap(&heap[at], &heap[child]);
		at = child;
	}
	return first;
}

static size_t cost_of(const struct early *early)
{
	/* With what the allocator and the heap need for it. */
	return sizeof(*early) + early->captured + 4 * sizeof(void *);
}

static void advance(struct side *side, uint64_t bytes)
{
	side->offset += bytes;
	side->next += (uint32_t)bytes;
}

static int show_gap(struct tcp_stream *stream, unsigned int which, uint64_t missing,
		    uint64_t packet, uint64_t time_ns)
{
	struct side *side = &stream->sides[which];
	const struct tcp_stream_chunk chunk = {
		.side = which,
		.offset = side->offset,
		.missing = missing,
		.packet = packet,
		.time_ns = time_ns,
	};

	if (!missing)
		return 0;
	advance(side, missing);
	return stream->show(stream->context, &chunk);
}

/* A piece that begins at or before the next byte: what of it is new. */
static int show_piece(struct tcp_stream *stream, unsigned int which, const struct early *piece,
		      const uint8_t *data)
{
	struct side *side = &stream->sides[which];
	uint64_t known = side->offset - piece->offset;
	struct tcp_stream_chunk chunk = {
		.side = which,
		.offset = side->offset,
		.packet = piece->packet,
		.time_ns = piece->time_ns,
	};
	int error = 0;

	if (known >= piece->length)
		return 0;
	if (known < piece->captured) {
		chunk.bytes = bytes_make(data + known, piece->captured - known);
		advance(side, chunk.bytes.length);
		error = stream->show(stream->context, &chunk);
	}
	known = side->offset - piece->offset;
	if (error)
		return error;
	return show_gap(stream, which, piece->length - known, piece->packet, piece->time_ns);
}

static int show_first(struct tcp_stream *stream, unsigned int which)
{
	struct early *early = pop(&stream->sides[which]);
	int error = show_piece(stream, which, early, early->data);

	stream->used_bytes -= cost_of(early);
	free(early);
	return error;
}

/* All that follows what was shown without a gap. */
static int show_ready(struct tcp_stream *stream, unsigned int which)
{
	struct side *side = &stream->sides[which];
	int error = 0;

	while (!error && side->count > 0 && side->heap[0]->offset <= side->offset)
		error = show_first(stream, which);
	return error;
}

/* What is before the first that is kept will not come any more. */
static int close_gap(struct tcp_stream *stream, unsigned int which, uint64_t packet,
		     uint64_t time_ns)
{
	struct side *side = &stream->sides[which];
	uint64_t missing = side->heap[0]->offset - side->offset;
	int error = show_gap(stream, which, missing, packet, time_ns);

	return error ? error : show_ready(stream, which);
}

/* What the receiver has, and we do not, was not captured. */
static int show_acknowledged(struct tcp_stream *stream, const struct tcp_stream_segment *segment)
{
	struct side *side = &stream->sides[!segment->side];
	int error = 0;

	while (!error && side->count > 0) {
		int32_t acknowledged = (int32_t)(segment->acknowledgment - side->next);

		if (acknowledged <= 0 ||
		    (uint64_t)acknowledged <= side->heap[0]->offset - side->offset)
			break;
		error = close_gap(stream, !segment->side, segment->packet, segment->time_ns);
	}
	return error;
}

static bool make_room(struct side *side)
{
	size_t capacity = side->capacity ? side->capacity * 2 : 16;
	struct early **heap;

	if (side->count < side->capacity)
		return true;
	heap = realloc(side->heap, capacity * sizeof(struct early *));
	if (!heap)
		return false;
	side->heap = heap;
	side->capacity = capacity;
	return true;
}

static int keep(struct tcp_stream *stream, unsigned int which, const struct early *piece,
		const uint8_t *data)
{
	struct side *side = &stream->sides[which];
	size_t cost = cost_of(piece);
	struct early *early;
	int error = 0;

	while (!error && side->count > 0 && stream->used_bytes + cost > stream->memory_bytes) {
		stream->early_gaps++;
		error = close_gap(stream, which, piece->packet, piece->time_ns);
	}
	if (error || piece->offset <= side->offset)
		return error ? error : show_piece(stream, which, piece, data);
	early = malloc(sizeof(*early) + piece->captured);
	if (!early || !make_room(side)) {
		free(early);
		return -ENOMEM;
	}
	*early = *piece;
	early->arrival = stream->arrivals++;
	memcpy(early->data, data, piece->captured);
	stream->used_bytes += cost;
	push(side, early);
	return 0;
}

static int add_payload(struct tcp_stream *stream, const struct tcp_stream_segment *segment,
		       uint32_t sequence)
{
	struct side *side = &stream->sides[segment->side];
	int32_t ahead = (int32_t)(sequence - side->next);
	uint32_t known = ahead < 0 ? (uint32_t) - (int64_t)ahead : 0;
	struct bytes payload = segment->payload;
	struct early piece = { .packet = segment->packet, .time_ns = segment->time_ns };
	int error;

	if (known >= segment->length)
		return 0;
	bytes_skip_padding(&payload, known);
	piece.offset = side->offset + (ahead > 0 ? (uint32_t)ahead : 0);
	piece.length = segment->length - known;
	piece.captured = payload.length < piece.length ? (uint32_t)payload.length : piece.length;
	if (ahead > 0)
		return keep(stream, segment->side, &piece, payload.data);
	error = show_piece(stream, segment->side, &piece, payload.data);
	return error ? error : show_ready(stream, segment->side);
}

int tcp_stream_add(struct tcp_stream *stream, const struct tcp_stream_segment *segment)
{
	struct side *side = &stream->sides[segment->side];
	uint32_t sequence = segment->sequence + segment->is_syn;
	int error = 0;

	if (segment->has_acknowledgment)
		error = show_acknowledged(stream, segment);
	if (error)
		return error;
	if (!side->has_next)
		side->next = sequence;
	side->has_next = true;
	return add_payload(stream, segment, sequence);
}

int tcp_stream_finish(struct tcp_stream *stream)
{
	int error = 0;

	for (unsigned int which = 0; which < 2; which++)
		while (!error && stream->sides[which].count > 0) {
			const struct early *first = stream->sides[which].heap[0];

			error = close_gap(stream, which, first->packet, first->time_ns);
		}
	return error;
}
