/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of pktsieve: one table, one struct. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"
#include "copy_limits.h"
#include "free_space.h"
#include "hook.h"
#include "tops.h"

enum options_mode {
	OPTIONS_CAPTURE,
	OPTIONS_LIST_INTERFACES,
	OPTIONS_LIST_LINK_TYPES,
	OPTIONS_LIST_TIME_STAMP_TYPES,
	OPTIONS_EXPLAIN_FILTER,
	OPTIONS_CLEAN_UP,
	OPTIONS_HELP,
	OPTIONS_VERSION,
};

enum options_stats {
	OPTIONS_STATS_DEFAULT, /* the panel where it can be shown, else none */
	OPTIONS_STATS_NONE,
	OPTIONS_STATS_LINES,
	OPTIONS_STATS_JSON,
	OPTIONS_STATS_PANEL,
};

/* --top was not given. */
#define OPTIONS_TOP_DEFAULT (-1)

#define OPTIONS_MAXIMUM_INTERFACES 64

/* libpcap's DLT_ values, which are those in the file but for RAW's. */
enum link_type {
	LINK_TYPE_DEFAULT = -1,
	LINK_TYPE_ETHERNET = 1,     /* EN10MB */
	LINK_TYPE_RAW = 12,         /* a packet begins with its IP header */
	LINK_TYPE_LINUX_SLL2 = 276, /* cooked: a header that tells the interface */
};

enum file_format {
	FILE_FORMAT_BY_NAME, /* pcapng where the name ends in .pcapng, else pcap */
	FILE_FORMAT_PCAP,
	FILE_FORMAT_PCAPNG,
};

/* When a file is complete and the next one begins, and what becomes of complete ones. */
struct rotation_options {
	uint64_t maximum_bytes; /* -C; 0: of any size */
	uint64_t interval_s;    /* -G; 0: for any time */
	unsigned int files;     /* -W; 0: as many as come */
	unsigned int ring;      /* --ring: only so many stay; 0: all */
	bool is_aligned;        /* --align: at multiples of -G in local time */
	bool has_part_suffix;   /* --part: NAME.part until it is complete */
	const char *command;    /* -z, run with each complete file; NULL: none */
	const char *user;       /* -Z, whose the files are; NULL: who called sudo(8) */
};

/* When packets are written: while a rate is reached, and what came before. */
struct trigger_options {
	const char *condition; /* --when; NULL: always */
	uint64_t hold_ns;      /* --for: so long after the condition last held, or SIGUSR2 */
	uint64_t before_ns;    /* --before, as a time; 0: not so limited */
	uint64_t before_bytes; /* --before, as memory; 0: not so limited */
};

struct options {
	enum options_mode mode;
	const char *interfaces[OPTIONS_MAXIMUM_INTERFACES]; /* one of them may be "any" */
	size_t interface_count;                             /* 0: the default one */
	bool wait_for_interfaces;
	bool is_promiscuous;
	const char *netns;            /* NULL: the present one; a name of ip-netns(8) or a path */
	enum link_type link_type;     /* -y; LINK_TYPE_DEFAULT: it was not given */
	enum file_format file_format; /* --format, or by the name */
	const char *output;           /* NULL: only count; "-": stdout */
	struct rotation_options rotation;
	uint64_t packet_limit; /* 0: none */
	uint64_t duration_ns;  /* 0: none */
	uint32_t snapshot_bytes;
	bool snap_headers;                /* cut behind the last header that was parsed, */
	uint32_t snap_extra_bytes;        /* and so much more */
	bool directions[DIRECTION_COUNT]; /* asked for; XDP sees only ingress */
	enum hook hook;
	enum hook xdp_mode;  /* as given; HOOK_TC: it was not */
	uint64_t ring_bytes; /* in all */
	enum options_stats stats;
	bool reads_keys; /* of the panel: stdin is a terminal that is ours; set by main.c */
	uint64_t interval_ns;
	const char *stats_file;   /* of lines and JSON; NULL: stderr */
	const char *metrics_file; /* NULL: none */
	int top_rows;             /* 0: none, or OPTIONS_TOP_DEFAULT */
	struct top_prefixes top_prefixes;
	struct trigger_options trigger;
	struct copy_limits limits;
	bool flush_each;
	struct min_free min_free;
	bool nanoseconds;
	bool verbose;
	unsigned int explain_count; /* of -d */
	char printing[32];          /* the first of tcpdump's options for printing; empty: none */
	const char *filter_file;    /* NULL: none; "-": stdin */
	char *expression;           /* owned; empty for no filter */
};

/*
 * Reads the command line. Returns 0 or -EINVAL with *reterr filled in. The strings point
 * into argv but for the expression; options_free() in every case.
 */
int options_parse(int argc, char **argv, struct options *ret_options, struct error *reterr);
void options_free(struct options *options);

/* What was given and stays without effect, one line each: pktsieve prints no packets. */
void options_print_remarks(const struct options *options, FILE *out);

/* What --help prints. */
void options_print_help(FILE *out);
