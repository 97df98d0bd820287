/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where packets go: pcap files, one after the other, or a pipe; what was written to them and what
 * was not. A disk that is full only pauses it. It decides what an error means and says nothing to anyone: the writer
 * asks for the state.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "free_space.h"
#include "capture_file.h"

struct savefile;
struct shared_status;

struct savefile_options {
	struct capture_file_options format;
	uint64_t packet_limit; /* -c; 0: none */
	bool flush_each;
	struct min_free min_free;
	struct shared_status *shared; /* told after each flush what is in the file */
};

enum savefile_state {
	SAVEFILE_WRITES,
	SAVEFILE_PAUSES,        /* the disk is full; it is tried again by savefile_flush() */
	SAVEFILE_LIMIT_REACHED, /* packet_limit packets are in the file; it gets no more */
	SAVEFILE_FAILED,        /* for good; all packets from here on are lost */
	SAVEFILE_CLOSE_FAILED,  /* nobody knows how much of the file has arrived */
};

/* Each packet that was given to the files is one of the first three once they are closed. */
struct savefile_counts {
	uint64_t written;       /* those that wait in the buffer included */
	uint64_t lost;          /* could not be written */
	uint64_t discarded;     /* behind the limit */
	uint64_t lost_in_pause; /* of those lost: since the last pause began */
};

/*
 * Takes fd over, also where it fails, and writes the file header. Returns 0 or a negative
 * errno with *reterr filled in.
 */
int savefile_open(int fd, const struct savefile_options *options, struct savefile **ret_file,
		  struct error *reterr);

/* Writes, loses or discards one packet, and counts it. */
void savefile_write(struct savefile *file, const struct capture_file_packet *packet);

/*
 * Whether a packet can be written without waiting. If not, it is better left in its ring, and
 * asked again soon.
 */
bool savefile_is_ready(const struct savefile *file);

/* To be called when the rings are empty for now: readers of a pipe get what there is. */
void savefile_end_round(struct savefile *file);

/*
 * To be called once a second, also while it pauses and no packet comes: looks at the free
 * space, and what waits in the buffer goes into the file.
 */
void savefile_flush(struct savefile *file);

/* The reader of a pipe is gone, which a write would tell only with the next packet. */
void savefile_lose_reader(struct savefile *file);

/* Of the present file, what waits in the buffer included. */
uint64_t savefile_bytes(const struct savefile *file);

/*
 * Completes the present file: flushes and closes it. Returns whether that is done; if not, it
 * pauses or has failed, and stays the present file. Behind it there is none, and until the next
 * one only savefile_next_file(), savefile_fail(), savefile_close() and what is const are left;
 * flush and end_round do nothing.
 */
bool savefile_end_file(struct savefile *file);

/*
 * Takes fd over, also where it fails, and writes the file header. -ENOSPC or -EDQUOT: no room yet,
 * to be tried again with another descriptor. Another negative errno: it has failed for good.
 */
int savefile_next_file(struct savefile *file, int fd);

/* There will be no next file: the packets from here on are lost. error: a negative errno */
void savefile_fail(struct savefile *file, int error);

/* As if the limit were reached: the packets from here on are discarded. */
void savefile_stop(struct savefile *file);

/* Flushes and closes; counts, state and error can still be read. */
void savefile_close(struct savefile *file);

/* NULL is allowed. */
void savefile_free(struct savefile *file);

/* May be another after each call of the functions above that are not const. */
enum savefile_state savefile_state(const struct savefile *file);

/* The negative errno of what made it fail; -ENOSPC where packets were lost in pauses; else 0. */
int savefile_error(const struct savefile *file);

/* Why it pauses or has failed. */
const char *savefile_reason(const struct savefile *file);

struct savefile_counts savefile_counts(const struct savefile *file);
