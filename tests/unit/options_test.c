/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command lines, and what they mean or why they are refused. A line is split at spaces; a word
 * in single quotes may hold spaces or nothing at all.
 */
#include "../../user/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define MAXIMUM_WORDS 32
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct command_line {
	char text[512];
	int count;
	char *words[MAXIMUM_WORDS + 1];
};

static void split(const char *line, struct command_line *ret_line)
{
	char *next = ret_line->text;

	*ret_line = (struct command_line){ .words = { "pktsieve" }, .count = 1 };
	snprintf(ret_line->text, sizeof(ret_line->text), "%s", line);
	while (*next && ret_line->count < MAXIMUM_WORDS) {
		char end = ' ';

		if (*next == '\'') {
			end = '\'';
			next++;
		}
		ret_line->words[ret_line->count++] = next;
		next += strcspn(next, end == ' ' ? " " : "'");
		if (*next)
			*next++ = '\0';
		if (end == '\'' && *next == ' ')
			next++;
	}
}

static const char *const mode_names[] = {
	[OPTIONS_CAPTURE] = "capture",
	[OPTIONS_LIST_INTERFACES] = "list",
	[OPTIONS_EXPLAIN_FILTER] = "explain",
	[OPTIONS_CLEAN_UP] = "cleanup",
	[OPTIONS_HELP] = "help",
	[OPTIONS_VERSION] = "version",
};

static const char *const stats_names[] = {
	[OPTIONS_STATS_NONE] = "none",
	[OPTIONS_STATS_LINES] = "lines",
	[OPTIONS_STATS_PANEL] = "panel",
};

/* All fields that are not as without options, in the order of the struct. */
static void describe(const struct options *options, char *ret_text, size_t size)
{
	bool in = options->directions[DIRECTION_INGRESS];
	bool out = options->directions[DIRECTION_EGRESS];
	FILE *text = fmemopen(ret_text, size, "w");

	*ret_text = '\0';
	if (options->mode != OPTIONS_CAPTURE)
		fprintf(text, "%s ", mode_names[options->mode]);
	for (size_t i = 0; i < options->interface_count; i++)
		fprintf(text, "interface=%s ", options->interfaces[i]);
	if (options->output)
		fprintf(text, "output=%s ", options->output);
	if (options->packet_limit)
		fprintf(text, "limit=%" PRIu64 " ", options->packet_limit);
	if (options->duration_ns)
		fprintf(text, "duration=%" PRIu64 " ", options->duration_ns);
	if (options->snapshot_bytes != 262144)
		fprintf(text, "snapshot=%" PRIu32 " ", options->snapshot_bytes);
	if (!in || !out)
		fputs(in ? "in " : out ? "out " : "neither ", text);
	if (options->hook != HOOK_TC)
		fputs(options->hook == HOOK_XDP_GENERIC ? "generic " : "native ", text);
	if (options->ring_bytes != 67108864)
		fprintf(text, "ring=%" PRIu64 " ", options->ring_bytes);
	if (options->min_free.bytes != 268435456 || options->min_free.percent != 5)
		fprintf(text, "free=%" PRIu64 "+%u%% ", options->min_free.bytes,
			options->min_free.percent);
	if (options->stats != OPTIONS_STATS_DEFAULT)
		fprintf(text, "stats=%s ", stats_names[options->stats]);
	if (options->interval_ns != 1000000000)
		fprintf(text, "interval=%" PRIu64 " ", options->interval_ns);
	fprintf(text, "%s%s%s", options->flush_each ? "flush " : "",
		options->nanoseconds ? "nano " : "", options->verbose ? "verbose " : "");
	if (options->filter_file)
		fprintf(text, "file=%s ", options->filter_file);
	if (!options->expression || *options->expression)
		fprintf(text, "filter=[%s] ", options->expression ? options->expression : "NULL");
	fclose(text);
}

