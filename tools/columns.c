/* SPDX-License-Identifier: GPL-2.0-only */
/* See columns.h. */
#include "columns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "field_text.h"
#include "names.h"
#include "packet_text.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void add_number(const struct dissection *dissection, struct line *line)
{
	line_add_number(line, dissection->packet->number);
}

static void add_length(const struct dissection *dissection, struct line *line)
{
	line_add_number(line, dissection->packet->wire_bytes);
}

static void add_captured(const struct dissection *dissection, struct line *line)
{
	line_add_number(line, dissection->packet->bytes.length);
}

static void add_file(const struct dissection *dissection, struct line *line)
{
	line_add_number(line, dissection->packet->file + 1);
}

static void add_interface(const struct dissection *dissection, struct line *line)
{
	line_add_number(line, dissection->packet->interface);
}

static void add_epoch(const struct dissection *dissection, struct line *line)
{
	time_text_add_epoch(dissection->packet->time_ns, line);
}

static void add_comment(const struct dissection *dissection, struct line *line)
{
	const struct bytes comment = dissection->packet->comment;

	line_add_text(line, comment.data, comment.length);
}

static const struct word {
	const char *name;
	void (*add)(const struct dissection *dissection, struct line *line);
	bool is_number;
	bool is_time; /* in text as --time says */
} words[] = {
	{ "number", add_number, true, false },
	{ "time", add_epoch, true, true },
	{ "source", packet_add_source, false, false },
	{ "src", packet_add_source, false, false },
	{ "destination", packet_add_destination, false, false },
	{ "dst", packet_add_destination, false, false },
	{ "protocol", packet_add_protocol, false, false },
	{ "length", add_length, true, false },
	{ "captured", add_captured, true, false },
	{ "info", packet_add_info, false, false },
	{ "comment", add_comment, false, false },
	{ "file", add_file, true, false },
	{ "interface", add_interface, true, false },
	/* As in tshark. */
	{ "frame.number", add_number, true, false },
	{ "frame.time_epoch", add_epoch, true, false },
	{ "frame.len", add_length, true, false },
	{ "frame.cap_len", add_captured, true, false },
};

struct column {
	const char *name;
	const struct word *word; /* NULL: it is a field */
	const struct field_info *fields[NAMES_FIELDS];
};

struct columns {
	char *names; /* owned: of all, each ends with a NUL */
	struct line text;
	size_t count;
	struct column columns[];
};

static int find_column(struct column *column, struct error *reterr)
{
	struct names_guess guess = { .typed = column->name };

	for (size_t i = 0; i < LENGTH(words); i++) {
		names_consider(&guess, words[i].name);
		if (strcmp(words[i].name, column->name) == 0)
			column->word = &words[i];
	}
	if (column->word)
		return 0;
	/* Fields have a dot: what has none is a slip in a word. */
	if (!strchr(column->name, '.') && guess.nearest)
		return names_complain(&guess, "column", "", reterr);
	return names_find_field(column->name, column->fields, reterr);
}

static size_t count_names(const char *names)
{
	size_t count = 1;

	for (; *names; names++)
		count += *names == ',';
	return count;
}

int columns_parse(const char *names, struct columns **ret_columns, struct error *reterr)
{
	size_t count = count_names(names);
	struct columns *columns = calloc(1, sizeof(*columns) + count * sizeof(columns->columns[0]));
	int error = 0;
	char *next;

	if (columns)
		columns->names = strdup(names);
	if (!columns || !columns->names)
		error = error_set(reterr, -ENOMEM, "out of memory");
	for (next = error ? NULL : columns->names; next && !error;) {
		struct column *column = &columns->columns[columns->count++];

		column->name = strsep(&next, ",");
		error = find_column(column, reterr);
	}
	if (error)
		columns_free(columns);
	else
		*ret_columns = columns;
	return error;
}

void columns_free(struct columns *columns)
{
	if (!columns)
		return;
	line_free(&columns->text);
	free(columns->names);
	free(columns);
}

static bool is_of(const struct column *column, const struct field_info *info)
{
	for (size_t i = 0; i < NAMES_FIELDS; i++)
		if (column->fields[i] == info)
			return true;
	return false;
}

static void add_values(const struct column *column, const struct dissection *dissection,
		       void (*add)(const struct field *field, struct line *line), struct line *line)
{
	bool is_first = true;

	for (unsigned int i = 0; i < dissection->field_count; i++) {
		if (!is_of(column, dissection->fields[i].info))
			continue;
		if (!is_first)
			line_add_character(line, ',');
		add(&dissection->fields[i], line);
		is_first = false;
	}
}

void columns_add(const struct columns *columns, const struct dissection *dissection,
		 struct time_text *time, struct line *line)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct column *column = &columns->columns[i];

		if (i)
			line_add_character(line, '\t');
		if (!column->word)
			add_values(column, dissection, field_add_plain, line);
		else if (column->word->is_time)
			time_text_add(time, dissection->packet, line);
		else
			column->word->add(dissection, line);
	}
}

static void add_word_json(struct columns *columns, const struct word *word,
			  const struct dissection *dissection, struct line *line)
{
	if (word->is_number) {
		word->add(dissection, line);
		return;
	}
	line_clear(&columns->text);
	word->add(dissection, &columns->text);
	line_add_json(line, (const uint8_t *)columns->text.text, columns->text.length);
}

void columns_add_json(struct columns *columns, const struct dissection *dissection,
		      struct line *line)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct column *column = &columns->columns[i];

		line_add(line, i ? ",\"" : "{\"");
		line_add(line, column->name);
		line_add(line, "\":");
		if (column->word) {
			add_word_json(columns, column->word, dissection, line);
			continue;
		}
		line_add_character(line, '[');
		add_values(column, dissection, field_add_json, line);
		line_add_character(line, ']');
	}
	line_add_character(line, '}');
}
