/* SPDX-License-Identifier: GPL-2.0-only */
/* See packet_json.h. */
#include "packet_json.h"

#include <string.h>

#include "dissect/dissector.h"
#include "field_text.h"
#include "time_text.h"

/* Words of our own, but a few have quotes or what is beyond ASCII. */
static void add_string(struct line *line, const char *text)
{
	line_add_json(line, (const uint8_t *)text, strlen(text));
}

static void add_member(struct line *line, const char *name, uint64_t number)
{
	line_add(line, ",\"");
	line_add(line, name);
	line_add(line, "\":");
	line_add_number(line, number);
}

/* Where it is: in the frame, or in what was put together of several; nothing for no bytes. */
static void add_place(const struct dissection *dissection, const uint8_t *data, size_t length,
		      uint8_t source, struct line *line)
{
	struct bytes all = dissection->packet->bytes;

	if (source)
		all = dissection->reassembled[source - 1];
	if (!length || data < all.data || data > all.data + all.length)
		return;
	add_member(line, "offset", (uint64_t)(data - all.data));
	add_member(line, "length", length);
	if (source)
		add_member(line, "reassembled", source);
}

static void add_field(const struct dissection *dissection, const struct field *field,
		      struct line *line)
{
	const char *meaning = field_meaning(field);

	line_add(line, "{\"name\":");
	add_string(line, field->info->name);
	line_add(line, ",\"label\":");
	add_string(line, field->info->label);
	if (field->info->type != FIELD_GROUP) {
		line_add(line, ",\"value\":");
		field_add_json(field, line);
	}
	if (meaning) {
		line_add(line, ",\"meaning\":");
		add_string(line, meaning);
	}
	add_place(dissection, field->data, field->length, field->source, line);
}

/* A field ends where one comes that is not below it. */
static void add_fields(const struct dissection *dissection, const struct layer *layer,
		       struct line *line)
{
	const struct field *field = &dissection->fields[layer->first_field];
	const struct field *end = field + layer->field_count;
	unsigned int open = 0; /* objects, one in the other */

	line_add(line, ",\"fields\":[");
	for (; field < end; field++) {
		unsigned int depth = field->depth < open + 1 ? field->depth : open + 1;

		if (!depth)
			depth = 1;
		if (depth > open && open > 0)
			line_add(line, ",\"fields\":[");
		for (; open > depth; open--)
			line_add(line, "}]");
		if (open == depth)
			line_add(line, "},");
		add_field(dissection, field, line);
		open = depth;
	}
	for (; open > 1; open--)
		line_add(line, "}]");
	line_add(line, open ? "}]" : "]");
}

static void add_layer(const struct dissection *dissection, const struct layer *layer,
		      struct line *line)
{
	line_add(line, "{\"name\":");
	add_string(line, layer->dissector->name);
	line_add(line, ",\"label\":");
	add_string(line, layer->label);
	add_place(dissection, layer->data, layer->header_bytes, layer->source, line);
	add_fields(dissection, layer, line);
	line_add_character(line, '}');
}

static const char *name_of_end(const struct dissection *dissection)
{
	static const char *const names[] = {
		[DISSECTION_WHOLE] = "whole",
		[DISSECTION_TRUNCATED] = "truncated",
		[DISSECTION_MALFORMED] = "malformed",
		[DISSECTION_TOO_MUCH] = "too much",
	};

	return names[dissection->end];
}

void packet_add_json_head(const struct packet *packet, struct line *line)
{
	line_add(line, "{\"number\":");
	line_add_number(line, packet->number);
	line_add(line, ",\"time\":");
	time_text_add_epoch(packet->time_ns, line);
	add_member(line, "length", packet->wire_bytes);
	add_member(line, "captured", packet->bytes.length);
	add_member(line, "interface", packet->interface);
	if (packet->interface_name) {
		line_add(line, ",\"interface_name\":");
		add_string(line, packet->interface_name);
	}
	if (packet->direction != PACKET_DIRECTION_UNKNOWN)
		line_add(line, packet->direction == PACKET_DIRECTION_IN ? ",\"direction\":\"in\"" :
									  ",\"direction\":\"out\"");
	if (packet->comment.length) {
		line_add(line, ",\"comment\":");
		line_add_json(line, packet->comment.data, packet->comment.length);
	}
}

void packet_add_json(const struct dissection *dissection, struct line *line)
{
	packet_add_json_head(dissection->packet, line);
	line_add(line, ",\"layers\":[");
	for (unsigned int i = 0; i < dissection->layer_count; i++) {
		if (i)
			line_add_character(line, ',');
		add_layer(dissection, &dissection->layers[i], line);
	}
	line_print(line, "],\"end\":\"%s\"}", name_of_end(dissection));
}
