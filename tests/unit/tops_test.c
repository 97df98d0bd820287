/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of the busiest, as the kernel leaves them in memory, become sorted rows: each key once
 * whatever CPUs it was on, with what came since the last reading, and the totals.
 */
#include "../../user/tops.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "check.h"
#include "temporary_file.h"

#define CPUS 3
#define SETS 4

/* What the kernel would write to, seen by the reader through the same file. */
struct tables {
	struct top_set *sets;
	struct cpu_counters *cpus;
	struct counters *counters;
	struct tops *tops;
};

static void *map_new_file(size_t bytes, int *ret_fd)
{
	void *memory;

	*ret_fd = open_file();
	if (ftruncate(*ret_fd, (off_t)bytes))
		fail("ftruncate");
	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *ret_fd, 0);
	if (memory == MAP_FAILED)
		fail("mmap");
	return memory;
}

static void open_tables(unsigned int rows, struct tables *ret_tables)
{
	struct tops_options options = { .sets = SETS, .cpu_count = CPUS, .rows = rows };
	struct error error;
	int counters_fd;

	ret_tables->sets = map_new_file(sizeof(struct top_set) * CPUS * TOP_TABLE_COUNT * SETS,
					&options.map_fd);
	ret_tables->cpus = map_new_file(sizeof(struct cpu_counters) * CPUS, &counters_fd);
	if (counters_map(counters_fd, CPUS, &ret_tables->counters, &error))
		fail(error.message);
	options.counters = ret_tables->counters;
	if (tops_map(&options, &ret_tables->tops, &error))
		fail(error.message);
	close(options.map_fd);
	close(counters_fd);
}

static void close_tables(struct tables *tables)
{
	tops_unmap(tables->tops);
	counters_unmap(tables->counters);
	munmap(tables->sets, sizeof(struct top_set) * CPUS * TOP_TABLE_COUNT * SETS);
	munmap(tables->cpus, sizeof(struct cpu_counters) * CPUS);
}

static struct top_set *set_of(const struct tables *tables, unsigned int cpu, enum top_table table,
			      unsigned int set)
{
	return &tables->sets[(cpu * TOP_TABLE_COUNT + table) * SETS + set];
}

/* So much of a key in a way. */
static void put(const struct tables *tables, unsigned int cpu, unsigned int set, unsigned int way,
		uint64_t low, uint64_t packets, uint64_t bytes)
{
	struct top_set *in = set_of(tables, cpu, TOP_SOURCES, set);

	in->tags[way] = (uint32_t)(low * 2 + 1);
	in->entries[way] = (struct top_entry){
		.key = { .low = low },
		.traffic = { packets, bytes },
	};
}

static const struct top_list *list(const struct tables *tables, enum top_order order)
{
	return &tops_figures(tables->tops, TOP_SOURCES)->lists[order];
}

/* Whether the list has these keys in this order; 0 ends them. */
static bool has_keys(const struct top_list *found, const uint64_t *keys)
{
	unsigned int i = 0;

	for (; keys[i]; i++)
		if (i >= found->count || found->rows[i].key.low != keys[i])
			return false;
	return i == found->count;
}

#define KEYS(...) ((const uint64_t[]){ __VA_ARGS__, 0 })
#define NO_KEYS ((const uint64_t[]){ 0 })

