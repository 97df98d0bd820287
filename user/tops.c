/* SPDX-License-Identifier: GPL-2.0-only */
/* Adds up the sets of all CPUs, and keeps the first rows in each order; see tops.h. */
#include "tops.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/cleanup.h"

struct table {
	struct top_figures figures;
	struct top_row *rows[TOP_ORDER_COUNT]; /* options.rows of each */
};

struct tops {
	struct tops_options options;
	const struct top_set *sets; /* as the kernel writes them */
	struct top_set *before;     /* at the last reading */
	size_t bytes;               /* of each of both */
	struct top_row *row;        /* room for those of one set of all CPUs */
	struct table tables[TOP_TABLE_COUNT];
};

static int allocate(struct tops *tops)
{
	unsigned int rows = tops->options.rows;
	struct top_row *next;

	tops->before =
		mmap(NULL, tops->bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (tops->before == MAP_FAILED) {
		tops->before = NULL;
		return -ENOMEM;
	}
	/*
	 * Pages that nobody writes to take no memory. Large ones, made at the first touch or later
	 * by khugepaged, would undo that; a kernel that has none answers EINVAL.
	 */
	madvise(tops->before, tops->bytes, MADV_NOHUGEPAGE);
	tops->row = calloc((size_t)TOP_WAYS * tops->options.cpu_count, sizeof(*tops->row));
	next = calloc((size_t)TOP_TABLE_COUNT * TOP_ORDER_COUNT * rows, sizeof(*next));
	if (!tops->row || !next) {
		free(next);
		return -ENOMEM;
	}
	for (enum top_table table = 0; table < TOP_TABLE_COUNT; table++) {
		for (enum top_order order = 0; order < TOP_ORDER_COUNT; order++, next += rows) {
			tops->tables[table].rows[order] = next;
			tops->tables[table].figures.lists[order].rows = next;
		}
	}
	return 0;
}

int tops_map(const struct tops_options *options, struct tops **ret_tops, struct error *reterr)
{
	struct tops *tops = calloc(1, sizeof(*tops));
	int error;

	if (!tops)
		return error_set(reterr, -ENOMEM, "out of memory");
	tops->options = *options;
	tops->bytes =
		(size_t)options->cpu_count * TOP_TABLE_COUNT * options->sets * sizeof(*tops->sets);
	tops->sets = mmap(NULL, tops->bytes, PROT_READ, MAP_SHARED, options->map_fd, 0);
	if (tops->sets == MAP_FAILED) {
		error = -errno;
		free(tops);
		return error_set(reterr, error, "cannot map the tables of the busiest hosts: %s",
				 strerror(-error));
	}
	if (allocate(tops)) {
		tops_unmap(tops);
		return error_set(reterr, -ENOMEM, "out of memory");
	}
	*ret_tops = tops;
	return 0;
}

void tops_unmap(struct tops *tops)
{
	if (!tops)
		return;
	munmap((void *)tops->sets, tops->bytes);
	if (tops->before)
		munmap(tops->before, tops->bytes);
	free(tops->tables[0].rows[0]);
	free(tops->row);
	free(tops);
}

static size_t set_index(const struct tops *tops, unsigned int cpu, enum top_table table,
			unsigned int set)
{
	return ((size_t)cpu * TOP_TABLE_COUNT + table) * tops->options.sets + set;
}

static uint64_t read_once(const __u64 *value)
{
	return __atomic_load_n(value, __ATOMIC_RELAXED);
}

/* Copies a way; whether a key was there all the time. */
static bool read_way(const struct top_set *set, unsigned int way, uint32_t *ret_tag,
		     struct top_entry *ret_entry)
{
	const struct top_entry *entry = &set->entries[way];

	*ret_tag = __atomic_load_n(&set->tags[way], __ATOMIC_ACQUIRE);
	if (!*ret_tag)
		return false;
	ret_entry->key.high = read_once(&entry->key.high);
	ret_entry->key.low = read_once(&entry->key.low);
	ret_entry->traffic.packets = read_once(&entry->traffic.packets);
	ret_entry->traffic.bytes = read_once(&entry->traffic.bytes);
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return __atomic_load_n(&set->tags[way], __ATOMIC_RELAXED) == *ret_tag;
}

static bool keys_are_equal(const struct top_key *a, const struct top_key *b)
{
	return a->low == b->low && a->high == b->high;
}

static void add_traffic(struct traffic_counter *sum, const struct traffic_counter *more)
{
	sum->packets += more->packets;
	sum->bytes += more->bytes;
}

/* What an entry has grown by since the last reading, which is brought up to date. */
static struct traffic_counter take_growth(struct top_entry *before, uint32_t *before_tag,
					  const struct top_entry *now, uint32_t tag)
{
	struct traffic_counter growth = now->traffic;

	/* The same key with less was pushed out and came again. */
	if (*before_tag == tag && keys_are_equal(&before->key, &now->key) &&
	    before->traffic.packets <= now->traffic.packets &&
	    before->traffic.bytes <= now->traffic.bytes) {
		growth.packets -= before->traffic.packets;
		growth.bytes -= before->traffic.bytes;
	}
	*before = *now;
	*before_tag = tag;
	return growth;
}

/* The row of this key among the first `count`, or a new one behind them. */
static struct top_row *find_row(struct tops *tops, const struct top_key *key, unsigned int *count)
{
	for (unsigned int i = 0; i < *count; i++)
		if (keys_are_equal(&tops->row[i].key, key))
			return &tops->row[i];
	tops->row[*count] = (struct top_row){ .key = *key };
	return &tops->row[(*count)++];
}

/* A key is in the same set on all CPUs: adds those up. Returns how many rows that makes. */
static unsigned int add_up_set(struct tops *tops, enum top_table table, unsigned int set)
{
	unsigned int count = 0;

	for (unsigned int cpu = 0; cpu < tops->options.cpu_count; cpu++) {
		size_t index = set_index(tops, cpu, table, set);

		for (unsigned int way = 0; way < TOP_WAYS; way++) {
			struct traffic_counter growth;
			struct top_entry entry;
			struct top_row *row;
			uint32_t tag;

			if (!read_way(&tops->sets[index], way, &tag, &entry))
				continue;
			growth = take_growth(&tops->before[index].entries[way],
					     &tops->before[index].tags[way], &entry, tag);
			row = find_row(tops, &entry.key, &count);
			add_traffic(&row->total, &entry.traffic);
			add_traffic(&row->recent, &growth);
		}
	}
	return count;
}

static uint64_t rank(const struct top_row *row, enum top_order order)
{
	switch (order) {
	case TOP_BY_RECENT_PACKETS:
		return row->recent.packets;
	case TOP_BY_RECENT_BYTES:
		return row->recent.bytes;
	case TOP_BY_PACKETS:
		return row->total.packets;
	case TOP_BY_BYTES:
	case TOP_ORDER_COUNT:
		break;
	}
	return row->total.bytes;
}

/* Of rows that are equal the one with the smaller key: an order that does not jump about. */
static bool comes_before(const struct top_row *a, const struct top_row *b, enum top_order order)
{
	uint64_t of_a = rank(a, order), of_b = rank(b, order);

	return of_a != of_b ? of_a > of_b : memcmp(&a->key, &b->key, sizeof(a->key)) < 0;
}

/* Puts the row in its place among the best, if it is one of them. */
static void offer(struct table *table, enum top_order order, unsigned int rows,
		  const struct top_row *row)
{
	struct top_list *list = &table->figures.lists[order];
	struct top_row *best = table->rows[order];
	unsigned int at;

	if (!rank(row, order) ||
	    (list->count == rows && !comes_before(row, &best[rows - 1], order)))
		return;
	if (list->count < rows)
		list->count++;
	for (at = list->count - 1; at > 0 && comes_before(row, &best[at - 1], order); at--)
		best[at] = best[at - 1];
	best[at] = *row;
}

static void read_totals(const struct tops *tops, enum top_table table, struct top_figures *figures)
{
	struct traffic_counter before = figures->all;

	figures->all = figures->forgotten = (struct traffic_counter){ 0 };
	figures->forgotten_keys = 0;
	for (unsigned int cpu = 0; cpu < tops->options.cpu_count; cpu++) {
		const struct top_totals *totals =
			&counters_of_cpu(tops->options.counters, cpu)->tops[table];

		figures->all.packets += read_once(&totals->all.packets);
		figures->all.bytes += read_once(&totals->all.bytes);
		figures->forgotten.packets += read_once(&totals->forgotten.packets);
		figures->forgotten.bytes += read_once(&totals->forgotten.bytes);
		figures->forgotten_keys += read_once(&totals->forgotten_keys);
	}
	figures->recent.packets = figures->all.packets - before.packets;
	figures->recent.bytes = figures->all.bytes - before.bytes;
}

static void read_table(struct tops *tops, enum top_table number)
{
	struct table *table = &tops->tables[number];

	for (enum top_order order = 0; order < TOP_ORDER_COUNT; order++)
		table->figures.lists[order].count = 0;
	for (unsigned int set = 0; set < tops->options.sets; set++) {
		unsigned int count = add_up_set(tops, number, set);

		for (unsigned int i = 0; i < count; i++)
			for (enum top_order order = 0; order < TOP_ORDER_COUNT; order++)
				offer(table, order, tops->options.rows, &tops->row[i]);
	}
	/* Behind the rows: all is never less than what is listed. */
	read_totals(tops, number, &table->figures);
}

void tops_read(struct tops *tops)
{
	for (enum top_table table = 0; table < TOP_TABLE_COUNT; table++)
		read_table(tops, table);
}

const struct top_figures *tops_figures(const struct tops *tops, enum top_table table)
{
	return &tops->tables[table].figures;
}

static bool is_listed(const struct top_list *list, const struct top_key *key)
{
	for (unsigned int i = 0; i < list->count; i++)
		if (keys_are_equal(&list->rows[i].key, key))
			return true;
	return false;
}

unsigned int tops_busiest(const struct top_figures *figures, bool are_recent,
			  const struct top_row *ret_rows[2 * TOPS_MAXIMUM_ROWS])
{
	const struct top_list *by_packets =
		&figures->lists[are_recent ? TOP_BY_RECENT_PACKETS : TOP_BY_PACKETS];
	const struct top_list *by_bytes =
		&figures->lists[are_recent ? TOP_BY_RECENT_BYTES : TOP_BY_BYTES];
	unsigned int count = 0;

	for (unsigned int i = 0; i < by_packets->count; i++)
		ret_rows[count++] = &by_packets->rows[i];
	for (unsigned int i = 0; i < by_bytes->count; i++)
		if (!is_listed(by_packets, &by_bytes->rows[i].key))
			ret_rows[count++] = &by_bytes->rows[i];
	return count;
}

static void format_service(uint64_t key, char ret_text[TOP_NAME_BYTES])
{
	unsigned int protocol = (unsigned int)(key >> 16), port = key & 0xffff;

	switch (protocol) {
	case IPPROTO_TCP:
		snprintf(ret_text, TOP_NAME_BYTES, "tcp/%u", port);
		break;
	case IPPROTO_UDP:
		snprintf(ret_text, TOP_NAME_BYTES, "udp/%u", port);
		break;
	case IPPROTO_SCTP:
		snprintf(ret_text, TOP_NAME_BYTES, "sctp/%u", port);
		break;
	default:
		snprintf(ret_text, TOP_NAME_BYTES, "%u/%u", protocol, port);
	}
}

void tops_format(enum top_table table, const struct top_key *key,
		 const struct top_prefixes *prefixes, char ret_text[TOP_NAME_BYTES])
{
	struct in6_addr address;
	bool is_ipv4;
	size_t length;

	if (table == TOP_SERVICES) {
		format_service(key->low, ret_text);
		return;
	}
	memcpy(&address, key, sizeof(address));
	is_ipv4 = IN6_IS_ADDR_V4MAPPED(&address);
	if (is_ipv4)
		inet_ntop(AF_INET, &address.s6_addr[12], ret_text, TOP_NAME_BYTES);
	else
		inet_ntop(AF_INET6, &address, ret_text, TOP_NAME_BYTES);
	length = strlen(ret_text);
	if (is_ipv4 ? prefixes->ipv4_bits < 32 : prefixes->ipv6_bits < 128)
		snprintf(ret_text + length, TOP_NAME_BYTES - length, "/%u",
			 is_ipv4 ? prefixes->ipv4_bits : prefixes->ipv6_bits);
}
