/* SPDX-License-Identifier: GPL-2.0-only */
/* See option_rows.h. */
#include "option_rows.h"

#include <errno.h>
#include <string.h>

#include "../user/base/text.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* The number of a word among those that there are; -EINVAL. */
static int find_word(const char *value, const char *const words[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(words[i], value) == 0)
			return (int)i;
	return -EINVAL;
}

static int read_number(struct options *options, const char *value)
{
	if (text_parse_number(value, UINT64_MAX, &options->number) || !options->number)
		return -EINVAL;
	return 0;
}

static int read_memory(struct options *options, const char *value)
{
	return text_parse_size(value, &options->memory_bytes);
}

static int read_time(struct options *options, const char *value)
{
	static const char *const words[] = {
		[TIME_RELATIVE] = "relative",
		[TIME_DELTA] = "delta",
		[TIME_ABSOLUTE] = "absolute",
		[TIME_EPOCH] = "epoch",
	};
	int found = find_word(value, words, LENGTH(words));

	if (found < 0)
		return found;
	options->time_form = (enum time_form)found;
	return 0;
}

static int read_colour(struct options *options, const char *value)
{
	static const char *const words[] = {
		[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};
	int found = find_word(value, words, LENGTH(words));

	if (found < 0)
		return found;
	options->colour = (enum colour)found;
	return 0;
}

static int read_columns(struct options *options, const char *value)
{
	options->columns = value;
	return *value ? 0 : -EINVAL;
}

static int read_layer(struct options *options, const char *value)
{
	options->layer = value;
	return *value ? 0 : -EINVAL;
}

static int read_field(struct options *options, const char *value)
{
	options->field = value;
	return *value ? 0 : -EINVAL;
}

static int read_side_file(struct options *options, const char *value)
{
	options->side_file = value;
	return *value ? 0 : -EINVAL;
}

static int read_side(struct options *options, const char *value)
{
	static const char *const words[] = {
		[FOLLOW_BOTH] = "both",
		[FOLLOW_CLIENT] = "client",
		[FOLLOW_SERVER] = "server",
	};
	int found = find_word(value, words, LENGTH(words));

	if (found < 0)
		return found;
	options->follow_side = (enum follow_side)found;
	return 0;
}

static int choose_json(struct options *options, const char *value)
{
	(void)value;
	options->is_json = true;
	return 0;
}

static int choose_streams(struct options *options, const char *value)
{
	(void)value;
	options->list_streams = true;
	return 0;
}

static int choose_hex(struct options *options, const char *value)
{
	(void)value;
	options->follow_form = FOLLOW_HEX;
	return 0;
}

static int choose_raw(struct options *options, const char *value)
{
	(void)value;
	options->follow_form = FOLLOW_RAW;
	return 0;
}

static int choose_help(struct options *options, const char *value)
{
	(void)value;
	options->mode = OPTIONS_HELP;
	return 0;
}

static int choose_version(struct options *options, const char *value)
{
	(void)value;
	options->mode = OPTIONS_VERSION;
	return 0;
}

/* Those of the same views stand together, for --help. */
const struct option_row option_rows[] = {
	{ 0, "json", NULL, NULL, "an object of JSON a line", NULL, choose_json },
	{ 0, "memory", "SIZE", NULL, "for streams and fragments, default 32M", "a size such as 64M",
	  read_memory },
	{ 0, "color", "WHEN", NULL, "auto (default: on a terminal), always or never",
	  "'auto', 'always' or 'never'", read_colour },
	{ 'h', "help", NULL, NULL, "this list", NULL, choose_help },
	{ 'V', "version", NULL, NULL, "the version", NULL, choose_version },
	{ 'n', NULL, "NUMBER", "list detail hex", "only the packet of this number",
	  "a number from 1 on", read_number },
	{ 0, "fields", "NAME,...", "list", "these columns, with tabs between", "names of fields",
	  read_columns },
	{ 0, "time", "FORM", "list", "relative (default), delta, absolute or epoch",
	  "'relative', 'delta', 'absolute' or 'epoch'", read_time },
	{ 0, "layer", "NAME", "hex", "mark the bytes of a layer", "the name of a layer",
	  read_layer },
	{ 0, "field", "NAME", "hex", "mark the bytes of a field", "the name of a field",
	  read_field },
	{ 0, "list", NULL, "follow", "list the streams", NULL, choose_streams },
	{ 0, "hex", NULL, "follow", "offsets, hexadecimal and text", NULL, choose_hex },
	{ 0, "raw", NULL, "follow", "the bytes as they are", NULL, choose_raw },
	{ 'o', NULL, "FILE", "follow", "with --raw: what one side sent into a file",
	  "the name of a file", read_side_file },
	{ 0, "side", "SIDE", "follow", "both (default), client or server; with -o client",
	  "'both', 'client' or 'server'", read_side },
};

const size_t option_row_count = LENGTH(option_rows);
