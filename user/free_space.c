/* SPDX-License-Identifier: GPL-2.0-only */
/* Free space and what is reserved of it; see free_space.h. */
#include "free_space.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t reserved_bytes(const struct min_free *min_free, uint64_t total_bytes)
{
	uint64_t share =
		total_bytes / 100 * min_free->percent + total_bytes % 100 * min_free->percent / 100;
	uint64_t least =
		min_free->percent ? smaller(min_free->bytes, total_bytes / 4) : min_free->bytes;

	return share > least ? share : least;
}

struct free_space free_space_read(int fd, const struct min_free *min_free)
{
	struct free_space space = { .free_bytes = UINT64_MAX };
	struct stat status;
	struct statvfs file_system;

	if (!min_free->bytes && !min_free->percent)
		return space;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode) || fstatvfs(fd, &file_system) ||
	    !file_system.f_blocks)
		return space;
	space.free_bytes = (uint64_t)file_system.f_bavail * file_system.f_frsize;
	space.reserved_bytes =
		reserved_bytes(min_free, (uint64_t)file_system.f_blocks * file_system.f_frsize);
	return space;
}

uint64_t free_space_room(const struct free_space *space)
{
	return space->free_bytes > space->reserved_bytes ?
		       space->free_bytes - space->reserved_bytes :
		       0;
}

/* In the units in which --min-free is given. */
static void format_bytes(uint64_t bytes, char *ret_text, size_t size)
{
	static const char *const units[] = { "KiB", "MiB", "GiB" };
	size_t i = 0;

	for (bytes /= 1024; bytes >= 10240 && i + 1 < sizeof(units) / sizeof(units[0]); i++)
		bytes /= 1024;
	snprintf(ret_text, size, "%" PRIu64 " %s", bytes, units[i]);
}

void free_space_explain(const struct free_space *space, char *ret_text, size_t size)
{
	char free_text[32], reserved_text[32];

	format_bytes(space->free_bytes, free_text, sizeof(free_text));
	format_bytes(space->reserved_bytes, reserved_text, sizeof(reserved_text));
	snprintf(ret_text, size,
		 "its file system has %s free, and %s are to stay free (see '--min-free')",
		 free_text, reserved_text);
}
