/* SPDX-License-Identifier: GPL-2.0-only */
/* See segments.h. */
#include "segments.h"

#include <stdlib.h>
#include <string.h>

#include "../dissect/dissector.h"

#define FIRST_CAPACITY 4096u

/* A message that says that it is longer gets room for more when that comes. */
#define MAXIMUM_FIRST_CAPACITY 32768u

/* No message may be longer. */
#define MAXIMUM_MESSAGE (8u << 20)

/*
 * A message that comes in many segments, and whose length nobody knows, is looked at again with each
 * of them: so many times in all, or the time would grow with the square of its length.
 */
#define TIMES_SEEN_AGAIN 32
#define SEEN_AGAIN_FREE (1u << 20)

uint32_t segments_free(struct streams *streams, struct segments *segments)
{
	uint32_t lost = segments->length;

	if (segments->data)
		streams_return(streams, segments->capacity);
	free(segments->data);
	segments->data = NULL;
	segments->capacity = segments->begin = segments->length = 0;
	segments->needed = segments->seen_again = 0;
	segments->is_until_end = false;
	return lost;
}

static void lose(struct streams *streams, struct segments *segments)
{
	streams_lose(streams,
		     (struct streams_lost){ .segment_bytes = segments_free(streams, segments) });
}

/* Makes room for so many bytes behind those that are kept, which move to the front. */
static bool make_room(struct streams *streams, struct segments *segments, size_t bytes)
{
	size_t needed = segments->length + bytes;
	size_t capacity = segments->capacity ?: FIRST_CAPACITY;
	uint8_t *data;

	if (segments->begin > 0)
		memmove(segments->data, segments->data + segments->begin, segments->length);
	segments->begin = 0;
	if (needed > 2 * MAXIMUM_MESSAGE)
		return false;
	if (needed < segments->needed && segments->needed <= MAXIMUM_FIRST_CAPACITY)
		needed = segments->needed;
	while (capacity < needed)
		capacity *= 2;
	if (capacity == segments->capacity)
		return true;
	if (!streams_reserve(streams, capacity - segments->capacity))
		return false;
	data = realloc(segments->data, capacity);
	if (!data) {
		streams_return(streams, capacity - segments->capacity);
		return false;
	}
	segments->data = data;
	segments->capacity = (uint32_t)capacity;
	return true;
}

static bool append(struct streams *streams, struct segments *segments, struct bytes bytes)
{
	if (!make_room(streams, segments, bytes.length))
		return false;
	memcpy(segments->data + segments->length, bytes.data, bytes.length);
	segments->length += (uint32_t)bytes.length;
	return true;
}

/* A part of what is kept will never come: what does come of that message is passed over. */
static void break_message(struct streams *streams, struct segments *segments)
{
	if (segments->length > 0 && segments->needed > segments->length) {
		segments->skip_until = segments->next - segments->length + segments->needed;
		segments->is_skipping = true;
	}
	if (segments->length > 0)
		segments_free(streams, segments);
}

/*
 * Takes off what was there before, and notes what has to come next. Returns false where nothing is
 * left.
 */
static bool take_new(struct streams *streams, struct segments *segments,
		     const struct tcp_segment *segment, struct bytes *payload, uint32_t *ret_first)
{
	int32_t known = segments->has_next ? (int32_t)(segments->next - segment->sequence) : 0;

	if (known > 0 && (uint32_t)known >= segment->length)
		return false;
	*ret_first = segment->sequence;
	if (known > 0) {
		bytes_skip_padding(payload, (size_t)known);
		*ret_first = segments->next;
	} else if (known < 0) {
		break_message(streams, segments);
	}
	segments->next = segment->sequence + segment->length;
	segments->has_next = true;
	return true;
}

/* Takes off what belongs to a message of which a part is missing. Returns whether that was all. */
static bool skip(struct segments *segments, uint32_t first, struct bytes *payload)
{
	int32_t rest = (int32_t)(segments->skip_until - first);

	if (!segments->is_skipping)
		return false;
	if (rest > 0 && (uint32_t)rest >= payload->length)
		return true;
	segments->is_skipping = false;
	if (rest > 0)
		bytes_skip_padding(payload, (size_t)rest);
	return false;
}

static void show(struct dissection *dissection, struct segments *segments,
		 const struct dissector *dissector)
{
	dissection->segment_bytes = bytes_make(segments->data + segments->begin, segments->length);
	dissection_next_reassembled(dissection, dissector, dissection->segment_bytes);
}

