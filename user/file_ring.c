/* SPDX-License-Identifier: GPL-2.0-only */
/* A list of names and inodes: only files of this capture are ever removed; see file_ring.h. */
#include "file_ring.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct ring_file {
	struct ring_file *next;
	dev_t device;
	ino_t inode;
	char name[];
};

int file_ring_add(struct file_ring *ring, const char *name, int fd)
{
	struct ring_file *file;
	struct stat status;

	if (!ring->length)
		return 0;
	if (fstat(fd, &status))
		return -errno;
	if (!S_ISREG(status.st_mode))
		return 0;
	file = malloc(sizeof(*file) + strlen(name) + 1);
	if (!file)
		return -ENOMEM;
	file->next = NULL;
	file->device = status.st_dev;
	file->inode = status.st_ino;
	strcpy(file->name, name);
	if (ring->last)
		ring->last->next = file;
	else
		ring->first = file;
	ring->last = file;
	ring->count++;
	return 0;
}

const char *file_ring_excess(const struct file_ring *ring)
{
	return ring->length && ring->count >= ring->length ? ring->first->name : NULL;
}

/* Takes out what *link points to, behind before. */
static void take_out(struct file_ring *ring, struct ring_file **link, struct ring_file *before)
{
	struct ring_file *file = *link;

	*link = file->next;
	if (ring->last == file)
		ring->last = before;
	ring->count--;
	free(file);
}

int file_ring_remove_first(struct file_ring *ring, int directory_fd)
{
	const struct ring_file *file = ring->first;
	struct stat status;
	int error = 0;

	if (!fstatat(directory_fd, file->name, &status, AT_SYMLINK_NOFOLLOW) &&
	    status.st_dev == file->device && status.st_ino == file->inode &&
	    unlinkat(directory_fd, file->name, 0))
		error = -errno;
	take_out(ring, &ring->first, NULL);
	return error;
}

void file_ring_forget(struct file_ring *ring, const char *name)
{
	struct ring_file **link = &ring->first, *before = NULL;

	while (*link) {
		if (strcmp((*link)->name, name) == 0) {
			take_out(ring, link, before);
			continue;
		}
		before = *link;
		link = &before->next;
	}
}

void file_ring_clear(struct file_ring *ring)
{
	while (ring->first)
		take_out(ring, &ring->first, NULL);
}
