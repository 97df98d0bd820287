/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fragments of IP, put together. The memory is bounded: where more is needed, the packet that was
 * begun longest ago is given up.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../dissect/dissection.h"

struct fragments;

/* What a fragment says of itself; the addresses are those of the dissection's flow. */
struct fragment {
	uint32_t identification;
	uint8_t protocol; /* 0 for IPv6, which has one space for all */
	uint32_t offset;  /* bytes */
	bool is_last;
	struct bytes bytes; /* all of it */
};

/* NULL: no memory. memory_bytes: for all that is kept. */
struct fragments *fragments_new(uint64_t memory_bytes);
void fragments_free(struct fragments *fragments);

/* How many were given up because of the memory. */
uint64_t fragments_get_lost(const struct fragments *fragments);

enum fragment_outcome {
	FRAGMENT_ALONE,   /* nothing is kept: the first one can be taken apart as it is */
	FRAGMENT_REFUSED, /* cannot be, or contradicts the others */
	FRAGMENT_KEPT,
	FRAGMENT_COMPLETES, /* *ret_whole is the packet's content, valid until the next packet */
};

/*
 * Of bytes that several fragments have, those count that came first.
 */
enum fragment_outcome fragments_add(struct dissection *dissection, const struct fragment *fragment,
				    struct bytes *ret_whole);
