/* SPDX-License-Identifier: GPL-2.0-only */
/* Write-out and dropping behind the end of a file; see page_cache.h. */
#include "page_cache.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

#define STEP_BYTES (8u << 20)
/* Behind what is being written out; pages that are not clean yet would not be dropped. */
#define KEPT_BYTES (64u << 20)
/* For the disk to write what is left of a complete file. */
#define PAST_NS 10000000000ull

struct page_cache page_cache_begin(int fd)
{
	struct page_cache cache = { .fd = -1 };
	struct stat status;
	off_t position = lseek(fd, 0, SEEK_CUR);

	if (position < 0 || fstat(fd, &status) || !S_ISREG(status.st_mode))
		return cache;
	cache.fd = fd;
	cache.start = cache.sent_out = (uint64_t)position;
	return cache;
}

void page_cache_follow(struct page_cache *cache, uint64_t written_bytes)
{
	off_t position;
	uint64_t end;

	if (cache->fd < 0 || written_bytes < cache->written_bytes + STEP_BYTES)
		return;
	cache->written_bytes = written_bytes;
	position = lseek(cache->fd, 0, SEEK_CUR);
	end = position < 0 ? 0 : (uint64_t)position;
	if (end <= cache->sent_out)
		return;
	sync_file_range(cache->fd, (off_t)cache->sent_out, (off_t)(end - cache->sent_out),
			SYNC_FILE_RANGE_WRITE);
	cache->sent_out = end;
	/* From the start on each time: what a slow disk had not written by then is dropped later. */
	if (end > cache->start + KEPT_BYTES)
		posix_fadvise(cache->fd, (off_t)cache->start,
			      (off_t)(end - KEPT_BYTES - cache->start), POSIX_FADV_DONTNEED);
}

static void drop(struct page_cache_past *past, unsigned int number)
{
	posix_fadvise(past->files[number].fd, 0, 0, POSIX_FADV_DONTNEED);
	close(past->files[number].fd);
	past->count--;
	memmove(past->files + number, past->files + number + 1,
		(past->count - number) * sizeof(past->files[0]));
}

/* A file without a name takes room on the disk for as long as it is open. */
static bool is_removed(int fd)
{
	struct stat status;

	return !fstat(fd, &status) && !status.st_nlink;
}

void page_cache_leave(const struct page_cache *cache, struct page_cache_past *past)
{
	int fd = cache->fd < 0 ? -1 : fcntl(cache->fd, F_DUPFD_CLOEXEC, 0);

	if (fd < 0)
		return;
	sync_file_range(fd, (off_t)cache->sent_out, 0, SYNC_FILE_RANGE_WRITE);
	if (past->count == PAGE_CACHE_PAST_FILES)
		drop(past, 0);
	past->files[past->count].fd = fd;
	past->files[past->count].since_ns = clock_monotonic_ns();
	past->count++;
}

void page_cache_look_back(struct page_cache_past *past)
{
	const uint64_t now_ns = clock_monotonic_ns();

	for (unsigned int i = past->count; i-- > 0;)
		if (now_ns >= past->files[i].since_ns + PAST_NS || is_removed(past->files[i].fd))
			drop(past, i);
}

void page_cache_end(struct page_cache_past *past)
{
	while (past->count)
		drop(past, past->count - 1);
}
