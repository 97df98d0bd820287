/* SPDX-License-Identifier: GPL-2.0-only */
/* See view_checks.h. */
#include "view_checks.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../tools/dissect/dissector.h"

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* What a layer or a field is in; of one that is concluded, nothing. */
static struct bytes source_of(const struct dissection *dissection, uint8_t source)
{
	require(source <= dissection->reassembled_count);
	return source ? dissection->reassembled[source - 1] : dissection->packet->bytes;
}

static void check_place(const struct dissection *dissection, uint8_t source, const uint8_t *data,
			size_t length)
{
	struct bytes all;

	if (!length)
		return;
	all = source_of(dissection, source);
	require(data >= all.data && data <= all.data + all.length &&
		length <= (size_t)(all.data + all.length - data));
}

static void check_field(const struct dissection *dissection, const struct field *field)
{
	static const uint8_t widths[] = {
		[FIELD_MAC] = 6,
		[FIELD_IPV4] = 4,
		[FIELD_IPV6] = 16,
		[FIELD_NTP] = 0,
	};

	check_place(dissection, field->source, field->data, field->length);
	require(field->info && field->info->name && field->info->label);
	if (field->info->type < sizeof(widths) && widths[field->info->type])
		require(field->length == widths[field->info->type]);
	if (field->info->type == FIELD_NAME)
		require(field->text >= dissection->text &&
			field->text + strlen(field->text) <
				dissection->text + dissection->text_bytes);
}

static void check_fields(const struct dissection *dissection, const struct layer *layer)
{
	unsigned int depth = 0;

	for (unsigned int i = 0; i < layer->field_count; i++) {
		const struct field *field = &dissection->fields[layer->first_field + i];

		check_field(dissection, field);
		require(field->depth >= 1 && field->depth <= depth + 1);
		depth = field->depth;
	}
}

void check_dissection(const struct dissection *dissection)
{
	unsigned int fields = 0;

	require(dissection->layer_count <= DISSECTION_LAYERS);
	require(dissection->field_count <= DISSECTION_FIELDS);
	require(dissection->text_bytes <= DISSECTION_TEXT_BYTES);
	require(dissection->reassembled_count <= DISSECTION_REASSEMBLED);
	for (unsigned int i = 0; i < dissection->layer_count; i++) {
		const struct layer *layer = &dissection->layers[i];

		check_place(dissection, layer->source, layer->data, layer->length);
		require(layer->header_bytes <= layer->length);
		require(layer->first_field == fields);
		fields += layer->field_count;
		require(fields <= dissection->field_count);
		check_fields(dissection, layer);
	}
	require(fields == dissection->field_count);
}

static ssize_t take_output(void *state, const char *text, size_t length)
{
	(void)state;
	for (size_t i = 0; i < length; i++) {
		unsigned char character = (unsigned char)text[i];

		require(character >= ' ' || character == '\n' || character == '\t');
		require(character != 0x7f);
	}
	return (ssize_t)length;
}

FILE *checked_output(void)
{
	const cookie_io_functions_t functions = { .write = take_output };
	FILE *out = fopencookie(NULL, "w", functions);

	require(out);
	return out;
}

const char *file_in_memory(const uint8_t *data, size_t size)
{
	static char name[32];
	static int fd = -1;

	if (fd < 0) {
		fd = memfd_create("capture", MFD_CLOEXEC);
		snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	}
	require(fd >= 0 && ftruncate(fd, 0) == 0);
	require(size == 0 || pwrite(fd, data, size, 0) == (ssize_t)size);
	return name;
}
