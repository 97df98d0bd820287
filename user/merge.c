/* SPDX-License-Identifier: GPL-2.0-only */
/* A heap of the rings by the time of their first record, and a limit; see merge.h. */
#include "merge.h"

#include <errno.h>
#include <stdlib.h>

/*
 * The clock as user space reads it and as programs do can differ by a few ns, and a mark
 * takes a moment to be seen by another CPU.
 */
#define CLOCK_MARGIN_NS 10000

/*
 * Records come while a round looks for them, and it may be stopped for a while meanwhile.
 * What is further ahead of its beginning is from before the clock was set back.
 */
#define FUTURE_NS 1000000000ull

struct source {
	struct ring *ring;
	const struct cpu_counters *cpu;
	const struct capture_record *head; /* NULL: nothing that is complete */
	uint64_t floor_ns;                 /* nothing older is still to come into this ring */
};

struct merge {
	struct source *sources;
	size_t source_count;
	struct source **heap; /* those with a head, the oldest first */
	size_t heap_count;
	uint64_t limit_ns; /* the lowest floor of those without a head */
	uint64_t now_ns;   /* of the last round */
	uint64_t last_ns;  /* time of the youngest record that was released */
	uint64_t late;
};

int merge_new(const struct merge_source *sources, size_t count, struct merge **ret_merge,
	      struct error *reterr)
{
	struct merge *merge = calloc(1, sizeof(*merge));

	if (merge) {
		merge->sources = calloc(count, sizeof(*merge->sources));
		merge->heap = calloc(count, sizeof(*merge->heap));
	}
	if (!merge || !merge->sources || !merge->heap) {
		merge_free(merge);
		return error_set(reterr, -ENOMEM, "out of memory");
	}
	for (size_t i = 0; i < count; i++)
		merge->sources[i] = (struct source){
			.ring = sources[i].ring,
			.cpu = sources[i].cpu,
		};
	merge->source_count = count;
	*ret_merge = merge;
	return 0;
}

void merge_free(struct merge *merge)
{
	if (!merge)
		return;
	free(merge->sources);
	free(merge->heap);
	free(merge);
}

/*
 * Whether there was a moment during this call when nothing was on its way. The mark of the
 * ends is read first: if nothing has begun since that many ended, nothing was under way.
 */
static bool is_quiescent(const struct source *source)
{
	uint64_t finished = __atomic_load_n(&source->cpu->submissions_finished, __ATOMIC_ACQUIRE);

	return __atomic_load_n(&source->cpu->submissions_started, __ATOMIC_ACQUIRE) == finished;
}

/* A ring that is half full cannot wait: better late in the file than not in it. */
static bool is_pressed(const struct source *source)
{
	return ring_used_bytes(source->ring) >= source->ring->bytes / 2;
}

