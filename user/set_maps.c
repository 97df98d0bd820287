/* SPDX-License-Identifier: GPL-2.0-only */
/* Makes, fills and weighs the maps of host sets; see set_maps.h. */
#include "set_maps.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Keys that one system call takes. */
#define BATCH 65536u
/* The kernel's own, <linux/errno.h>: a map without batches, as LPM tries were at first. */
#define KERNEL_ENOTSUPP 524

/* What elements take in the kernel (64 bits): struct htab_elem and a bucket; a trie's node. */
#define HASH_ELEMENT_BYTES 48u
#define HASH_BUCKET_BYTES 16u
#define TRIE_NODE_BYTES 64u

struct set_maps {
	size_t set_count;
	int *fds;        /* HOSTSET_MAPS for each set; -1: there is none */
	uint64_t *bytes; /* of each set */
};

static uint64_t round_up(uint64_t value, uint64_t to)
{
	return (value + to - 1) / to * to;
}

static uint64_t power_of_two_from(uint64_t value)
{
	uint64_t power = 1;

	while (power < value)
		power *= 2;
	return power;
}

/* An element, its bucket; a trie has up to one inner node for each that says something. */
static uint64_t table_bytes(const struct hostset_table *table, enum hostset_kind kind)
{
	uint64_t key_bytes = round_up(hostset_kind_key_bytes(kind), 8);

	if (hostset_kind_is_prefixes(kind))
		return table->count * 2 * TRIE_NODE_BYTES;
	return table->count * (HASH_ELEMENT_BYTES + key_bytes + 8) +
	       power_of_two_from(table->count) * HASH_BUCKET_BYTES;
}

/* What the kernel counts for a map, proc(5); 0 where it does not tell. */
static uint64_t counted_bytes(int fd)
{
	_cleanup_fclose_ FILE *file = NULL;
	unsigned long long bytes = 0;
	char path[64], line[128];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (sscanf(line, "memlock: %llu", &bytes) == 1)
			break;
	return bytes;
}

static uint64_t larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

/* A map of one element, whose value the programs address directly and we by mmap(2). */
static int make_gate(const struct hostset_gate *gate, int *ret_fd)
{
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = BPF_F_MMAPABLE);
	uint32_t bytes = gate->bits / 8;
	void *bitmap;

	*ret_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "pktsieve_gate", sizeof(uint32_t), bytes, 1,
				 &options);
	if (*ret_fd < 0)
		return -errno;
	bitmap = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *ret_fd, 0);
	if (bitmap == MAP_FAILED)
		return -errno;
	memcpy(bitmap, gate->bitmap, bytes);
	munmap(bitmap, bytes);
	return 0;
}

static int fill_one_by_one(int fd, const uint8_t *keys, size_t count, size_t key_bytes)
{
	const uint8_t value = 1;

	for (size_t i = 0; i < count; i++)
		if (bpf_map_update_elem(fd, keys + i * key_bytes, &value, BPF_ANY))
			return -errno;
	return 0;
}

static int fill_table(int fd, const struct hostset_table *table, size_t key_bytes)
{
	_cleanup_free_ uint8_t *values = malloc(BATCH);

	if (!values)
		return -ENOMEM;
	memset(values, 1, BATCH);
	for (size_t done = 0; done < table->count; done += BATCH) {
		size_t left = table->count - done;
		uint32_t count = left < BATCH ? (uint32_t)left : BATCH;
		const uint8_t *keys = table->keys + done * key_bytes;

		if (!bpf_map_update_batch(fd, keys, values, &count, NULL))
			continue;
		if (errno != KERNEL_ENOTSUPP && errno != EOPNOTSUPP && errno != EINVAL)
			return -errno;
		return fill_one_by_one(fd, keys, left, key_bytes);
	}
	return 0;
}

static int make_table(const struct hostset_table *table, enum hostset_kind kind, int *ret_fd)
{
	bool is_trie = hostset_kind_is_prefixes(kind);
	LIBBPF_OPTS(bpf_map_create_opts, options, .map_flags = is_trie ? BPF_F_NO_PREALLOC : 0);
	size_t key_bytes = hostset_kind_key_bytes(kind);

	*ret_fd = bpf_map_create(is_trie ? BPF_MAP_TYPE_LPM_TRIE : BPF_MAP_TYPE_HASH,
				 "pktsieve_set", (uint32_t)key_bytes, sizeof(uint8_t),
				 (uint32_t)table->count, &options);
	return *ret_fd < 0 ? -errno : fill_table(*ret_fd, table, key_bytes);
}