/* What is not named is as without options; see describe(). */
static const struct {
	const char *line;
	const char *meaning;
} accepted[] = {
	{ "", "" },
	{ "-i eth0", "interface=eth0" },
	{ "-ieth0", "interface=eth0" },
	{ "-i 1", "interface=1" },
	{ "--interface eth0", "interface=eth0" },
	{ "--interface=eth0", "interface=eth0" },
	{ "--interf=eth0", "interface=eth0" },
	{ "-i any -D", "list interface=any" },
	{ "-i a -i b --interface=any", "interface=a interface=b interface=any" },
	{ "-D", "list" },
	{ "--list-interfaces", "list" },
	{ "--list", "list" },
	{ "-w file", "output=file" },
	{ "-w -", "output=-" },
	{ "-w a -w b", "output=b" },
	{ "-w 'a file'", "output=a file" },
	{ "-s 0", "" },
	{ "-s0", "" },
	{ "-s 1", "snapshot=1" },
	{ "-s 96", "snapshot=96" },
	{ "-s 262143", "snapshot=262143" },
	{ "-s 262144", "" },
	{ "-s 96 -s 0", "" },
	{ "--snapshot-length=128", "snapshot=128" },
	{ "--snap 128", "snapshot=128" },
	{ "--hook tc", "" },
	{ "--hook xdp", "native" },
	{ "--hook xdp --xdp-mode native", "native" },
	{ "--xdp-mode generic --hook xdp", "generic" },
	{ "--hook xdp --xdp-mode=generic -Q in", "in generic" },
	{ "--hook xdp -Q inout", "native" },
	{ "--hook tc -Q out", "out" },
	{ "--hook xdp --hook tc", "" },
	{ "-c 1 -w f", "output=f limit=1" },
	{ "-c 18446744073709551615 -w f", "output=f limit=18446744073709551615" },
	{ "-c 5 -D", "list limit=5" },
	{ "--duration 10s", "duration=10000000000" },
	{ "--duration=5m", "duration=300000000000" },
	{ "--dur=500ms", "duration=500000000" },
	{ "--duration 2", "duration=2000000000" },
	{ "-Q in", "in" },
	{ "-Q out", "out" },
	{ "-Q inout", "" },
	{ "-Q in -Q inout", "" },
	{ "-Q in -Q out", "out" },
	{ "--direction=in", "in" },
	{ "--dir out", "out" },
	{ "-B 1", "ring=1024" },
	{ "-B 4096", "ring=4194304" },
	{ "-B 67108864", "ring=68719476736" },
	{ "--buffer-size=2048", "ring=2097152" },
	{ "-U", "flush" },
	{ "--packet-buffered", "flush" },
	{ "--min-free 0", "free=0+0%" },
	{ "--min-free=512M", "free=536870912+0%" },
	{ "--min-free 1", "free=1+0%" },
	{ "--min-free 10g", "free=10737418240+0%" },
	{ "--min-free 10%", "free=0+10%" },
	{ "--min-free 5%", "free=0+5%" },
	{ "--min-free 0%", "free=0+0%" },
	{ "--min-free 99%", "free=0+99%" },
	{ "--min-free 2% --min-free 3M", "free=3145728+0%" },
	{ "--min 3M --min 2%", "free=0+2%" },
	{ "--nano", "nano" },
	{ "--micro", "" },
	{ "--nano --micro", "" },
	{ "--micro --nano", "nano" },
	{ "--stats panel", "stats=panel" },
	{ "--stats lines", "stats=lines" },
	{ "--stats=none", "stats=none" },
	{ "--stats lines --stats none", "stats=none" },
	{ "--interval 500ms", "interval=500000000" },
	{ "--interv=2s", "interval=2000000000" },
	{ "-F web.filter", "file=web.filter" },
	{ "-F - -d", "explain file=-" },
	{ "-d tcp", "explain filter=[tcp]" },
	{ "--cleanup", "cleanup" },
	{ "-p", "" },
	{ "--no-promiscuous-mode", "" },
	{ "-n", "" },
	{ "-nn", "" },
	{ "-v", "verbose" },
	{ "-h", "help" },
	{ "--help", "help" },
	{ "-V", "version" },
	{ "--version", "version" },
	{ "-nvp -s0", "verbose" },
	{ "-nUvs96", "snapshot=96 flush verbose" },
	{ "-Uw file", "output=file flush" },
	{ "-Uwfile", "output=file flush" },
	{ "tcp port 80", "filter=[tcp port 80]" },
	{ "'tcp port 80'", "filter=[tcp port 80]" },
	{ "'tcp port 80' and 'not host 192.0.2.1'", "filter=[tcp port 80 and not host 192.0.2.1]" },
	{ "tcp -n port -w f 80 -v", "output=f verbose filter=[tcp port 80]" },
	{ "tcp port 80 -i eth0", "interface=eth0 filter=[tcp port 80]" },
	{ "-n -- tcp -v", "filter=[tcp -v]" },
	{ "tcp -- port -i", "filter=[tcp port -i]" },
	{ "''", "" },
	{ "- tcp", "filter=[- tcp]" },
};

