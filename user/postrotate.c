/* SPDX-License-Identifier: GPL-2.0-only */
/* fork(2), execve(2), and a pidfd for each child; see postrotate.h. */
#include "postrotate.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"

/* A slow command shall not pile up processes; the other files wait. */
#define MAXIMUM_RUNNING 4
#define LOWEST_PRIORITY 19

struct command {
	char *path;
	pid_t pid; /* 0: free */
	int pid_fd;
	int error_fd; /* the errno of what failed before the command began */
};

struct waiting_file {
	char *path;
	struct waiting_file *next;
};

struct postrotate {
	struct postrotate_options options;
	int epoll_fd;
	struct command running[MAXIMUM_RUNNING];
	struct waiting_file *first, **end;
};

int postrotate_open(const struct postrotate_options *options, struct postrotate **ret_postrotate)
{
	struct postrotate *postrotate = calloc(1, sizeof(*postrotate));

	if (!postrotate)
		return -ENOMEM;
	postrotate->options = *options;
	postrotate->end = &postrotate->first;
	postrotate->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (postrotate->epoll_fd < 0) {
		free(postrotate);
		return -errno;
	}
	*ret_postrotate = postrotate;
	return 0;
}

/* Behind fork(2): another thread may have held locks, so there is nothing but system calls. */
static int become_owner(const struct file_owner *owner)
{
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (!owner->is_another)
		return 0;
	if (setgroups(owner->group_count, owner->groups) ||
	    setresgid(owner->group, owner->group, owner->group) ||
	    setresuid(owner->user, owner->user, owner->user))
		return -1;
	return 0;
}

/* stdin leads nowhere; of all else only stdout, stderr and error_fd stay open. */
static int clean_descriptors(int *error_fd, bool is_silent)
{
	int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (nowhere < 0 || dup2(nowhere, STDIN_FILENO) < 0)
		return -1;
	if (is_silent && (dup2(nowhere, STDOUT_FILENO) < 0 || dup2(nowhere, STDERR_FILENO) < 0))
		return -1;
	if (dup3(*error_fd, STDERR_FILENO + 1, O_CLOEXEC) < 0 && errno != EINVAL)
		return -1;
	*error_fd = STDERR_FILENO + 1;
	return close_range((unsigned int)STDERR_FILENO + 2, ~0u, 0);
}

/*
 * By the system call: two signals glibc keeps to itself, and leaves ignored in what
 * posix_spawn(3) starts, which make(1) does.
 */
