/* SPDX-License-Identifier: GPL-2.0-only */
/* See marks.h. */
#include "marks.h"

#include <stdlib.h>
#include <string.h>

int marks_init(struct marks *marks, const struct options *options, struct error *reterr)
{
	int error = 0;

	if (options->layer)
		error = names_find_layer(options->layer, &marks->layer, reterr);
	if (!error && options->field)
		error = names_find_field(options->field, marks->fields, reterr);
	return error;
}

static void add(struct marks *marks, struct bytes all, const uint8_t *data, size_t length)
{
	if (!length || data < all.data || data > all.data + all.length)
		return;
	marks->marks[marks->count].begin = (size_t)(data - all.data);
	marks->marks[marks->count].end = (size_t)(data - all.data) + length;
	marks->count++;
}

static bool is_wanted(const struct marks *marks, const struct field_info *info)
{
	for (size_t i = 0; i < NAMES_FIELDS; i++)
		if (marks->fields[i] == info)
			return true;
	return false;
}

static int compare(const void *left, const void *right)
{
	const struct mark *one = left, *other = right;

	return one->begin < other->begin ? -1 : one->begin > other->begin;
}

static void join(struct marks *marks)
{
	size_t count = 0;

	qsort(marks->marks, marks->count, sizeof(marks->marks[0]), compare);
	for (size_t i = 0; i < marks->count; i++) {
		struct mark *last = count ? &marks->marks[count - 1] : NULL;

		if (!last || marks->marks[i].begin > last->end)
			marks->marks[count++] = marks->marks[i];
		else if (marks->marks[i].end > last->end)
			last->end = marks->marks[i].end;
	}
	marks->count = count;
}

void marks_find(struct marks *marks, const struct dissection *dissection, unsigned int source)
{
	struct bytes all = source ? dissection->reassembled[source - 1] : dissection->packet->bytes;

	marks->count = 0;
	for (unsigned int i = 0; marks->layer && i < dissection->layer_count; i++) {
		const struct layer *layer = &dissection->layers[i];

		if (layer->source == source &&
		    strcmp(layer->dissector->name, marks->layer->name) == 0)
			add(marks, all, layer->data, layer->header_bytes);
	}
	for (unsigned int i = 0; marks->fields[0] && i < dissection->field_count; i++) {
		const struct field *field = &dissection->fields[i];

		if (field->source == source && is_wanted(marks, field->info))
			add(marks, all, field->data, field->length);
	}
	join(marks);
}
