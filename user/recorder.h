/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flight recorder of --before: the packets of the last seconds in memory, oldest first, so
 * much and no more. Those that are owed to the file leave it by recorder_release(), and are kept
 * until then; the others expire.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"

/* Memory is taken in pieces of that size, at least two. */
#define RECORDER_CHUNK_BYTES (1u << 20)
#define RECORDER_DEFAULT_BYTES (256ull << 20)

struct recorder;

struct recorder_options {
	uint64_t keep_ns; /* packets are older than that when they expire; 0: as room needs it */
	uint64_t bytes;   /* rounded up to chunks */
};

struct recorder_packet {
	uint64_t taken_ns;            /* out of its ring: CLOCK_MONOTONIC, which nobody sets */
	int64_t time_ns;              /* since 1970, UTC */
	struct capture_record record; /* captured_bytes follow */
};

struct recorder_figures {
	uint64_t packets; /* that are kept now */
	uint64_t owed;    /* the oldest of these, to be written */
	uint64_t expired; /* so far */
	uint64_t bytes;   /* of memory in use, and at most */
	uint64_t maximum_bytes;
};

/* 0 or a negative errno with *reterr filled in. */
int recorder_new(const struct recorder_options *options, struct recorder **ret_recorder,
		 struct error *reterr);
void recorder_free(struct recorder *recorder);

/*
 * Copies a packet into the memory, where the oldest expire for it if they are not owed. Returns
 * false where they are, so that there is no room now.
 */
bool recorder_put(struct recorder *recorder, const struct recorder_packet *packet,
		  const uint8_t *bytes);

/* All that is there now, and from here on all that comes, until recorder_owe_no_more(). */
void recorder_owe(struct recorder *recorder);
void recorder_owe_no_more(struct recorder *recorder);

/* The oldest packet if it is owed; NULL: none is. */
const struct recorder_packet *recorder_peek(const struct recorder *recorder);
/* It is written. */
void recorder_release(struct recorder *recorder);

/* What is not owed and too old expires. now_ns: CLOCK_MONOTONIC */
void recorder_expire(struct recorder *recorder, uint64_t now_ns);

/* The end: everything expires but what was owed, whose number it returns. */
uint64_t recorder_empty(struct recorder *recorder);

struct recorder_figures recorder_figures(const struct recorder *recorder);

/* The age of the oldest packet; 0: there is none. */
uint64_t recorder_age_ns(const struct recorder *recorder, uint64_t now_ns);

/* Whether packets had to go that were not too old yet. */
bool recorder_is_short(const struct recorder *recorder, uint64_t now_ns);
