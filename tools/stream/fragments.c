/* SPDX-License-Identifier: GPL-2.0-only */
/* See fragments.h; RFC 815 tells how it is done, with a bit for each 8 bytes in place of holes. */
#include "fragments.h"

#include <stdlib.h>
#include <string.h>

#include "streams.h"

#define MAXIMUM_BYTES 65535
#define BLOCK_BYTES 8
#define BLOCKS ((MAXIMUM_BYTES + BLOCK_BYTES) / BLOCK_BYTES)
#define BUCKETS 1024
/* The host gives a packet up after so long (RFC 8200, section 4.5: 60 s; RFC 1122: 60 to 120 s). */
#define LIFETIME_NS (120 * 1000000000ull)

struct key {
	uint8_t addresses[32];
	uint32_t identification;
	uint8_t protocol;
	uint8_t address_bytes; /* of both */
};

/* A packet of which something is still missing. */
struct partial {
	struct partial *next; /* of its bucket */
	struct partial *younger, *older;
	struct key key;
	uint64_t begin_ns;
	uint8_t *data; /* owned */
	uint32_t capacity;
	uint32_t end;   /* behind the last byte that is there */
	uint32_t total; /* 0: the last fragment was not seen */
	uint32_t blocks_there;
	uint8_t there[(BLOCKS + 7) / 8]; /* a bit for each block */
};

struct fragments {
	struct partial *buckets[BUCKETS];
	struct partial *youngest, *oldest;
	uint64_t memory_bytes;
	uint64_t used_bytes;
	uint64_t lost;
	/* What was handed out last: at most so many for one packet. */
	uint8_t *whole[DISSECTION_REASSEMBLED]; /* owned */
	unsigned int next_whole;
};

struct fragments *fragments_new(uint64_t memory_bytes)
{
	struct fragments *fragments = calloc(1, sizeof(*fragments));

	if (fragments)
		fragments->memory_bytes = memory_bytes;
	return fragments;
}

static struct partial **bucket_of(struct fragments *fragments, const struct key *key)
{
	const uint8_t *bytes = (const uint8_t *)key;
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < sizeof(*key); i++)
		hash = (hash ^ bytes[i]) * 16777619u;
	return &fragments->buckets[(hash ^ hash >> 16) % BUCKETS];
}

static void remove_partial(struct fragments *fragments, struct partial *partial)
{
	struct partial **at = bucket_of(fragments, &partial->key);

	while (*at != partial)
		at = &(*at)->next;
	*at = partial->next;
	if (partial->younger)
		partial->younger->older = partial->older;
	else
		fragments->youngest = partial->older;
	if (partial->older)
		partial->older->younger = partial->younger;
	else
		fragments->oldest = partial->younger;
	fragments->used_bytes -= sizeof(*partial) + partial->capacity;
	free(partial->data);
	free(partial);
}

void fragments_free(struct fragments *fragments)
{
	if (!fragments)
		return;
	while (fragments->oldest)
		remove_partial(fragments, fragments->oldest);
	for (unsigned int i = 0; i < DISSECTION_REASSEMBLED; i++)
		free(fragments->whole[i]);
	free(fragments);
}

uint64_t fragments_get_lost(const struct fragments *fragments)
{
	return fragments->lost;
}

/* Gives up what is oldest until there is room; never `except`. */
static bool make_room(struct fragments *fragments, uint64_t bytes, const struct partial *except)
{
	while (fragments->used_bytes + bytes > fragments->memory_bytes) {
		struct partial *oldest = fragments->oldest;

		if (oldest && oldest == except)
			oldest = oldest->younger;
		if (!oldest)
			return false;
		remove_partial(fragments, oldest);
		fragments->lost++;
	}
	return true;
}

static void make_key(const struct dissection *dissection, const struct fragment *fragment,
		     struct key *ret_key)
{
	const struct dissection_flow *flow = &dissection->flow;
	uint8_t size = flow->source.kind == ADDRESS_IPV6 ? 16 : 4;

	/* Compared as bytes: the padding, too. */
	memset(ret_key, 0, sizeof(*ret_key));
	memcpy(ret_key->addresses, flow->source.bytes, size);
	memcpy(ret_key->addresses + size, flow->destination.bytes, size);
	ret_key->identification = fragment->identification;
	ret_key->protocol = fragment->protocol;
	ret_key->address_bytes = size;
}

static struct partial *find(struct fragments *fragments, const struct key *key)
{
	struct partial *partial = *bucket_of(fragments, key);

	while (partial && memcmp(&partial->key, key, sizeof(*key)) != 0)
		partial = partial->next;
	return partial;
}

