/* SPDX-License-Identifier: GPL-2.0-only */
/* See confinement.h. */
#include "confinement.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../user/base/cleanup.h"

#if defined(__x86_64__)
#define AUDIT_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define AUDIT_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "name the architecture of linux/audit.h here"
#endif

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* All that version 1 of Landlock can forbid. */
#define EVERYTHING ((LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1)

static int allow_reading(int rules, const char *name)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE,
	};
	_cleanup_close_ int fd = open(name, O_PATH | O_CLOEXEC);

	/* That it is not there is said when it is opened. */
	if (fd < 0)
		return 0;
	rule.parent_fd = fd;
	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) ?
		       -errno :
		       0;
}

/* Where the kernel has no Landlock, the list of calls has to do. */
static int limit_files(const char *const *files, size_t count)
{
	const struct landlock_ruleset_attr handled = { .handled_access_fs = EVERYTHING };
	_cleanup_close_ int rules =
		(int)syscall(SYS_landlock_create_ruleset, &handled, sizeof(handled), 0);
	int error = 0;

	if (rules < 0)
		return errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -errno;
	for (size_t i = 0; i < count && !error; i++)
		if (strcmp(files[i], "-") != 0)
			error = allow_reading(rules, files[i]);
	if (!error && syscall(SYS_landlock_restrict_self, rules, 0))
		error = -errno;
	return error;
}

static const unsigned int allowed_calls[] = {
	SYS_read,          SYS_write,
	SYS_writev,        SYS_openat, /* only what Landlock lets pass */
	SYS_open,          SYS_close,
	SYS_lseek,         SYS_fstat,
	SYS_newfstatat, /* what glibc makes of fstat() */
	SYS_ioctl,      /* the size of the terminal */
	SYS_brk,           SYS_mmap,
	SYS_mremap,        SYS_munmap,
	SYS_madvise,       SYS_futex,
	SYS_clock_gettime, SYS_getrandom,
	SYS_rt_sigreturn,  SYS_restart_syscall,
	SYS_exit,          SYS_exit_group,
};

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define EQUALS(value, if_true, if_false) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (if_true), (if_false))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, (what))

/* A classic BPF program (seccomp(2)): the architecture, then one comparison for each call. */
static int limit_calls(void)
{
	struct sock_filter program[4 + LENGTH(allowed_calls) + 2] = {
		LOAD(arch),
		EQUALS(AUDIT_ARCHITECTURE, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
	};
	struct sock_fprog handle = { .filter = program, .len = LENGTH(program) };
	struct sock_filter *next = program + 4;

	for (size_t i = 0; i < LENGTH(allowed_calls); i++)
		*next++ = (struct sock_filter)EQUALS(allowed_calls[i],
						     (unsigned char)(LENGTH(allowed_calls) - i), 0);
	*next++ = (struct sock_filter)RETURN(SECCOMP_RET_ERRNO | EPERM);
	*next++ = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	/* EINVAL, ENOSYS: a kernel built without it. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &handle) && errno != EINVAL &&
	    errno != ENOSYS)
		return -errno;
	return 0;
}

int confinement_begin(const char *const *files, size_t count, struct error *reterr)
{
	int error = prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ? -errno : 0;

	if (!error)
		error = limit_files(files, count);
	if (!error)
		error = limit_calls();
	return error ? error_set(reterr, error, "cannot give up what reading does not need: %s",
				 strerror(-error)) :
		       0;
}
