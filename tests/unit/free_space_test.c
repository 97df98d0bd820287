/* SPDX-License-Identifier: GPL-2.0-only */
/* What is free and what is reserved, on file systems that are played in place of fstatvfs(3). */
#include "../../user/free_space.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/statvfs.h>

#include "check.h"
#include "temporary_file.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define MIB (1ull << 20)
#define GIB (1ull << 30)
#define DEFAULT              \
	{                    \
		256 * MIB, 5 \
	}
#define NO_LIMIT UINT64_MAX

static struct statvfs played;
static int played_error;

int fstatvfs(int fd, struct statvfs *ret_status)
{
	(void)fd;
	if (played_error) {
		errno = played_error;
		return -1;
	}
	*ret_status = played;
	return 0;
}

static const struct {
	const char *name;
	uint64_t total_mib, free_mib;
	struct min_free min_free;
	uint64_t reserved, room;
} cases[] = {
	{ "5 % of a large disk", 1000000, 60000, DEFAULT, 50000 * MIB, 10000 * MIB },
	{ "256 MiB of a medium disk", 4000, 300, DEFAULT, 256 * MIB, 44 * MIB },
	{ "5 % of a disk just large enough", 5120, 257, DEFAULT, 256 * MIB, MIB },
	{ "a quarter of a small disk", 512, 512, DEFAULT, 128 * MIB, 384 * MIB },
	{ "a quarter of a tiny disk", 2, 2, DEFAULT, MIB / 2, 3 * MIB / 2 },
	{ "a disk with less than is reserved", 10240, 300, DEFAULT, 512 * MIB, 0 },
	{ "a disk with as much as is reserved", 10240, 512, DEFAULT, 512 * MIB, 0 },
	{ "a size", 1000, 100, { 30 * MIB, 0 }, 30 * MIB, 70 * MIB },
	{ "a size that is more than the disk", 20, 20, { 30 * MIB, 0 }, 30 * MIB, 0 },
	{ "a percentage", 1000, 200, { 0, 10 }, 100 * MIB, 100 * MIB },
	{ "a percentage of a tiny disk", 2, 2, { 0, 50 }, MIB, MIB },
};

static void test_case(size_t i, int fd)
{
	struct free_space space;

	played = (struct statvfs){
		/* Blocks of a size of their own: f_bsize is not what they are counted in. */
		.f_bsize = 1 << 16,
		.f_frsize = 1 << 19,
		.f_blocks = cases[i].total_mib * 2,
		.f_bfree = cases[i].free_mib * 3,
		.f_bavail = cases[i].free_mib * 2,
	};
	space = free_space_read(fd, &cases[i].min_free);
	check(space.free_bytes == cases[i].free_mib * MIB &&
		      space.reserved_bytes == cases[i].reserved &&
		      free_space_room(&space) == cases[i].room,
	      "what is reserved and what may be written: %s", cases[i].name);
	check_note("free %" PRIu64 ", reserved %" PRIu64 ", room %" PRIu64, space.free_bytes,
		   space.reserved_bytes, free_space_room(&space));
}

static bool is_unlimited(int fd, struct min_free min_free)
{
	struct free_space space = free_space_read(fd, &min_free);

	return space.free_bytes == NO_LIMIT && free_space_room(&space) == NO_LIMIT;
}

static void test_unlimited(int fd)
{
	int ends[2];

	played = (struct statvfs){ .f_frsize = 4096, .f_blocks = 1000 };
	check(!is_unlimited(fd, (struct min_free)DEFAULT), "a full disk is a limit");
	check(is_unlimited(fd, (struct min_free){ 0, 0 }),
	      "a full disk is none if nothing is to stay free");
	if (pipe2(ends, O_CLOEXEC))
		exit(1);
	check(is_unlimited(ends[1], (struct min_free)DEFAULT), "a pipe has no limit");
	close(ends[0]);
	close(ends[1]);
	played_error = EIO;
	check(is_unlimited(fd, (struct min_free)DEFAULT),
	      "a file system that cannot be asked has no limit");
	played_error = 0;
	played.f_blocks = 0;
	check(is_unlimited(fd, (struct min_free)DEFAULT),
	      "a file system without a size has no limit");
}

static const struct {
	struct free_space space;
	const char *words;
} words[] = {
	{ { 0, MIB }, "has 0 KiB free, and 1024 KiB are" },
	{ { 10239 * 1024, 10240 * 1024 }, "has 10239 KiB free, and 10 MiB are" },
	{ { 100 * MIB, 256 * MIB }, "has 100 MiB free, and 256 MiB are" },
	{ { 12 * GIB, 50 * GIB }, "has 12 GiB free, and 50 GiB are" },
	{ { 5000 * GIB, 20000 * GIB }, "has 5000 GiB free, and 20000 GiB are" },
};

static void test_words(void)
{
	char text[128];

	for (size_t i = 0; i < LENGTH(words); i++) {
		free_space_explain(&words[i].space, text, sizeof(text));
		check(strstr(text, words[i].words) && strstr(text, "'--min-free'"),
		      "the words are: %s", words[i].words);
		check_note("%s", text);
	}
}

int main(void)
{
	int fd = open_file();

	for (size_t i = 0; i < LENGTH(cases); i++)
		test_case(i, fd);
	test_unlimited(fd);
	test_words();
	close(fd);
	return check_finish();
}