static void test_accepted(void)
{
	char text[2048], expected[1024];

	for (size_t i = 0; i < LENGTH(accepted); i++) {
		struct command_line line;
		struct options options;
		struct error error = {};
		int result;

		split(accepted[i].line, &line);
		snprintf(expected, sizeof(expected), "%s%s", accepted[i].meaning,
			 *accepted[i].meaning ? " " : "");
		result = options_parse(line.count, line.words, &options, &error);
		if (!result)
			describe(&options, text, sizeof(text));
		else
			snprintf(text, sizeof(text), "%d: %s", result, error.message);
		check(strcmp(text, expected) == 0, "'pktsieve %s' means: %s", accepted[i].line,
		      *accepted[i].meaning ? accepted[i].meaning : "the defaults");
		check_note("it means: %s", text);
		options_free(&options);
	}
}

/* The message holds each of `mentioned`, parts between '|'. */
static const struct {
	const char *line;
	const char *mentioned;
} refused[] = {
	{ "-i ''", "'-i'|interface" },
	{ "-F ''", "'-F'|file name" },
	{ "-F web.filter tcp", "'-F web.filter'|'tcp'|together" },
	{ "-w ''", "'-w'|file name" },
	{ "--hook tcx", "'tcx'|'--hook'|'tc' or 'xdp'" },
	{ "--hook ''", "'--hook'|'tc' or 'xdp'" },
	{ "--hook xdp --xdp-mode skb", "'skb'|'--xdp-mode'|'native' or 'generic'" },
	{ "--xdp-mode native", "'--xdp-mode'|'--hook xdp'" },
	{ "--hook tc --xdp-mode generic", "'--xdp-mode'|'--hook xdp'" },
	{ "--hook xdp -Q out", "'-Q out'|'--hook xdp'|comes in|'--hook tc'" },
	{ "-s ''", "'-s'|0 to 262144" },
	{ "-s -1", "'-1'|'-s'|0 to 262144" },
	{ "-s 262145", "'262145'|'-s'|0 to 262144" },
	{ "-s 18446744073709551616", "'18446744073709551616'|'-s'|0 to 262144" },
	{ "-s 96x", "'96x'|'-s'|0 to 262144" },
	{ "-s 0x60", "'0x60'|'-s'|0 to 262144" },
	{ "-s ' 96'", "' 96'|'-s'|0 to 262144" },
	{ "--snapshot-length=x", "'x'|'-s'|0 to 262144" },
	{ "-c 0 -w f", "'0'|'-c'|from 1" },
	{ "-c -5 -w f", "'-5'|'-c'|from 1" },
	{ "-c ten -w f", "'ten'|'-c'|from 1" },
	{ "-c 18446744073709551616 -w f", "'18446744073709551616'|'-c'|from 1" },
	{ "-c 5", "'-c'|-w FILE|--duration" },
	{ "-c 5 -i lo tcp", "'-c'|-w FILE|--duration" },
	{ "--duration 0", "'0'|'--duration'|10s, 5m or 500ms" },
	{ "--duration 10x", "'10x'|'--duration'|10s, 5m or 500ms" },
	{ "--duration ''", "'--duration'|10s, 5m or 500ms" },
	{ "--duration -1s", "'-1s'|'--duration'|10s, 5m or 500ms" },
	{ "--duration 100000d", "'100000d'|'--duration'|10s, 5m or 500ms" },
	{ "-Q both", "'both'|'-Q'|'in', 'out' or 'inout'" },
	{ "-Q ''", "'-Q'|'in', 'out' or 'inout'" },
	{ "-Q IN", "'IN'|'-Q'|'in', 'out' or 'inout'" },
	{ "-B 0", "'0'|'-B'|1 to 67108864" },
	{ "-B 67108865", "'67108865'|'-B'|1 to 67108864" },
	{ "-B 64M", "'64M'|'-B'|1 to 67108864" },
	{ "-B -4", "'-4'|'-B'|1 to 67108864" },
	{ "--min-free ''", "'--min-free'|500M|5%" },
	{ "--min-free %", "'%'|'--min-free'|500M|5%" },
	{ "--min-free 100%", "'100%'|'--min-free'|500M|5%" },
	{ "--min-free 0000000005%", "'0000000005%'|'--min-free'|500M|5%" },
	{ "--min-free -1", "'-1'|'--min-free'|500M|5%" },
	{ "--min-free 5%%", "'5%%'|'--min-free'|500M|5%" },
	{ "--min-free 1.5%", "'1.5%'|'--min-free'|500M|5%" },
	{ "--min-free 5MB", "'5MB'|'--min-free'|500M|5%" },
	{ "--min-free", "'--min-free'|needs a value|--help" },
	{ "--stats json", "'json'|'--stats'|'panel', 'lines' or 'none'" },
	{ "--stats=", "'--stats'|'panel', 'lines' or 'none'" },
	{ "--interval 0s", "'0s'|'--interval'|1s or 500ms" },
	{ "--interval often", "'often'|'--interval'|1s or 500ms" },
	{ "-x", "no option|'-x'|--help" },
	{ "-nx", "no option|'-x'|--help" },
	{ "-nxv", "no option|'-x'|--help" },
	{ "tcp -x port 80", "no option|'-x'|--help" },
	{ "-:", "no option|'-:'|--help" },
	{ "-n -\xc3\xa9", "no option|'-\xc3\xa9'|--help" },
	{ "--bogus", "no option|'--bogus'|--help" },
	{ "tcp --bogus port", "no option|'--bogus'|--help" },
	{ "--bogus=5", "'--bogus|--help" },
	{ "--in", "'--in'|--help" },
	{ "--nano=5", "'--nano" },
	{ "--verbose", "no option|'--verbose'|--help" },
	{ "--help=all", "'--help" },
	{ "-i", "'-i'|needs a value|--help" },
	{ "-w", "'-w'|needs a value|--help" },
	{ "-s", "'-s'|needs a value|--help" },
	{ "-c", "'-c'|needs a value|--help" },
	{ "-Q", "'-Q'|needs a value|--help" },
	{ "-B", "'-B'|needs a value|--help" },
	{ "-nvi", "'-i'|needs a value|--help" },
	{ "tcp port 80 -w", "'-w'|needs a value|--help" },
	{ "--duration", "'--duration'|needs a value|--help" },
	{ "--stats", "'--stats'|needs a value|--help" },
	{ "tcp --interval", "'--interval'|needs a value|--help" },
	{ "--interface", "needs a value|--help" },
};