static void test_order(void)
{
	const struct top_row *rows[2 * TOPS_MAXIMUM_ROWS];
	struct tables tables;
	unsigned int count;

	open_tables(3, &tables);
	tops_read(tables.tops);
	check(has_keys(list(&tables, TOP_BY_PACKETS), NO_KEYS),
	      "of empty tables nothing is listed");
	put(&tables, 0, 0, 0, 11, 50, 5000);
	put(&tables, 0, 1, 7, 12, 10, 90000);
	put(&tables, 1, 2, 3, 13, 40, 2400);
	put(&tables, 2, 3, 4, 14, 60, 3600);
	put(&tables, 2, 0, 1, 15, 1, 1500);
	tops_read(tables.tops);
	check(has_keys(list(&tables, TOP_BY_PACKETS), KEYS(14, 11, 13)),
	      "the first rows by packets are those with the most, the most first");
	check(has_keys(list(&tables, TOP_BY_BYTES), KEYS(12, 11, 14)),
	      "by bytes they are others, in another order");
	count = tops_busiest(tops_figures(tables.tops, TOP_SOURCES), false, rows);
	check(count == 4 && rows[0]->key.low == 14 && rows[1]->key.low == 11 &&
		      rows[2]->key.low == 13 && rows[3]->key.low == 12,
	      "the busiest are the first by packets, and behind them who is only among those by "
	      "bytes");
	check_note("%u rows", count);
	check(tops_figures(tables.tops, TOP_SERVICES)->lists[TOP_BY_PACKETS].count == 0,
	      "one table does not show in another");
	close_tables(&tables);
}

static void test_equal_rows(void)
{
	struct tables tables;

	open_tables(2, &tables);
	put(&tables, 0, 3, 0, 1, 7, 700);
	put(&tables, 0, 0, 0, 3, 7, 700);
	put(&tables, 1, 1, 0, 2, 7, 700);
	tops_read(tables.tops);
	check(has_keys(list(&tables, TOP_BY_PACKETS), KEYS(1, 2)),
	      "of equal ones the smaller key comes first, wherever it is kept");
	close_tables(&tables);
}

static void test_cpus(void)
{
	const struct top_list *found;
	struct tables tables;

	open_tables(10, &tables);
	put(&tables, 0, 2, 0, 21, 5, 500);
	put(&tables, 1, 2, 6, 21, 6, 600);
	put(&tables, 2, 2, 3, 21, 7, 700);
	put(&tables, 1, 2, 3, 22, 9, 90);
	tops_read(tables.tops);
	found = list(&tables, TOP_BY_PACKETS);
	check(has_keys(found, KEYS(21, 22)), "a key that several CPUs have is one row");
	check(found->rows[0].total.packets == 18 && found->rows[0].total.bytes == 1800,
	      "it has the packets and bytes of all of them");
	set_of(&tables, 1, TOP_SOURCES, 2)->tags[6] = 0;
	tops_read(tables.tops);
	check(list(&tables, TOP_BY_PACKETS)->rows[0].total.packets == 12,
	      "what has no tag, because it is being replaced, does not count");
	close_tables(&tables);
}

static void test_recent(void)
{
	const struct top_list *found;
	struct tables tables;

	open_tables(10, &tables);
	put(&tables, 0, 0, 0, 31, 100, 10000);
	put(&tables, 1, 0, 0, 32, 10, 1000);
	tops_read(tables.tops);
	check(list(&tables, TOP_BY_RECENT_PACKETS)->rows[0].recent.packets == 100,
	      "at the first reading everything is recent");
	put(&tables, 0, 0, 0, 31, 101, 10060);
	put(&tables, 1, 0, 0, 32, 15, 1900);
	tops_read(tables.tops);
	found = list(&tables, TOP_BY_RECENT_PACKETS);
	check(has_keys(found, KEYS(32, 31)) && found->rows[0].recent.packets == 5 &&
		      found->rows[0].recent.bytes == 900 && found->rows[1].recent.packets == 1,
	      "then it is what came since the last one");
	tops_read(tables.tops);
	check(has_keys(list(&tables, TOP_BY_RECENT_BYTES), NO_KEYS) &&
		      has_keys(list(&tables, TOP_BY_BYTES), KEYS(31, 32)),
	      "who is quiet is in the lists of the whole capture alone");
	put(&tables, 0, 0, 0, 33, 4, 400);
	tops_read(tables.tops);
	found = list(&tables, TOP_BY_RECENT_PACKETS);
	check(has_keys(found, KEYS(33)) && found->rows[0].recent.packets == 4,
	      "a key that took another's place is recent with all that it has");
	put(&tables, 0, 0, 0, 33, 3, 300);
	tops_read(tables.tops);
	check(list(&tables, TOP_BY_RECENT_PACKETS)->rows[0].recent.packets == 3,
	      "a key that has less than before was pushed out and came again");
	put(&tables, 0, 0, 0, 33, 9, 200);
	tops_read(tables.tops);
	check(list(&tables, TOP_BY_RECENT_PACKETS)->rows[0].recent.bytes == 200,
	      "so was one that has more packets in fewer bytes");
	put(&tables, 0, 0, 0, 33, 2, 900);
	tops_read(tables.tops);
	check(list(&tables, TOP_BY_RECENT_BYTES)->rows[0].recent.bytes == 900,
	      "also where it has more bytes than before");
	close_tables(&tables);
}

