/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of pktview: what is a view, a file, an option, a stream, the expression. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../tools/options.h"
#include "../../tools/view.h"
#include "check.h"

#define MAXIMUM_WORDS 16

static struct error error;

/* Words with spaces between; FILE stands for one that exists. They stay until the next call. */
static int parse(const char *command, struct options *ret_options)
{
	static char words[512];
	static char *argv[MAXIMUM_WORDS + 1];
	int argc = 0;
	char *next;

	snprintf(words, sizeof(words), "pktview%s%s", *command ? " " : "", command);
	next = words;
	while (argc < MAXIMUM_WORDS && next)
		argv[argc++] = strsep(&next, " ");
	for (int i = 0; i < argc; i++)
		if (strcmp(argv[i], "FILE") == 0)
			argv[i] = "/proc/self/exe";
	argv[argc] = NULL;
	error.message[0] = '\0';
	return options_parse(argc, argv, ret_options, &error);
}

static void test_words(void)
{
	struct options options;

	check(parse("list FILE FILE - tcp port 80", &options) == 0 && options.view == &view_list &&
		      options.file_count == 3 && strcmp(options.expression, "tcp port 80") == 0,
	      "files are words that are files, or '-'; what follows is the expression");
	options_free(&options);
	check(parse("list none FILE", &options) == 0 && options.file_count == 2,
	      "the first word behind the view is a file, also one that is not there");
	options_free(&options);
	check(parse("list FILE port 80 FILE", &options) == 0 && options.file_count == 1,
	      "no file stands behind the expression");
	options_free(&options);
	check(parse("--json list FILE -n 5 tcp", &options) == 0 && options.is_json &&
		      options.number == 5 && strcmp(options.expression, "tcp") == 0,
	      "options may stand anywhere");
	options_free(&options);
	check(parse("follow FILE tcp 3 port 80", &options) == 0 &&
		      strcmp(options.stream_protocol, "tcp") == 0 &&
		      strcmp(options.stream, "3") == 0 &&
		      strcmp(options.expression, "port 80") == 0,
	      "follow takes a stream before the expression");
	options_free(&options);
	check(parse("list FILE", &options) == 0 && options.expression && !*options.expression &&
		      options.memory_bytes == 32u << 20,
	      "without words there is no expression, and memory has its default");
	options_free(&options);
}

static void test_errors(void)
{
	static const struct {
		const char *command;
		const char *message;
	} cases[] = {
		{ "", "what to show is missing (see 'pktview --help')" },
		{ "list - FILE -", "stdin can be read only once: leave a '-' out" },
		{ "list", "'list' needs the name of a capture file, or '-' for stdin" },
		{ "hierachy FILE", "no view 'hierachy': did you mean 'hierarchy'?" },
		{ "zzz FILE", "no view 'zzz' (see 'pktview --help')" },
		{ "list FILE -n", "'-n' needs a value (see 'pktview --help')" },
		{ "list FILE -n 0", "'0' is no value for '-n': it takes a number from 1 on" },
		{ "list FILE -n 1x", "'1x' is no value for '-n': it takes a number from 1 on" },
		{ "list FILE --colour never", "no option '--colour' (see 'pktview --help')" },
		{ "list FILE --color red",
		  "'red' is no value for '--color': it takes 'auto', 'always' or 'never'" },
		{ "hierarchy FILE -n 1", "'-n' is not for 'hierarchy', but for: list detail hex" },
		{ "list FILE --layer tcp", "'--layer' is not for 'list', but for: hex" },
		{ "list FILE --fields=",
		  "'' is no value for '--fields': it takes names of fields" },
	};
	struct options options;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check(parse(cases[i].command, &options) < 0 &&
			      strcmp(error.message, cases[i].message) == 0,
		      "'%s': %s", cases[i].command, cases[i].message);
		check_note("it says '%s'", error.message);
		options_free(&options);
	}
}

static void test_modes(void)
{
	struct options options;

	check(parse("--help", &options) == 0 && options.mode == OPTIONS_HELP,
	      "--help needs no view");
	options_free(&options);
	check(parse("-V", &options) == 0 && options.mode == OPTIONS_VERSION, "nor does -V");
	options_free(&options);
}

int main(void)
{
	test_words();
	test_errors();
	test_modes();
	return check_finish();
}
