/* SPDX-License-Identifier: GPL-2.0-only */
/* The help has a line for each option, and no option that does not exist. */
#include <stdlib.h>
#include <string.h>

#include "../../user/options.h"
#include "check.h"

#define HELP_COLUMN 36 /* where the help's words begin, or one later */
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* All rows of the help begin with an option; what a row of the table has is found there. */
static const struct {
	const char *start;
	const char *help;
} help_rows[] = {
	{ "  -i, --interface IF ", "interface" },
	{ "  -D, --list-interfaces ", "list" },
	{ "  -L, --list-data-link-types ", "link types" },
	{ "      --promiscuous ", "other stations" },
	{ "      --time-stamp-precision P ", "micro or nano" },
	{ "  -j, --time-stamp-type TYPE ", "host" },
	{ "  -J, --list-time-stamp-types ", "timestamps" },
	{ "      --wait ", "not there yet" },
	{ "      --netns NS ", "namespace" },
	{ "  -y, --linktype TYPE ", "LINUX_SLL2" },
	{ "      --format FORMAT ", "pcapng" },
	{ "  -C SIZE ", "millions of bytes" },
	{ "  -G SECONDS ", "strftime" },
	{ "  -W N ", "ring of N files" },
	{ "      --ring N ", "last N files" },
	{ "      --align ", "multiples" },
	{ "      --part ", ".part" },
	{ "  -z CMD ", "CMD FILE" },
	{ "  -Z, --relinquish-privileges USER", "owner" },
	{ "      --snap headers[+N] ", "headers" },
	{ "  -w FILE ", "'-' is stdout" },
	{ "  -s, --snapshot-length N ", "262144" },
	{ "  -c N ", "stop after N packets" },
	{ "      --duration T ", "10s, 5m, 500ms" },
	{ "  -Q, --direction DIR ", "in, out or inout" },
	{ "      --hook HOOK ", "xdp" },
	{ "      --xdp-mode MODE ", "generic" },
	{ "  -B, --buffer-size KIB ", "65536" },
	{ "  -U, --packet-buffered ", "flush" },
	{ "      --min-free SIZE ", "5% (default, at least 256M)" },
	{ "      --micro ", "default" },
	{ "      --nano ", "nanoseconds" },
	{ "      --stats FORM ", "panel (default on a terminal), lines, json or none" },
	{ "      --stats-file FILE ", "behind the end of a file" },
	{ "      --metrics-file FILE ", "OpenMetrics" },
	{ "      --top N ", "10 in a panel without -w" },
	{ "      --top-prefix N/M ", "N bits (IPv4) and M bits (IPv6)" },
	{ "      --when CONDITION ", "only while a rate is reached" },
	{ "      --for T ", "default 10s" },
	{ "      --before T|SIZE ", "SIGUSR2 writes it" },
	{ "      --sample 1/N ", "at random" },
	{ "      --max-rate N/s ", "so many packets a second" },
	{ "      --per-host N ", "of each host" },
	{ "      --interval T ", "1s" },
	{ "  -F FILE ", "filter from a file" },
	{ "  -d ", "filter" },
	{ "      --cleanup ", "remove" },
	{ "  -p, --no-promiscuous-mode ", "promiscuous" },
	{ "  -v ", "say" },
	{ "  -h, --help ", "list" },
	{ "  -V, --version ", "version" },
};

static char *print_help(void)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	options_print_help(stream);
	fclose(stream);
	return text;
}

/* The line that starts so, up to its end; false where there is none. */
static bool find_line(const char *text, const char *start, char *ret_line, size_t size)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		if (strncmp(text, start, strlen(start)) != 0)
			continue;
		snprintf(ret_line, size, "%.*s", (int)strcspn(text, "\n"), text);
		return true;
	}
	return false;
}

static void test_help_rows(const char *help)
{
	char line[256];

	for (size_t i = 0; i < LENGTH(help_rows); i++)
		check(find_line(help, help_rows[i].start, line, sizeof(line)) &&
			      strstr(line + strlen(help_rows[i].start), help_rows[i].help),
		      "the help's line '%s' says: %s", help_rows[i].start, help_rows[i].help);
}

/* Parses the option with a value of no use: refused is all right, unknown is not. */
static bool is_known(const char *option, bool has_value)
{
	char *words[] = { "pktsieve", (char *)option, has_value ? "value" : NULL, NULL };
	struct options options;
	struct error error = {};

	options_parse(has_value ? 3 : 2, words, &options, &error);
	options_free(&options);
	return !strstr(error.message, "no option") && !strstr(error.message, "needs a value");
}

/* "  -i, --interface IF" of the help: whether all that looks like an option is one. */
static void check_help_line(const char *line)
{
	char left[HELP_COLUMN + 1], *options[2], *word, *rest = left;
	size_t count = 0;
	bool has_value = false;

	snprintf(left, sizeof(left), "%.*s", HELP_COLUMN, line);
	while ((word = strsep(&rest, " ,"))) {
		if (*word == '-' && count < LENGTH(options))
			options[count++] = word;
		else if (*word)
			has_value = true;
	}
	for (size_t i = 0; i < count; i++)
		check(is_known(options[i], has_value), "the help's option '%s' exists%s",
		      options[i], has_value ? " and takes a value" : "");
}

/* The other way round: the help invents none. */
static void test_help_options(const char *help)
{
	size_t count = 0;
	char line[256];

	for (; *help; help += strcspn(help, "\n"), help += *help == '\n') {
		snprintf(line, sizeof(line), "%.*s", (int)strcspn(help, "\n"), help);
		if (strncmp(line, "  -", 3) != 0 && strncmp(line, "      --", 8) != 0)
			continue;
		count++;
		check_help_line(line);
	}
	check(count == LENGTH(help_rows), "the help has %zu options", LENGTH(help_rows));
	check_note("it has %zu", count);
}

int main(void)
{
	char *help = print_help();

	test_help_rows(help);
	test_help_options(help);
	free(help);
	return check_finish();
}
