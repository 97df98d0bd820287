/* SPDX-License-Identifier: GPL-2.0-only */
/* What the programs are set to before they are loaded. */
#pragma once

#include "loader.h"

/* What the loader finds out; the rest is in its options. */
struct configuration_facts {
	enum capture_clock clock;
	uint64_t ring_bytes; /* of each ring */
	uint64_t hash_seed;
	unsigned int top_sets; /* of each table of the busiest and CPU; 0: none are kept */
	bool follow_fragments;
};

void configuration_make(const struct loader_options *options,
			const struct configuration_facts *facts,
			struct capture_configuration *ret_configuration);

/* Sets of each table of the busiest and CPU, a power of two; fewer where there are many CPUs. */
unsigned int configuration_top_sets(unsigned int cpu_count);
