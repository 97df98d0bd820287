/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A set of addresses and prefixes, as `host in FILE` has it: read or collected here, sorted,
 * and asked in user space (vm.c). set_code.c makes the instructions that ask it in the
 * kernel, set_maps.c the kernel's maps, from the same tables.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

#include "../base/error.h"

/* An error is better than a machine without memory. */
#define HOSTSET_MAXIMUM_ENTRIES 10000000u

/* Each table is a map of its own in the kernel, and a gate before it. */
enum hostset_kind {
	HOSTSET_IPV4_ADDRESSES,
	HOSTSET_IPV4_PREFIXES,
	HOSTSET_IPV6_ADDRESSES,
	HOSTSET_IPV6_PREFIXES,
	HOSTSET_KIND_COUNT,
};

/* Addresses in network byte order, IPv4 in the first word. */
struct hostset_entry {
	bool is_ipv6;
	uint8_t bits; /* of the prefix; 32 or 128 for a single address */
	uint32_t address_be[4];
};

/*
 * The gate is a bitmap: an address whose bit is not set is not in the table. The bit is found
 * by hashing the first words of the address, masked: all of them for addresses, as much
 * as the prefixes have in common for prefixes. The seed is another one for each gate, so
 * nobody can aim at addresses that pass it.
 */
struct hostset_gate {
	uint32_t seed;
	uint32_t words;
	uint32_t mask_be[4];
	uint32_t bits; /* of the bitmap, a power of two */
	uint8_t *bitmap;
};

struct hostset_table {
	size_t count; /* 0: no gate either */
	size_t capacity;
	uint8_t *keys; /* as the kernel's maps have them, sorted by address; none twice */
	struct hostset_gate gate;
};

/* Which file was read, and in which state. */
struct hostset_file {
	dev_t device;
	ino_t inode;
	off_t bytes;
	struct timespec modified;
	struct timespec changed;
};

struct hostset {
	struct hostset_table tables[HOSTSET_KIND_COUNT];
	size_t left_out; /* entries that others say already */
	char *path;      /* NULL: the addresses are in the expression */
	bool takes_prefixes;
	struct hostset_file file;
};

/* An empty set, or -ENOMEM. */
int hostset_new(struct hostset **ret_set);
void hostset_free(struct hostset *set);

/* Bits of the address behind the prefix must be 0. -E2BIG, -ENOMEM. */
int hostset_add(struct hostset *set, const struct hostset_entry *entry);

/* Sorts, drops what is there twice or inside a prefix, makes the gates; then it can be asked. */
int hostset_finish(struct hostset *set);

/*
 * Reads one address or prefix a line, "#" begins a comment. Without takes_prefixes a prefix
 * is an error. Returns 0 with a finished set, or a negative errno with *reterr filled in, for
 * a bad line "PATH:LINE: what is wrong".
 */
int hostset_read_file(const char *path, bool takes_prefixes, struct hostset **ret_set,
		      struct error *reterr);

/* The state of the file at a path; a negative errno if it cannot be asked, or is no file. */
int hostset_stat_file(const char *path, struct hostset_file *ret_file);
bool hostset_file_is_same(const struct hostset_file *a, const struct hostset_file *b);

/* Addresses and prefixes, of both families. */
size_t hostset_address_count(const struct hostset *set);
size_t hostset_prefix_count(const struct hostset *set);

bool hostset_contains(const struct hostset *set, bool is_ipv6, const uint32_t address_be[4]);

/* What the kernel's map of one table answers, and the bit that its gate looks at. */
bool hostset_table_contains(const struct hostset *set, enum hostset_kind kind,
			    const uint32_t *address_be);
uint32_t hostset_gate_bit(const struct hostset_gate *gate, const uint32_t *address_be);

/*
 * A key is the address (1 or 4 words), in a table of prefixes behind a word with the number
 * of bits in host byte order (struct bpf_lpm_trie_key).
 */
bool hostset_kind_is_prefixes(enum hostset_kind kind);
size_t hostset_kind_words(enum hostset_kind kind);
size_t hostset_kind_key_bytes(enum hostset_kind kind);

/*
 * Instructions name a map by its number: of a set's eight, two for each kind, the gate and
 * the table. Those of an empty table do not exist.
 */
#define HOSTSET_MAPS (HOSTSET_KIND_COUNT * 2)
#define HOSTSET_GATE_MAP(set, kind) ((set) * HOSTSET_MAPS + (kind) * 2)
#define HOSTSET_TABLE_MAP(set, kind) ((set) * HOSTSET_MAPS + (kind) * 2 + 1)

/* How many of the eight exist. */
size_t hostset_map_count(const struct hostset *set);

/* From hash = seed, for each word: hash = (hash ^ word) * MULTIPLIER; hash ^= hash >> SHIFT. */
#define HOSTSET_HASH_MULTIPLIER 0x2545f491
#define HOSTSET_HASH_SHIFT 32
