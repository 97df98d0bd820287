/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the statistics of the interfaces over rtnetlink(7), and /proc; see early_drops.h. */
#include "early_drops.h"

#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "netlink.h"

#define SOFTNET_PATH "/proc/net/softnet_stat"
#define SOFTNET_DROPPED_COLUMN 2
#define SOFTNET_CPU_COLUMN 13
#define MAXIMUM_CPUS 65536
#define MAXIMUM_SINGLE_QUESTIONS 8
/* More than this between two readings is no wrap but a counter that was reset. */
#define MAXIMUM_WRAP (1u << 24)

void early_drops_count(struct early_drops_counter *counter, uint64_t value, unsigned int bits)
{
	uint64_t mask = bits < 64 ? (1ull << bits) - 1 : UINT64_MAX;
	uint64_t growth = (value - counter->last) & mask;

	if (counter->was_read && (value >= counter->last || growth <= MAXIMUM_WRAP))
		counter->growth += growth;
	counter->was_read = true;
	counter->last = value;
}

int early_drops_parse_stats(struct bytes value, uint64_t *ret_dropped)
{
	struct rtnl_link_stats64 stats = {};
	size_t length = value.length < sizeof(stats) ? value.length : sizeof(stats);

	/* Kernels differ in what is behind the fields that are read here. */
	if (length < offsetof(struct rtnl_link_stats64, rx_missed_errors) + sizeof(uint64_t))
		return -EPROTO;
	memcpy(&stats, value.data, length);
	*ret_dropped = stats.rx_missed_errors + stats.rx_fifo_errors;
	return 0;
}

int early_drops_parse_softnet(const char *line, unsigned int *ret_cpu, uint32_t *ret_dropped)
{
	unsigned long value, dropped = 0;
	char *end;

	for (int column = 1; column <= SOFTNET_CPU_COLUMN; column++, line = end) {
		value = strtoul(line, &end, 16);
		if (end == line || value > UINT32_MAX)
			return -EPROTO;
		if (column == SOFTNET_DROPPED_COLUMN)
			dropped = value;
	}
	*ret_cpu = (unsigned int)value;
	*ret_dropped = (uint32_t)dropped;
	return 0;
}

/* The counter of a link, which may be a new one; NULL: of no concern, or no memory. */
static struct early_drops_counter *link_counter(struct early_drops *drops, unsigned int ifindex)
{
	size_t count = interface_table_count(drops->interfaces);
	size_t number = interface_table_find(drops->interfaces, ifindex);
	struct early_drops_counter *grown;

	if (number >= count)
		return NULL;
	if (count > drops->link_count) {
		grown = realloc(drops->links, count * sizeof(*grown));
		if (!grown)
			return NULL;
		memset(grown + drops->link_count, 0, (count - drops->link_count) * sizeof(*grown));
		drops->links = grown;
		drops->link_count = count;
	}
	return &drops->links[number];
}

/* <linux/if_link.h>: struct if_stats_msg, then attributes. */
static int take_stats(void *context, uint16_t type, struct bytes message)
{
	struct early_drops *drops = context;
	struct early_drops_counter *counter;
	struct if_stats_msg header;
	struct bytes value;
	uint16_t attribute;
	uint64_t dropped;

	if (type != RTM_NEWSTATS || bytes_copy(&message, &header, sizeof(header)))
		return 0;
	counter = link_counter(drops, header.ifindex);
	while (counter && !netlink_take_attribute(&message, &attribute, &value))
		if (attribute == IFLA_STATS_LINK_64 && !early_drops_parse_stats(value, &dropped))
			early_drops_count(counter, dropped, 64);
	return 0;
}

/* One by one where they are few, else all of the machine at once. Those that are gone say nothing. */
static void read_links(struct early_drops *drops)
{
	size_t count = interface_table_count(drops->interfaces);
	struct netlink_stats_request request = netlink_stats_request(0, NLM_F_DUMP);

	if (count > MAXIMUM_SINGLE_QUESTIONS) {
		(void)netlink_ask(&request, sizeof(request), take_stats, drops);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		request = netlink_stats_request(interface_table_get(drops->interfaces, i)->ifindex,
						NLM_F_ACK);
		(void)netlink_ask(&request, sizeof(request), take_stats, drops);
	}
}

/* The counter of a CPU, which may be a new one; NULL where there is no memory for it. */
static struct early_drops_counter *cpu_counter(struct early_drops *drops, unsigned int cpu)
{
	struct early_drops_counter *grown;

	if (cpu < drops->cpu_count)
		return &drops->cpus[cpu];
	grown = cpu < MAXIMUM_CPUS ? realloc(drops->cpus, (cpu + 1) * sizeof(*grown)) : NULL;
	if (!grown)
		return NULL;
	memset(grown + drops->cpu_count, 0, (cpu + 1 - drops->cpu_count) * sizeof(*grown));
	drops->cpus = grown;
	drops->cpu_count = cpu + 1;
	return &grown[cpu];
}

/* CPUs that are offline have no line, and keep their counters until they are back. */
static void read_softnet(struct early_drops *drops)
{
	_cleanup_fclose_ FILE *file = fopen(SOFTNET_PATH, "re");
	struct early_drops_counter *counter;
	unsigned int cpu;
	uint32_t dropped;
	char line[512];

	while (file && fgets(line, sizeof(line), file)) {
		if (early_drops_parse_softnet(line, &cpu, &dropped))
			continue;
		counter = cpu_counter(drops, cpu);
		if (counter)
			early_drops_count(counter, dropped, 32);
	}
}

void early_drops_start(struct early_drops *drops, const struct interface_table *interfaces)
{
	*drops = (struct early_drops){ .interfaces = interfaces };
	early_drops_read(drops);
}

void early_drops_stop(struct early_drops *drops)
{
	free(drops->links);
	free(drops->cpus);
	*drops = (struct early_drops){};
}

void early_drops_read(struct early_drops *drops)
{
	read_links(drops);
	read_softnet(drops);
}

uint64_t early_drops_interface(const struct early_drops *drops)
{
	uint64_t sum = 0;

	for (size_t link = 0; link < drops->link_count; link++)
		sum += drops->links[link].growth;
	return sum;
}

uint64_t early_drops_softnet(const struct early_drops *drops)
{
	uint64_t sum = 0;

	for (size_t cpu = 0; cpu < drops->cpu_count; cpu++)
		sum += drops->cpus[cpu].growth;
	return sum;
}
