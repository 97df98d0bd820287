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
#include "base/text.h"

/* The user behind sudo; false where there is none. */
static bool invoking_user(uid_t *ret_user, gid_t *ret_group)
{
	const char *user_text = getenv("SUDO_UID"), *group_text = getenv("SUDO_GID");
	uint64_t user, group;

	if (geteuid() != 0 || !user_text || !group_text ||
	    text_parse_number(user_text, UINT32_MAX - 1, &user) ||
	    text_parse_number(group_text, UINT32_MAX - 1, &group))
		return false;
	*ret_user = (uid_t)user;
	*ret_group = (gid_t)group;
	return true;
}

/*
 * An old file is emptied only when it is certain that packets can be written; what it takes up
 * is free then. *ret_is_new: there was none.
 */
static int open_file(const char *path, bool *ret_is_new, struct error *reterr)
{
	const int flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
	int fd = open(path, flags | O_EXCL, 0600);

	*ret_is_new = fd >= 0;
	if (fd < 0 && errno == EEXIST)
		fd = open(path, flags, 0600);
	if (fd < 0)
		return error_set(reterr, -errno, "cannot open '%s' for writing: %s%s", path,
				 strerror(errno),
				 errno == ELOOP ? " (symbolic links are not followed)" : "");
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

static int open_stdout(const struct min_free *min_free, struct error *reterr)
{
	_cleanup_close_ int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	int error;

	if (fd < 0)
		return error_set(reterr, -errno, "cannot write to stdout: %s", strerror(errno));
	error = check_free_space(fd, "stdout", min_free, 0, reterr);
	return error ? error : TAKE_FD(fd);
}

int output_open(const char *path, const struct min_free *min_free, struct error *reterr)
{
	_cleanup_close_ int fd = -1;
	struct stat status;
	uid_t user;
	gid_t group;
	bool is_new;
	int error;

	if (strcmp(path, "-") == 0)
		return open_stdout(min_free, reterr);
	fd = open_file(path, &is_new, reterr);
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) || !S_ISREG(status.st_mode))
		return TAKE_FD(fd);
	error = check_free_space(fd, path, min_free, (uint64_t)status.st_blocks * 512, reterr);
	if (error && is_new)
		unlink(path);
	if (error)
		return error;
	if (ftruncate(fd, 0))
		return error_set(reterr, -errno, "cannot empty '%s': %s", path, strerror(errno));
	if (invoking_user(&user, &group) && fchown(fd, user, group))
		return error_set(reterr, -errno, "cannot give '%s' to user %u: %s", path,
				 (unsigned int)user, strerror(errno));
	return TAKE_FD(fd);
}
