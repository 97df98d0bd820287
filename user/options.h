/* SPDX-License-Identifier: GPL-2.0-only */
/* The command line of pktsieve: one table, one struct. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"
#include "free_space.h"
#include "hook.h"

enum options_mode {
	OPTIONS_CAPTURE,
	OPTIONS_LIST_INTERFACES,
	OPTIONS_EXPLAIN_FILTER,
	OPTIONS_CLEAN_UP,
	OPTIONS_HELP,
	OPTIONS_VERSION,
};

enum options_stats {
	OPTIONS_STATS_DEFAULT, /* the panel where it can be shown, else none */
	OPTIONS_STATS_NONE,
	OPTIONS_STATS_LINES,
	OPTIONS_STATS_PANEL,
};

struct options {
	enum options_mode mode;
	const char *interface; /* NULL: the default one */
	const char *output;    /* NULL: only count; "-": stdout */
	uint64_t packet_limit; /* 0: none */
	uint64_t duration_ns;  /* 0: none */
	uint32_t snapshot_bytes;
	bool directions[DIRECTION_COUNT]; /* asked for; XDP sees only ingress */
	enum hook hook;
	enum hook xdp_mode;  /* as given; HOOK_TC: it was not */
	uint64_t ring_bytes; /* in all */
	enum options_stats stats;
	uint64_t interval_ns;
	bool flush_each;
	struct min_free min_free;
	bool nanoseconds;
	bool verbose;
	const char *filter_file; /* NULL: none; "-": stdin */
	char *expression;        /* owned; empty for no filter */
};

/*
 * Reads the command line. Returns 0 or -EINVAL with *reterr filled in. The strings point
 * into argv but for the expression; options_free() in every case.
 */
int options_parse(int argc, char **argv, struct options *ret_options, struct error *reterr);
void options_free(struct options *options);

/* What --help prints. */
void options_print_help(FILE *out);
