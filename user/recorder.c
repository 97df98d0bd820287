/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A queue of packets in chunks of one mapping; see recorder.h. Chunks that became free are used
 * first, so that a page that was never needed is never touched, and takes no memory.
 */
#include "recorder.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define MINIMUM_CHUNKS 2
#define ALIGNMENT 8

_Static_assert(sizeof(struct recorder_packet) % ALIGNMENT == 0, "packets stand behind each other");
_Static_assert(sizeof(struct recorder_packet) + MAXIMUM_SNAPSHOT_BYTES + ALIGNMENT <=
		       RECORDER_CHUNK_BYTES,
	       "each packet fits into a chunk");

struct recorder {
	uint64_t keep_ns;
	uint8_t *memory;
	size_t chunk_count;
	uint32_t *filled_bytes; /* of each chunk */
	uint32_t *free_chunks;  /* a stack */
	size_t free_count;
	uint32_t *used_chunks; /* a ring, in the order of time */
	size_t first_used;
	size_t used_count;
	uint32_t read_bytes; /* of the oldest chunk */
	uint64_t packets;
	uint64_t owed;
	uint64_t expired;
	uint64_t crowded_out_ns; /* taken_ns of the last packet that went for want of room */
	bool owes_what_comes;
};

static int allocate(struct recorder *recorder)
{
	void *memory = mmap(NULL, recorder->chunk_count * RECORDER_CHUNK_BYTES,
			    PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return -errno;
	recorder->memory = memory;
	recorder->filled_bytes = calloc(recorder->chunk_count, sizeof(uint32_t));
	recorder->free_chunks = calloc(recorder->chunk_count, sizeof(uint32_t));
	recorder->used_chunks = calloc(recorder->chunk_count, sizeof(uint32_t));
	if (!recorder->filled_bytes || !recorder->free_chunks || !recorder->used_chunks)
		return -ENOMEM;
	for (size_t i = 0; i < recorder->chunk_count; i++)
		recorder->free_chunks[i] = (uint32_t)(recorder->chunk_count - 1 - i);
	recorder->free_count = recorder->chunk_count;
	return 0;
}

int recorder_new(const struct recorder_options *options, struct recorder **ret_recorder,
		 struct error *reterr)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	uint64_t chunks = options->bytes / RECORDER_CHUNK_BYTES +
			  (options->bytes % RECORDER_CHUNK_BYTES != 0);
	int error = -ENOMEM;

	if (recorder && chunks <= UINT32_MAX) {
		recorder->keep_ns = options->keep_ns;
		recorder->chunk_count = chunks < MINIMUM_CHUNKS ? MINIMUM_CHUNKS : (size_t)chunks;
		error = allocate(recorder);
	}
	if (error) {
		recorder_free(recorder);
		return error_set(reterr, error,
				 "no memory of %" PRIu64 " MiB for '--before': %s (ask for less, "
				 "such as '--before 64M')",
				 chunks, strerror(-error));
	}
	*ret_recorder = recorder;
	return 0;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	if (recorder->memory)
		munmap(recorder->memory, recorder->chunk_count * RECORDER_CHUNK_BYTES);
	free(recorder->filled_bytes);
	free(recorder->free_chunks);
	free(recorder->used_chunks);
	free(recorder);
}

