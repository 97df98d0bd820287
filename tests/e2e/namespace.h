/* SPDX-License-Identifier: GPL-2.0-only */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

/* A descriptor of the network namespace that 'ip netns' calls name; "-" is the present one. */
static inline int namespace_open(const char *name)
{
	char path[PATH_MAX];
	int fd;

	if (name[0] == '-' && !name[1])
		snprintf(path, sizeof(path), "/proc/self/ns/net");
	else
		snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/*
 * Enters the network namespace and nothing else: 'ip netns exec' would also mount a new /sys,
 * without the BPF file system.
 */
static inline int namespace_enter(const char *name)
{
	int fd = namespace_open(name), error;

	if (fd < 0)
		return fd;
	error = setns(fd, CLONE_NEWNET) ? -errno : 0;
	close(fd);
	return error;
}
