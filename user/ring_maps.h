/* SPDX-License-Identifier: GPL-2.0-only */
/* The rings in the kernel, one for each online CPU: how large each is, and their making. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct ring_maps {
	unsigned int cpu_count; /* possible ones */
	bool *is_online;        /* cpu_count of them; so are the descriptors */
	int *fds;               /* -1: no ring */
	uint64_t bytes;         /* of each: a power of two, at least 1 MiB; 0: none is wanted */
};

/*
 * Counts the CPUs and shares out so many bytes over those that are online; 0: no rings. To be
 * released in every case. 0 or a negative errno with *reterr filled in.
 */
int ring_maps_size(struct ring_maps *rings, uint64_t bytes, struct error *reterr);

/* Makes the rings, and puts them into the array of maps. 0 or a negative errno, likewise. */
int ring_maps_make(struct ring_maps *rings, int array_fd, struct error *reterr);

/* A descriptor of one new ring, or a negative errno with *reterr filled in. */
int ring_maps_make_one(uint64_t bytes, struct error *reterr);

void ring_maps_release(struct ring_maps *rings);
