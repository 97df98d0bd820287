/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of options, their readers, and the help that is made from it; see options.h. */
#include "options.h"

#include <errno.h>
#include <getopt.h>
#include <stddef.h>
#include <string.h>

#include "base/cleanup.h"
#include "option_values.h"

#define DEFAULT_RING_BYTES (64u << 20)
#define DEFAULT_MIN_FREE_BYTES (256u << 20)
#define DEFAULT_MIN_FREE_PERCENT 5
#define LONG_ONLY 256 /* from here on: options without a letter, numbered by their row */

/* What an option does, one of these; nothing for what pktsieve does anyway. */
#define READS(function) .read = (function)
#define CHOOSES(what) .mode = (what)
#define DOES_NOTHING .read = NULL
#define SETS(member, to) \
	.has_flag = true, .flag = offsetof(struct options, member), .flag_value = (to)

static const struct option_row {
	int letter;        /* 0: long only */
	const char *name;  /* NULL: letter only */
	const char *value; /* NULL: takes none */
	const char *help;
	const char *wanted; /* what a value has to be */
	option_reader *read;
	enum options_mode mode;
	bool has_flag;
	bool flag_value;
	size_t flag; /* of a bool in struct options */
} rows[] = {
	{ 'i', "interface", "IF", "interface, by name or number of -D", "up to 64 interfaces",
	  READS(options_read_interface) },
	{ 0, "wait", NULL, "wait for interfaces of -i that are not there yet", NULL,
	  SETS(wait_for_interfaces, true) },
	{ 0, "netns", "NS", "network namespace, a name of ip-netns(8) or a path",
	  "a name or a path", READS(options_read_netns) },
	{ 'y', "linktype", "TYPE", "link type: EN10MB, RAW or LINUX_SLL2",
	  "'EN10MB', 'RAW' or 'LINUX_SLL2'", READS(options_read_link_type) },
	{ 'D', "list-interfaces", NULL, "list the interfaces and exit", NULL,
	  CHOOSES(OPTIONS_LIST_INTERFACES) },
	{ 'w', NULL, "FILE", "write a pcap file; '-' is stdout; without it only count",
	  "a file name", READS(options_read_output) },
	{ 0, "format", "FORMAT", "pcap or pcapng; default: pcapng for names in .pcapng, else pcap",
	  "'pcap' or 'pcapng'", READS(options_read_file_format) },
	{ 'C', NULL, "SIZE", "next file at this size: millions of bytes, or 10k, 10m, 10g",
	  "a size such as 100 (millions of bytes) or 10m", READS(options_read_file_size) },
	{ 'G', NULL, "SECONDS", "next file after this time, named by strftime(3)",
	  "a number of seconds from 1 on", READS(options_read_file_seconds) },
	{ 'W', NULL, "N", "with -C: a ring of N files; with -G: stop after N files",
	  "a number from 1 on", READS(options_read_file_count) },
	{ 0, "ring", "N", "keep only the last N files", "a number from 1 on",
	  READS(options_read_file_ring) },
	{ 0, "align", NULL, "with -G: at multiples of the interval", NULL,
	  SETS(rotation.is_aligned, true) },
	{ 0, "part", NULL, "a file ends in .part until it is complete", NULL,
	  SETS(rotation.has_part_suffix, true) },
	{ 'z', NULL, "CMD", "run CMD FILE with each complete file", "a command",
	  READS(options_read_command) },
	{ 'Z', "relinquish-privileges", "USER", "user of the writer and owner of the files",
	  "the name of a user", READS(options_read_user) },
	{ 's', "snapshot-length", "N", "bytes kept of each packet; 0 and default: 262144",
	  "a number from 0 to 262144", READS(options_read_snapshot_length) },
	{ 0, "snap", "headers[+N]", "keep the headers, and N bytes behind them",
	  "'headers' or 'headers+N'", READS(options_read_snap) },
	{ 'c', NULL, "N", "stop after N packets written", "a number from 1 on",
	  READS(options_read_packet_limit) },
	{ 0, "duration", "T", "stop after a time: 10s, 5m, 500ms",
	  "a time such as 10s, 5m or 500ms", READS(options_read_duration) },
	{ 'Q', "direction", "DIR", "in, out or inout (default)", "'in', 'out' or 'inout'",
	  READS(options_read_direction) },
	{ 0, "hook", "HOOK", "where to look: tc (default) or xdp (only what comes in)",
	  "'tc' or 'xdp'", READS(options_read_hook) },
	{ 0, "xdp-mode", "MODE", "of --hook xdp: native (default) or generic",
	  "'native' or 'generic'", READS(options_read_xdp_mode) },
	{ 'B', "buffer-size", "KIB", "ring memory in all, KiB; default 65536, at least 1024 a CPU",
	  "a number of KiB from 1 to 67108864", READS(options_read_ring_size) },
	{ 'U', "packet-buffered", NULL, "flush the file after each packet", NULL,
	  SETS(flush_each, true) },
	{ 0, "min-free", "SIZE",
	  "kept free on the disk: 10G, 5% (default, at least 256M); 0: nothing",
	  "a size such as 500M or 10G, or a percentage such as 5%", READS(options_read_min_free) },
	{ 0, "micro", NULL, "timestamps in microseconds (default)", NULL,
	  SETS(nanoseconds, false) },
	{ 0, "nano", NULL, "timestamps in nanoseconds", NULL, SETS(nanoseconds, true) },
	{ 0, "stats", "FORM", "on stderr: panel (default on a terminal), lines or none",
	  "'panel', 'lines' or 'none'", READS(options_read_stats) },
	{ 0, "interval", "T", "time between two lines or drawings of --stats, default 1s",
	  "a time such as 1s or 500ms", READS(options_read_interval) },
	{ 'F', NULL, "FILE", "filter from a file, '#' comments; '-' is stdin", "a file name",
	  READS(options_read_filter_file) },
	{ 'd', NULL, NULL, "show how the filter was understood and exit", NULL,
	  CHOOSES(OPTIONS_EXPLAIN_FILTER) },
	{ 0, "cleanup", NULL, "remove what a killed pktsieve left and exit", NULL,
	  CHOOSES(OPTIONS_CLEAN_UP) },
	{ 'p', "no-promiscuous-mode", NULL, "not promiscuous: always so", NULL, DOES_NOTHING },
	{ 'n', NULL, NULL, "no names: pktsieve prints none", NULL, DOES_NOTHING },
	{ 'v', NULL, NULL, "say what was chosen", NULL, SETS(verbose, true) },
	{ 'h', "help", NULL, "this list", NULL, CHOOSES(OPTIONS_HELP) },
	{ 'V', "version", NULL, "the version", NULL, CHOOSES(OPTIONS_VERSION) },
};