static uint32_t size_in_memory(const struct recorder_packet *packet)
{
	uint32_t bytes = (uint32_t)sizeof(*packet) + packet->record.captured_bytes;

	return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* number: 0 is the oldest */
static uint32_t used_chunk(const struct recorder *recorder, size_t number)
{
	return recorder->used_chunks[(recorder->first_used + number) % recorder->chunk_count];
}

static uint8_t *place(const struct recorder *recorder, uint32_t chunk, uint32_t offset)
{
	return recorder->memory + (size_t)chunk * RECORDER_CHUNK_BYTES + offset;
}

static const struct recorder_packet *oldest(const struct recorder *recorder)
{
	if (!recorder->packets)
		return NULL;
	return (const void *)place(recorder, used_chunk(recorder, 0), recorder->read_bytes);
}

static void free_oldest_chunk(struct recorder *recorder)
{
	recorder->free_chunks[recorder->free_count++] = used_chunk(recorder, 0);
	recorder->first_used = (recorder->first_used + 1) % recorder->chunk_count;
	recorder->used_count--;
	recorder->read_bytes = 0;
}

static void remove_oldest(struct recorder *recorder)
{
	recorder->read_bytes += size_in_memory(oldest(recorder));
	recorder->packets--;
	if (recorder->read_bytes == recorder->filled_bytes[used_chunk(recorder, 0)])
		free_oldest_chunk(recorder);
}

static void expire_oldest(struct recorder *recorder)
{
	remove_oldest(recorder);
	recorder->expired++;
}

/* Packets go until a chunk is free; false: the oldest is owed. */
static bool free_chunk_for_room(struct recorder *recorder)
{
	while (!recorder->free_count) {
		if (recorder->owed)
			return false;
		recorder->crowded_out_ns = oldest(recorder)->taken_ns;
		expire_oldest(recorder);
	}
	return true;
}

static bool has_room(const struct recorder *recorder, uint32_t size)
{
	if (!recorder->used_count)
		return false;
	return recorder->filled_bytes[used_chunk(recorder, recorder->used_count - 1)] + size <=
	       RECORDER_CHUNK_BYTES;
}

static bool begin_chunk(struct recorder *recorder)
{
	uint32_t chunk;

	if (!free_chunk_for_room(recorder))
		return false;
	chunk = recorder->free_chunks[--recorder->free_count];
	recorder->filled_bytes[chunk] = 0;
	recorder->used_chunks[(recorder->first_used + recorder->used_count++) %
			      recorder->chunk_count] = chunk;
	return true;
}

bool recorder_put(struct recorder *recorder, const struct recorder_packet *packet,
		  const uint8_t *bytes)
{
	uint32_t size = size_in_memory(packet), chunk;
	uint8_t *copy;

	if (!has_room(recorder, size) && !begin_chunk(recorder))
		return false;
	chunk = used_chunk(recorder, recorder->used_count - 1);
	copy = place(recorder, chunk, recorder->filled_bytes[chunk]);
	memcpy(copy, packet, sizeof(*packet));
	memcpy(copy + sizeof(*packet), bytes, packet->record.captured_bytes);
	recorder->filled_bytes[chunk] += size;
	recorder->packets++;
	recorder->owed += recorder->owes_what_comes;
	return true;
}

void recorder_owe(struct recorder *recorder)
{
	recorder->owed = recorder->packets;
	recorder->owes_what_comes = true;
}

void recorder_owe_no_more(struct recorder *recorder)
{
	recorder->owes_what_comes = false;
}

const struct recorder_packet *recorder_peek(const struct recorder *recorder)
{
	return recorder->owed ? oldest(recorder) : NULL;
}

void recorder_release(struct recorder *recorder)
{
	assert(recorder->owed);
	recorder->owed--;
	remove_oldest(recorder);
}

void recorder_expire(struct recorder *recorder, uint64_t now_ns)
{
	if (!recorder->keep_ns || recorder->owed)
		return;
	while (recorder_age_ns(recorder, now_ns) > recorder->keep_ns)
		expire_oldest(recorder);
}

uint64_t recorder_empty(struct recorder *recorder)
{
	uint64_t owed = recorder->owed;

	for (; recorder->owed; recorder->owed--)
		remove_oldest(recorder);
	while (recorder->packets)
		expire_oldest(recorder);
	return owed;
}

struct recorder_figures recorder_figures(const struct recorder *recorder)
{
	return (struct recorder_figures){
		.packets = recorder->packets,
		.owed = recorder->owed,
		.expired = recorder->expired,
		.bytes = recorder->used_count * RECORDER_CHUNK_BYTES,
		.maximum_bytes = recorder->chunk_count * RECORDER_CHUNK_BYTES,
	};
}

uint64_t recorder_age_ns(const struct recorder *recorder, uint64_t now_ns)
{
	const struct recorder_packet *packet = oldest(recorder);

	return packet && now_ns > packet->taken_ns ? now_ns - packet->taken_ns : 0;
}

bool recorder_is_short(const struct recorder *recorder, uint64_t now_ns)
{
	return recorder->keep_ns && recorder->crowded_out_ns &&
	       now_ns - recorder->crowded_out_ns <= recorder->keep_ns;
}
