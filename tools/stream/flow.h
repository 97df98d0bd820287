/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of conversations: whose packets have the same two addresses and ports, in either
 * direction. Open addressing; what was silent longest is at the end of a list, for whoever needs room.
 */
#pragma once

#include <stdbool.h>

#include "streams.h"

/* Both ends, the lower one first, so that it is the same for either direction. */
struct flow_key {
	uint8_t addresses[2][16];
	uint16_t ports[2];
	uint8_t address_kind;
	uint8_t ip_protocol;
	uint16_t zero;
};

struct flow {
	struct conversation conversation; /* what others see of it */
	struct flow_key key;
	uint32_t hash;
	uint8_t first_end;    /* index of the one in the key that spoke first: side 0 */
	uint64_t last_packet; /* number of the last packet */
	struct flow *newer, *older;
};

struct flow_table {
	struct flow **slots; /* a power of two of them, at least half of them empty */
	uint32_t slot_count;
	uint32_t flow_count;
	uint64_t seed;
	struct flow *newest, *oldest;
};

/* -ENOMEM. */
int flow_table_init(struct flow_table *table);
/* The flows are not freed. */
void flow_table_free(struct flow_table *table);

/* Makes the key. Returns the index in it of who sent the packet. */
unsigned int flow_key_make(const struct dissection_flow *flow, uint8_t ip_protocol,
			   struct flow_key *ret_key);

/* NULL: it has none. One that is found is the newest. */
struct flow *flow_table_find(struct flow_table *table, const struct flow_key *key);

/* How much more memory the table takes when one flow is added; 0 most of the time. */
size_t flow_table_growth(const struct flow_table *table);

/* Adds a flow, whose key is set, as the newest. -ENOMEM. */
int flow_table_add(struct flow_table *table, struct flow *flow);
/* Makes it the newest. */
void flow_table_renew(struct flow_table *table, struct flow *flow);
void flow_table_remove(struct flow_table *table, struct flow *flow);
