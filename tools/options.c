/* SPDX-License-Identifier: GPL-2.0-only */
/* From words to struct options, with getopt_long(3) and the table of options; see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "names.h"
#include "option_rows.h"
#include "view.h"

#define DEFAULT_MEMORY_BYTES (32u << 20)
#define MAXIMUM_ROWS 32
#define LONG_ONLY 256 /* from here on: options without a letter, numbered by their row */

struct getopt_tables {
	char letters[2 * MAXIMUM_ROWS + 2]; /* ':' first keeps it silent */
	struct option long_options[MAXIMUM_ROWS + 1];
};

static void make_tables(struct getopt_tables *tables)
{
	char *letter = tables->letters;
	size_t count = 0;

	*tables = (struct getopt_tables){ 0 };
	*letter++ = ':';
	for (size_t i = 0; i < option_row_count; i++) {
		const struct option_row *row = &option_rows[i];

		if (row->letter) {
			*letter++ = row->letter;
			if (row->value)
				*letter++ = ':';
		}
		if (row->name)
			tables->long_options[count++] = (struct option){
				.name = row->name,
				.has_arg = row->value ? required_argument : no_argument,
				.val = row->letter ? row->letter : LONG_ONLY + (int)i,
			};
	}
}

static const struct option_row *find_row(int value)
{
	for (size_t i = 0; i < option_row_count; i++)
		if (value == (option_rows[i].letter ? option_rows[i].letter : LONG_ONLY + (int)i))
			return &option_rows[i];
	return NULL;
}

/* "-n" or "--json" */
static const char *name_of(const struct option_row *row, char ret_name[32])
{
	if (row->letter)
		snprintf(ret_name, 32, "-%c", row->letter);
	else
		snprintf(ret_name, 32, "--%s", row->name);
	return ret_name;
}

/* Whether the name is one of the words. */
static bool has_word(const char *words, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = words; (at = strstr(at, name)); at += length)
		if ((at == words || at[-1] == ' ') && (!at[length] || at[length] == ' '))
			return true;
	return false;
}

static int read_option(const struct option_row *row, struct options *options, struct error *reterr)
{
	char name[32];

	if (row->views && options->view && !has_word(row->views, options->view->name))
		return error_set(reterr, -EINVAL, "'%s' is not for '%s', but for: %s",
				 name_of(row, name), options->view->name, row->views);
	if (row->read(options, optarg ? optarg : ""))
		return error_set(reterr, -EINVAL, "'%s' is no value for '%s': it takes %s", optarg,
				 name_of(row, name), row->expects);
	return 0;
}

static int read_options(int argc, char **argv, struct options *options, struct error *reterr)
{
	struct getopt_tables tables;
	const struct option_row *row;
	int value, error = 0;

	make_tables(&tables);
	optind = 1;
	while (!error &&
	       (value = getopt_long(argc, argv, tables.letters, tables.long_options, NULL)) != -1) {
		row = find_row(value);
		if (value == ':')
			error = error_set(reterr, -EINVAL,
					  "'%s' needs a value (see 'pktview --help')",
					  argv[optind - 1]);
		else if (!row)
			error = error_set(reterr, -EINVAL, "no option '%s' (see 'pktview --help')",
					  argv[optind - 1]);
		else
			error = read_option(row, options, reterr);
	}
	return error;
}

/* A folder may have the name of a word of the filter language. */
static bool is_file(const char *word)
{
	struct stat status;

	return strcmp(word, "-") == 0 || (!stat(word, &status) && !S_ISDIR(status.st_mode));
}

/* What is left behind the files, joined by one space. */
static int join_expression(char *const *words, size_t count, struct options *options)
{
	size_t bytes = 1;

	for (size_t i = 0; i < count; i++)
		bytes += strlen(words[i]) + 1;
	options->expression = calloc(bytes, 1);
	if (!options->expression)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		strcat(options->expression, i ? " " : "");
		strcat(options->expression, words[i]);
	}
	return 0;
}

/* follow takes "tcp" or "udp" and a stream before the expression. */
static bool is_stream(char *const *words, size_t count)
{
	return count >= 2 && (strcmp(words[0], "tcp") == 0 || strcmp(words[0], "udp") == 0) &&
	       ((words[1][0] >= '0' && words[1][0] <= '9') || words[1][0] == '[');
}

static int check_stdin(const struct options *options, struct error *reterr)
{
	size_t count = 0;

	for (size_t i = 0; i < options->file_count; i++)
		count += strcmp(options->files[i], "-") == 0;
	return count > 1 ?
		       error_set(reterr, -EINVAL, "stdin can be read only once: leave a '-' out") :
		       0;
}

