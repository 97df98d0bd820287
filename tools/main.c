/* SPDX-License-Identifier: GPL-2.0-only */
/* pktview: shows what is in capture files. See docs/DESIGN.md. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../user/filter/filter.h"
#include "confinement.h"
#include "options.h"
#include "packet_loop.h"

static int complain(const struct error *error)
{
	fprintf(stderr, "pktview: %s\n", error->message);
	return 1;
}

/* The first word may have been meant as the name of a file. */
static void complain_of_expression(const char *expression, const struct filter_error *error)
{
	size_t length = strcspn(expression, " ");

	fputs("pktview: the filter expression is wrong:\n", stderr);
	filter_print_error(expression, error, stderr);
	if (error->offset == 0)
		fprintf(stderr, "pktview: there is no file '%.*s', either\n", (int)length,
			expression);
}

/* Names of hosts and services in the expression are looked up here, before the confinement. */
static int compile(const struct options *options, struct filter **ret_filter)
{
	struct filter_error error;

	if (!options->expression[0] || !filter_compile(options->expression, ret_filter, &error))
		return 0;
	complain_of_expression(options->expression, &error);
	return 1;
}

/* What 'follow -o' names is opened before the confinement, for its owner alone. NULL: it cannot. */
static FILE *open_side_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	FILE *out = fd < 0 ? NULL : fdopen(fd, "w");

	if (!out)
		fprintf(stderr, "pktview: cannot write '%s': %s\n", name, strerror(errno));
	return out;
}

/* A terminal gets each line. Elsewhere the 4 KiB of stdio would be a system call for 40 packets. */
static FILE *open_output(const struct options *options)
{
	static char buffer[64 << 10];
	FILE *out = options->side_file ? open_side_file(options->side_file) : stdout;

	if (out && !isatty(fileno(out)))
		setvbuf(out, buffer, _IOFBF, sizeof(buffer));
	return out;
}

static int show(const struct options *options)
{
	struct filter *filter = NULL;
	struct error error;
	FILE *out = NULL;
	int status = compile(options, &filter);

	if (!status && !(out = open_output(options)))
		status = 1;
	if (!status && (confinement_begin(options->files, options->file_count, &error) ||
			packet_loop_run(options, filter, out, &error)))
		status = complain(&error);
	filter_free(filter);
	return status;
}

int main(int argc, char **argv)
{
	struct options options;
	struct error error;
	int status = 0;

	signal(SIGPIPE, SIG_IGN);
	tzset(); /* reads a file, which the confinement would not let it do */
	if (options_parse(argc, argv, &options, &error))
		status = complain(&error);
	else if (options.mode == OPTIONS_HELP)
		options_print_help(stdout);
	else if (options.mode == OPTIONS_VERSION)
		puts("pktview " PKTSIEVE_VERSION);
	else
		status = show(&options);
	options_free(&options);
	return status;
}
