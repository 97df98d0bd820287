/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packets that belong together: the conversations of TCP and of UDP, what a segment of TCP leaves over
 * for the next one, and fragments of IP. The memory of all is bounded: where more is needed, what
 * was silent longest is given up, and counted.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../dissect/dissection.h"

struct fragments;
struct tcp_conversation;

struct conversation {
	uint32_t number; /* of its protocol, from 0 in the order of their first packets */
	/* Who understands it where the ports do not say so: set by a dissector, such as after STARTTLS. */
	const struct dissector *dissector;
	/* What the dissector above notes of each side, and of both; 0 at the begin. */
	uint32_t side_note[2];
	uint32_t note;
	bool is_kept;                 /* set by a view that follows it: it is not given up */
	struct tcp_conversation *tcp; /* what is known of both sides; NULL: it is not TCP */
};

/* NULL: no memory. memory_bytes: for all that is kept. */
struct streams *streams_new(uint64_t memory_bytes);
void streams_free(struct streams *streams);

/* What was given up because of the memory. */
struct streams_lost {
	uint64_t conversations;
	uint64_t segment_bytes;
	uint64_t fragments;
};

struct streams_lost streams_get_lost(const struct streams *streams);

/*
 * The conversation of the packet, whose flow has the ports: sets dissection->conversation and
 * ->side, which is 0 for who spoke first. To begin one is
 * to find another than before between the same ends. Leaves both alone where no streams are kept, or there is no memory.
 */
void streams_find_conversation(struct dissection *dissection, uint8_t ip_protocol);
void streams_begin_conversation(struct dissection *dissection, uint8_t ip_protocol);

/*
 * Memory from the share of all streams: that of conversations silent longest is given up for it, but
 * never that of the packet's. False: there is not so much. What is not needed any more is returned.
 */
bool streams_reserve(struct streams *streams, size_t bytes);
void streams_return(struct streams *streams, size_t bytes);

/* Counts what was given up. */
void streams_lose(struct streams *streams, struct streams_lost lost);

/* What is kept of fragmented packets, see fragments.h. */
struct fragments *streams_get_fragments(struct streams *streams);
