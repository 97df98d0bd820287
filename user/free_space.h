/* SPDX-License-Identifier: GPL-2.0-only */
/* How much of its file system a file may fill. */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* --min-free: what is to stay free; the larger one counts. Both 0: nothing. */
struct min_free {
	uint64_t bytes; /* with a percentage: of a small file system at most a quarter */
	unsigned int percent;
};

struct free_space {
	uint64_t free_bytes;     /* for the unprivileged; UINT64_MAX where there is no limit */
	uint64_t reserved_bytes; /* by --min-free */
};

/*
 * Reads the free space of the file system of fd. There is no limit where min_free has none,
 * on what is no regular file, and where a file system does not tell its size.
 */
struct free_space free_space_read(int fd, const struct min_free *min_free);

/* Bytes that may be written. */
uint64_t free_space_room(const struct free_space *space);

/* "its file system has 100 MiB free, and 256 MiB are to stay free (see '--min-free')" */
void free_space_explain(const struct free_space *space, char *ret_text, size_t size);
