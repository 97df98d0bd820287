/* SPDX-License-Identifier: GPL-2.0-only */
/* Forks, talks to and collects the writer; see writer_process.h. */
#include "writer_process.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "terminal.h"

int writer_process_start(struct writer_process *process, struct error *reterr)
{
	int error, fds[2];

	error = channel_open(fds);
	if (error)
		return error_set(reterr, error, "cannot make a channel: %s", strerror(-error));
	if (process->options.options->stats == OPTIONS_STATS_PANEL)
		terminal_ignore_stops();
	/* What is buffered here must not come out of the writer as well. */
	fflush(NULL);
	process->pid = fork();
	if (process->pid < 0) {
		error = -errno;
		process->pid = 0;
		close(fds[0]);
		close(fds[1]);
		return error_set(reterr, error, "cannot start the writer: %s", strerror(-error));
	}
	if (process->pid == 0) {
		process->options.channel_fd = fds[1];
		_exit(writer_run(&process->options));
	}
	close(fds[1]);
	process->channel_fd = fds[0];
	return 0;
}

bool writer_process_hand_over(struct writer_process *process)
{
	_cleanup_close_ int fd = -1;
	struct channel_message message;

	if (process->options.options->output &&
	    channel_send(process->channel_fd, CHANNEL_OUTPUT, 0, process->rotation->fd))
		return false;
	if (channel_receive(process->channel_fd, &message, &fd))
		return false;
	process->output_has_failed = message.type == CHANNEL_OUTPUT_FAILED;
	return message.type == CHANNEL_READY;
}

/* error: of opening the file that the writer waits for */
static bool answer(struct writer_process *process, int error)
{
	if (!error) {
		channel_send(process->channel_fd, CHANNEL_OUTPUT, 0, process->rotation->fd);
		return false;
	}
	if (error == -EAGAIN && !process->is_stopping)
		return false;
	channel_send(process->channel_fd, CHANNEL_NO_OUTPUT,
		     (uint32_t)(error == -EAGAIN ? ENOSPC : -error), -1);
	process->rotation->is_waiting = false;
	process->output_has_failed = true;
	return true;
}

bool writer_process_retry_file(struct writer_process *process)
{
	return process->rotation->is_waiting && answer(process, rotation_retry(process->rotation));
}

bool writer_process_read(struct writer_process *process)
{
	_cleanup_close_ int fd = -1;
	struct channel_message message;

	if (channel_receive(process->channel_fd, &message, &fd)) {
		process->is_gone = true;
		return true;
	}
	switch (message.type) {
	case CHANNEL_LIMIT_REACHED:
	case CHANNEL_END_WANTED:
		return true;
	case CHANNEL_OUTPUT_FAILED:
		process->output_has_failed = true;
		return true;
	case CHANNEL_NEXT_FILE:
		return answer(process, rotation_next(process->rotation, message.value));
	case CHANNEL_NO_ROOM:
		rotation_wait_for_room(process->rotation, -(int)message.value);
		return answer(process, -EAGAIN);
	case CHANNEL_METRICS:
		metrics_file_replace(process->metrics, message.value);
		return false;
	case CHANNEL_FINISHED:
		process->output_has_failed |= message.value != 0;
		return true;
	}
	return false;
}

void writer_process_stop(struct writer_process *process, enum channel_message_type how)
{
	process->is_stopping = true;
	writer_process_retry_file(process);
	writer_process_tell(process, how);
}

void writer_process_tell(struct writer_process *process, enum channel_message_type what)
{
	channel_send(process->channel_fd, what, 0, -1);
}

void writer_process_ask(struct writer_process *process, enum channel_message_type what)
{
	channel_offer(process->channel_fd, what);
}

void writer_process_kill(struct writer_process *process)
{
	kill(process->pid, SIGKILL);
	process->was_killed = true;
}

/* What a killed writer has not flushed whole is cut off, so that the file stays valid. */
static void cut_output(const struct writer_process *process)
{
	uint64_t bytes = __atomic_load_n(&process->options.shared->flushed_bytes, __ATOMIC_RELAXED);
	int fd = process->rotation->fd;
	struct stat status;

	/* What stdout is, and where it began, is the caller's. */
	if (!process->rotation->pattern || fd < 0 || fstat(fd, &status) ||
	    !S_ISREG(status.st_mode) || (uint64_t)status.st_size <= bytes)
		return;
	if (ftruncate(fd, (off_t)bytes))
		fprintf(stderr, "pktsieve: '%s' may end inside a packet\n",
			process->options.shared->output.name);
}

static const char *cause_of_death(const struct writer_process *process, int wait_status)
{
	if (process->was_killed)
		return "killed, it did not answer";
	return WIFSIGNALED(wait_status) ? strsignal(WTERMSIG(wait_status)) : "it gave up";
}

static int report_dead(const struct writer_process *process, int wait_status)
{
	uint64_t packets =
		__atomic_load_n(&process->options.shared->flushed_packets, __ATOMIC_RELAXED);
	struct counters_totals totals;

	if (__atomic_load_n(&process->options.shared->panel_is_shown, __ATOMIC_RELAXED))
		terminal_restore(STDERR_FILENO);
	cut_output(process);
	counters_read(process->options.counters, &totals);
	fprintf(stderr,
		"pktsieve: the writer process has died (%s): of %llu packets that matched, %" PRIu64
		" are in the file%s valid up to there\n",
		cause_of_death(process, wait_status), (unsigned long long)totals.frames.matched,
		packets,
		rotation_is_wanted(&process->options.options->rotation) ? "s, which are" :
									  ", which is");
	return 2;
}

/* It waits for a disk that does not answer; the file cannot be cut either. */
static int report_stuck(void)
{
	fputs("pktsieve: the writer process cannot be killed, it is left behind; the file may "
	      "end inside a packet\n",
	      stderr);
	return 2;
}

int writer_process_collect(struct writer_process *process)
{
	int wait_status = 0;

	if (!process->is_gone)
		return report_stuck();
	while (waitpid(process->pid, &wait_status, 0) < 0 && errno == EINTR)
		;
	process->pid = 0;
	if (WIFEXITED(wait_status) && (WEXITSTATUS(wait_status) == 0 || process->output_has_failed))
		return WEXITSTATUS(wait_status);
	return report_dead(process, wait_status);
}
