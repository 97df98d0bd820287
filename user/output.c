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

int output_open(const char *path, struct error *reterr)
{
	_cleanup_close_ int fd = -1;
	struct stat status;
	uid_t user;
	gid_t group;

	if (strcmp(path, "-") == 0) {
		fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		return fd < 0 ? error_set(reterr, -errno, "cannot write to stdout: %s",
					  strerror(errno)) :
				TAKE_FD(fd);
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return error_set(reterr, -errno, "cannot open '%s' for writing: %s%s", path,
				 strerror(errno),
				 errno == ELOOP ? " (symbolic links are not followed)" : "");
	if (invoking_user(&user, &group) && !fstat(fd, &status) && S_ISREG(status.st_mode) &&
	    fchown(fd, user, group))
		return error_set(reterr, -errno, "cannot give '%s' to user %u: %s", path,
				 (unsigned int)user, strerror(errno));
	return TAKE_FD(fd);
}
