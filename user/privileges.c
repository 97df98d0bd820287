/* SPDX-License-Identifier: GPL-2.0-only */
/* Drops users, groups and capabilities in the order in which that is possible. */
#include "privileges.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* nobody and nogroup, with Debian's numbers: no user database is read here. */
#define NOBODY 65534

static int drop_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};

	return syscall(SYS_capset, &header, none) ? -errno : 0;
}

/* Fails with EINVAL behind the last capability of this kernel, with EPERM where not allowed. */
static void drop_bounding_set(void)
{
	for (unsigned long capability = 0; capability < 64; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0))
			return;
}

static int become_nobody(void)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		return -errno;
	return 0;
}

int privileges_drop(struct error *reterr)
{
	int error;

	drop_bounding_set();
	error = become_nobody();
	if (!error)
		error = drop_capabilities();
	if (!error && (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)))
		error = -errno;
	if (error)
		return error_set(reterr, error, "the writer cannot give up its privileges: %s",
				 strerror(-error));
	return 0;
}
