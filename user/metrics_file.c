/* SPDX-License-Identifier: GPL-2.0-only */
/* See metrics_file.h. */
#include "metrics_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "metrics.h"
#include "output.h"

/* What is there of that name is from a pktsieve that was killed; nothing is followed. */
static int open_temporary(const struct metrics_file *file)
{
	int fd;

	unlinkat(file->directory_fd, file->temporary_name, 0);
	fd = openat(file->directory_fd, file->temporary_name,
		    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

static int fill(const struct metrics_file *file, int fd)
{
	const struct file_owner *owner = file->owner;
	int error = write_all(fd, file->text, file->length);

	if (!error && owner->is_another && fchown(fd, owner->user, owner->group))
		error = -errno;
	if (!error && fchmod(fd, 0644))
		error = -errno;
	/* Some file systems tell only then. */
	if (close(fd) && !error)
		error = -errno;
	return error;
}

static int replace(const struct metrics_file *file)
{
	int fd = open_temporary(file), error;

	if (fd < 0)
		return fd;
	error = fill(file, fd);
	if (!error &&
	    renameat(file->directory_fd, file->temporary_name, file->directory_fd, file->name))
		error = -errno;
	if (error)
		unlinkat(file->directory_fd, file->temporary_name, 0);
	return error;
}

static void tell(struct metrics_file *file, int error)
{
	if (error && error != file->told_error)
		notices_say(file->notices,
			    "cannot write '%s': %s (it keeps its old figures, the capture goes on)",
			    file->path, strerror(-error));
	else if (!error && file->told_error)
		notices_say(file->notices, "'%s' is written again", file->path);
	file->told_error = error;
}

int metrics_file_open(struct metrics_file *file, const char *path, struct error *reterr)
{
	int fd, length;

	if (!path)
		return 0;
	file->path = path;
	file->name = output_last_component(path);
	length =
		snprintf(file->temporary_name, sizeof(file->temporary_name), ".%s.new", file->name);
	if ((size_t)length >= sizeof(file->temporary_name))
		return error_set(reterr, -ENAMETOOLONG, "'--metrics-file %s': the name is too long",
				 path);
	file->directory_fd = output_open_directory(path, reterr);
	if (file->directory_fd < 0)
		return file->directory_fd;
	fd = open_temporary(file);
	if (fd < 0)
		return error_set(reterr, fd, "cannot write '%s': %s", path, strerror(-fd));
	close(fd);
	unlinkat(file->directory_fd, file->temporary_name, 0);
	file->page = metrics_page_new();
	return file->page ? 0 : error_set(reterr, -ENOMEM, "out of memory");
}

void metrics_file_replace(struct metrics_file *file, bool is_last)
{
	char *text;
	size_t length;
	int error;

	if (!file->page)
		return;
	error = metrics_page_take(is_last ? &file->page->last : &file->page->live, &text, &length);
	if (error == -EAGAIN)
		return;
	if (!error) {
		free(file->text);
		file->text = text;
		file->length = length;
		error = replace(file);
	}
	tell(file, error);
}

static bool says_running(const struct metrics_file *file)
{
	const size_t length = strlen(METRICS_END_RUNNING);

	return file->length >= length &&
	       memcmp(file->text + file->length - length, METRICS_END_RUNNING, length) == 0;
}

void metrics_file_close(struct metrics_file *file)
{
	const size_t length = strlen(METRICS_END_STOPPED);

	if (file->page && says_running(file)) {
		memcpy(file->text + file->length - length, METRICS_END_STOPPED, length);
		tell(file, replace(file));
	}
	free(file->text);
	metrics_page_free(file->page);
	cleanup_close(&file->directory_fd);
}
