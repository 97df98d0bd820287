/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * on_terminal PROGRAM [ARGUMENT...]: runs a program as the leader of a session on a terminal of
 * its own, which is its stderr, and copies what it writes there to stdout. The first line is
 * the program's process. At SIGUSR1 the terminal goes away, as with a connection that breaks.
 * Ends with the program's exit status.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t is_to_go;

static void note(int signal)
{
	(void)signal;
	is_to_go = 1;
}

static void run(int terminal, char **command)
{
	setsid();
	if (ioctl(terminal, TIOCSCTTY, 0) || dup2(terminal, STDERR_FILENO) < 0)
		_exit(126);
	execvp(command[0], command);
	_exit(127);
}

/* Until the terminal is to go, or nobody has it any more. */
static void copy(int master)
{
	struct pollfd waited = { .fd = master, .events = POLLIN };
	char text[4096];
	ssize_t length;
	sigset_t none;

	sigemptyset(&none);
	while (!is_to_go) {
		if (ppoll(&waited, 1, NULL, &none) <= 0)
			continue;
		length = read(master, text, sizeof(text));
		if (length <= 0 || write(STDOUT_FILENO, text, (size_t)length) != length)
			return;
	}
}

/* Both ends of a new terminal, or false. */
static bool open_terminal(int *ret_master, int *ret_terminal)
{
	*ret_master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (*ret_master < 0 || grantpt(*ret_master) || unlockpt(*ret_master))
		return false;
	*ret_terminal = open(ptsname(*ret_master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	return *ret_terminal >= 0;
}

int main(int argc, char **argv)
{
	const struct sigaction action = { .sa_handler = note };
	int master, terminal, status = 0;
	sigset_t signals, before;
	pid_t child;

	if (argc < 2 || !open_terminal(&master, &terminal)) {
		perror("on_terminal");
		return 126;
	}
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR1);
	sigprocmask(SIG_BLOCK, &signals, &before);
	sigaction(SIGUSR1, &action, NULL);
	child = fork();
	if (child == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		run(terminal, argv + 1);
	}
	close(terminal);
	printf("%d\n", (int)child);
	fflush(stdout);
	copy(master);
	close(master);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
