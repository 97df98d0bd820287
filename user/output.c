/* SPDX-License-Identifier: GPL-2.0-only */
/* Private files, for the user who asked; see output.h. */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

const char *output_last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

int output_open_directory(const char *path, struct error *reterr)
{
	size_t length = (size_t)(output_last_component(path) - path);
	_cleanup_free_ char *directory = length ? strndup(path, length) : strdup(".");
	int fd;

	if (!directory)
		return error_set(reterr, -ENOMEM, "out of memory");
	if (!path[length])
		return error_set(reterr, -EISDIR, "cannot write '%s': it is a directory", path);
	fd = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set(reterr, -errno, "cannot open '%s' for writing: %s%s", path,
				 strerror(errno),
				 strchr(directory, '%') ?
					 " (only the last component is expanded by strftime(3))" :
					 "");
	return fd;
}

/* What may help behind an error of open(2). */
static const char *explain(const struct output_request *request, int error)
{
	struct stat status;

	if (error == ELOOP)
		return " (symbolic links are not followed)";
	if (error == ENOENT && !fstat(request->directory_fd, &status) && !status.st_nlink)
		return " (its directory has been removed)";
	return "";
}

/*
 * An old file is emptied only when it is certain that packets can be written; what it takes up
 * is free then. *ret_is_new: there was none.
 */
static int open_file(const struct output_request *request, bool *ret_is_new, struct error *reterr)
{
	const int flags =
		O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (request->may_wait ? 0 : O_NONBLOCK);
	int error, fd = openat(request->directory_fd, request->name, flags | O_EXCL, 0600);

	*ret_is_new = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = openat(request->directory_fd, request->name, flags, 0600);
	error = errno;
	if (fd < 0)
		return error_set(reterr, -error, "cannot open '%s' for writing: %s%s",
				 request->path, strerror(error), explain(request, error));
	if (!request->may_wait)
		fcntl(fd, F_SETFL, O_WRONLY);
	return fd;
}

static int check_free_space(int fd, const char *name, const struct min_free *min_free,
			    uint64_t old_bytes, struct error *reterr)
{
	struct free_space space = free_space_read(fd, min_free);
	char words[128];

	if (space.free_bytes == UINT64_MAX)
		return 0;
	space.free_bytes += old_bytes;
	if (free_space_room(&space))
		return 0;
	free_space_explain(&space, words, sizeof(words));
	return error_set(reterr, -ENOSPC, "cannot write '%s': %s", name, words);
}

int output_open_stdout(const struct min_free *min_free, struct error *reterr)
{
	_cleanup_close_ int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	int error;

	if (fd < 0)
		return error_set(reterr, -errno, "cannot write to stdout: %s", strerror(errno));
	error = check_free_space(fd, "stdout", min_free, 0, reterr);
	return error ? error : TAKE_FD(fd);
}

int output_open(const struct output_request *request, bool *ret_is_new, struct error *reterr)
{
	const struct file_owner *owner = request->owner;
	_cleanup_close_ int fd = open_file(request, ret_is_new, reterr);
	struct stat status;
	int error;

	if (fd < 0)
		return fd;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode))
		return TAKE_FD(fd);
	error = check_free_space(fd, request->path, request->min_free,
				 (uint64_t)status.st_blocks * 512, reterr);
	if (error && *ret_is_new)
		unlinkat(request->directory_fd, request->name, 0);
	if (error)
		return error;
	if (ftruncate(fd, 0))
		return error_set(reterr, -errno, "cannot empty '%s': %s", request->path,
				 strerror(errno));
	if (owner->is_another && fchown(fd, owner->user, owner->group))
		return error_set(reterr, -errno, "cannot give '%s' to user %u: %s", request->path,
				 (unsigned int)owner->user, strerror(errno));
	return TAKE_FD(fd);
}
