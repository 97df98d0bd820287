/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The interfaces that packets of this capture come from, in memory that keeper and writer
 * share: the keeper adds each before it attaches to it, the writer looks up what the file has
 * to say about it.
 */
#pragma once

#include <net/if.h>
#include <stddef.h>
#include <stdint.h>

#include "interfaces.h"

/* Over the time of a capture; when the table is full, the rest have no entry. */
#define INTERFACE_TABLE_ENTRIES 16384

struct interface_entry {
	uint32_t ifindex;
	uint16_t hardware_type; /* ARPHRD_ETHER, ... of <linux/if_arp.h> */
	char name[IF_NAMESIZE]; /* as it was when it was added */
	/* By the keeper, when the programs are detached: matched and lost in the kernel. */
	uint64_t dropped;
};

struct interface_table;

/* In shared memory, for processes that are forked from this one; NULL: no memory. */
struct interface_table *interface_table_new(void);
void interface_table_free(struct interface_table *table);

/*
 * Adds an interface, or leaves the entry of its ifindex. Only the keeper may. 0, or -ENOSPC
 * where the table is full.
 */
int interface_table_add(struct interface_table *table, const struct interface *interface);

/* In the order in which they were added; entries never move or change but for dropped. */
size_t interface_table_count(const struct interface_table *table);
struct interface_entry *interface_table_at(struct interface_table *table, size_t number);
const struct interface_entry *interface_table_get(const struct interface_table *table,
						  size_t number);

/* The number of an entry; INTERFACE_TABLE_ENTRIES: there is none. */
size_t interface_table_find(const struct interface_table *table, uint32_t ifindex);
