/* SPDX-License-Identifier: GPL-2.0-only */
/* From words to struct options, with getopt_long(3) and the table of options; see options.h. */
#include "options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "option_checks.h"
#include "option_rows.h"

#define DEFAULT_RING_BYTES (64u << 20)
#define DEFAULT_MIN_FREE_BYTES (256u << 20)
#define DEFAULT_MIN_FREE_PERCENT 5
#define MAXIMUM_SHORT_FORMS 64
#define LONGEST_NAME 31
#define LONG_ONLY 256 /* from here on: options without a letter, numbered by their row */

/* What getopt_long() wants. */
struct getopt_tables {
	char letters[2 * OPTION_ROWS_MAXIMUM + 2]; /* ':' first keeps it silent */
	struct option long_options[OPTION_ROWS_MAXIMUM + MAXIMUM_SHORT_FORMS + 1];
	char short_forms[MAXIMUM_SHORT_FORMS][LONGEST_NAME + 1];
	size_t long_count;
	size_t short_count;
};

static int row_value(size_t number)
{
	const struct option_row *row = &option_rows[number];

	return row->letter ? row->letter : LONG_ONLY + (int)number;
}

static void add_long_option(struct getopt_tables *tables, size_t number, const char *name)
{
	tables->long_options[tables->long_count++] = (struct option){
		.name = name,
		.has_arg = option_rows[number].value ? required_argument : no_argument,
		.val = row_value(number),
	};
}

/* How many names begin so, among tcpdump's or among pktsieve's own. */
static unsigned int count_names(const char *start, size_t length, bool is_tcpdumps)
{
	unsigned int count = 0;

	for (size_t i = 0; i < option_row_count; i++)
		count += option_rows[i].name && option_rows[i].is_tcpdumps == is_tcpdumps &&
			 strncmp(option_rows[i].name, start, length) == 0;
	return count;
}

/*
 * An abbreviation that tcpdump takes means the same here, also where a name of pktsieve's
 * own begins so.
 */
static void add_short_forms(struct getopt_tables *tables, size_t number)
{
	const char *name = option_rows[number].name;

	for (size_t length = 1; name[length]; length++) {
		char *form = tables->short_forms[tables->short_count];

		if (count_names(name, length, true) > 1 || !count_names(name, length, false))
			continue;
		assert(tables->short_count < MAXIMUM_SHORT_FORMS && length <= LONGEST_NAME);
		memcpy(form, name, length);
		tables->short_count++;
		add_long_option(tables, number, form);
	}
}

static void make_getopt_tables(struct getopt_tables *tables)
{
	char *letters = tables->letters;

	*tables = (struct getopt_tables){};
	*letters++ = ':';
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];

		if (row->letter) {
			*letters++ = (char)row->letter;
			if (row->value)
				*letters++ = ':';
		}
		if (row->name)
			add_long_option(tables, i, row->name);
	}
	/* Behind all names, of which one may be what others are shortened to. */
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].name && option_rows[i].is_tcpdumps)
			add_short_forms(tables, i);
}

static const struct option_row *find_row(int value)
{
	if (value >= LONG_ONLY)
		return &option_rows[value - LONG_ONLY];
	for (size_t i = 0; i < option_row_count; i++)
		if (option_rows[i].letter == value)
			return &option_rows[i];
	return NULL;
}

/* The option as the user wrote it, for a message; getopt(3) tells it in different places. */
static const char *written_form(char *const *argv, char text[4])
{
	const char *before = argv[optind - 1];

	if (optopt < 0 || optopt > 127)
		return optopt >= LONG_ONLY ? before : argv[optind];
	if (!optopt || (find_row(optopt) && strncmp(before, "--", 2) == 0))
		return before;
	snprintf(text, 4, "-%c", optopt);
	return text;
}

static int refuse_unknown(char *const *argv, struct error *reterr)
{
	char text[4];
	const char *form = written_form(argv, text);
	bool is_long = strncmp(form, "--", 2) == 0;

	if (is_long && count_names(form + 2, strlen(form + 2), true) +
				       count_names(form + 2, strlen(form + 2), false) >
			       1)
		return error_set(reterr, -EINVAL,
				 "'%s' is short for more than one option (see 'pktsieve --help')",
				 form);
	return error_set(reterr, -EINVAL, "there is no option '%s' (see 'pktsieve --help')", form);
}

/* "-i" or, where it has no letter, "--wait". */
static const char *row_name(const struct option_row *row, char text[static 32])
{
	if (row->letter)
		snprintf(text, 32, "-%c", row->letter);
	else
		snprintf(text, 32, "--%s", row->name);
	return text;
}

static int read_option(struct options *options, int value, const char *argument,
		       struct error *reterr)
{
	const struct option_row *row = find_row(value);
	char name[32];

	if (row->refusal)
		return error_set(reterr, -EINVAL, "'%s': %s", row_name(row, name), row->refusal);
	if (row->is_printing && !*options->printing)
		row_name(row, options->printing);
	if (row->has_flag)
		*(bool *)((char *)options + row->flag) = row->flag_value;
	if (row->mode != OPTIONS_CAPTURE)
		options->mode = row->mode;
	if (!row->read || !row->read(options, argument))
		return 0;
	return error_set(reterr, -EINVAL, "'%s' is no value for '%s': it takes %s", argument,
			 row_name(row, name), row->wanted);
}

/* All remaining words, joined by one space. */
static char *join_words(char *const *words, int count)
{
	size_t length = 1;
	char *text, *end;

	for (int i = 0; i < count; i++)
		length += strlen(words[i]) + 1;
	end = text = malloc(length);
	if (!text)
		return NULL;
	*end = '\0';
	for (int i = 0; i < count; i++) {
		if (i)
			end = stpcpy(end, " ");
		end = stpcpy(end, words[i]);
	}
	return text;
}

int options_parse(int argc, char **argv, struct options *ret_options, struct error *reterr)
{
	struct getopt_tables tables;
	char text[4];
	int value, error;

	*ret_options = (struct options){
		.link_type = LINK_TYPE_DEFAULT,
		.snapshot_bytes = MAXIMUM_SNAPSHOT_BYTES,
		.directions = { true, true },
		.ring_bytes = DEFAULT_RING_BYTES,
		.interval_ns = 1000000000,
		.top_rows = OPTIONS_TOP_DEFAULT,
		.top_prefixes = { 32, 128 },
		.min_free = { DEFAULT_MIN_FREE_BYTES, DEFAULT_MIN_FREE_PERCENT },
	};
	make_getopt_tables(&tables);
	optind = 0;
	while ((value = getopt_long(argc, argv, tables.letters, tables.long_options, NULL)) != -1) {
		if (value == '?')
			return refuse_unknown(argv, reterr);
		if (value == ':')
			return error_set(reterr, -EINVAL,
					 "'%s' needs a value (see 'pktsieve --help')",
					 written_form(argv, text));
		error = read_option(ret_options, value, optarg, reterr);
		if (error)
			return error;
	}
	ret_options->expression = join_words(argv + optind, argc - optind);
	if (!ret_options->expression)
		return error_set(reterr, -ENOMEM, "out of memory");
	return option_checks_together(ret_options, reterr);
}

void options_free(struct options *options)
{
	free(options->expression);
	options->expression = NULL;
}