static int make_set(struct set_maps *maps, size_t number, const struct hostset *set)
{
	int error = 0;

	for (size_t kind = 0; kind < HOSTSET_KIND_COUNT && !error; kind++) {
		const struct hostset_table *table = &set->tables[kind];
		int *gate_fd = &maps->fds[HOSTSET_GATE_MAP(number, kind)];
		int *table_fd = &maps->fds[HOSTSET_TABLE_MAP(number, kind)];

		if (table->count == 0)
			continue;
		error = make_gate(&table->gate, gate_fd);
		if (!error)
			error = make_table(table, kind, table_fd);
		if (error)
			break;
		maps->bytes[number] += larger(counted_bytes(*gate_fd), table->gate.bits / 8);
		maps->bytes[number] += larger(counted_bytes(*table_fd), table_bytes(table, kind));
	}
	return error;
}

static int fail(const struct hostset *set, int code, struct error *reterr)
{
	return error_set(reterr, code,
			 "cannot make the kernel's maps for %s%.300s%s, %zu addresses and %zu "
			 "prefixes: %s",
			 set->path ? "'" : "a set of the expression", set->path ? set->path : "",
			 set->path ? "'" : "", hostset_address_count(set),
			 hostset_prefix_count(set),
			 code == -EPERM ? "that needs CAP_BPF (Linux 5.10 also CAP_SYS_RESOURCE)" :
					  strerror(-code));
}

static int allocate(size_t set_count, struct set_maps **ret_maps)
{
	struct set_maps *maps = calloc(1, sizeof(*maps));
	size_t map_count = set_count * HOSTSET_MAPS;

	if (!maps)
		return -ENOMEM;
	/* One more: an allocation of no bytes may be NULL. */
	maps->fds = calloc(map_count + 1, sizeof(*maps->fds));
	maps->bytes = calloc(set_count + 1, sizeof(*maps->bytes));
	if (!maps->fds || !maps->bytes) {
		set_maps_free(maps);
		return -ENOMEM;
	}
	maps->set_count = set_count;
	for (size_t i = 0; i < map_count; i++)
		maps->fds[i] = -1;
	*ret_maps = maps;
	return 0;
}

int set_maps_make(const struct hostset *const *sets, size_t set_count, struct set_maps **ret_maps,
		  struct error *reterr)
{
	struct set_maps *maps;
	int error = allocate(set_count, &maps);

	if (error)
		return error_set(reterr, error, "out of memory");
	for (size_t i = 0; i < set_count; i++) {
		error = make_set(maps, i, sets[i]);
		if (!error)
			continue;
		set_maps_free(maps);
		return fail(sets[i], error, reterr);
	}
	*ret_maps = maps;
	return 0;
}

void set_maps_free(struct set_maps *maps)
{
	if (!maps)
		return;
	for (size_t i = 0; i < maps->set_count * HOSTSET_MAPS; i++)
		if (maps->fds[i] >= 0)
			close(maps->fds[i]);
	free(maps->fds);
	free(maps->bytes);
	free(maps);
}

int set_maps_relocate(const struct set_maps *maps, struct bpf_insn *instructions, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct bpf_insn *load = &instructions[i];
		bool is_value = load->src_reg == BPF_PSEUDO_MAP_IDX_VALUE;
		size_t number = (uint32_t)load->imm;

		if (load->code != (BPF_LD | BPF_IMM | BPF_DW))
			continue;
		if (is_value || load->src_reg == BPF_PSEUDO_MAP_IDX) {
			if (number >= maps->set_count * HOSTSET_MAPS || maps->fds[number] < 0)
				return -EINVAL;
			load->src_reg = is_value ? BPF_PSEUDO_MAP_VALUE : BPF_PSEUDO_MAP_FD;
			load->imm = maps->fds[number];
		}
		i++; /* its second half */
	}
	return 0;
}

uint64_t set_maps_memory_bytes(const struct set_maps *maps, size_t set)
{
	return maps->bytes[set];
}
