/* SPDX-License-Identifier: GPL-2.0-only */
/* An array that only grows, and a hash of ifindexes into it; see interface_table.h. */
#include "interface_table.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>

/* Half full at most; a power of two. Open addressing, the next slot is tried. */
#define SLOTS (INTERFACE_TABLE_ENTRIES * 2)

struct interface_table {
	uint32_t count;        /* written last */
	uint32_t slots[SLOTS]; /* number of the entry + 1; 0: free */
	struct interface_entry entries[INTERFACE_TABLE_ENTRIES];
};

struct interface_table *interface_table_new(void)
{
	struct interface_table *table = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE,
					     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return table == MAP_FAILED ? NULL : table;
}

void interface_table_free(struct interface_table *table)
{
	if (table)
		munmap(table, sizeof(*table));
}

/* The slot of an ifindex, or the free one where it belongs. */
static size_t find_slot(const struct interface_table *table, uint32_t ifindex)
{
	size_t slot = ifindex % SLOTS;
	uint32_t number;

	for (;; slot = (slot + 1) % SLOTS) {
		number = __atomic_load_n(&table->slots[slot], __ATOMIC_ACQUIRE);
		if (!number || table->entries[number - 1].ifindex == ifindex)
			return slot;
	}
}

int interface_table_add(struct interface_table *table, const struct interface *interface)
{
	size_t slot = find_slot(table, interface->ifindex);
	uint32_t number = table->count;
	struct interface_entry *entry;

	if (table->slots[slot])
		return 0;
	if (number == INTERFACE_TABLE_ENTRIES)
		return -ENOSPC;
	entry = &table->entries[number];
	entry->ifindex = interface->ifindex;
	entry->hardware_type = interface->hardware_type;
	snprintf(entry->name, sizeof(entry->name), "%s", interface->name);
	__atomic_store_n(&table->slots[slot], number + 1, __ATOMIC_RELEASE);
	__atomic_store_n(&table->count, number + 1, __ATOMIC_RELEASE);
	return 0;
}

size_t interface_table_count(const struct interface_table *table)
{
	return __atomic_load_n(&table->count, __ATOMIC_ACQUIRE);
}

struct interface_entry *interface_table_at(struct interface_table *table, size_t number)
{
	return &table->entries[number];
}

const struct interface_entry *interface_table_get(const struct interface_table *table,
						  size_t number)
{
	return &table->entries[number];
}

size_t interface_table_find(const struct interface_table *table, uint32_t ifindex)
{
	uint32_t number =
		__atomic_load_n(&table->slots[find_slot(table, ifindex)], __ATOMIC_ACQUIRE);

	return number ? number - 1 : INTERFACE_TABLE_ENTRIES;
}
