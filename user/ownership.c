/* SPDX-License-Identifier: GPL-2.0-only */
/* Open file description locks (fcntl(2), F_OFD_SETLK) on /run/pktsieve; see ownership.h. */
#include "ownership.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIRECTORY "/run/pktsieve"
/* The first byte says who made the qdisc; slots come behind. */
#define MADE_QDISC 'q'
#define FIRST_SLOT_OFFSET 1

int ownership_open(unsigned int ifindex, bool may_create, struct error *reterr)
{
	struct stat namespace_status;
	char path[128];
	int fd;

	if (stat("/proc/self/ns/net", &namespace_status))
		return error_set(reterr, -errno, "cannot tell the network namespace: %s",
				 strerror(errno));
	snprintf(path, sizeof(path), DIRECTORY "/tc-%lu-%u.lock",
		 (unsigned long)namespace_status.st_ino, ifindex);
	if (may_create && mkdir(DIRECTORY, 0755) && errno != EEXIST)
		return error_set(reterr, -errno, "cannot make '%s': %s", DIRECTORY,
				 strerror(errno));
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (may_create ? O_CREAT : 0), 0600);
	if (fd < 0)
		return error_set(reterr, -errno, "cannot open '%s': %s", path, strerror(errno));
	return fd;
}

static int set_lock(int fd, unsigned int slot, short type)
{
	struct flock lock = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = FIRST_SLOT_OFFSET + slot,
		.l_len = 1,
	};

	return fcntl(fd, F_OFD_SETLK, &lock) ? -errno : 0;
}

int ownership_lock_slot(int fd, unsigned int slot)
{
	int error = set_lock(fd, slot, F_WRLCK);

	return error == -EACCES ? -EAGAIN : error;
}

int ownership_unlock_slot(int fd, unsigned int slot)
{
	return set_lock(fd, slot, F_UNLCK);
}

int ownership_claim_slot(int fd, unsigned int *ret_slot, struct error *reterr)
{
	for (unsigned int slot = 0; slot < OWNERSHIP_SLOTS; slot++) {
		if (ownership_lock_slot(fd, slot))
			continue;
		*ret_slot = slot;
		return 0;
	}
	return error_set(reterr, -EBUSY, "%d captures run on this interface already",
			 OWNERSHIP_SLOTS);
}

void ownership_set_made_qdisc(int fd, bool has_made)
{
	const char mark = has_made ? MADE_QDISC : ' ';

	/* Without the mark the empty qdisc stays at --cleanup: untidy, not wrong. */
	if (pwrite(fd, &mark, 1, 0) != 1)
		return;
}

bool ownership_has_made_qdisc(int fd)
{
	char mark;

	return pread(fd, &mark, 1, 0) == 1 && mark == MADE_QDISC;
}
