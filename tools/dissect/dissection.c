/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs dissectors one behind the other, and keeps what they find; see dissection.h. */
#include "dissection.h"

#include <stdlib.h>
#include <string.h>

#include "../stream/segments.h"
#include "registry.h"

/* More are not added for what stands behind a packet. */
#define TRAILER_FIELDS 4

int dissection_init(struct dissection *dissection)
{
	*dissection = (struct dissection){ 0 };
	dissection->fields = calloc(DISSECTION_FIELDS, sizeof(*dissection->fields));
	dissection->text = malloc(DISSECTION_TEXT_BYTES);
	if (dissection->fields && dissection->text)
		return 0;
	dissection_free(dissection);
	return -ENOMEM;
}

void dissection_free(struct dissection *dissection)
{
	free(dissection->fields);
	free(dissection->text);
	dissection->fields = NULL;
	dissection->text = NULL;
}

/* Whether what a layer lacks was cut off by the capture, and not by who sent the packet. */
static enum dissection_end what_is_missing(const struct dissection *dissection)
{
	const struct packet *packet = dissection->packet;

	return !dissection->source && packet->bytes.length < packet->wire_bytes ?
		       DISSECTION_TRUNCATED :
		       DISSECTION_MALFORMED;
}

static struct layer *add_layer(struct dissection *dissection, const struct dissector *dissector,
			       struct bytes bytes)
{
	struct layer *layer = &dissection->layers[dissection->layer_count++];

	*layer = (struct layer){
		.dissector = dissector,
		.label = dissector->label,
		.data = bytes.data,
		.length = (uint32_t)bytes.length,
		.first_field = dissection->field_count,
		.source = dissection->source,
	};
	return layer;
}

/* One layer; what is left behind it is in dissection->next_bytes. */
static void run_layer(struct dissection *dissection, const struct dissector *dissector,
		      struct bytes bytes)
{
	struct layer *layer = add_layer(dissection, dissector, bytes);
	struct bytes rest = bytes;
	int error;

	dissection->depth = 1;
	dissection->next = NULL;
	dissection->next_bytes = (struct bytes){ 0 };
	dissection->next_source = dissection->source;
	error = dissector->dissect(dissection, &rest);
	if (error == -EPROTO) {
		dissection->field_count = layer->first_field;
		layer->dissector = &dissector_payload;
		layer->label = dissector_payload.label;
		rest = bytes;
		error = dissector_payload.dissect(dissection, &rest);
	}
	if (error) {
		if (dissection->end == DISSECTION_WHOLE && !dissection->quote)
			dissection->end = what_is_missing(dissection);
		dissection->next = NULL;
		dissection->next_bytes = (struct bytes){ 0 };
	}
	layer->header_bytes = (uint32_t)(rest.data - bytes.data);
	layer->field_count = dissection->field_count - layer->first_field;
	dissection->source = dissection->next_source;
}

/* Moves the fields from one on, which are the last ones, to where those of a layer end. */
static void move_fields(struct dissection *dissection, unsigned int from, unsigned int to_layer)
{
	struct layer *layer = &dissection->layers[to_layer];
	unsigned int to = layer->first_field + layer->field_count;
	unsigned int count = dissection->field_count - from;
	struct field moved[TRAILER_FIELDS];

	memcpy(moved, dissection->fields + from, count * sizeof(moved[0]));
	memmove(dissection->fields + to + count, dissection->fields + to,
		(from - to) * sizeof(moved[0]));
	memcpy(dissection->fields + to, moved, count * sizeof(moved[0]));
	layer->field_count += count;
	for (unsigned int i = to_layer + 1; i < dissection->layer_count; i++)
		dissection->layers[i].first_field += count;
}

/* Shows the padding with the link layer that carries the packet which tells its length. */
static void add_trailer(struct dissection *dissection)
{
	unsigned int layer = dissection->padding_layer;
	unsigned int first = dissection->field_count;

	if (layer > 0 && !dissection->layers[layer].dissector->add_trailer)
		layer--;
	if (!dissection->layers[layer].dissector->add_trailer ||
	    first + TRAILER_FIELDS > DISSECTION_FIELDS)
		return;
	dissection->depth = 1;
	dissection->source = 0;
	dissection->layers[layer].dissector->add_trailer(dissection, dissection->padding);
	move_fields(dissection, first, layer);
}