static void reset_signals(void)
{
	const struct {
		void *handler; /* NULL: SIG_DFL */
		unsigned long flags;
		void *restorer;
		uint64_t mask;
	} by_default = {};
	sigset_t none;

	for (int number = 1; number < NSIG; number++)
		syscall(SYS_rt_sigaction, number, &by_default, NULL, sizeof(by_default.mask));
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/*
 * In a session of its own: a Ctrl-C that ends the capture is not meant for the command, which
 * has to do with a file that is complete.
 */
static void become_command(const struct postrotate_options *options, const char *path, int error_fd)
{
	int error;

	setsid();
	setpriority(PRIO_PROCESS, 0, LOWEST_PRIORITY);
	reset_signals();
	if (!clean_descriptors(&error_fd, options->is_silent) && !become_owner(options->owner))
		execlp(options->command, options->command, path, NULL);
	error = errno;
	if (write(error_fd, &error, sizeof(error)) != sizeof(error))
		_exit(126);
	_exit(127);
}

static int watch(struct postrotate *postrotate, struct command *command)
{
	struct epoll_event event = { .events = EPOLLIN };

	command->pid_fd = pidfd_open(command->pid, 0);
	if (command->pid_fd < 0 ||
	    epoll_ctl(postrotate->epoll_fd, EPOLL_CTL_ADD, command->pid_fd, &event))
		return -errno;
	return 0;
}

static void say_failure(struct postrotate *postrotate, const char *path, const char *reason)
{
	notices_say(postrotate->options.notices, "'-z': cannot run '%s %s': %s",
		    postrotate->options.command, path, reason);
}

/* Takes path over. */
static void start(struct postrotate *postrotate, struct command *command, char *path)
{
	int pipe_fds[2] = { -1, -1 };

	command->path = path;
	command->pid_fd = command->error_fd = -1;
	command->pid = pipe2(pipe_fds, O_CLOEXEC) ? -1 : fork();
	if (command->pid == 0)
		become_command(&postrotate->options, path, pipe_fds[1]);
	cleanup_close(&pipe_fds[1]);
	command->error_fd = pipe_fds[0];
	if (command->pid > 0 && !watch(postrotate, command))
		return;
	say_failure(postrotate, path, strerror(errno));
	cleanup_close(&command->pid_fd);
	cleanup_close(&command->error_fd);
	free(command->path);
	command->pid = 0;
}

static struct command *free_place(struct postrotate *postrotate)
{
	for (size_t i = 0; i < MAXIMUM_RUNNING; i++)
		if (!postrotate->running[i].pid)
			return &postrotate->running[i];
	return NULL;
}

/* The path of the first file that waits, which is the caller's then. */
static char *take_first(struct postrotate *postrotate)
{
	struct waiting_file *file = postrotate->first;
	char *path = file->path;

	postrotate->first = file->next;
	if (!postrotate->first)
		postrotate->end = &postrotate->first;
	free(file);
	return path;
}

static void start_waiting(struct postrotate *postrotate)
{
	struct command *place;

	while (postrotate->first && (place = free_place(postrotate)))
		start(postrotate, place, take_first(postrotate));
}

int postrotate_add(struct postrotate *postrotate, const char *path)
{
	struct waiting_file *file = calloc(1, sizeof(*file));

	if (file)
		file->path = strdup(path);
	if (!file || !file->path) {
		free(file);
		return -ENOMEM;
	}
	*postrotate->end = file;
	postrotate->end = &file->next;
	start_waiting(postrotate);
	return 0;
}

static void say_not_run(struct postrotate *postrotate, const char *path, const char *why)
{
	notices_say(postrotate->options.notices, "'-z': '%s %s' was not run: %s",
		    postrotate->options.command, path, why);
}

void postrotate_forget(struct postrotate *postrotate, const char *path)
{
	struct waiting_file **link = &postrotate->first, *file;

	while ((file = *link)) {
		if (strcmp(file->path, path) != 0) {
			link = &file->next;
			continue;
		}
		say_not_run(postrotate, path, "the file had to make room for others before");
		*link = file->next;
		free(file->path);
		free(file);
	}
	postrotate->end = link;
}

int postrotate_fd(const struct postrotate *postrotate)
{
	return postrotate->epoll_fd;
}

static void say_result(struct postrotate *postrotate, const struct command *command,
		       int wait_status)
{
	struct notices *notices = postrotate->options.notices;
	const char *name = postrotate->options.command;
	int error;

	if (read(command->error_fd, &error, sizeof(error)) == sizeof(error))
		say_failure(postrotate, command->path, strerror(error));
	else if (WIFSIGNALED(wait_status))
		notices_say(notices, "'-z': '%s %s' was ended by a signal: %s", name, command->path,
			    strsignal(WTERMSIG(wait_status)));
	else if (WEXITSTATUS(wait_status))
		notices_say(notices, "'-z': '%s %s' failed with exit status %d", name,
			    command->path, WEXITSTATUS(wait_status));
}

static bool collect(struct postrotate *postrotate, struct command *command)
{
	int wait_status = 0;

	/* ECHILD: SIGCHLD was ignored when pktsieve began, and nobody knows how it ended. */
	if (!command->pid || !waitpid(command->pid, &wait_status, WNOHANG))
		return false;
	say_result(postrotate, command, wait_status);
	cleanup_close(&command->pid_fd);
	cleanup_close(&command->error_fd);
	free(command->path);
	command->pid = 0;
	return true;
}

bool postrotate_collect(struct postrotate *postrotate)
{
	bool has_ended = false;

	for (size_t i = 0; i < MAXIMUM_RUNNING; i++)
		has_ended |= collect(postrotate, &postrotate->running[i]);
	start_waiting(postrotate);
	return has_ended;
}

bool postrotate_is_idle(const struct postrotate *postrotate)
{
	for (size_t i = 0; i < MAXIMUM_RUNNING; i++)
		if (postrotate->running[i].pid)
			return false;
	return !postrotate->first;
}

void postrotate_abandon(struct postrotate *postrotate)
{
	for (size_t i = 0; i < MAXIMUM_RUNNING; i++) {
		struct command *command = &postrotate->running[i];

		if (!command->pid)
			continue;
		notices_say(postrotate->options.notices,
			    "'-z': '%s %s' still runs, as process %d; it is left to itself",
			    postrotate->options.command, command->path, (int)command->pid);
		cleanup_close(&command->pid_fd);
		cleanup_close(&command->error_fd);
		free(command->path);
		command->pid = 0;
	}
	while (postrotate->first) {
		_cleanup_free_ char *path = take_first(postrotate);

		say_not_run(postrotate, path, "others did not end before");
	}
}

void postrotate_close(struct postrotate *postrotate)
{
	if (!postrotate)
		return;
	postrotate_abandon(postrotate);
	cleanup_close(&postrotate->epoll_fd);
	free(postrotate);
}
