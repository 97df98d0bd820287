/* SPDX-License-Identifier: GPL-2.0-only */
/* The last complete files of a capture, of which only so many stay: -C with -W, and --ring. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct ring_file;

/* Starts as all zero but for the length. */
struct file_ring {
	size_t length; /* files that stay, the present one included; 0: all */
	size_t count;
	struct ring_file *first, *last;
};

/*
 * Takes the complete file in that is open as fd; a device or a pipe is left out. 0 or a negative
 * errno.
 */
int file_ring_add(struct file_ring *ring, const char *name, int fd);

/* The name of the oldest file, if it has to go before another one begins; NULL if not. */
const char *file_ring_excess(const struct file_ring *ring);

/*
 * Removes the oldest file from the directory, unless another has taken its name meanwhile, and
 * from the ring. 0, or the negative errno of unlink(2).
 */
int file_ring_remove_first(struct file_ring *ring, int directory_fd);

/* The file of that name is written over: there is one less. */
void file_ring_forget(struct file_ring *ring, const char *name);

void file_ring_clear(struct file_ring *ring);
