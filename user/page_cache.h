/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keeps a file that only grows from filling the page cache, and from being written to the disk
 * in large bursts: what is behind its end is written out early and then dropped.
 */
#pragma once

#include <stdint.h>

struct page_cache {
	int fd;                 /* not owned; -1: no regular file */
	uint64_t start;         /* of what is ours, a position in the file */
	uint64_t sent_out;      /* up to here its write-out has begun */
	uint64_t written_bytes; /* when that was */
};

/* For what is written behind the present position of fd. */
struct page_cache page_cache_begin(int fd);

/*
 * To be called after writes, with what is written in all, from wherever it is counted. Does not
 * wait for the disk; all errors are ignored.
 */
void page_cache_follow(struct page_cache *cache, uint64_t written_bytes);
