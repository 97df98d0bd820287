/* SPDX-License-Identifier: GPL-2.0-only */
/* Which system calls are left behind privileges_limit_calls(), in a child that makes them. */
#include "../../user/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "check.h"

#define KEYBOARD 9
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* On a descriptor that is no terminal: ENOTTY means that the kernel got to see the request. */
static const struct {
	const char *what;
	long number;
	long arguments[3];
	int expected; /* errno */
} calls[] = {
	{ "asking for the size of a terminal is allowed", SYS_ioctl, { 0, TIOCGWINSZ, 0 }, ENOTTY },
	{ "the kernel's 32 bits of a request are what counts",
	  SYS_ioctl,
	  { 0, (long)(TIOCGWINSZ | 1ull << 40), 0 },
	  ENOTTY },
	{ "typing for the user (TIOCSTI) is not allowed", SYS_ioctl, { 0, TIOCSTI, 0 }, EPERM },
	{ "reading the modes of a terminal is not allowed", SYS_ioctl, { 0, TCGETS, 0 }, EPERM },
	{ "setting the size of a terminal is not allowed", SYS_ioctl, { 0, TIOCSWINSZ, 0 }, EPERM },
	{ "reading the modes of the keyboard's terminal is allowed",
	  SYS_ioctl,
	  { KEYBOARD, TCGETS, 0 },
	  ENOTTY },
	{ "setting them is allowed", SYS_ioctl, { KEYBOARD, TCSETS, 0 }, ENOTTY },
	{ "setting the modes of another terminal is not allowed",
	  SYS_ioctl,
	  { 0, TCSETS, 0 },
	  EPERM },
	{ "typing on the keyboard is not allowed", SYS_ioctl, { KEYBOARD, TIOCSTI, 0 }, EPERM },
	{ "reading the keyboard is allowed", SYS_read, { KEYBOARD, 0, 1 }, 0 },
	{ "reading anything else is not allowed", SYS_read, { 0, 0, 1 }, EPERM },
	{ "closing is allowed", SYS_close, { -1 }, EBADF },
	{ "writing is allowed", SYS_write, { -1 }, EBADF },
	{ "opening is not allowed", SYS_openat, { -1 }, EPERM },
	{ "making a socket is not allowed", SYS_socket, { AF_INET, SOCK_STREAM, 0 }, EPERM },
	{ "running a program is not allowed", SYS_execve, { 0 }, EPERM },
	{ "asking for the name of the system is allowed", SYS_uname, { 0 }, EFAULT },
	{ "starting a process is not allowed", SYS_clone, { 0 }, EPERM },
	{ "sending a signal is not allowed", SYS_kill, { 0, 0 }, EPERM },
};

/* Leaves in results what each call came to, or ends with status 1. */
static void make_calls(int *results)
{
	struct error why;

	if (dup2(open("/dev/null", O_RDWR), 0) != 0 || dup2(0, KEYBOARD) != KEYBOARD ||
	    privileges_drop(PRIVILEGES_NOBODY, PRIVILEGES_NOBODY, &why) ||
	    privileges_limit_calls(KEYBOARD, &why))
		_exit(1);
	for (size_t i = 0; i < LENGTH(calls); i++) {
		const long *arguments = calls[i].arguments;

		errno = 0;
		if (syscall(calls[i].number, arguments[0], arguments[1], arguments[2]) >= 0)
			errno = 0;
		results[i] = errno;
	}
	_exit(0);
}

int main(void)
{
	int *results = mmap(NULL, sizeof(int) * LENGTH(calls), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = 0;
	pid_t child;

	if (results == MAP_FAILED)
		return 1;
	child = fork();
	if (child == 0)
		make_calls(results);
	check(child > 0 && waitpid(child, &status, 0) == child && status == 0,
	      "a process can give up its privileges");
	for (size_t i = 0; i < LENGTH(calls); i++) {
		check(results[i] == calls[i].expected, "%s", calls[i].what);
		check_note("errno is %d, not %d", results[i], calls[i].expected);
	}
	return check_finish();
}
