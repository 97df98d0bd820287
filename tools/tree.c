/* SPDX-License-Identifier: GPL-2.0-only */
/* See tree.h. */
#include "tree.h"

#include <string.h>

#include "dissect/dissector.h"
#include "field_text.h"
#include "time_text.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

enum step {
	STEP_FRAME_TITLE,
	STEP_FRAME,
	STEP_REASSEMBLED,
	STEP_LAYER_TITLE,
	STEP_FIELDS,
	STEP_REMARKS,
	STEP_END,
};

static void indent(struct line *line, unsigned int depth)
{
	for (unsigned int i = 0; i < depth; i++)
		line_add(line, "    ");
}

static void add_bytes_and_bits(struct line *line, uint64_t bytes, const char *what)
{
	line_add_number(line, bytes);
	line_add(line, bytes == 1 ? " byte" : " bytes");
	line_add(line, what);
	line_add(line, " (");
	line_add_number(line, 8 * bytes);
	line_add(line, " bits)");
}

static void add_comment(const struct packet *packet, struct line *line)
{
	line_add_text(line, packet->comment.data, packet->comment.length);
}

static void add_interface(const struct packet *packet, struct line *line)
{
	static const char *const directions[] = {
		[PACKET_DIRECTION_UNKNOWN] = "",
		[PACKET_DIRECTION_IN] = ", inbound",
		[PACKET_DIRECTION_OUT] = ", outbound",
	};
	const char *name = packet->interface_name;

	line_add_number(line, packet->interface);
	if (name) {
		line_add(line, " (");
		line_add_text(line, (const uint8_t *)name, strlen(name));
		line_add_character(line, ')');
	}
	line_add(line, directions[packet->direction]);
}

static void add_link_type(const struct packet *packet, struct line *line)
{
	static const struct value_name names[] = {
		{ 0, "NULL/Loopback" },
		{ 1, "Ethernet" },
		{ 12, "Raw IP" },
		{ 101, "Raw IP" },
		{ 113, "Linux cooked-mode capture v1" },
		{ 276, "Linux cooked-mode capture v2" },
		{ 0, NULL },
	};
	const struct value_name *name = names;

	while (name->text && name->value != packet->link_type)
		name++;
	line_print(line, "%s%s%u%s", name->text ? name->text : "", name->text ? " (" : "",
		   packet->link_type, name->text ? ")" : "");
}

static void add_arrival(const struct packet *packet, struct line *line)
{
	time_text_add_local(packet->time_ns, line);
}

static void add_epoch(const struct packet *packet, struct line *line)
{
	time_text_add_epoch(packet->time_ns, line);
	line_add(line, " seconds");
}

static void add_number(const struct packet *packet, struct line *line)
{
	line_add_number(line, packet->number);
}

static void add_length(const struct packet *packet, struct line *line)
{
	add_bytes_and_bits(line, packet->wire_bytes, "");
}

static void add_captured(const struct packet *packet, struct line *line)
{
	add_bytes_and_bits(line, packet->bytes.length, "");
}

/* What is below the frame's title; the comment only where there is one. */
static const struct frame_row {
	const char *label;
	void (*add)(const struct packet *packet, struct line *line);
} frame_rows[] = {
	{ "Packet comment: ", add_comment }, { "Interface id: ", add_interface },
	{ "Link type: ", add_link_type },    { "Arrival Time: ", add_arrival },
	{ "Epoch Time: ", add_epoch },       { "Frame Number: ", add_number },
	{ "Frame Length: ", add_length },    { "Capture Length: ", add_captured },
};

void tree_begin(struct tree *tree, const struct dissection *dissection)
{
	*tree = (struct tree){ .dissection = dissection };
	tree->frame_row = dissection->packet->comment.length ? 0 : 1;
}

static void add_frame_title(const struct packet *packet, struct line *line)
{
	line_add(line, "Frame ");
	line_add_number(line, packet->number);
	line_add(line, ": ");
	add_bytes_and_bits(line, packet->wire_bytes, " on wire");
	line_add(line, ", ");
	add_bytes_and_bits(line, packet->bytes.length, " captured");
}

