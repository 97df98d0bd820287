/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of addresses and prefixes: sorted tables with a bitmap before each. What the sets are
 * for is in hostset.h, why they are as they are in docs/DESIGN.md, section 4.
 */
#include "hostset.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

/* Smaller gates would gain nothing, larger ones no map can hold (KMALLOC_MAX_SIZE). */
#define MINIMUM_GATE_BITS (1u << 15)
#define GENEROUS_GATE_BITS (1u << 19)
#define MAXIMUM_GATE_BITS (1u << 25)
/* Bits per block of addresses that is in the set: one wrong "perhaps" in so many. */
#define GENEROUS_BITS_PER_BLOCK 256
#define BITS_PER_BLOCK 32
/* Blocks that the gate of a table of prefixes may consist of. */
#define BLOCKS_PER_PREFIX 16
#define MINIMUM_BLOCKS 4096
#define MAXIMUM_BLOCKS (1u << 21)
/* The gate of a table of prefixes reads no more of an address than this. */
#define MAXIMUM_GATE_PREFIX 64u

struct shape {
	size_t words;      /* of an address */
	size_t address_at; /* in a key */
	size_t key_bytes;
};

static const struct shape shapes[HOSTSET_KIND_COUNT] = {
	[HOSTSET_IPV4_ADDRESSES] = { 1, 0, 4 },
	[HOSTSET_IPV4_PREFIXES] = { 1, 4, 8 },
	[HOSTSET_IPV6_ADDRESSES] = { 4, 0, 16 },
	[HOSTSET_IPV6_PREFIXES] = { 4, 4, 20 },
};

bool hostset_kind_is_prefixes(enum hostset_kind kind)
{
	return shapes[kind].address_at > 0;
}

size_t hostset_kind_words(enum hostset_kind kind)
{
	return shapes[kind].words;
}

size_t hostset_kind_key_bytes(enum hostset_kind kind)
{
	return shapes[kind].key_bytes;
}

int hostset_new(struct hostset **ret_set)
{
	*ret_set = calloc(1, sizeof(**ret_set));
	return *ret_set ? 0 : -ENOMEM;
}

void hostset_free(struct hostset *set)
{
	if (!set)
		return;
	for (size_t kind = 0; kind < HOSTSET_KIND_COUNT; kind++) {
		free(set->tables[kind].keys);
		free(set->tables[kind].gate.bitmap);
	}
	free(set->path);
	free(set);
}

static enum hostset_kind kind_of(const struct hostset_entry *entry)
{
	if (entry->is_ipv6)
		return entry->bits == 128 ? HOSTSET_IPV6_ADDRESSES : HOSTSET_IPV6_PREFIXES;
	return entry->bits == 32 ? HOSTSET_IPV4_ADDRESSES : HOSTSET_IPV4_PREFIXES;
}

int hostset_add(struct hostset *set, const struct hostset_entry *entry)
{
	const struct shape *shape = &shapes[kind_of(entry)];
	struct hostset_table *table = &set->tables[kind_of(entry)];
	uint32_t bits = entry->bits;
	uint8_t *key;

	if (table->count == table->capacity) {
		size_t larger = table->capacity ? table->capacity * 2 : 64;
		uint8_t *keys;

		if (table->count >= HOSTSET_MAXIMUM_ENTRIES)
			return -E2BIG;
		keys = reallocarray(table->keys, larger, shape->key_bytes);
		if (!keys)
			return -ENOMEM;
		table->keys = keys;
		table->capacity = larger;
	}
	key = table->keys + table->count++ * shape->key_bytes;
	if (shape->address_at > 0)
		memcpy(key, &bits, sizeof(bits));
	memcpy(key + shape->address_at, entry->address_be, shape->words * sizeof(uint32_t));
	return 0;
}

static const uint8_t *key_at(const struct hostset_table *table, const struct shape *shape,
			     size_t index)
{
	return table->keys + index * shape->key_bytes;
}

