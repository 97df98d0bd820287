/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets that were lost before the hook could count them.
 *
 * By the interface: rx_missed_errors (no room in the card's buffers or the host's) and
 * rx_fifo_errors of struct rtnl_link_stats64, the two that libpcap adds up too. Not rx_dropped:
 * dev_get_stats() adds to the driver's figure what the stack drops behind the hook for want of
 * a receiver (__netif_receive_skb_core(), dev_core_stats_rx_dropped_inc()), so that a packet
 * that we have seen would count as lost; nor rx_nohandler, which is counted there alone. Nor
 * rx_over_errors, which old drivers count in addition to rx_fifo_errors for the same packet,
 * nor rx_errors: frames with a wrong checksum are not packets that one could capture. Cards
 * that count what they lose as rx_dropped alone (ENA, gVNIC) are the price.
 *
 * By softnet: column 2 of /proc/net/softnet_stat (enqueue_to_backlog()), the backlogs in front
 * of the stack that packets of veth, loopback, tunnels and RPS go through; of all interfaces.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "interface_table.h"

/* A counter of the kernel's, and what it grew by since it was first read. */
struct early_drops_counter {
	bool was_read;
	uint64_t last;
	uint64_t growth;
};

struct early_drops {
	const struct interface_table *interfaces;
	struct early_drops_counter *links; /* by their number in the table; owned */
	size_t link_count;
	struct early_drops_counter *cpus; /* softnet, cpu_count of them; owned */
	size_t cpu_count;
};

/*
 * Reads all counters for the first time; what cannot be read stays 0. The struct is zeroed
 * before, so that it can be stopped without having been started.
 */
void early_drops_start(struct early_drops *drops, const struct interface_table *interfaces);
void early_drops_stop(struct early_drops *drops);

/*
 * Reads them again; those of interfaces that are new in the table count from here on. What a
 * counter of an interface that is gone had grown by stays.
 */
void early_drops_read(struct early_drops *drops);

/* Packets since the start. */
uint64_t early_drops_interface(const struct early_drops *drops);
uint64_t early_drops_softnet(const struct early_drops *drops);

/* The inner parts, for tests. */

/*
 * Takes a reading of a counter that has so many bits. It may wrap; a driver that was loaded
 * anew begins at 0. What is less than before by more than a wrap explains adds nothing.
 */
void early_drops_count(struct early_drops_counter *counter, uint64_t value, unsigned int bits);

/* The sum of the two fields in a struct rtnl_link_stats64; -EPROTO where they are not in it. */
int early_drops_parse_stats(struct bytes value, uint64_t *ret_dropped);

/* A line of /proc/net/softnet_stat: the CPU, in column 13 (Linux 5.7), and what it dropped. */
int early_drops_parse_softnet(const char *line, unsigned int *ret_cpu, uint32_t *ret_dropped);
