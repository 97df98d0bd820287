/* SPDX-License-Identifier: GPL-2.0-only */
/* One loop for all that happens to a capture; see keeper_events.h. */
#include "keeper_events.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "clock.h"

#define SECOND_NS 1000000000ull
/* timeout(1) sends its signal to the process and to the group: that is one request. */
#define SAME_REQUEST_NS 250000000ull
/* For the answer to CHANNEL_QUIT, then for the death of what was killed. */
#define QUIT_PATIENCE_NS 2000000000ull
#define COMMAND_PATIENCE_NS 10000000000ull

static const int handled_signals[] = { SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH };

/* The signals become readable; the writer inherits that they are blocked. */
static int open_signals(struct keeper_events *events, struct error *reterr)
{
	struct sigaction hang_up;
	sigset_t signals;

	sigemptyset(&signals);
	for (size_t i = 0; i < sizeof(handled_signals) / sizeof(handled_signals[0]); i++)
		sigaddset(&signals, handled_signals[i]);
	/* nohup(1) */
	if (!sigaction(SIGHUP, NULL, &hang_up) && hang_up.sa_handler != SIG_IGN)
		sigaddset(&signals, SIGHUP);
	/* A reader that goes and a limit of file sizes are errors of write(2). */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	events->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (events->signal_fd < 0)
		return error_set(reterr, -errno, "cannot wait for signals: %s", strerror(errno));
	return 0;
}

int keeper_events_open(struct keeper_events *events, struct error *reterr)
{
	return open_signals(events, reterr);
}

void keeper_events_close(struct keeper_events *events)
{
	early_drops_stop(&events->drops);
	cleanup_close(&events->signal_fd);
}

void keeper_events_beat(struct keeper_events *events)
{
	__atomic_store_n(&events->control->heartbeat_ns, clock_monotonic_ns(), __ATOMIC_RELAXED);
}

void keeper_events_start_drops(struct keeper_events *events,
			       const struct interface_table *interfaces)
{
	early_drops_start(&events->drops, interfaces);
}

void keeper_events_read_drops(struct keeper_events *events)
{
	struct shared_status *shared = events->shared;

	early_drops_read(&events->drops);
	__atomic_store_n(&shared->dropped_by_interface, early_drops_interface(&events->drops),
			 __ATOMIC_RELAXED);
	__atomic_store_n(&shared->dropped_by_softnet, early_drops_softnet(&events->drops),
			 __ATOMIC_RELAXED);
}

/* A SIGHUP never hurries: a terminal that closes sends several. */
static void ask_to_end(struct keeper_events *events)
{
	uint64_t now_ns = clock_monotonic_ns();

	if (!events->asked_ns)
		events->asked_ns = now_ns;
	events->is_hurried |= now_ns - events->asked_ns >= SAME_REQUEST_NS;
	events->is_ending = true;
}

static void take_signals(struct keeper_events *events)
{
	struct signalfd_siginfo signal;

	while (read(events->signal_fd, &signal, sizeof(signal)) == sizeof(signal)) {
		switch (signal.ssi_signo) {
		case SIGINT:
		case SIGTERM:
			ask_to_end(events);
			break;
		case SIGHUP:
			events->is_ending = true;
			break;
		case SIGUSR1:
			writer_process_ask(events->writer, CHANNEL_PRINT);
			break;
		case SIGUSR2:
			writer_process_ask(events->writer, CHANNEL_FLUSH);
			break;
		case SIGWINCH:
			writer_process_ask(events->writer, CHANNEL_RESIZE);
			break;
		}
	}
}

static void take_interface_news(struct keeper_events *events)
{
	interface_set_take_news(events->interfaces);
	__atomic_store_n(&events->shared->interface_is_down,
			 interface_set_is_down(events->interfaces), __ATOMIC_RELAXED);
}

static int commands_fd(const struct keeper_events *events)
{
	const struct postrotate *commands = events->writer->rotation->postrotate;

	return commands ? postrotate_fd(commands) : -1;
}