static uint64_t minimum(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t maximum(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* The oldest record on top (a binary heap: the children of i are 2 i + 1 and 2 i + 2). */
static void sift_down(struct merge *merge, size_t parent)
{
	struct source *moved = merge->heap[parent];
	size_t child;

	for (; (child = 2 * parent + 1) < merge->heap_count; parent = child) {
		if (child + 1 < merge->heap_count &&
		    merge->heap[child + 1]->head->time_ns < merge->heap[child]->head->time_ns)
			child++;
		if (moved->head->time_ns <= merge->heap[child]->head->time_ns)
			break;
		merge->heap[parent] = merge->heap[child];
	}
	merge->heap[parent] = moved;
}

/* The marks first: what they do not announce is in the rings when these are looked at. */
static void read_marks(struct merge *merge, uint64_t now_ns)
{
	uint64_t settled_ns = now_ns > CLOCK_MARGIN_NS ? now_ns - CLOCK_MARGIN_NS : 0;
	uint64_t patience_ns = now_ns > MERGE_MAXIMUM_HOLD_NS ? now_ns - MERGE_MAXIMUM_HOLD_NS : 0;

	for (size_t i = 0; i < merge->source_count && patience_ns < settled_ns; i++)
		if (is_pressed(&merge->sources[i]))
			patience_ns = settled_ns;
	for (size_t i = 0; i < merge->source_count; i++) {
		struct source *source = &merge->sources[i];

		/* After a round without floors they are found anew. */
		if (source->floor_ns == MERGE_EVERYTHING)
			source->floor_ns = 0;
		source->floor_ns =
			maximum(source->floor_ns, is_quiescent(source) ? settled_ns : patience_ns);
	}
}

static void set_floors(struct merge *merge, uint64_t floor_ns)
{
	for (size_t i = 0; i < merge->source_count; i++)
		merge->sources[i].floor_ns = floor_ns;
}

/*
 * The clock was set back: what is known by times that are still to come, counts no more. The
 * records that have them are not held back; others may be behind them in their rings.
 */
static void forget_future(struct merge *merge, uint64_t horizon_ns)
{
	for (size_t i = 0; i < merge->source_count; i++)
		if (merge->sources[i].floor_ns > horizon_ns)
			merge->sources[i].floor_ns = 0;
	if (merge->last_ns > horizon_ns)
		merge->last_ns = 0;
}

/* Finds the records at the heads; whether one of them is of a time that is still to come. */
static bool peek_heads(struct merge *merge, uint64_t horizon_ns)
{
	bool has_future = false;

	merge->heap_count = 0;
	for (size_t i = 0; i < merge->source_count; i++) {
		struct source *source = &merge->sources[i];

		source->head = ring_peek(source->ring);
		if (!source->head)
			continue;
		merge->heap[merge->heap_count++] = source;
		has_future |= source->head->time_ns > horizon_ns;
	}
	return has_future;
}

void merge_begin_round(struct merge *merge, uint64_t now_ns)
{
	bool was_set_back = now_ns < merge->now_ns;
	uint64_t horizon_ns = MERGE_EVERYTHING;

	if (now_ns < MERGE_EVERYTHING - FUTURE_NS)
		horizon_ns = now_ns + FUTURE_NS;
	merge->now_ns = now_ns;
	forget_future(merge, horizon_ns);
	if (now_ns != MERGE_EVERYTHING)
		read_marks(merge, now_ns);
	if (was_set_back)
		merge->last_ns = 0;
	if (peek_heads(merge, horizon_ns) || was_set_back || now_ns == MERGE_EVERYTHING)
		set_floors(merge, MERGE_EVERYTHING);

	merge->limit_ns = MERGE_EVERYTHING;
	for (size_t i = 0; i < merge->source_count; i++)
		if (!merge->sources[i].head)
			merge->limit_ns = minimum(merge->limit_ns, merge->sources[i].floor_ns);
	for (size_t i = merge->heap_count / 2; i-- > 0;)
		sift_down(merge, i);
}

const struct capture_record *merge_peek(struct merge *merge)
{
	const struct capture_record *oldest;

	if (!merge->heap_count)
		return NULL;
	oldest = merge->heap[0]->head;
	return oldest->time_ns <= merge->limit_ns ? oldest : NULL;
}

void merge_release(struct merge *merge)
{
	struct source *source = merge->heap[0];
	uint64_t time_ns = source->head->time_ns;

	if (time_ns < merge->last_ns)
		merge->late++;
	merge->last_ns = maximum(merge->last_ns, time_ns);
	ring_release(source->ring);
	source->head = ring_peek(source->ring);
	if (!source->head) {
		source->floor_ns = maximum(source->floor_ns, time_ns);
		merge->limit_ns = minimum(merge->limit_ns, source->floor_ns);
		merge->heap[0] = merge->heap[--merge->heap_count];
	}
	if (merge->heap_count)
		sift_down(merge, 0);
}

void merge_end_round(struct merge *merge)
{
	for (size_t i = 0; i < merge->source_count; i++)
		ring_publish(merge->sources[i].ring);
}

bool merge_is_idle(const struct merge *merge)
{
	for (size_t i = 0; i < merge->source_count; i++)
		if (!is_quiescent(&merge->sources[i]) || ring_used_bytes(merge->sources[i].ring))
			return false;
	return true;
}

uint64_t merge_late(const struct merge *merge)
{
	return merge->late;
}