/* Of a key in a table of prefixes. */
static uint32_t prefix_bits(const uint8_t *key)
{
	uint32_t bits;

	memcpy(&bits, key, sizeof(bits));
	return bits;
}

static uint32_t prefix_mask_be(uint32_t bits)
{
	return bits == 0 ? 0 : htonl(UINT32_MAX << (32 - bits));
}

/* The mask for one word of an address: of its bits, those that are among the first `bits`. */
static uint32_t word_mask_be(uint32_t bits, size_t word)
{
	uint32_t before = (uint32_t)word * 32;

	if (bits <= before)
		return 0;
	return prefix_mask_be(bits - before < 32 ? bits - before : 32);
}

/* The address, in network byte order, begins with the first bits of the prefix. */
static bool is_inside(const void *address, const void *prefix, uint32_t bits, size_t words)
{
	for (size_t word = 0; word < words; word++) {
		uint32_t a, b;

		memcpy(&a, (const uint8_t *)address + word * sizeof(a), sizeof(a));
		memcpy(&b, (const uint8_t *)prefix + word * sizeof(b), sizeof(b));
		if ((a ^ b) & word_mask_be(bits, word))
			return false;
	}
	return true;
}

static int compare_ipv4(const void *left, const void *right, void *ignored)
{
	uint32_t a, b;

	(void)ignored;
	memcpy(&a, left, sizeof(a));
	memcpy(&b, right, sizeof(b));
	a = ntohl(a);
	b = ntohl(b);
	return a < b ? -1 : a > b;
}

/* By address, of equal ones the shorter prefix, which has the longer one inside, first. */
static int compare_keys(const void *left, const void *right, void *context)
{
	const struct shape *shape = context;
	const uint8_t *a = left, *b = right;
	int order = memcmp(a + shape->address_at, b + shape->address_at,
			   shape->words * sizeof(uint32_t));

	if (order || shape->address_at == 0)
		return order;
	return prefix_bits(a) < prefix_bits(b) ? -1 : prefix_bits(a) > prefix_bits(b);
}

static void sort_table(struct hostset_table *table, enum hostset_kind kind)
{
	struct shape shape = shapes[kind];

	if (table->count > 1)
		qsort_r(table->keys, table->count, shape.key_bytes,
			kind == HOSTSET_IPV4_ADDRESSES ? compare_ipv4 : compare_keys, &shape);
}

/* The key says nothing that the one before it does not say: equal, or inside of it. */
static bool is_said(const struct shape *shape, const uint8_t *before, const uint8_t *key)
{
	uint32_t bits = shape->address_at > 0 ? prefix_bits(before) : (uint32_t)shape->words * 32;

	return is_inside(key + shape->address_at, before + shape->address_at, bits, shape->words);
}

/* Leaves out what is there twice, and of single addresses what a prefix of the set has. */
static void drop_said(struct hostset *set, enum hostset_kind kind)
{
	struct hostset_table *table = &set->tables[kind];
	const struct shape *shape = &shapes[kind];
	bool has_prefixes = shape->address_at == 0 && set->tables[kind + 1].count > 0;
	size_t kept = 0;

	for (size_t i = 0; i < table->count; i++) {
		const uint8_t *key = key_at(table, shape, i);
		uint32_t address_be[4] = { 0 };

		memcpy(address_be, key + shape->address_at, shape->words * sizeof(uint32_t));
		if (kept > 0 && is_said(shape, key_at(table, shape, kept - 1), key))
			continue;
		if (has_prefixes && hostset_table_contains(set, kind + 1, address_be))
			continue;
		if (kept < i)
			memmove(table->keys + kept * shape->key_bytes, key, shape->key_bytes);
		kept++;
	}
	set->left_out += table->count - kept;
	table->count = kept;
}

