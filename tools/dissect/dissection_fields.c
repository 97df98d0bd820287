/* SPDX-License-Identifier: GPL-2.0-only */
/* The fields of a dissection: how dissectors add them, and how they are found; see dissection.h. */
#include <string.h>

#include "../line.h"
#include "dissector.h"

const struct layer *dissection_main_layer(const struct dissection *dissection)
{
	unsigned int count = dissection->layer_count;

	if (dissection->quote && dissection->quote < count)
		count = dissection->quote;
	for (unsigned int i = count; i > 1; i--)
		if (dissection->layers[i - 1].dissector != &dissector_payload)
			return &dissection->layers[i - 1];
	return count > 0 ? &dissection->layers[0] : NULL;
}

const struct field *dissection_find(const struct dissection *dissection, const struct layer *layer,
				    const struct field_info *info)
{
	unsigned int first = layer ? layer->first_field : 0;
	unsigned int end = layer ? first + layer->field_count : dissection->field_count;

	for (unsigned int i = first; layer && i < end; i++)
		if (dissection->fields[i].info == info)
			return &dissection->fields[i];
	for (unsigned int i = end; !layer && i > first; i--)
		if (dissection->fields[i - 1].info == info)
			return &dissection->fields[i - 1];
	return NULL;
}

const struct layer *dissection_find_layer(const struct dissection *dissection,
					  const struct dissector *dissector)
{
	for (unsigned int i = dissection->layer_count; i > 0; i--)
		if (dissection->layers[i - 1].dissector == dissector)
			return &dissection->layers[i - 1];
	return NULL;
}

/* NULL when there is no room: the rest of the packet is not taken apart. */
static struct field *add_field(struct dissection *dissection, const struct field_info *info,
			       const uint8_t *data, size_t length)
{
	struct field *field;

	if (dissection->field_count == DISSECTION_FIELDS) {
		dissection->end = DISSECTION_TOO_MUCH;
		return NULL;
	}
	field = &dissection->fields[dissection->field_count++];
	field->info = info;
	field->data = data;
	field->length = (uint32_t)length;
	field->depth = dissection->depth;
	field->source = dissection->source;
	field->number = 0;
	return field;
}

static uint64_t value_of(const struct field_info *info, uint64_t number)
{
	if (info->mask)
		number = (number & info->mask) >> __builtin_ctzll(info->mask);
	return info->factor ? number * info->factor : number;
}

int dissection_keep_number(struct dissection *dissection, struct bytes place,
			   const struct field_info *info, uint64_t number)
{
	struct field *field = add_field(dissection, info, place.data, place.length);

	if (!field)
		return -ENODATA;
	field->number = value_of(info, number);
	return 0;
}

static size_t width_of(const struct field_info *info)
{
	switch (info->type) {
	case FIELD_MAC:
		return 6;
	case FIELD_IPV4:
		return 4;
	case FIELD_IPV6:
		return 16;
	default:
		return info->bytes;
	}
}

int dissection_add_fields(struct dissection *dissection, struct bytes *bytes,
			  const struct field_info *infos, size_t count, uint64_t *ret_numbers)
{
	for (size_t i = 0; i < count; i++) {
		const struct bytes place = { bytes->data, width_of(&infos[i]) };
		uint64_t number = 0;

		if (place.length <= 8 ? bytes_read_number(bytes, place.length, &number) :
					bytes_skip(bytes, place.length))
			return -ENODATA;
		if (ret_numbers)
			ret_numbers[i] = number;
		if (!dissection_leaves_out(dissection, &infos[i]) &&
		    dissection_keep_number(dissection, place, &infos[i], number))
			return -ENODATA;
	}
	return 0;
}

int dissection_add_little_number(struct dissection *dissection, struct bytes *bytes,
				 const struct field_info *info, uint64_t *ret_number)
{
	struct bytes taken;
	uint64_t number = 0;

	if (bytes_take(bytes, info->bytes, &taken))
		return -ENODATA;
	for (size_t i = taken.length; i > 0; i--)
		number = number << 8 | taken.data[i - 1];
	if (ret_number)
		*ret_number = number;
	dissection_add_value(dissection, taken, info, value_of(info, number));
	return 0;
}

