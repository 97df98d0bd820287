/* SPDX-License-Identifier: GPL-2.0-only */
/* Write-out and dropping behind the end of a file; see page_cache.h. */
#include "page_cache.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define STEP_BYTES (8u << 20)
/* Behind what is being written out; pages that are not clean yet would not be dropped. */
#define KEPT_BYTES (64u << 20)

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
