/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The busiest hosts and services: the tables that the kernel keeps (see struct top_set), mapped,
 * added up over the CPUs and put in order. Reading them is no system call and needs no rights.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"
#include "counters.h"

#define TOPS_MAXIMUM_ROWS 1000

enum top_order {
	TOP_BY_RECENT_PACKETS,
	TOP_BY_RECENT_BYTES,
	TOP_BY_PACKETS,
	TOP_BY_BYTES,
	TOP_ORDER_COUNT,
};

struct top_row {
	struct top_key key;
	/*
	 * Since the key came into the table: what was counted before it was pushed out, if it
	 * was, is missing.
	 */
	struct traffic_counter total;
	struct traffic_counter recent; /* of that, between the last two readings */
};

/* The first rows of a table in one order. */
struct top_list {
	unsigned int count;
	const struct top_row *rows;
};

struct top_figures {
	struct traffic_counter all; /* exact: listed or not */
	struct traffic_counter recent;
	struct traffic_counter forgotten; /* of keys that were pushed out */
	uint64_t forgotten_keys;
	struct top_list lists[TOP_ORDER_COUNT];
};

struct tops;

struct tops_options {
	int map_fd;
	unsigned int sets; /* of each table and CPU, as the loader chose */
	unsigned int cpu_count;
	const struct counters *counters; /* where their totals are */
	unsigned int rows;               /* wanted in each list, 1 to TOPS_MAXIMUM_ROWS */
};

/* Maps the tables. 0 or a negative errno with *reterr filled in. */
int tops_map(const struct tops_options *options, struct tops **ret_tops, struct error *reterr);
void tops_unmap(struct tops *tops);

/* Reads all tables; the programs may run. */
void tops_read(struct tops *tops);

/* Of the last reading; valid until the next one. */
const struct top_figures *tops_figures(const struct tops *tops, enum top_table table);

/*
 * The first rows by packets, and behind them those by bytes that are not among them: at most twice
 * the rows of a list. Recent ones, or of the whole capture. Returns how many.
 */
unsigned int tops_busiest(const struct top_figures *figures, bool are_recent,
			  const struct top_row *ret_rows[2 * TOPS_MAXIMUM_ROWS]);

#define TOP_NAME_BYTES 64

/* How many bits of an address tell hosts apart; 32 and 128: all. */
struct top_prefixes {
	unsigned int ipv4_bits;
	unsigned int ipv6_bits;
};

/* "192.0.2.1", "2001:db8::/64", "tcp/443". */
void tops_format(enum top_table table, const struct top_key *key,
		 const struct top_prefixes *prefixes, char ret_text[TOP_NAME_BYTES]);
