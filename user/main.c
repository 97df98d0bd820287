/* SPDX-License-Identifier: GPL-2.0-only */
/* pktsieve: reads the command line and does what it says. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach.h"
#include "condition.h"
#include "filter/filter.h"
#include "filter_file.h"
#include "interfaces.h"
#include "keeper.h"
#include "keyboard.h"
#include "link_types.h"
#include "netns.h"
#include "options.h"
#include "terminal.h"

#define DEFAULT_TOP_ROWS 10

static int complain(const struct error *error)
{
	fprintf(stderr, "pktsieve: %s\n", error->message);
	return 1;
}

static int list_interfaces(void)
{
	int error = interfaces_print(stdout);

	if (!error)
		return 0;
	fprintf(stderr, "pktsieve: cannot list the interfaces: %s\n", strerror(-error));
	return 1;
}

/* tcpdump's answer for every interface: the kernel's clock is the only one at the hooks. */
static void print_time_stamp_types(const struct interface *interface)
{
	printf("Time stamp types for %s (use option -j to set):\n  host (Host)\n",
	       interface ? interface->name : "any");
}

/* -L and -J, of one interface; NULL: of the default one. */
static int list_types_of(const char *name, enum options_mode mode)
{
	bool is_any = name && strcmp(name, "any") == 0;
	struct interface interface;
	struct error why;
	int error = 0;

	if (!is_any)
		error = name ? interfaces_find(name, &interface, &why) :
			       interfaces_find_default(&interface, &why);
	if (!error && !is_any)
		error = link_types_check(&interface, &why);
	if (error)
		return complain(&why);
	if (mode == OPTIONS_LIST_LINK_TYPES)
		link_types_print(is_any ? NULL : &interface, stdout);
	else
		print_time_stamp_types(is_any ? NULL : &interface);
	return 0;
}

static int list_types(const struct options *options)
{
	int status = options->interface_count ? 0 : list_types_of(NULL, options->mode);

	for (size_t i = 0; i < options->interface_count && !status; i++)
		status = list_types_of(options->interfaces[i], options->mode);
	return status;
}

static int clean_up(void)
{
	struct error why;

	return attach_clean_up(stdout, &why) ? complain(&why) : 0;
}

static int explain(const struct filter *filter)
{
	filter_print_tree(filter, stdout);
	putchar('\n');
	filter_print_instructions(filter, stdout);
	return 0;
}

/*
 * Without a word about it, the panel is shown where nothing else stands in its way: not from
 * the background, and not beside what reads the packets from stdout.
 */
static int choose_statistics(struct options *options)
{
	struct error why;
	int error = terminal_check(STDERR_FILENO, &why);
	bool is_free = terminal_is_ours(STDERR_FILENO) &&
		       !(options->output && strcmp(options->output, "-") == 0);

	if (options->stats == OPTIONS_STATS_DEFAULT)
		options->stats = !error && is_free ? OPTIONS_STATS_PANEL : OPTIONS_STATS_NONE;
	/* "What is hitting me, and from where" is the question of who only counts. */
	if (options->top_rows == OPTIONS_TOP_DEFAULT)
		options->top_rows = options->stats == OPTIONS_STATS_PANEL && !options->output ?
					    DEFAULT_TOP_ROWS :
					    0;
	/* What came from stdin once is not asked for keys. */
	options->reads_keys = options->stats == OPTIONS_STATS_PANEL && keyboard_is_ours() &&
			      !(options->filter_file && strcmp(options->filter_file, "-") == 0);
	if (options->stats != OPTIONS_STATS_PANEL || !error)
		return 0;
	fprintf(stderr, "pktsieve: '--stats panel' cannot be shown: %s (use '--stats lines')\n",
		why.message);
	return error;
}

/* Before anything is attached; the writer reads the condition once more. */
static int check_condition(const char *text)
{
	struct condition condition;
	struct filter_error wrong;
	int error = text ? condition_parse(text, &condition, &wrong) : 0;

	if (!error)
		return 0;
	fputs("pktsieve: the condition of '--when' is wrong:\n", stderr);
	filter_print_error(text, &wrong, stderr);
	if (error == -ENOENT)
		condition_print_names(stderr);
	return error;
}

static int capture(struct options *options, const struct filter *filter)
{
	if (check_condition(options->trigger.condition) || choose_statistics(options))
		return 1;
	options_print_remarks(options, stderr);
	return keeper_run(options, filter);
}

static int read_filter_file(struct options *options, struct error *reterr)
{
	char *expression;
	int error = filter_file_read(options->filter_file, &expression, reterr);

	if (error)
		return error;
	free(options->expression);
	options->expression = expression;
	return 0;
}

/* Of the interface, if it is one; the keeper complains if there is none. */
static uint32_t find_ipv4_mask(const struct options *options)
{
	struct interface interface;
	struct error why;
	int error;

	if (options->mode != OPTIONS_CAPTURE || options->interface_count > 1)
		return 0;
	error = options->interface_count ?
			interfaces_find(options->interfaces[0], &interface, &why) :
			interfaces_find_default(&interface, &why);
	return error ? 0 : interface_ipv4_mask_be(&interface);
}

static int run_with_filter(struct options *options)
{
	const struct filter_options meaning = { .ipv4_mask_be = find_ipv4_mask(options) };
	struct filter_error wrong = {};
	struct filter *filter;
	struct error why;
	int error, status;

	if (options->filter_file && read_filter_file(options, &why))
		return complain(&why);
	error = filter_compile_for(options->expression, &meaning, &filter, &wrong);
	if (error == -ENOMEM) {
		fputs("pktsieve: out of memory\n", stderr);
		return 1;
	}
	if (error) {
		if (options->filter_file)
			fprintf(stderr, "pktsieve: the filter expression is wrong, %s:%zu:\n",
				options->filter_file,
				filter_file_line(options->expression, wrong.offset));
		else
			fputs("pktsieve: the filter expression is wrong:\n", stderr);
		filter_print_error(options->expression, &wrong, stderr);
		return 1;
	}
	status = options->mode == OPTIONS_EXPLAIN_FILTER ? explain(filter) :
							   capture(options, filter);
	filter_free(filter);
	return status;
}

static int run(struct options *options)
{
	struct error why;

	if (options->netns && netns_enter(options->netns, &why))
		return complain(&why);
	switch (options->mode) {
	case OPTIONS_HELP:
		options_print_help(stdout);
		return 0;
	case OPTIONS_VERSION:
		puts("pktsieve " PKTSIEVE_VERSION);
		return 0;
	case OPTIONS_LIST_INTERFACES:
		return list_interfaces();
	case OPTIONS_LIST_LINK_TYPES:
	case OPTIONS_LIST_TIME_STAMP_TYPES:
		return list_types(options);
	case OPTIONS_CLEAN_UP:
		return clean_up();
	case OPTIONS_EXPLAIN_FILTER:
	case OPTIONS_CAPTURE:
		break;
	}
	return run_with_filter(options);
}

int main(int argc, char **argv)
{
	struct options options;
	struct error why;
	int status;

	status = options_parse(argc, argv, &options, &why) ? complain(&why) : run(&options);
	options_free(&options);
	return status;
}