static void show_message(struct dissection *dissection, struct segments *segments, bool is_end,
			 const struct dissector *dissector, struct bytes payload)
{
	if (!append(dissection->streams, segments, payload)) {
		lose(dissection->streams, segments);
		dissection->segment_bytes = payload;
		dissection_next(dissection, dissector, payload);
	} else if (segments->length < segments->needed || (segments->is_until_end && !is_end)) {
		dissection->is_segment = true;
	} else {
		show(dissection, segments, dissector);
	}
}

void segments_add(struct dissection *dissection, struct segments *segments,
		  const struct tcp_segment *segment, const struct dissector *dissector,
		  struct bytes payload)
{
	struct streams *streams = dissection->streams;
	bool is_cut = payload.length < segment->length;
	uint32_t first;

	if (segment->is_syn) {
		segments->next = segment->sequence;
		segments->has_next = true;
	}
	dissection->can_wait = !is_cut && !segment->is_end;
	dissection->segments = segments;
	if (segment->length == 0 && segment->is_end && segments->is_until_end)
		show(dissection, segments, dissector);
	if (segment->length == 0 || segment->is_reset ||
	    !take_new(streams, segments, segment, &payload, &first))
		return;
	if (is_cut)
		break_message(streams, segments);
	dissection->is_segment = skip(segments, first, &payload);
	/* What waits for it gets it all the same. */
	if (dissection->is_segment || (segment->is_late && segments->length == 0))
		return;
	dissection->segment_bytes = payload;
	if (segments->length > 0)
		show_message(dissection, segments, segment->is_end, dissector, payload);
	else
		dissection_next(dissection, dissector, payload);
}

bool segments_can_wait(const struct dissection *dissection, struct bytes bytes, uint64_t needed)
{
	const struct segments *segments = dissection->segments;
	struct bytes given = dissection->segment_bytes;

	if (!segments || !dissection->can_wait || bytes.data < given.data ||
	    bytes.data >= given.data + given.length)
		return false;
	if (bytes.length >= MAXIMUM_MESSAGE || needed > MAXIMUM_MESSAGE)
		return false;
	return bytes.data > given.data ||
	       segments->seen_again < SEEN_AGAIN_FREE + TIMES_SEEN_AGAIN * (uint64_t)bytes.length;
}

/* Dissectors that understood nothing before they wanted more are not shown. */
static void remove_empty_layers(struct dissection *dissection)
{
	while (dissection->layer_count > 1) {
		const struct layer *layer = &dissection->layers[dissection->layer_count - 1];

		if (layer->data != dissection->waiting.data)
			return;
		dissection->field_count = layer->first_field;
		dissection->layer_count--;
	}
}

/* What waits is in the packet, or is the end of what is kept already. */
static void keep(struct dissection *dissection, struct segments *segments)
{
	struct bytes given = dissection->segment_bytes;
	uint32_t done = (uint32_t)(dissection->waiting.data - given.data);
	struct bytes rest = bytes_make(given.data + done, given.length - done);

	segments->seen_again = done ? 0 : segments->seen_again + (uint32_t)rest.length;
	segments->needed = dissection->waiting_needed;
	segments->is_until_end = dissection->is_waiting_until_end;
	if (segments->length > 0) {
		segments->begin += done;
		segments->length -= done;
	} else if (!append(dissection->streams, segments, rest)) {
		streams_lose(dissection->streams,
			     (struct streams_lost){ .segment_bytes = rest.length });
		segments_free(dissection->streams, segments);
	}
}

void segments_settle(struct dissection *dissection)
{
	struct segments *segments = dissection->segments;

	if (dissection->is_waiting) {
		keep(dissection, segments);
		remove_empty_layers(dissection);
		dissection->is_segment = true;
	} else if (segments && !dissection->is_segment && dissection->segment_bytes.length > 0) {
		/* The fields are in there: it is freed when the next packet begins. */
		segments->length = 0;
	}
}

void segments_begin_packet(struct dissection *dissection)
{
	if (dissection->segments && dissection->segments->length == 0)
		segments_free(dissection->streams, dissection->segments);
	dissection->segments = NULL;
	dissection->segment_bytes = (struct bytes){ 0 };
	dissection->is_segment = false;
}