static int read_words(char **words, size_t count, struct options *options, struct error *reterr)
{
	size_t files;

	if (!count)
		return error_set(reterr, -EINVAL,
				 "'%s' needs the name of a capture file, or '-' for stdin",
				 options->view->name);
	/* The first word is a file, also where it is not there: then that is the error. */
	for (files = 1; files < count && is_file(words[files]);)
		files++;
	options->files = (const char *const *)words;
	options->file_count = files;
	words += files;
	count -= files;
	if (options->view == &view_follow && is_stream(words, count)) {
		options->stream_protocol = words[0];
		options->stream = words[1];
		words += 2;
		count -= 2;
	}
	if (join_expression(words, count, options))
		return error_set(reterr, -ENOMEM, "out of memory");
	return check_stdin(options, reterr);
}

/* The view has to be known before options are read: the first word that is no option is it. */
static const struct view *find_view(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		for (size_t j = 0; j < view_count && argv[i][0] != '-'; j++)
			if (strcmp(views[j]->name, argv[i]) == 0)
				return views[j];
	return NULL;
}

static int complain_of_view(const char *word, struct error *reterr)
{
	struct names_guess guess = { .typed = word };

	if (is_file(word))
		return error_set(reterr, -EINVAL,
				 "'%s' is a file: put before it what to show, such as 'pktview "
				 "list %s'",
				 word, word);
	for (size_t i = 0; i < view_count; i++)
		names_consider(&guess, views[i]->name);
	return names_complain(&guess, "view", "(see 'pktview --help')", reterr);
}

int options_parse(int argc, char **argv, struct options *ret_options, struct error *reterr)
{
	struct options *options = ret_options;
	int error;

	*options = (struct options){ .memory_bytes = DEFAULT_MEMORY_BYTES };
	options->view = find_view(argc, argv);
	error = read_options(argc, argv, options, reterr);
	if (error || options->mode != OPTIONS_SHOW)
		return error;
	if (optind == argc)
		return error_set(reterr, -EINVAL, "what to show is missing (see 'pktview --help')");
	if (!options->view || strcmp(options->view->name, argv[optind]) != 0)
		return complain_of_view(argv[optind], reterr);
	return read_words(argv + optind + 1, (size_t)(argc - optind - 1), options, reterr);
}

void options_free(struct options *options)
{
	free(options->expression);
}

static void print_row(const struct option_row *row, FILE *out)
{
	char word[64];

	snprintf(word, sizeof(word), "%c%c%c %s%s%s%s", row->letter ? '-' : ' ',
		 row->letter ? row->letter : ' ', row->letter && row->name ? ',' : ' ',
		 row->name ? "--" : "", row->name ? row->name : "",
		 row->value && row->name ? " " : "", row->value ? row->value : "");
	/* What has a letter alone has its value behind that. */
	if (!row->name && row->value)
		snprintf(word, sizeof(word), "-%c %s", row->letter, row->value);
	fprintf(out, "  %-22s %s\n", word, row->help);
}

static void print_views(const char *names, FILE *out)
{
	fputs("\nOptions of ", out);
	for (; *names; names++)
		fputs(*names == ' ' ? ", " : (char[]){ *names, '\0' }, out);
	fputs(":\n", out);
}

void options_print_help(FILE *out)
{
	const char *views_before = "";

	fputs("Usage: pktview VIEW FILE... [options] [filter expression]\n"
	      "Shows what is in capture files; '-' is stdin. Several files are merged by time.\n"
	      "\nViews:\n",
	      out);
	for (size_t i = 0; i < view_count; i++)
		fprintf(out, "  %-22s %s\n", views[i]->name, views[i]->purpose);
	for (size_t i = 0; i < option_row_count; i++) {
		const char *of = option_rows[i].views;

		if (!of && i == 0)
			fputs("\nOptions of all views:\n", out);
		else if (of && strcmp(of, views_before) != 0)
			print_views(of, out);
		views_before = of ? of : "";
		print_row(&option_rows[i], out);
	}
	fputs("\nFilter: the language of pktsieve, which is tcpdump's: host A, port N, tcp, ...\n"
	      "Follow: pktview follow FILE tcp|udp NUMBER, or ADDR:PORT,ADDR:PORT\n"
	      "Exit status: 0 done; 1 usage, an expression that is wrong, a file that is "
	      "damaged.\n",
	      out);
}
