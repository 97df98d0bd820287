/* SPDX-License-Identifier: GPL-2.0-only */
/* See flow.h. */
#include "flow.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define FIRST_SLOTS 1024u

_Static_assert(sizeof(struct flow_key) == 40, "a key has no padding: it is compared as bytes");

int flow_table_init(struct flow_table *table)
{
	*table = (struct flow_table){ .slot_count = FIRST_SLOTS };
	/* Who makes packets must not know which of them collide. */
	if (getrandom(&table->seed, sizeof(table->seed), GRND_NONBLOCK) != sizeof(table->seed))
		table->seed = (uint64_t)(uintptr_t)table;
	table->slots = calloc(table->slot_count, sizeof(*table->slots));
	return table->slots ? 0 : -ENOMEM;
}

void flow_table_free(struct flow_table *table)
{
	free(table->slots);
	table->slots = NULL;
}

/* Both in their order; `bytes` is known to the compiler. Returns the index of the source. */
static inline unsigned int set_ends(const struct dissection_flow *flow, size_t bytes,
				    struct flow_key *key)
{
	int order = bytes ? memcmp(flow->source.bytes, flow->destination.bytes, bytes) : 0;
	unsigned int source;

	if (!order)
		order = (int)flow->source_port - (int)flow->destination_port;
	source = order > 0;
	if (bytes) {
		memcpy(key->addresses[source], flow->source.bytes, bytes);
		memcpy(key->addresses[!source], flow->destination.bytes, bytes);
	}
	key->ports[source] = flow->source_port;
	key->ports[!source] = flow->destination_port;
	return source;
}

unsigned int flow_key_make(const struct dissection_flow *flow, uint8_t ip_protocol,
			   struct flow_key *ret_key)
{
	*ret_key = (struct flow_key){
		.address_kind = (uint8_t)flow->source.kind,
		.ip_protocol = ip_protocol,
	};
	switch (flow->source.kind) {
	case ADDRESS_MAC:
		return set_ends(flow, 6, ret_key);
	case ADDRESS_IPV4:
		return set_ends(flow, 4, ret_key);
	case ADDRESS_IPV6:
		return set_ends(flow, 16, ret_key);
	default:
		return set_ends(flow, 0, ret_key);
	}
}

static uint32_t hash_key(const struct flow_table *table, const struct flow_key *key)
{
	uint64_t words[sizeof(*key) / 8], hash = table->seed;

	memcpy(words, key, sizeof(*key));
	for (size_t i = 0; i < sizeof(*key) / 8; i++) {
		/* Both halves of the product: no bit of the word stays where it was. */
		unsigned __int128 product = (unsigned __int128)(words[i] ^ hash) *
					    (0x9e3779b97f4a7c15u ^ (table->seed << 1));

		hash = (uint64_t)product ^ (uint64_t)(product >> 64) ^ (hash << 7 | hash >> 57);
	}
	return (uint32_t)(hash ^ hash >> 32);
}

static void unlink_flow(struct flow_table *table, struct flow *flow)
{
	*(flow->newer ? &flow->newer->older : &table->newest) = flow->older;
	*(flow->older ? &flow->older->newer : &table->oldest) = flow->newer;
}

static void link_newest(struct flow_table *table, struct flow *flow)
{
	flow->newer = NULL;
	flow->older = table->newest;
	*(table->newest ? &table->newest->newer : &table->oldest) = flow;
	table->newest = flow;
}

void flow_table_renew(struct flow_table *table, struct flow *flow)
{
	unlink_flow(table, flow);
	link_newest(table, flow);
}

struct flow *flow_table_find(struct flow_table *table, const struct flow_key *key)
{
	uint32_t mask = table->slot_count - 1, hash;
	struct flow *flow = table->newest;

	/* Packets of one conversation often come one behind the other. */
	if (flow && memcmp(&flow->key, key, sizeof(*key)) == 0)
		return flow;
	hash = hash_key(table, key);
	for (uint32_t at = hash & mask; (flow = table->slots[at]); at = (at + 1) & mask) {
		if (flow->hash != hash || memcmp(&flow->key, key, sizeof(*key)) != 0)
			continue;
		flow_table_renew(table, flow);
		return flow;
	}
	return NULL;
}

static void put(struct flow **slots, uint32_t slot_count, struct flow *flow)
{
	uint32_t at = flow->hash & (slot_count - 1);

	while (slots[at])
		at = (at + 1) & (slot_count - 1);
	slots[at] = flow;
}

static bool is_half_full(const struct flow_table *table)
{
	return table->flow_count + 1 > table->slot_count / 2;
}

size_t flow_table_growth(const struct flow_table *table)
{
	return is_half_full(table) ? table->slot_count * sizeof(*table->slots) : 0;
}

static int grow(struct flow_table *table)
{
	uint32_t slot_count = table->slot_count * 2;
	struct flow **slots = calloc(slot_count, sizeof(*slots));

	if (!slots)
		return -ENOMEM;
	for (struct flow *flow = table->newest; flow; flow = flow->older)
		put(slots, slot_count, flow);
	free(table->slots);
	table->slots = slots;
	table->slot_count = slot_count;
	return 0;
}

int flow_table_add(struct flow_table *table, struct flow *flow)
{
	if (is_half_full(table) && grow(table))
		return -ENOMEM;
	flow->hash = hash_key(table, &flow->key);
	put(table->slots, table->slot_count, flow);
	link_newest(table, flow);
	table->flow_count++;
	return 0;
}

/* Those behind the hole that were pushed there move up, so that no search ends too early. */
static void close_hole(struct flow_table *table, uint32_t hole)
{
	uint32_t mask = table->slot_count - 1;

	for (uint32_t at = (hole + 1) & mask; table->slots[at]; at = (at + 1) & mask) {
		uint32_t home = table->slots[at]->hash & mask;

		if (((at - home) & mask) < ((at - hole) & mask))
			continue;
		table->slots[hole] = table->slots[at];
		table->slots[at] = NULL;
		hole = at;
	}
}

void flow_table_remove(struct flow_table *table, struct flow *flow)
{
	uint32_t mask = table->slot_count - 1, at = flow->hash & mask;

	while (table->slots[at] != flow)
		at = (at + 1) & mask;
	table->slots[at] = NULL;
	close_hole(table, at);
	unlink_flow(table, flow);
	table->flow_count--;
}
