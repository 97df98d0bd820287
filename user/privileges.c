/* SPDX-License-Identifier: GPL-2.0-only */
/* Drops users, groups, capabilities and system calls in the order in which that is possible. */
#include "privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

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

static int become(uid_t user, gid_t group)
{
	if (geteuid() != 0)
		return 0;
	if (setgroups(0, NULL) || setresgid(group, group, group) || setresuid(user, user, user))
		return -errno;
	return 0;
}

#if defined(__x86_64__)
#define AUDIT_ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define AUDIT_ARCHITECTURE AUDIT_ARCH_AARCH64
#else
#error "name the architecture of linux/audit.h here"
#endif

static const unsigned int allowed_calls[] = {
	/* the file, stderr and the channel */
	SYS_write,
	SYS_writev,
	SYS_lseek,
	SYS_ftruncate,
	SYS_fstat,
	SYS_newfstatat, /* what glibc makes of fstat() */
	SYS_fstatfs,
	SYS_sync_file_range,
	SYS_fadvise64,
	SYS_fcntl,
	SYS_close,
	SYS_uname, /* for the head of a pcapng file */
	SYS_sendmsg,
	SYS_recvmsg,
	/* waiting and clocks; the clock where there is no vDSO */
	SYS_epoll_pwait,
	SYS_epoll_ctl, /* the output comes later than the list */
	SYS_restart_syscall,
	SYS_clock_gettime,
	/* memory, and the end */
	SYS_brk,
	SYS_mmap,
	SYS_mremap,
	SYS_munmap,
	SYS_futex,
	SYS_rt_sigreturn,
	SYS_exit,
	SYS_exit_group,
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define EQUALS(value, if_true, if_false) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (if_true), (if_false))
#define RETURN(what) BPF_STMT(BPF_RET | BPF_K, (what))

/* What newer C libraries make of tcgetattr(3) and tcsetattr(3), of asm-generic/ioctls.h. */
#define TERMIOS2_GET 0x802c542au
#define TERMIOS2_SET 0x402c542bu

/*
 * A classic BPF program (seccomp(2)): the architecture, then one comparison for each call, then
 * read(2) of the keyboard, and the requests of ioctl(2): the size of a terminal, and the modes of
 * the keyboard's. The kernel takes 32 bits of descriptors and requests, which stand first on
 * these little-endian architectures.
 */
static int limit_calls(int keyboard_fd)
{
	const unsigned int keyboard = (unsigned int)keyboard_fd;
	const struct sock_filter start[] = {
		LOAD(arch),
		EQUALS(AUDIT_ARCHITECTURE, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		LOAD(nr),
	};
	const struct sock_filter end[] = {
		EQUALS(SYS_read, 0, 2),
		LOAD(args[0]),
		EQUALS(keyboard, 10, 9),
		EQUALS(SYS_ioctl, 0, 8),
		LOAD(args[1]),
		EQUALS(TIOCGWINSZ, 7, 0),
		EQUALS(TCGETS, 3, 0),
		EQUALS(TCSETS, 2, 0),
		EQUALS(TERMIOS2_GET, 1, 0),
		EQUALS(TERMIOS2_SET, 0, 2),
		LOAD(args[0]),
		EQUALS(keyboard, 1, 0),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_filter program[LENGTH(start) + LENGTH(allowed_calls) + LENGTH(end)];
	struct sock_fprog handle = { .filter = program, .len = LENGTH(program) };
	struct sock_filter *next = program + LENGTH(start);

	memcpy(program, start, sizeof(start));
	for (size_t i = 0; i < LENGTH(allowed_calls); i++)
		*next++ = (struct sock_filter)EQUALS(
			allowed_calls[i],
			(unsigned char)(LENGTH(allowed_calls) - i + LENGTH(end) - 2), 0);
	memcpy(next, end, sizeof(end));
	/* EINVAL, ENOSYS: a kernel built without it. */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &handle) &&
	    errno != EINVAL && errno != ENOSYS)
		return -errno;
	return 0;
}

static int keep_descriptors(int *const fds[], int count)
{
	const int first = STDERR_FILENO + 1;
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0 || dup2(nowhere, STDOUT_FILENO) < 0)
		return -errno;
	/* Out of the way of the numbers that they get. */
	for (int i = 0; i < count; i++) {
		*fds[i] = fcntl(*fds[i], F_DUPFD_CLOEXEC, first + count);
		if (*fds[i] < 0)
			return -errno;
	}
	for (int i = 0; i < count; i++) {
		*fds[i] = dup2(*fds[i], first + i);
		if (*fds[i] < 0)
			return -errno;
	}
	return close_range((unsigned int)(first + count), ~0u, 0) ? -errno : 0;
}

int privileges_keep_descriptors(int *const fds[], int count, struct error *reterr)
{
	int error = keep_descriptors(fds, count);

	return error ? error_set(reterr, error, "the writer cannot close its descriptors: %s",
				 strerror(-error)) :
		       0;
}

int privileges_drop(uid_t user, gid_t group, struct error *reterr)
{
	int error;

	drop_bounding_set();
	error = become(user, group);
	if (!error)
		error = drop_capabilities();
	if (!error &&
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)))
		error = -errno;
	if (error)
		return error_set(reterr, error, "the writer cannot give up its privileges: %s",
				 strerror(-error));
	return 0;
}

int privileges_limit_calls(int keyboard_fd, struct error *reterr)
{
	int error = limit_calls(keyboard_fd);

	return error ? error_set(reterr, error, "the writer cannot limit its system calls: %s",
				 strerror(-error)) :
		       0;
}