/* The first field of a layer whose name is so many characters; NULL: it has none. */
static const struct field *find_field(const struct dissection *dissection,
				      const struct layer *layer, const char *name, size_t length)
{
	for (unsigned int i = 0; i < layer->field_count; i++) {
		const struct field *field = &dissection->fields[layer->first_field + i];

		if (strncmp(field->info->name, name, length) == 0 && !field->info->name[length])
			return field;
	}
	return NULL;
}

/* See struct dissector. */
static void add_summary(const struct dissection *dissection, const struct layer *layer,
			const char *summary, struct line *line)
{
	const struct field *field = NULL;
	const char *begin, *end;

	while ((begin = strchr(summary, '{')) && (end = strchr(begin, '}'))) {
		field = find_field(dissection, layer, begin + 1, (size_t)(end - begin - 1));
		if (field) {
			const char *meaning = field_meaning(field);

			line_print(line, "%.*s", (int)(begin - summary), summary);
			if (meaning)
				line_add(line, meaning);
			else
				field_add_value(field, line);
		}
		summary = end + 1;
	}
	if (field)
		line_add(line, summary);
}

static void add_layer_title(const struct tree *tree, const struct layer *layer, struct line *line)
{
	const struct dissection *dissection = tree->dissection;
	const struct dissector *dissector = layer->dissector;

	indent(line, dissection->quote && tree->layer >= dissection->quote);
	line_add(line, dissector->title);
	if (dissector->summary)
		add_summary(dissection, layer, dissector->summary, line);
	else if (dissector == &dissector_payload)
		line_print(line, " (%u byte%s)", layer->length, layer->length == 1 ? "" : "s");
}

static unsigned int highest_bit(uint64_t mask)
{
	return 63 - (unsigned int)__builtin_clzll(mask);
}

/*
 * The bits that a field has, in the place that it has among those of the field above it, or in its
 * own bytes: ".... ..1. = ".
 */
static void add_bits(const struct field *field, const struct field *parent, struct line *line)
{
	const struct field_info *info = field->info;
	unsigned int begin = highest_bit(info->mask) / 8 * 8 + 7;
	unsigned int end = (unsigned int)__builtin_ctzll(info->mask) / 8 * 8;
	uint64_t number = info->factor > 1 ? field->number / info->factor : field->number;

	if (parent && parent->data == field->data && parent->length == field->length) {
		uint64_t all = parent->info->mask;

		begin = all ? highest_bit(all) / 4 * 4 + 3 : 8u * parent->length - 1;
		end = all ? (unsigned int)__builtin_ctzll(all) / 8 * 8 : 0;
	}
	for (unsigned int bit = begin + 1; bit-- > end;) {
		uint64_t place = 1ull << bit;

		if (!(info->mask & place))
			line_add_character(line, '.');
		else
			line_add_character(
				line, number << __builtin_ctzll(info->mask) & place ? '1' : '0');
		if (bit % 4 == 0)
			line_add_character(line, ' ');
	}
	line_add(line, "= ");
}

static bool is_shown_as_bits(const struct field *field)
{
	return field->info->mask && !field->info->bits && field->length && field->length <= 8 &&
	       highest_bit(field->info->mask) < 8 * field->length;
}

/* The flags below a number that are set: " (SYN, ACK)". */
static void add_set_flags(const struct tree *tree, const struct layer *layer,
			  const struct field *parent, struct line *line)
{
	const struct value_name *bits = parent->info->bits;
	const struct field *field = parent + 1;
	const struct field *end =
		&tree->dissection->fields[layer->first_field + layer->field_count];
	unsigned int count = 0;

	if (parent->info->type != FIELD_HEX)
		return;
	for (; bits && bits->text; bits++)
		if (parent->number & bits->value) {
			line_add(line, count++ ? ", " : " (");
			line_add(line, bits->text);
		}
	for (; !parent->info->bits && field < end && field->depth > parent->depth; field++)
		if (field->depth == parent->depth + 1 && field->info->type == FIELD_FLAG &&
		    field->number) {
			line_add(line, count++ ? ", " : " (");
			line_add(line, field->info->label);
		}
	line_add(line, count ? ")" : "");
}