static void test_totals(void)
{
	const struct top_figures *figures;
	struct tables tables;

	open_tables(10, &tables);
	tables.cpus[0].tops[TOP_SOURCES] = (struct top_totals){ .all = { 100, 6000 },
								.forgotten = { 30, 2000 },
								.forgotten_keys = 3 };
	tables.cpus[2].tops[TOP_SOURCES] = (struct top_totals){ .all = { 11, 600 },
								.forgotten = { 1, 60 },
								.forgotten_keys = 1 };
	tops_read(tables.tops);
	figures = tops_figures(tables.tops, TOP_SOURCES);
	check(figures->all.packets == 111 && figures->all.bytes == 6600 &&
		      figures->forgotten.packets == 31 && figures->forgotten.bytes == 2060 &&
		      figures->forgotten_keys == 4,
	      "the totals are those of all CPUs");
	tables.cpus[1].tops[TOP_SOURCES].all = (struct traffic_counter){ 5, 50 };
	tops_read(tables.tops);
	check(figures->recent.packets == 5 && figures->recent.bytes == 50,
	      "of them too it is known what came since the last reading");
	close_tables(&tables);
}

static const struct {
	enum top_table table;
	unsigned char address[16];
	uint64_t service;
	struct top_prefixes prefixes;
	const char *text;
} names[] = {
	{ TOP_SOURCES, { [10] = 0xff, 0xff, 192, 0, 2, 1 }, 0, { 32, 128 }, "192.0.2.1" },
	{ TOP_SOURCES, { [10] = 0xff, 0xff, 192, 0, 2, 0 }, 0, { 24, 64 }, "192.0.2.0/24" },
	{ TOP_DESTINATIONS, { [10] = 0xff, 0xff, 0, 0, 0, 0 }, 0, { 0, 0 }, "0.0.0.0/0" },
	{ TOP_DESTINATIONS, { 0x20, 1, 0xd, 0xb8, [15] = 1 }, 0, { 32, 128 }, "2001:db8::1" },
	{ TOP_SOURCES, { 0x20, 1, 0xd, 0xb8 }, 0, { 24, 64 }, "2001:db8::/64" },
	{ TOP_SOURCES, { 0 }, 0, { 24, 128 }, "::" },
	{ TOP_SERVICES, { 0 }, TOP_SERVICE_KEY(IPPROTO_TCP, 443), { 24, 64 }, "tcp/443" },
	{ TOP_SERVICES, { 0 }, TOP_SERVICE_KEY(IPPROTO_UDP, 0), { 32, 128 }, "udp/0" },
	{ TOP_SERVICES, { 0 }, TOP_SERVICE_KEY(IPPROTO_SCTP, 65535), { 32, 128 }, "sctp/65535" },
	{ TOP_SERVICES, { 0 }, TOP_SERVICE_KEY(255, 1), { 32, 128 }, "255/1" },
};

static void test_names(void)
{
	char text[TOP_NAME_BYTES];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct top_key key = { .low = names[i].service };

		if (names[i].table != TOP_SERVICES)
			memcpy(&key, names[i].address, sizeof(key));
		tops_format(names[i].table, &key, &names[i].prefixes, text);
		check(strcmp(text, names[i].text) == 0, "a key is shown as %s", names[i].text);
		check_note("it is '%s'", text);
	}
}

int main(void)
{
	test_order();
	test_equal_rows();
	test_cpus();
	test_recent();
	test_totals();
	test_names();
	return check_finish();
}