/* Index of the last key whose address is not above the given one; count if there is none. */
static size_t find_last(const struct hostset_table *table, const struct shape *shape,
			const uint32_t *address_be)
{
	size_t low = 0, high = table->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (memcmp(key_at(table, shape, middle) + shape->address_at, address_be,
			   shape->words * sizeof(uint32_t)) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? low - 1 : table->count;
}

/* No prefix is inside another, so only the last one that does not begin later can have it. */
bool hostset_table_contains(const struct hostset *set, enum hostset_kind kind,
			    const uint32_t *address_be)
{
	const struct hostset_table *table = &set->tables[kind];
	const struct shape *shape = &shapes[kind];
	size_t found = find_last(table, shape, address_be);
	const uint8_t *key;

	if (found == table->count)
		return false;
	key = key_at(table, shape, found);
	return is_inside(address_be, key + shape->address_at,
			 shape->address_at > 0 ? prefix_bits(key) : (uint32_t)shape->words * 32,
			 shape->words);
}

bool hostset_contains(const struct hostset *set, bool is_ipv6, const uint32_t address_be[4])
{
	enum hostset_kind addresses = is_ipv6 ? HOSTSET_IPV6_ADDRESSES : HOSTSET_IPV4_ADDRESSES;

	return hostset_table_contains(set, addresses, address_be) ||
	       hostset_table_contains(set, addresses + 1, address_be);
}

uint32_t hostset_gate_bit(const struct hostset_gate *gate, const uint32_t *address_be)
{
	uint64_t hash = gate->seed;

	for (size_t word = 0; word < gate->words; word++) {
		hash = (hash ^ (address_be[word] & gate->mask_be[word])) * HOSTSET_HASH_MULTIPLIER;
		hash ^= hash >> HOSTSET_HASH_SHIFT;
	}
	return (uint32_t)hash & (gate->bits - 1);
}

/* Blocks of addresses with the same first `prefix` bits that the prefixes touch. */
static uint64_t count_blocks(const size_t prefixes_of_bits[static 129], uint32_t prefix)
{
	uint64_t blocks = 0;

	for (uint32_t bits = 0; bits <= 128; bits++) {
		uint32_t missing = bits < prefix ? prefix - bits : 0;

		if (prefixes_of_bits[bits] == 0)
			continue;
		if (missing > 32)
			return UINT64_MAX;
		blocks += (uint64_t)prefixes_of_bits[bits] << missing;
	}
	return blocks;
}

/* How much of an address the gate reads: the more, the fewer addresses pass for nothing. */
static uint32_t choose_gate_prefix(const struct hostset_table *table, const struct shape *shape,
				   uint64_t *ret_blocks)
{
	uint64_t most = table->count * BLOCKS_PER_PREFIX;
	size_t prefixes_of_bits[129] = { 0 };
	uint32_t prefix = 0;

	for (size_t i = 0; i < table->count; i++) {
		uint32_t bits = prefix_bits(key_at(table, shape, i));

		prefixes_of_bits[bits]++;
		prefix = bits > prefix ? bits : prefix;
	}
	most = most < MINIMUM_BLOCKS ? MINIMUM_BLOCKS : most;
	most = most > MAXIMUM_BLOCKS ? MAXIMUM_BLOCKS : most;
	prefix = prefix < MAXIMUM_GATE_PREFIX ? prefix : MAXIMUM_GATE_PREFIX;
	while (prefix > 0 && count_blocks(prefixes_of_bits, prefix) > most)
		prefix--;
	*ret_blocks = count_blocks(prefixes_of_bits, prefix);
	return prefix;
}

static uint32_t choose_gate_bits(uint64_t blocks)
{
	uint64_t wanted = blocks * GENEROUS_BITS_PER_BLOCK;
	uint32_t bits = MINIMUM_GATE_BITS;

	if (wanted > GENEROUS_GATE_BITS)
		wanted = GENEROUS_GATE_BITS;
	if (wanted < blocks * BITS_PER_BLOCK)
		wanted = blocks * BITS_PER_BLOCK;
	while (bits < wanted && bits < MAXIMUM_GATE_BITS)
		bits *= 2;
	return bits;
}

static void set_gate_bit(struct hostset_gate *gate, const uint32_t *address_be)
{
	uint32_t bit = hostset_gate_bit(gate, address_be);

	gate->bitmap[bit / 8] |= (uint8_t)(1u << bit % 8);
}

/* Sets the bits of all blocks of 64 - shift bits that a key touches. */
static void mark_key(struct hostset_gate *gate, const struct shape *shape, const uint8_t *key,
		     uint32_t gate_prefix)
{
	uint32_t bits = shape->address_at > 0 ? prefix_bits(key) : (uint32_t)shape->words * 32;
	uint64_t blocks = bits < gate_prefix ? 1ull << (gate_prefix - bits) : 1;
	uint32_t address_be[4] = { 0 };
	uint64_t first;

	memcpy(address_be, key + shape->address_at, shape->words * sizeof(uint32_t));
	first = (uint64_t)ntohl(address_be[0]) << 32 | ntohl(address_be[1]);
	set_gate_bit(gate, address_be);
	for (uint64_t block = 1; block < blocks; block++) {
		uint64_t start = first + (block << (64 - gate_prefix));

		address_be[0] = htonl((uint32_t)(start >> 32));
		address_be[1] = htonl((uint32_t)start);
		set_gate_bit(gate, address_be);
	}
}

static int make_gate(struct hostset_table *table, const struct shape *shape)
{
	struct hostset_gate *gate = &table->gate;
	uint32_t gate_prefix = (uint32_t)shape->words * 32;
	uint64_t blocks = table->count;

	if (table->count == 0)
		return 0;
	if (shape->address_at > 0)
		gate_prefix = choose_gate_prefix(table, shape, &blocks);
	gate->words = gate_prefix > 32 ? (gate_prefix + 31) / 32 : 1;
	for (size_t word = 0; word < gate->words; word++)
		gate->mask_be[word] = word_mask_be(gate_prefix, word);
	/* Never waits (Linux 5.6); without it the gate is as right, only known to everybody. */
	if (getrandom(&gate->seed, sizeof(gate->seed), GRND_INSECURE) < 0)
		gate->seed = 0;
	gate->bits = choose_gate_bits(blocks);
	gate->bitmap = calloc(gate->bits / 8, 1);
	if (!gate->bitmap)
		return -ENOMEM;
	for (size_t i = 0; i < table->count; i++)
		mark_key(gate, shape, key_at(table, shape, i), gate_prefix);
	return 0;
}

int hostset_finish(struct hostset *set)
{
	int error = 0;

	/* Prefixes first: addresses are looked up in them. */
	for (int kind = HOSTSET_KIND_COUNT - 1; kind >= 0; kind--) {
		sort_table(&set->tables[kind], (enum hostset_kind)kind);
		drop_said(set, (enum hostset_kind)kind);
	}
	for (size_t kind = 0; kind < HOSTSET_KIND_COUNT && !error; kind++)
		error = make_gate(&set->tables[kind], &shapes[kind]);
	return error;
}

size_t hostset_address_count(const struct hostset *set)
{
	return set->tables[HOSTSET_IPV4_ADDRESSES].count +
	       set->tables[HOSTSET_IPV6_ADDRESSES].count;
}

size_t hostset_prefix_count(const struct hostset *set)
{
	return set->tables[HOSTSET_IPV4_PREFIXES].count + set->tables[HOSTSET_IPV6_PREFIXES].count;
}

size_t hostset_map_count(const struct hostset *set)
{
	size_t count = 0;

	for (size_t kind = 0; kind < HOSTSET_KIND_COUNT; kind++)
		count += set->tables[kind].count > 0 ? 2 : 0;
	return count;
}
