/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keeper's side of the output: opens one file after the other in a directory that it holds,
 * and does with complete ones what the options say: their name, the command of -z, the ring.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "counters.h"
#include "file_names.h"
#include "file_owner.h"
#include "file_ring.h"
#include "notices.h"
#include "options.h"
#include "postrotate.h"

struct shared_status;

/* Starts as all zero but for what is given, and descriptors of -1. */
struct rotation {
	const struct options *options;
	struct notices *notices;
	struct shared_status *shared;
	const struct counters *counters; /* of what the rings lose */
	struct file_owner owner;
	const char *pattern; /* the last component of -w; NULL: stdout */
	int directory_fd;
	int fd;                  /* the present file: kept to cut it if the writer is killed */
	struct file_place place; /* of the present file */
	char name[NAME_MAX + 1]; /* of the present file, in the directory, when it is complete */
	char part_name[NAME_MAX + 1]; /* until then; the same without --part */
	bool is_waiting;              /* for room to open the present file */
	uint64_t lost_before_wait;    /* by the rings, in packets */
	bool has_failed;              /* a file could not get its name */
	struct file_ring ring;
	struct postrotate *postrotate; /* NULL: no -z */
};

/* Whether one file follows another. */
bool rotation_is_wanted(const struct rotation_options *options);

/*
 * Finds out whose the files are, opens the directory and the first file. 0, or a negative errno
 * with *reterr filled in.
 */
int rotation_open(struct rotation *rotation, struct error *reterr);

/*
 * The present file is complete: does what is to be done with it, and opens the next. time_s: of
 * the clock that ended it; 0 where its size did. 0; -EAGAIN where there is no room yet, to be
 * tried again by rotation_retry(); another negative errno where there will be none. It has been
 * said why.
 */
int rotation_next(struct rotation *rotation, int64_t time_s);

/* The file that was opened last cannot take its header: as -EAGAIN of rotation_next(). */
void rotation_wait_for_room(struct rotation *rotation, int error);

/* Tries again, once a second; as rotation_next(). */
int rotation_retry(struct rotation *rotation);

/* The last file is complete; one without even a header, because its writer died, is removed. */
void rotation_finish(struct rotation *rotation);

void rotation_close(struct rotation *rotation);
