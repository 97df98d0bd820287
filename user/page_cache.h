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

#define PAGE_CACHE_PAST_FILES 16

/* Complete files whose pages are still on their way to the disk; starts as all zero. */
struct page_cache_past {
	unsigned int count;
	struct {
		int fd; /* a copy */
		uint64_t since_ns;
	} files[PAGE_CACHE_PAST_FILES]; /* the oldest first */
};

/* Before a file is closed: sends out the rest, and remembers the file for a while. */
void page_cache_leave(const struct page_cache *cache, struct page_cache_past *past);

/* To be called each second: drops the pages of those whose time is over, or that are removed. */
void page_cache_look_back(struct page_cache_past *past);

/* Drops what can be dropped, and forgets all. */
void page_cache_end(struct page_cache_past *past);