#define ROW_COUNT (sizeof(rows) / sizeof(rows[0]))

/* The forms that getopt_long() wants; ':' first keeps it silent. */
static void make_getopt_tables(char *letters, struct option *long_options)
{
	*letters++ = ':';
	for (size_t i = 0; i < ROW_COUNT; i++) {
		int value = rows[i].letter ? rows[i].letter : LONG_ONLY + (int)i;

		if (rows[i].letter) {
			*letters++ = (char)rows[i].letter;
			if (rows[i].value)
				*letters++ = ':';
		}
		if (rows[i].name)
			*long_options++ = (struct option){
				.name = rows[i].name,
				.has_arg = rows[i].value ? required_argument : no_argument,
				.val = value,
			};
	}
	*letters = '\0';
	*long_options = (struct option){};
}

static const struct option_row *find_row(int value)
{
	if (value >= LONG_ONLY)
		return &rows[value - LONG_ONLY];
	for (size_t i = 0; i < ROW_COUNT; i++)
		if (rows[i].letter == value)
			return &rows[i];
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

static int read_option(struct options *options, int value, const char *argument,
		       struct error *reterr)
{
	const struct option_row *row = find_row(value);
	char letter[2] = { (char)row->letter, '\0' };

	if (row->has_flag)
		*(bool *)((char *)options + row->flag) = row->flag_value;
	if (row->mode != OPTIONS_CAPTURE)
		options->mode = row->mode;
	if (!row->read || !row->read(options, argument))
		return 0;
	return error_set(reterr, -EINVAL, "'%s' is no value for '%s%s': it takes %s", argument,
			 row->letter ? "-" : "--", row->letter ? letter : row->name, row->wanted);
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

static int check_hook(struct options *options, struct error *reterr)
{
	if (options->xdp_mode != HOOK_TC) {
		if (!hook_is_xdp(options->hook))
			return error_set(reterr, -EINVAL, "'--xdp-mode' needs '--hook xdp'");
		options->hook = options->xdp_mode;
	}
	if (hook_is_xdp(options->hook) && !options->directions[DIRECTION_INGRESS])
		return error_set(reterr, -EINVAL,
				 "'-Q out' and '--hook xdp' do not go together: XDP sees only what "
				 "comes in (use '--hook tc')");
	return 0;
}

static int check_together(struct options *options, struct error *reterr)
{
	if (options->filter_file && *options->expression)
		return error_set(reterr, -EINVAL,
				 "'-F %s' and an expression on the command line ('%.60s') do not "
				 "go together: put both into the file",
				 options->filter_file, options->expression);
	if (options->mode != OPTIONS_CAPTURE)
		return 0;
	if (options->packet_limit && !options->output)
		return error_set(
			reterr, -EINVAL,
			"'-c' counts packets written: it needs '-w FILE' (or use '--duration')");
	return check_hook(options, reterr);
}

int options_parse(int argc, char **argv, struct options *ret_options, struct error *reterr)
{
	struct option long_options[ROW_COUNT + 1];
	char letters[2 * ROW_COUNT + 2], text[4];
	int value, error;

	*ret_options = (struct options){
		.link_type = LINK_TYPE_DEFAULT,
		.snapshot_bytes = MAXIMUM_SNAPSHOT_BYTES,
		.directions = { true, true },
		.ring_bytes = DEFAULT_RING_BYTES,
		.interval_ns = 1000000000,
		.min_free = { DEFAULT_MIN_FREE_BYTES, DEFAULT_MIN_FREE_PERCENT },
	};
	make_getopt_tables(letters, long_options);
	optind = 0;
	while ((value = getopt_long(argc, argv, letters, long_options, NULL)) != -1) {
		if (value == '?')
			return error_set(reterr, -EINVAL,
					 "there is no option '%s' (see 'pktsieve --help')",
					 written_form(argv, text));
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
	return check_together(ret_options, reterr);
}

void options_free(struct options *options)
{
	free(options->expression);
	options->expression = NULL;
}

void options_print_help(FILE *out)
{
	char left[64];
	int used;

	fputs("Usage: pktsieve [options] [filter expression]\n"
	      "Captures the packets that the filter wants, in the kernel, into a pcap file.\n\n",
	      out);
	for (size_t i = 0; i < ROW_COUNT; i++) {
		used = snprintf(left, sizeof(left), rows[i].letter ? "  -%c" : "    ",
				rows[i].letter);
		if (rows[i].name)
			used += snprintf(left + used, sizeof(left) - (size_t)used, "%s--%s",
					 rows[i].letter ? ", " : "  ", rows[i].name);
		if (rows[i].value)
			snprintf(left + used, sizeof(left) - (size_t)used, " %s", rows[i].value);
		fprintf(out, "%-36s %s\n", left, rows[i].help);
	}
	fputs("\nFilter: tcpdump's language for Ethernet, pcap-filter(7): src host A, net A/N, "
	      "tcp port N,\n"
	      "portrange N-M, ether host M, vlan N, tcp[tcpflags] & tcp-syn != 0, and, or, not "
	      "...\n"
	      "Lists of addresses: [src|dst] host in FILE, net in FILE; followed when they "
	      "change.\n"
	      "Signals: INT, TERM and HUP stop; all that is in the rings goes into the file "
	      "first,\n"
	      "with a second INT or TERM not. USR1 prints the counts so far, USR2 flushes the "
	      "file.\n"
	      "Exit status: 0 done; 1 usage, filter, permission or attach error, interface "
	      "removed;\n"
	      "2 output error, also a disk that was full for a time.\n",
	      out);
}