/* Waits until then at most, and takes what has come. */
static void wait_until(struct keeper_events *events, uint64_t then_ns, bool programs_run)
{
	uint64_t now_ns = clock_monotonic_ns();
	uint64_t wait_ns = then_ns > now_ns ? then_ns - now_ns : 0;
	struct timespec timeout = { .tv_sec = (time_t)(wait_ns / SECOND_NS),
				    .tv_nsec = (long)(wait_ns % SECOND_NS) };
	struct pollfd waited[] = {
		{ .fd = events->signal_fd, .events = POLLIN },
		{ .fd = events->writer->is_gone ? -1 : events->writer->channel_fd,
		  .events = POLLIN },
		{ .fd = programs_run ? interface_set_fd(events->interfaces) : -1,
		  .events = POLLIN },
		{ .fd = commands_fd(events), .events = POLLIN },
	};

	if (ppoll(waited, sizeof(waited) / sizeof(waited[0]), &timeout, NULL) <= 0)
		return;
	if (waited[0].revents)
		take_signals(events);
	if (waited[1].revents)
		events->is_ending |= writer_process_read(events->writer);
	if (waited[2].revents)
		take_interface_news(events);
	if (waited[3].revents && postrotate_collect(events->writer->rotation->postrotate))
		events->command_ended_ns = clock_monotonic_ns();
}

void keeper_events_wait_for_end(struct keeper_events *events, uint64_t duration_ns)
{
	uint64_t now_ns = clock_monotonic_ns();
	uint64_t end_ns = duration_ns ? now_ns + duration_ns : UINT64_MAX;
	uint64_t second_ns = now_ns + SECOND_NS;

	for (; !events->is_ending && now_ns < end_ns; now_ns = clock_monotonic_ns()) {
		keeper_events_beat(events);
		if (now_ns >= second_ns) {
			keeper_events_read_drops(events);
			reload_look(events->reload);
			events->is_ending |= writer_process_retry_file(events->writer);
			/* The shell may have had the terminal meanwhile. */
			if (events->keyboard.fd >= 0)
				keyboard_hold(&events->keyboard);
			second_ns = now_ns + SECOND_NS;
		}
		wait_until(events, end_ns < second_ns ? end_ns : second_ns, true);
	}
}

/*
 * A user who asked twice does not wait for a writer that is stopped, or for a disk that is
 * dead. Returns whether the writer is worth waiting for.
 */
static bool hurry_writer(struct keeper_events *events)
{
	uint64_t now_ns = clock_monotonic_ns();

	if (!events->is_hurried)
		return true;
	if (!events->given_up_ns) {
		writer_process_tell(events->writer, CHANNEL_QUIT);
		events->given_up_ns = now_ns + QUIT_PATIENCE_NS;
	}
	if (now_ns < events->given_up_ns)
		return true;
	if (events->writer->was_killed)
		return false;
	writer_process_kill(events->writer);
	events->given_up_ns = now_ns + QUIT_PATIENCE_NS;
	return true;
}

int keeper_events_end_writer(struct keeper_events *events, enum channel_message_type how)
{
	int status;

	writer_process_stop(events->writer, how);
	while (!events->writer->is_gone && hurry_writer(events))
		wait_until(events,
			   events->given_up_ns ? events->given_up_ns :
						 clock_monotonic_ns() + SECOND_NS,
			   false);
	status = writer_process_collect(events->writer);
	notices_release(&events->notices);
	return status;
}

int keeper_events_end_files(struct keeper_events *events)
{
	struct rotation *rotation = events->writer->rotation;
	uint64_t asked_ns = events->asked_ns;

	/* One that cannot be killed may still write. */
	if (!events->writer->is_gone)
		return 2;
	rotation_finish(rotation);
	events->command_ended_ns = clock_monotonic_ns();
	while (rotation->postrotate && !postrotate_is_idle(rotation->postrotate) &&
	       !events->is_hurried && events->asked_ns == asked_ns &&
	       clock_monotonic_ns() < events->command_ended_ns + COMMAND_PATIENCE_NS)
		wait_until(events, events->command_ended_ns + COMMAND_PATIENCE_NS, false);
	return rotation->has_failed ? 2 : 0;
}
