/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's maps of a filter's host sets: a bitmap (the gate) and a hash or LPM trie for
 * each table that is not empty. They live as long as a program that uses them.
 */
#pragma once

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "filter/hostset.h"

struct set_maps;

/* Makes and fills the maps of the sets. 0, or a negative errno with *reterr filled in. */
int set_maps_make(const struct hostset *const *sets, size_t set_count, struct set_maps **ret_maps,
		  struct error *reterr);

/* Closes the descriptors; NULL is allowed. */
void set_maps_free(struct set_maps *maps);

/*
 * Puts descriptors in the place of the numbers of maps (HOSTSET_GATE_MAP, ...) in the
 * instructions of a filter. 0, or -EINVAL for the number of a map that is not there.
 */
int set_maps_relocate(const struct set_maps *maps, struct bpf_insn *instructions, size_t count);

/*
 * Kernel memory of one set, as the kernel counts it for each map, or by what is known of its
 * elements where that is more (Linux 5.11 to 6.3 count less than they take).
 */
uint64_t set_maps_memory_bytes(const struct set_maps *maps, size_t set);