static struct partial *begin(struct fragments *fragments, const struct key *key, uint64_t time_ns)
{
	struct partial *partial, **bucket = bucket_of(fragments, key);

	if (!make_room(fragments, sizeof(*partial), NULL))
		return NULL;
	partial = calloc(1, sizeof(*partial));
	if (!partial)
		return NULL;
	partial->key = *key;
	partial->begin_ns = time_ns;
	partial->next = *bucket;
	*bucket = partial;
	partial->older = fragments->youngest;
	if (partial->older)
		partial->older->younger = partial;
	else
		fragments->oldest = partial;
	fragments->youngest = partial;
	fragments->used_bytes += sizeof(*partial);
	return partial;
}

/* The one that the fragment belongs to, a new one unless it is there. NULL: no memory. */
static struct partial *find_or_begin(struct fragments *fragments, const struct key *key,
				     uint64_t time_ns)
{
	struct partial *partial = find(fragments, key);

	if (partial && time_ns > partial->begin_ns && time_ns - partial->begin_ns > LIFETIME_NS) {
		remove_partial(fragments, partial);
		partial = NULL;
	}
	return partial ? partial : begin(fragments, key, time_ns);
}

static bool grow(struct fragments *fragments, struct partial *partial, uint32_t end)
{
	uint32_t capacity = partial->capacity ? partial->capacity : 2048;
	uint8_t *data;

	while (capacity < end)
		capacity *= 2;
	if (capacity == partial->capacity)
		return true;
	if (!make_room(fragments, capacity - partial->capacity, partial))
		return false;
	data = realloc(partial->data, capacity);
	if (!data)
		return false;
	fragments->used_bytes += capacity - partial->capacity;
	partial->data = data;
	partial->capacity = capacity;
	return true;
}

/* What cannot be part of a packet, or not of the one of which the others are. */
static bool is_sound(const struct partial *partial, const struct fragment *fragment)
{
	uint64_t end = (uint64_t)fragment->offset + fragment->bytes.length;

	if (end > MAXIMUM_BYTES || fragment->bytes.length == 0 ||
	    (!fragment->is_last && fragment->bytes.length % BLOCK_BYTES))
		return false;
	if (partial->total)
		return fragment->is_last ? end == partial->total : end <= partial->total;
	return !fragment->is_last || end >= partial->end;
}

static void copy_blocks(struct partial *partial, const struct fragment *fragment)
{
	for (size_t at = 0; at < fragment->bytes.length; at += BLOCK_BYTES) {
		size_t block = (fragment->offset + at) / BLOCK_BYTES;
		size_t left = fragment->bytes.length - at;

		if (partial->there[block / 8] & 1u << block % 8)
			continue;
		partial->there[block / 8] |= (uint8_t)(1u << block % 8);
		partial->blocks_there++;
		memcpy(partial->data + fragment->offset + at, fragment->bytes.data + at,
		       left < BLOCK_BYTES ? left : BLOCK_BYTES);
	}
}

static struct bytes hand_out(struct fragments *fragments, struct partial *partial)
{
	uint8_t **whole = &fragments->whole[fragments->next_whole++ % DISSECTION_REASSEMBLED];
	struct bytes bytes = bytes_make(partial->data, partial->total);

	free(*whole);
	*whole = partial->data;
	partial->data = NULL;
	remove_partial(fragments, partial);
	return bytes;
}

enum fragment_outcome fragments_add(struct dissection *dissection, const struct fragment *fragment,
				    struct bytes *ret_whole)
{
	struct fragments *fragments =
		dissection->streams ? streams_get_fragments(dissection->streams) : NULL;
	struct partial *partial;
	uint32_t end;
	struct key key;

	/* The rest of what a message quotes is in no other packet. */
	if (!fragments || dissection->quote ||
	    dissection->reassembled_count == DISSECTION_REASSEMBLED)
		return FRAGMENT_ALONE;
	make_key(dissection, fragment, &key);
	partial = find_or_begin(fragments, &key, dissection->packet->time_ns);
	end = fragment->offset + (uint32_t)fragment->bytes.length;
	if (!partial)
		return FRAGMENT_ALONE;
	if (!is_sound(partial, fragment))
		return FRAGMENT_REFUSED;
	if (!grow(fragments, partial, end))
		return FRAGMENT_ALONE;
	copy_blocks(partial, fragment);
	if (end > partial->end)
		partial->end = end;
	if (fragment->is_last)
		partial->total = end;
	if (!partial->total ||
	    partial->blocks_there < (partial->total + BLOCK_BYTES - 1) / BLOCK_BYTES)
		return FRAGMENT_KEPT;
	*ret_whole = hand_out(fragments, partial);
	return FRAGMENT_COMPLETES;
}
