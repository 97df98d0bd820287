/* SPDX-License-Identifier: GPL-2.0-only */
/* Files without a name, and a limit that makes them full. */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* A new file for reading and writing, which is gone when it is closed. */
static inline int open_file(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	int fd;

	snprintf(path, sizeof(path), "%s/pktsieve_test.XXXXXX", folder ? folder : "/tmp");
	fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0 || unlink(path))
		fail(path);
	return fd;
}

static inline uint64_t file_bytes(int fd)
{
	struct stat status;

	if (fstat(fd, &status))
		fail("fstat");
	return (uint64_t)status.st_size;
}

static inline bool is_open(int fd)
{
	return fcntl(fd, F_GETFD) != -1;
}

/*
 * A file must not grow beyond so many bytes from here on: stdout, too, if it is one. SIGXFSZ has to
 * be ignored.
 */
static inline void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_FSIZE, &limit))
		fail("getrlimit");
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	if (setrlimit(RLIMIT_FSIZE, &limit))
		fail("setrlimit");
}

static inline void unlimit_files(void)
{
	limit_files(RLIM_INFINITY);
}