static void add_field(struct tree *tree, const struct layer *layer, struct line *line)
{
	const struct dissection *dissection = tree->dissection;
	const struct field *field = &dissection->fields[layer->first_field + tree->field];
	unsigned int depth = field->depth < UINT8_MAX ? field->depth : UINT8_MAX - 1u;

	tree->parents[depth] = field;
	indent(line, depth + (dissection->quote && tree->layer >= dissection->quote));
	if (is_shown_as_bits(field))
		add_bits(field, depth > 1 ? tree->parents[depth - 1] : NULL, line);
	field_add_description(field, line);
	add_set_flags(tree, layer, field, line);
}

static bool add_reassembled(const struct tree *tree, struct line *line)
{
	const struct dissection *dissection = tree->dissection;
	const struct layer *layer = &dissection->layers[tree->layer];

	if (!layer->source || (tree->layer && layer[-1].source == layer->source))
		return false;
	line_print(line, "[Reassembled: %zu bytes of several packets]",
		   dissection->reassembled[layer->source - 1].length);
	return true;
}

/* What keeps the packet from being all there is of it. */
static bool add_remark(const struct tree *tree, struct line *line)
{
	const struct dissection *dissection = tree->dissection;

	switch (dissection->end) {
	case DISSECTION_WHOLE:
		if (dissection->is_segment)
			line_add(line, "[TCP segment of a reassembled PDU]");
		return dissection->is_segment;
	case DISSECTION_TRUNCATED:
		line_add(line, "[Packet size limited during capture");
		break;
	case DISSECTION_MALFORMED:
		line_add(line, "[Malformed Packet");
		break;
	case DISSECTION_TOO_MUCH:
		line_add(line, "[More layers or fields than pktview keeps");
		break;
	}
	if (dissection->layer_count) {
		line_add(line, ": ");
		line_add(line, dissection->layers[dissection->layer_count - 1].label);
	}
	line_add_character(line, ']');
	return true;
}

static void add_frame_row(struct tree *tree, struct line *line)
{
	const struct frame_row *row = &frame_rows[tree->frame_row++];

	indent(line, 1);
	line_add(line, row->label);
	row->add(tree->dissection->packet, line);
}

enum tree_row tree_next(struct tree *tree, struct line *line)
{
	const struct dissection *dissection = tree->dissection;
	const struct layer *layer = &dissection->layers[tree->layer];

	for (;;) {
		switch ((enum step)tree->step) {
		case STEP_FRAME_TITLE:
			add_frame_title(dissection->packet, line);
			tree->step = STEP_FRAME;
			return TREE_TITLE;
		case STEP_FRAME:
			if (tree->frame_row < LENGTH(frame_rows)) {
				add_frame_row(tree, line);
				return TREE_FIELD;
			}
			tree->step = STEP_REASSEMBLED;
			break;
		case STEP_REASSEMBLED:
			tree->step = tree->layer < dissection->layer_count ? STEP_LAYER_TITLE :
									     STEP_REMARKS;
			if (tree->step == STEP_LAYER_TITLE && add_reassembled(tree, line))
				return TREE_REMARK;
			break;
		case STEP_LAYER_TITLE:
			add_layer_title(tree, layer, line);
			tree->field = 0;
			tree->step = STEP_FIELDS;
			return TREE_TITLE;
		case STEP_FIELDS:
			if (tree->field < layer->field_count) {
				add_field(tree, layer, line);
				tree->field++;
				return TREE_FIELD;
			}
			layer++;
			tree->layer++;
			tree->step = STEP_REASSEMBLED;
			break;
		case STEP_REMARKS:
			tree->step = STEP_END;
			if (add_remark(tree, line))
				return TREE_REMARK;
			break;
		case STEP_END:
			return TREE_END;
		}
	}
}
