/* SPDX-License-Identifier: GPL-2.0-only */
/* Reads the statistics of the interface over rtnetlink(7), and /proc; see early_drops.h. */
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

static int take_link(void *context, uint16_t type, struct bytes message)
{
	struct early_drops *drops = context;
	struct bytes value;
	uint16_t attribute;
	uint64_t dropped;

	if (type != RTM_NEWLINK || bytes_skip(&message, sizeof(struct ifinfomsg)))
		return 0;
	while (!netlink_take_attribute(&message, &attribute, &value))
		if (attribute == IFLA_STATS64 && !early_drops_parse_stats(value, &dropped))
			early_drops_count(&drops->interface, dropped, 64);
	return 0;
}

static void read_interface(struct early_drops *drops)
{
	struct netlink_link_request request = netlink_link_request(drops->ifindex, NLM_F_ACK);

	/* An interface that is gone has no more to say. */
	(void)netlink_ask(&request, sizeof(request), take_link, drops);
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

void early_drops_start(struct early_drops *drops, unsigned int ifindex)
{
	*drops = (struct early_drops){ .ifindex = ifindex };
	early_drops_read(drops);
}

void early_drops_stop(struct early_drops *drops)
{
	free(drops->cpus);
	*drops = (struct early_drops){};
}

void early_drops_read(struct early_drops *drops)
{
	read_interface(drops);
	read_softnet(drops);
}

uint64_t early_drops_interface(const struct early_drops *drops)
{
	return drops->interface.growth;
}

uint64_t early_drops_softnet(const struct early_drops *drops)
{
	uint64_t sum = 0;

	for (size_t cpu = 0; cpu < drops->cpu_count; cpu++)
		sum += drops->cpus[cpu].growth;
	return sum;
}
