/* SPDX-License-Identifier: GPL-2.0-only */
/* What counts as lost before the hook: fields, lines, and differences of readings. */
#include "../../user/early_drops.h"

#include <inttypes.h>
#include <linux/if_link.h>
#include <string.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *sentence;
	unsigned int bits;
	uint64_t readings[4];
	size_t count;
	uint64_t growth;
} counters[] = {
	{ "the first reading is what was before", 64, { 1000 }, 1, 0 },
	{ "what comes later counts", 64, { 1000, 1001, 1001, 1007 }, 4, 7 },
	{ "a counter that begins anew adds nothing then, and goes on", 64, { 1000, 3, 5 }, 3, 2 },
	{ "a counter that begins anew at 0 adds nothing then", 64, { 5000000000, 0, 0, 1 }, 4, 1 },
	{ "a counter of 32 bits may wrap", 32, { 0xfffffff0, 5 }, 2, 21 },
	{ "a counter of 32 bits that was reset from low adds nothing", 32, { 1000, 0 }, 2, 0 },
	{ "a counter of 32 bits that was reset from high adds nothing",
	  32,
	  { 3000000000, 0 },
	  2,
	  0 },
	{ "a counter of 64 bits does not wrap at 32", 64, { 0xfffffff0, 5 }, 2, 0 },
	{ "a counter of 64 bits has 64", 64, { 0xfffffff0, 0x100000005 }, 2, 21 },
	{ "a step back by one adds nothing", 64, { 10, 9, 10 }, 3, 1 },
};

static void test_counters(void)
{
	for (size_t i = 0; i < LENGTH(counters); i++) {
		struct early_drops_counter counter = {};

		for (size_t reading = 0; reading < counters[i].count; reading++)
			early_drops_count(&counter, counters[i].readings[reading],
					  counters[i].bits);
		check(counter.growth == counters[i].growth, "%s", counters[i].sentence);
		check_note("it has grown by %" PRIu64, counter.growth);
	}
}

/* Each field has another bit, so that the sum shows which were taken. */
static void test_stats(void)
{
	const struct rtnl_link_stats64 stats = {
		.rx_packets = 1,
		.rx_errors = 2,
		.rx_dropped = 4,
		.rx_over_errors = 8,
		.rx_fifo_errors = 16,
		.rx_missed_errors = 32,
		.tx_dropped = 64,
		.rx_nohandler = 128,
	};
	const size_t old = offsetof(struct rtnl_link_stats64, rx_nohandler) + 8;
	const size_t last = offsetof(struct rtnl_link_stats64, rx_missed_errors) + 8;
	uint8_t longer[sizeof(stats) + 64] = {};
	uint64_t dropped = 0;

	memcpy(longer, &stats, sizeof(stats));
	check(!early_drops_parse_stats(bytes_make(&stats, sizeof(stats)), &dropped) &&
		      dropped == 48,
	      "missed packets and overflows of the card count, and nothing else");
	check_note("it is %" PRIu64, dropped);
	check(!early_drops_parse_stats(bytes_make(&stats, old), &dropped) && dropped == 48,
	      "statistics of Linux 5.10, which are shorter, are read");
	check(!early_drops_parse_stats(bytes_make(longer, sizeof(longer)), &dropped) &&
		      dropped == 48,
	      "statistics of a later kernel, which are longer, are read");
	check(early_drops_parse_stats(bytes_make(&stats, last - 1), &dropped) == -EPROTO,
	      "statistics without the fields are refused");
}

static const struct {
	const char *sentence, *line;
	int error;
	unsigned int cpu;
	uint32_t dropped;
} lines[] = {
	{ "a line of Linux 5.10 is read",
	  "0113470f 00000011 00000002 00000000 00000000 00000000 00000000 00000000 00000000 "
	  "00000000 00000000 00000000 00000001\n",
	  0, 1, 17 },
	{ "a line of a later kernel is read",
	  "0113470f fffffffe 00000002 00000000 00000000 00000000 00000000 00000000 00000000 "
	  "00000000 00000000 00000000 000000ff 00000005 00000006\n",
	  0, 255, 0xfffffffe },
	{ "a line without a CPU is refused",
	  "0113470f 00000011 00000002 00000000 00000000 00000000 00000000 00000000 00000000\n",
	  -EPROTO, 0, 0 },
	{ "a word in a line is refused", "0113470f dropped 00000002\n", -EPROTO, 0, 0 },
	{ "an empty line is refused", "", -EPROTO, 0, 0 },
};

static void test_lines(void)
{
	for (size_t i = 0; i < LENGTH(lines); i++) {
		unsigned int cpu = 0;
		uint32_t dropped = 0;
		int error = early_drops_parse_softnet(lines[i].line, &cpu, &dropped);

		check(error == lines[i].error && cpu == lines[i].cpu && dropped == lines[i].dropped,
		      "%s", lines[i].sentence);
		check_note("error %d, CPU %u, %u dropped", error, cpu, dropped);
	}
}

/* Of this machine: nothing is known of what comes, but that it can be read. */
static void test_machine(void)
{
	struct interface_table *table = interface_table_new();
	const struct interface loopback = { .name = "lo", .ifindex = if_nametoindex("lo") };
	const struct interface missing = { .name = "missing", .ifindex = 0x7ffffff0 };
	struct early_drops drops = {};

	interface_table_add(table, &loopback);
	early_drops_start(&drops, table);
	check(drops.link_count == 1 && drops.links[0].was_read,
	      "the statistics of an interface can be read");
	check(drops.cpu_count > 0 && drops.cpus[0].was_read, "those of softnet can be read");
	interface_table_add(table, &missing);
	early_drops_read(&drops);
	check(!early_drops_interface(&drops) && !early_drops_softnet(&drops),
	      "nothing was dropped before the start, and nothing by an interface that is not there");
	for (unsigned int i = 0; i < 20; i++)
		interface_table_add(table, &(struct interface){ .ifindex = 0x70000000 + i });
	drops.links[0].was_read = false;
	early_drops_read(&drops);
	check(drops.links[0].was_read, "those of many interfaces can be read at once");
	early_drops_stop(&drops);
	interface_table_free(table);
}

int main(void)
{
	test_counters();
	test_stats();
	test_lines();
	test_machine();
	return check_finish();
}