void dissection_run(struct dissection *dissection, const struct packet *packet)
{
	const struct dissector *dissector = registry_find_link_type(packet->link_type);
	struct bytes bytes = packet->bytes;

	segments_begin_packet(dissection);
	dissection->packet = packet;
	dissection->missing = packet->wire_bytes > packet->bytes.length ?
				      packet->wire_bytes - (uint32_t)packet->bytes.length :
				      0;
	dissection->flow = (struct dissection_flow){ 0 };
	dissection->layer_count = 0;
	dissection->field_count = 0;
	dissection->text_bytes = 0;
	dissection->padding = (struct bytes){ 0 };
	dissection->reassembled_count = 0;
	dissection->source = 0;
	dissection->quote = 0;
	dissection->conversation = NULL;
	dissection->tcp.notes = 0;
	dissection->transport.payload.data = NULL;
	dissection->is_waiting = false;
	dissection->end = DISSECTION_WHOLE;
	while (dissector && dissection->end == DISSECTION_WHOLE) {
		if (dissection->layer_count == DISSECTION_LAYERS) {
			dissection->end = DISSECTION_TOO_MUCH;
			break;
		}
		run_layer(dissection, dissector, bytes);
		dissector = dissection->next;
		bytes = dissection->next_bytes;
		if (!dissector && bytes.length > 0)
			dissector = &dissector_payload;
	}
	segments_settle(dissection);
	if (dissection->padding.length > 0)
		add_trailer(dissection);
	if (dissection->quote)
		dissection->flow = dissection->quoting_flow;
}

static bool wait_for(struct dissection *dissection, struct bytes bytes, uint64_t needed)
{
	if (!segments_can_wait(dissection, bytes, needed))
		return false;
	dissection->waiting = bytes;
	dissection->waiting_needed = (uint32_t)needed;
	dissection->is_waiting = true;
	dissection->is_waiting_until_end = false;
	return true;
}

bool dissection_wait(struct dissection *dissection, struct bytes bytes)
{
	return wait_for(dissection, bytes, 0);
}

bool dissection_wait_for(struct dissection *dissection, struct bytes bytes, uint64_t length)
{
	return wait_for(dissection, bytes, length);
}

bool dissection_wait_until_end(struct dissection *dissection, struct bytes bytes)
{
	bool is_waiting = wait_for(dissection, bytes, 0);

	dissection->is_waiting_until_end = is_waiting;
	return is_waiting;
}

void dissection_set_label(struct dissection *dissection, const char *label)
{
	dissection->layers[dissection->layer_count - 1].label = label;
}

void dissection_limit(struct dissection *dissection, struct bytes *bytes, size_t length)
{
	if (length >= bytes->length) {
		/* A length that promises more than was sent is not believed. */
		if (length - bytes->length < dissection->missing)
			dissection->missing = (uint32_t)(length - bytes->length);
		return;
	}
	dissection->missing = 0;
	/* The outermost is the link layer's; that of an inner packet is not. */
	if (!dissection->padding.data && !dissection->source) {
		dissection->padding = bytes_make(bytes->data + length, bytes->length - length);
		dissection->padding_layer = dissection->layer_count - 1;
	}
	bytes->length = length;
}

void dissection_next(struct dissection *dissection, const struct dissector *dissector,
		     struct bytes bytes)
{
	dissection->next = dissector;
	dissection->next_bytes = bytes;
}

void dissection_next_reassembled(struct dissection *dissection, const struct dissector *dissector,
				 struct bytes bytes)
{
	if (dissection->reassembled_count == DISSECTION_REASSEMBLED) {
		dissection->end = DISSECTION_TOO_MUCH;
		return;
	}
	dissection->reassembled[dissection->reassembled_count++] = bytes;
	dissection->missing = 0;
	dissection->next_source = (uint8_t)dissection->reassembled_count;
	dissection_next(dissection, dissector, bytes);
}

void dissection_next_quoted(struct dissection *dissection, const struct dissector *dissector,
			    struct bytes bytes)
{
	if (!dissection->quote && bytes.length > 0) {
		dissection->quote = dissection->layer_count;
		dissection->quoting_flow = dissection->flow;
	}
	dissection_next(dissection, dissector, bytes);
}
