/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Random sets of addresses and prefixes, and membership in them without any of pktsieve's
 * code: for each length of a prefix a sorted list, all of which are searched.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* In network byte order; of IPv4 the first 4 bytes. */
struct set_address {
	bool is_ipv6;
	uint8_t bytes[16];
};

struct set_entry {
	struct set_address address;
	unsigned int bits;
};

struct set_reference {
	size_t count;
	struct set_entry *entries; /* sorted by set_reference_finish() */
	size_t starts[2][130];     /* of the entries of a family with so many bits */
};

/* The same numbers in every run. */
uint32_t set_random(void);

/*
 * An address among some that are so close together that networks nest and probes hit
 * (is_dense), or any one.
 */
struct set_address set_random_address(bool is_ipv6, bool is_dense);

/* Adds random addresses of one family, with prefixes of fewer bits, down to least_bits. */
void set_reference_add(struct set_reference *reference, bool is_ipv6, bool is_dense, size_t count,
		       unsigned int least_bits);
void set_reference_finish(struct set_reference *reference);
void set_reference_free(struct set_reference *reference);

bool set_reference_contains(const struct set_reference *reference,
			    const struct set_address *address);

/* Writes the entries, one a line; 0 or a negative errno. */
int set_reference_write(const struct set_reference *reference, const char *path);
