/* SPDX-License-Identifier: GPL-2.0-only */
/* setns(2) on the namespace's file; see netns.h. */
#include "netns.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"

#define NAMES_DIRECTORY "/run/netns"

int netns_enter(const char *name, struct error *reterr)
{
	_cleanup_close_ int fd = -1;
	char path[PATH_MAX];
	int error;

	snprintf(path, sizeof(path), "%s%s", strchr(name, '/') ? "" : NAMES_DIRECTORY "/", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		return error_set(
			reterr, -ENOENT,
			"there is no network namespace '%s': 'ip netns' lists the names, and "
			"/proc/PID/ns/net is that of a process",
			name);
	if (fd >= 0 && !setns(fd, CLONE_NEWNET))
		return 0;
	error = -errno;
	if (error == -EPERM)
		return error_set(
			reterr, error,
			"entering network namespace '%s' needs CAP_SYS_ADMIN: run pktsieve as "
			"root",
			name);
	if (error == -EINVAL)
		return error_set(reterr, error, "'%s' is not a network namespace", path);
	return error_set(reterr, error, "cannot enter network namespace '%s': %s", name,
			 strerror(-error));
}