/* Whether the text holds every part, and is one line. */
static bool mentions(const char *text, const char *parts)
{
	char copy[256], *rest = copy, *part;

	snprintf(copy, sizeof(copy), "%s", parts);
	while ((part = strsep(&rest, "|")))
		if (!strstr(text, part))
			return false;
	return !strchr(text, '\n');
}

static void test_refused(void)
{
	for (size_t i = 0; i < LENGTH(refused); i++) {
		struct command_line line;
		struct options options;
		struct error error = {};
		int result;

		split(refused[i].line, &line);
		result = options_parse(line.count, line.words, &options, &error);
		check(result == -EINVAL && mentions(error.message, refused[i].mentioned),
		      "'pktsieve %s' is refused with: %s", refused[i].line, refused[i].mentioned);
		check_note("%d: %s", result, error.message);
		options_free(&options);
	}
}

static void test_defaults(void)
{
	struct command_line line;
	struct options options;
	struct error error = {};

	memset(&options, 0x55, sizeof(options));
	split("", &line);
	check(options_parse(line.count, line.words, &options, &error) == 0,
	      "an empty command line is accepted");
	check(options.mode == OPTIONS_CAPTURE && !options.interface_count && !options.output,
	      "the default is to capture from the default interface into no file");
	check(options.packet_limit == 0 && options.duration_ns == 0, "by default nothing limits");
	check(options.snapshot_bytes == MAXIMUM_SNAPSHOT_BYTES && options.ring_bytes == 64 << 20,
	      "the default is the largest snapshot length and 64 MiB of rings");
	check(options.directions[DIRECTION_INGRESS] && options.directions[DIRECTION_EGRESS],
	      "the default is both directions");
	check(options.min_free.bytes == 256 << 20 && options.min_free.percent == 5,
	      "by default 5 %% of the disk stay free, at least 256 MiB");
	check(options.stats == OPTIONS_STATS_DEFAULT && options.interval_ns == 1000000000,
	      "by default the terminal decides on the statistics, and their interval is a second");
	check(!options.flush_each && !options.nanoseconds && !options.verbose,
	      "by default the file is buffered, in microseconds, and nothing more is said");
	check(options.expression && !*options.expression, "the default filter is empty");
	options_free(&options);
	check(!options.expression, "options_free() leaves no expression behind");
	options_free(&options);
}

int main(void)
{
	test_defaults();
	test_accepted();
	test_refused();
	return check_finish();
}
