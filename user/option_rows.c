/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of options; see option_rows.h. Its order is that of --help. */
#include "option_rows.h"

#include <assert.h>
#include <stddef.h>

/* What an option does, one of these; nothing for what pktsieve does anyway. */
#define READS(function) .read = (function)
#define CHOOSES(what) .mode = (what)
#define DOES_NOTHING .read = NULL
#define SETS(member, to) \
	.has_flag = true, .flag = offsetof(struct options, member), .flag_value = (to)

#define TCPDUMPS .is_tcpdumps = true
/* How packets are printed. */
#define PRINTING TCPDUMPS, .is_printing = true
#define REFUSED(why) TCPDUMPS, .refusal = (why)

const struct option_row option_rows[] = {
	{ 'i', "interface", "IF", "interface, by name or number of -D, or any; up to 64 of them",
	  "up to 64 interfaces", READS(options_read_interface), TCPDUMPS },
	{ 0, "wait", NULL, "wait for interfaces of -i that are not there yet", NULL,
	  SETS(wait_for_interfaces, true) },
	{ 0, "netns", "NS", "network namespace, a name of ip-netns(8) or a path",
	  "a name or a path", READS(options_read_netns) },
	{ 'y', "linktype", "TYPE", "link type: EN10MB, RAW or LINUX_SLL2",
	  "'EN10MB', 'RAW' or 'LINUX_SLL2' (LINUX_SLL, the older one, is not written: use "
	  "LINUX_SLL2)",
	  READS(options_read_link_type), TCPDUMPS },
	{ 'L', "list-data-link-types", NULL, "list the link types of the interface and exit", NULL,
	  CHOOSES(OPTIONS_LIST_LINK_TYPES), TCPDUMPS },
	{ 'D', "list-interfaces", NULL, "list the interfaces and exit", NULL,
	  CHOOSES(OPTIONS_LIST_INTERFACES), TCPDUMPS },
	{ 0, "promiscuous", NULL, "take in frames for other stations too", NULL,
	  SETS(is_promiscuous, true) },
	{ 'p', "no-promiscuous-mode", NULL, "not promiscuous (default)", NULL,
	  SETS(is_promiscuous, false), TCPDUMPS },
	{ 'w', NULL, "FILE", "write a file; '-' is stdout, .gz compressed; without only count",
	  "a file name", READS(options_read_output), TCPDUMPS },
	{ 0, "format", "FORMAT", "pcap or pcapng; default: pcapng for names in .pcapng, else pcap",
	  "'pcap' or 'pcapng'", READS(options_read_file_format) },
	{ 'C', NULL, "SIZE", "next file at this size: millions of bytes, or 10k, 10m, 10g",
	  "a size such as 100 (millions of bytes) or 10m", READS(options_read_file_size),
	  TCPDUMPS },
	{ 'G', NULL, "SECONDS", "next file after this time, named by strftime(3)",
	  "a number of seconds from 1 on", READS(options_read_file_seconds), TCPDUMPS },
	{ 'W', NULL, "N", "with -C: a ring of N files; with -G: stop after N files",
	  "a number from 1 on", READS(options_read_file_count), TCPDUMPS },
	{ 0, "ring", "N", "keep only the last N files", "a number from 1 on",
	  READS(options_read_file_ring) },
	{ 0, "align", NULL, "with -G: at multiples of the interval", NULL,
	  SETS(rotation.is_aligned, true) },
	{ 0, "part", NULL, "a file ends in .part until it is complete", NULL,
	  SETS(rotation.has_part_suffix, true) },
	{ 'z', NULL, "CMD", "run CMD FILE with each complete file", "a command",
	  READS(options_read_command), TCPDUMPS },
	{ 'Z', "relinquish-privileges", "USER", "user of the writer and owner of the files",
	  "the name of a user", READS(options_read_user), TCPDUMPS },
	{ 's', "snapshot-length", "N", "bytes kept of each packet; 0 and default: 262144",
	  "a number from 0 to 262144", READS(options_read_snapshot_length), TCPDUMPS },
	{ 0, "snap", "headers[+N]", "keep the headers, and N bytes behind them",
	  "'headers' or 'headers+N'", READS(options_read_snap) },
	{ 'c', NULL, "N", "stop after N packets written", "a number from 1 on",
	  READS(options_read_packet_limit), TCPDUMPS },
	{ 0, "duration", "T", "stop after a time: 10s, 5m, 500ms",
	  "a time such as 10s, 5m or 500ms", READS(options_read_duration) },
	{ 'Q', "direction", "DIR", "in, out or inout (default)", "'in', 'out' or 'inout'",
	  READS(options_read_direction), TCPDUMPS },
	{ 0, "hook", "HOOK", "where to look: tc (default) or xdp (only what comes in)",
	  "'tc' or 'xdp'", READS(options_read_hook) },
	{ 0, "xdp-mode", "MODE", "of --hook xdp: native (default) or generic",
	  "'native' or 'generic'", READS(options_read_xdp_mode) },
	{ 'B', "buffer-size", "KIB", "ring memory in all, KiB; default 65536, at least 1024 a CPU",
	  "a number of KiB from 1 to 67108864", READS(options_read_ring_size), TCPDUMPS },
	{ 'U', "packet-buffered", NULL, "flush the file after each packet", NULL,
	  SETS(flush_each, true), TCPDUMPS },
	{ 0, "min-free", "SIZE",
	  "kept free on the disk: 10G, 5% (default, at least 256M); 0: nothing",
	  "a size such as 500M or 10G, or a percentage such as 5%", READS(options_read_min_free) },
	{ 0, "micro", NULL, "timestamps in microseconds (default)", NULL, SETS(nanoseconds, false),
	  TCPDUMPS },
	{ 0, "nano", NULL, "timestamps in nanoseconds", NULL, SETS(nanoseconds, true), TCPDUMPS },
	{ 0, "time-stamp-precision", "P", "micro or nano", "'micro' or 'nano'",
	  READS(options_read_precision), TCPDUMPS },
	{ 'j', "time-stamp-type", "TYPE", "clock of the timestamps: host",
	  "'host', the kernel's clock; a network card's timestamps cannot be seen at the TC and "
	  "XDP hooks (leave '-j' out)",
	  READS(options_read_time_stamp_type), TCPDUMPS },
	{ 'J', "list-time-stamp-types", NULL, "list the types of timestamps and exit", NULL,
	  CHOOSES(OPTIONS_LIST_TIME_STAMP_TYPES), TCPDUMPS },
	{ 0, "stats", "FORM", "on stderr: panel (default on a terminal), lines, json or none",
	  "'panel', 'lines', 'json' or 'none'", READS(options_read_stats) },
	{ 0, "stats-file", "FILE", "lines or json go behind the end of a file", "a file name",
	  READS(options_read_stats_file) },
	{ 0, "metrics-file", "FILE", "OpenMetrics text, replaced at each interval", "a file name",
	  READS(options_read_metrics_file) },
	{ 0, "interval", "T", "time between two figures, default 1s", "a time such as 1s or 500ms",
	  READS(options_read_interval) },
	{ 0, "top", "N", "the N busiest hosts and services; default: 10 in a panel without -w",
	  "a number from 0 to 1000", READS(options_read_top) },
	{ 0, "top-prefix", "N/M", "hosts by prefixes of N bits (IPv4) and M bits (IPv6)",
	  "two lengths such as 24/64", READS(options_read_top_prefix) },
	{ 0, "when", "CONDITION", "write only while a rate is reached: 'tcp.syn > 50k/s'",
	  "a condition such as 'tcp.syn > 50000/s'", READS(options_read_condition) },
	{ 0, "for", "T", "and so long after, default 10s", "a time such as 10s or 5m",
	  READS(options_read_hold) },
	{ 0, "before", "T|SIZE", "keep what came before in memory: 10s or 64M; SIGUSR2 writes it",
	  "a time such as 10s or a size such as 64M", READS(options_read_before) },
	{ 0, "sample", "1/N", "write one of N packets, at random", "a share such as 1/100",
	  READS(options_read_sample) },
	{ 0, "max-rate", "N/s", "write at most so many packets a second",
	  "a rate such as 1000/s, at most 10M/s", READS(options_read_rate) },
	{ 0, "per-host", "N", "write at most N packets of each host", "a number from 1 on",
	  READS(options_read_host_limit) },
	{ 'F', NULL, "FILE", "filter from a file, '#' comments; '-' is stdin", "a file name",
	  READS(options_read_filter_file), TCPDUMPS },
	{ 'd', NULL, NULL, "show how the filter was understood and exit", NULL,
	  READS(options_read_explain), TCPDUMPS },
	{ 0, "cleanup", NULL, "remove what a killed pktsieve left and exit", NULL,
	  CHOOSES(OPTIONS_CLEAN_UP) },
	{ 'v', NULL, NULL, "say what was chosen", NULL, SETS(verbose, true), TCPDUMPS },
	{ 'h', "help", NULL, "this list", NULL, CHOOSES(OPTIONS_HELP), TCPDUMPS },
	{ 'V', "version", NULL, "the version", NULL, CHOOSES(OPTIONS_VERSION), TCPDUMPS },

	/* What is so here in any case. */
	{ 0, "immediate-mode", NULL, NULL, NULL, DOES_NOTHING, TCPDUMPS },
	{ 'O', "no-optimize", NULL, NULL, NULL, DOES_NOTHING, TCPDUMPS },

	{ 'A', PRINTING },
	{ 'a', PRINTING },
	{ 'b', PRINTING },
	{ 'e', PRINTING },
	{ 'E', NULL, "VALUE", PRINTING },
	{ 'f', PRINTING },
	{ 'H', PRINTING },
	{ 'K', "dont-verify-checksums", PRINTING },
	{ 'l', PRINTING },
	{ 'm', NULL, "VALUE", PRINTING },
	{ 'M', NULL, "VALUE", PRINTING },
	{ 'n', PRINTING },
	{ 'N', PRINTING },
	{ 'q', PRINTING },
	{ 'S', "absolute-tcp-sequence-numbers", PRINTING },
	{ 't', PRINTING },
	{ 'T', NULL, "VALUE", PRINTING },
	{ 'u', PRINTING },
	{ 'x', PRINTING },
	{ 'X', PRINTING },
	{ '#', "number", PRINTING },
	{ 0, "count", PRINTING },
	{ 0, "lengths", PRINTING },

	{ 'r', NULL, "FILE",
	  REFUSED("pktsieve captures and reads no capture files: that is for a viewer such as "
		  "pktview, or 'tcpdump -r FILE'") },
	{ 0, "print", NULL,
	  REFUSED("pktsieve prints no packets: '-w -' writes them to stdout, for a viewer such "
		  "as pktview, or 'tcpdump -r -'") },
	{ 'I', "monitor-mode", NULL,
	  REFUSED("pktsieve cannot put a Wi-Fi interface into monitor mode, nor read what it "
		  "takes in there (use tcpdump)") },
};

const size_t option_row_count = sizeof(option_rows) / sizeof(option_rows[0]);

static_assert(sizeof(option_rows) / sizeof(option_rows[0]) <= OPTION_ROWS_MAXIMUM,
	      "getopt_long's tables have room for every row");