/* Each a part of the same number. */
static void add_parts(struct dissection *dissection, struct bytes place,
		      const struct field_info *infos, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++) {
		struct field *field;

		if (dissection_leaves_out(dissection, &infos[i]))
			continue;
		field = add_field(dissection, &infos[i], place.data, place.length);
		if (!field)
			return;
		field->number = value_of(&infos[i], number);
	}
}

int dissection_keep_parts(struct dissection *dissection, struct bytes *bytes,
			  const struct field_info *infos, size_t count, uint64_t *ret_number)
{
	struct bytes taken = bytes_make(bytes->data, infos[0].bytes);
	uint64_t number;

	if (bytes_read_number(bytes, infos[0].bytes, &number))
		return -ENODATA;
	add_parts(dissection, taken, infos, count, number);
	if (ret_number)
		*ret_number = number;
	return 0;
}

void dissection_keep_bits(struct dissection *dissection, const struct field_info *infos,
			  size_t count, uint64_t number)
{
	const struct field *whole = &dissection->fields[dissection->field_count - 1];

	dissection->depth++;
	add_parts(dissection, bytes_make(whole->data, whole->length), infos, count, number);
	dissection->depth--;
}

void dissection_keep_last_part(struct dissection *dissection, const struct field_info *info,
			       uint64_t number)
{
	const struct field *last = &dissection->fields[dissection->field_count - 1];

	add_parts(dissection, bytes_make(last->data, last->length), info, 1, number);
}

void dissection_set_ports(struct dissection *dissection, uint16_t source, uint16_t destination)
{
	dissection->flow.has_ports = true;
	dissection->flow.source_port = source;
	dissection->flow.destination_port = destination;
}

void dissection_describe_ports(const struct dissection *dissection, struct line *line)
{
	line_add_number(line, dissection->flow.source_port);
	line_add(line, " → ");
	line_add_number(line, dissection->flow.destination_port);
}

int dissection_keep_bytes(struct dissection *dissection, struct bytes *bytes, size_t length,
			  const struct field_info *info, struct bytes *ret_value)
{
	struct bytes taken;

	if (bytes_take(bytes, length, &taken) ||
	    !add_field(dissection, info, taken.data, taken.length))
		return -ENODATA;
	if (ret_value)
		*ret_value = taken;
	return 0;
}

void dissection_keep_value(struct dissection *dissection, struct bytes place,
			   const struct field_info *info, uint64_t number)
{
	struct field *field = add_field(dissection, info, place.data, place.length);

	if (field)
		field->number = number;
}

void dissection_add_name(struct dissection *dissection, struct bytes place,
			 const struct field_info *info, const char *text)
{
	size_t bytes = strlen(text) + 1;
	struct field *field;

	if (bytes > DISSECTION_TEXT_BYTES - dissection->text_bytes) {
		dissection->end = DISSECTION_TOO_MUCH;
		return;
	}
	field = add_field(dissection, info, place.data, place.length);
	if (!field)
		return;
	field->text = memcpy(dissection->text + dissection->text_bytes, text, bytes);
	dissection->text_bytes += bytes;
}

unsigned int dissection_keep_group(struct dissection *dissection, const struct bytes *bytes,
				   const struct field_info *info)
{
	unsigned int group = dissection->field_count;

	add_field(dissection, info, bytes->data, 0);
	dissection->depth++;
	return group;
}

int dissection_add_groups(struct dissection *dissection, struct bytes *bytes,
			  const struct field_info *info, uint64_t count,
			  int (*dissect)(struct dissection *dissection, struct bytes *bytes))
{
	int error = 0;

	for (uint64_t i = 0; i < count && !error; i++) {
		unsigned int group;

		if (count == DISSECTION_UNTIL_END && bytes->length == 0)
			break;
		group = dissection_enter(dissection, bytes, info);
		error = dissect(dissection, bytes);
		dissection_leave(dissection, group, bytes->data);
	}
	return error;
}
