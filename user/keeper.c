/* SPDX-License-Identifier: GPL-2.0-only */
/* One capture: prepare, start the writer, attach, wait, take down; see keeper.h. */
#include "keeper.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attach.h"
#include "base/cleanup.h"
#include "channel.h"
#include "clock.h"
#include "counters.h"
#include "interfaces.h"
#include "loader.h"
#include "output.h"
#include "ring.h"
#include "writer.h"

#define HEARTBEAT_INTERVAL_NS 1000000000ull

struct keeper {
	const struct options *options;
	struct interface interface;
	struct loader *loader;
	struct counters *counters;
	struct capture_control *control; /* mapped */
	struct ring *rings;
	struct merge_source *sources; /* one for each ring */
	unsigned int ring_count;
	struct shared_status *shared; /* with the writer */
	struct attachment *attachment;
	int output_fd; /* kept to cut the file if the writer is killed */
	int signal_fd;
	int channel_fd;
	pid_t writer_pid;
	bool writer_is_gone;
	bool output_has_failed;
};

static int report_error(const struct error *error)
{
	fprintf(stderr, "pktsieve: %s\n", error->message);
	return 1;
}

static int find_interface(struct keeper *keeper, struct error *reterr)
{
	const char *name = keeper->options->interface;
	int error;

	error = name ? interfaces_find(name, &keeper->interface, reterr) :
		       interfaces_find_default(&keeper->interface, reterr);
	if (error)
		return error;
	if (!interface_is_ethernet(&keeper->interface))
		return error_set(
			reterr, -ENOTSUP,
			"'%s' is no Ethernet interface; pktsieve cannot capture on others yet",
			keeper->interface.name);
	return 0;
}

/* Loopback's packets are seen when they come in; going out, they would be seen twice. */
static bool wants_direction(const struct keeper *keeper, enum direction direction)
{
	if (interface_is_loopback(&keeper->interface))
		return direction == DIRECTION_INGRESS;
	return keeper->options->directions[direction];
}

static int load(struct keeper *keeper, const struct filter *filter, struct error *reterr)
{
	struct loader_options options = {
		.snapshot_bytes = keeper->options->snapshot_bytes,
		.ifindex = keeper->interface.ifindex,
		.copy_packets = keeper->options->output != NULL,
		.check_heartbeat = !attach_has_tcx(keeper->interface.ifindex),
		.ring_bytes = keeper->options->ring_bytes,
	};
	int error;

	options.filter = filter_instructions(filter, &options.filter_count);
	error = loader_load(&options, &keeper->loader, reterr);
	if (error && error != -EPERM)
		loader_print_log(stderr);
	return error;
}

static int map_rings(struct keeper *keeper, struct error *reterr)
{
	unsigned int cpu_count = loader_cpu_count(keeper->loader);
	int fd, error = 0;

	keeper->rings = calloc(cpu_count, sizeof(*keeper->rings));
	keeper->sources = calloc(cpu_count, sizeof(*keeper->sources));
	if (!keeper->rings || !keeper->sources)
		return error_set(reterr, -ENOMEM, "out of memory");
	for (unsigned int cpu = 0; cpu < cpu_count; cpu++) {
		fd = loader_ring_fd(keeper->loader, cpu);
		if (fd < 0)
			continue;
		error = ring_map(fd, loader_ring_bytes(keeper->loader),
				 &keeper->rings[keeper->ring_count], reterr);
		if (error)
			break;
		keeper->sources[keeper->ring_count] = (struct merge_source){
			.ring = &keeper->rings[keeper->ring_count],
			.cpu = counters_of_cpu(keeper->counters, cpu),
		};
		keeper->ring_count++;
	}
	return error;
}

/* Everything that the writer reads is mapped before it exists and gives up its rights. */
static int map_all(struct keeper *keeper, struct error *reterr)
{
	int error;

	error = counters_map(loader_counters_fd(keeper->loader), loader_cpu_count(keeper->loader),
			     &keeper->counters, reterr);
	if (!error)
		error = map_rings(keeper, reterr);
	if (error)
		return error;
	keeper->control = mmap(NULL, sizeof(*keeper->control), PROT_READ | PROT_WRITE, MAP_SHARED,
			       loader_control_fd(keeper->loader), 0);
	if (keeper->control == MAP_FAILED) {
		keeper->control = NULL;
		return error_set(reterr, -errno, "cannot map the heartbeat: %s", strerror(errno));
	}
	keeper->shared = mmap(NULL, sizeof(*keeper->shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (keeper->shared == MAP_FAILED) {
		keeper->shared = NULL;
		return error_set(reterr, -ENOMEM, "out of memory");
	}
	return 0;
}

/* The signals that end a capture become readable; the writer inherits that they are blocked. */
static int open_signals(struct keeper *keeper, struct error *reterr)
{
	struct sigaction hang_up;
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	/* nohup(1) */
	if (!sigaction(SIGHUP, NULL, &hang_up) && hang_up.sa_handler != SIG_IGN)
		sigaddset(&signals, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	keeper->signal_fd = signalfd(-1, &signals, SFD_CLOEXEC);
	if (keeper->signal_fd < 0)
		return error_set(reterr, -errno, "cannot wait for signals: %s", strerror(errno));
	return 0;
}

static int start_writer(struct keeper *keeper, struct error *reterr)
{
	struct writer_options options = {
		.options = keeper->options,
		.counters = keeper->counters,
		.control = keeper->control,
		.sources = keeper->sources,
		.source_count = keeper->ring_count,
		.clock = loader_clock(keeper->loader),
		.shared = keeper->shared,
	};
	int error, fds[2];

	error = channel_open(fds);
	if (error)
		return error_set(reterr, error, "cannot make a channel: %s", strerror(-error));
	/* What is buffered here must not come out of the writer as well. */
	fflush(NULL);
	keeper->writer_pid = fork();
	if (keeper->writer_pid < 0) {
		error = -errno;
		close(fds[0]);
		close(fds[1]);
		return error_set(reterr, error, "cannot start the writer: %s", strerror(-error));
	}
	if (keeper->writer_pid == 0) {
		options.channel_fd = fds[1];
		_exit(writer_run(&options));
	}
	close(fds[1]);
	keeper->channel_fd = fds[0];
	return 0;
}

static void beat(struct keeper *keeper)
{
	__atomic_store_n(&keeper->control->heartbeat_ns, clock_monotonic_ns(), __ATOMIC_RELAXED);
}

/*
 * Takes one message of the writer. Returns whether the capture is to end: the limit is
 * reached, the output has failed, the writer is gone or has finished.
 */
static bool read_channel(struct keeper *keeper)
{
	_cleanup_close_ int fd = -1;
	struct channel_message message;

	if (channel_receive(keeper->channel_fd, &message, &fd)) {
		keeper->writer_is_gone = true;
		return true;
	}
	switch (message.type) {
	case CHANNEL_LIMIT_REACHED:
		return true;
	case CHANNEL_OUTPUT_FAILED:
		keeper->output_has_failed = true;
		return true;
	case CHANNEL_FINISHED:
		keeper->output_has_failed |= message.value != 0;
		return true;
	}
	return false;
}

/* Gives the writer its file and waits until the file has its header. */
static bool hand_over_output(struct keeper *keeper)
{
	_cleanup_close_ int fd = -1;
	struct channel_message message;

	if (keeper->options->output &&
	    channel_send(keeper->channel_fd, CHANNEL_OUTPUT, 0, keeper->output_fd))
		return false;
	if (channel_receive(keeper->channel_fd, &message, &fd))
		return false;
	keeper->output_has_failed = message.type == CHANNEL_OUTPUT_FAILED;
	return message.type == CHANNEL_READY;
}

static int attach(struct keeper *keeper, struct error *reterr)
{
	int program_fds[DIRECTION_COUNT];

	for (enum direction direction = 0; direction < DIRECTION_COUNT; direction++)
		program_fds[direction] = wants_direction(keeper, direction) ?
						 loader_program_fd(keeper->loader, direction) :
						 -1;
	beat(keeper);
	return attach_open(&keeper->interface, program_fds, &keeper->attachment, reterr);
}

static void announce(const struct keeper *keeper)
{
	const struct options *options = keeper->options;

	fprintf(stderr,
		"pktsieve: listening on %s, link-type EN10MB (Ethernet), snapshot length %u "
		"bytes\n",
		keeper->interface.name, options->snapshot_bytes);
	if (!options->verbose)
		return;
	fprintf(stderr, "pktsieve: attached by %s,%s%s; timestamps from %s\n",
		attach_kind(keeper->attachment),
		wants_direction(keeper, DIRECTION_INGRESS) ? " ingress" : "",
		wants_direction(keeper, DIRECTION_EGRESS) ? " egress" : "",
		loader_clock(keeper->loader) == CAPTURE_CLOCK_TAI ?
			"CLOCK_TAI" :
			"CLOCK_MONOTONIC, measured against the wall clock every second");
	if (keeper->ring_count)
		fprintf(stderr, "pktsieve: %u rings of %" PRIu64 " KiB\n", keeper->ring_count,
			loader_ring_bytes(keeper->loader) / 1024);
	else
		fputs("pktsieve: no '-w': packets are counted, none is copied\n", stderr);
}

/* Until a signal, the end of the time, or the writer ends the capture. */
static void wait_for_end(struct keeper *keeper)
{
	uint64_t now_ns = clock_monotonic_ns();
	uint64_t end_ns =
		keeper->options->duration_ns ? now_ns + keeper->options->duration_ns : UINT64_MAX;
	uint64_t wake_ns;
	struct timespec timeout;
	struct pollfd waited[] = {
		{ .fd = keeper->signal_fd, .events = POLLIN },
		{ .fd = keeper->channel_fd, .events = POLLIN },
	};

	while (now_ns < end_ns) {
		beat(keeper);
		wake_ns = end_ns - now_ns < HEARTBEAT_INTERVAL_NS ? end_ns - now_ns :
								    HEARTBEAT_INTERVAL_NS;
		timeout.tv_sec = (time_t)(wake_ns / 1000000000);
		timeout.tv_nsec = (long)(wake_ns % 1000000000);
		if (ppoll(waited, 2, &timeout, NULL) > 0) {
			if (waited[0].revents)
				return;
			if (waited[1].revents && read_channel(keeper))
				return;
		}
		now_ns = clock_monotonic_ns();
	}
}

/* Nothing more comes into the rings; what is there, the writer still writes. */
static void stop_programs(struct keeper *keeper)
{
	int error;

	attach_close(TAKE(keeper->attachment));
	error = loader_wait_for_programs(keeper->loader);
	if (error)
		fprintf(stderr, "pktsieve: cannot wait for the programs to end: %s\n",
			strerror(-error));
}

/* What a killed writer has not flushed whole is cut off, so that the file stays valid. */
static void cut_output(const struct keeper *keeper)
{
	uint64_t bytes = __atomic_load_n(&keeper->shared->flushed_bytes, __ATOMIC_RELAXED);
	const char *path = keeper->options->output;
	struct stat status;

	/* What stdout is, and where it began, is the caller's. */
	if (!path || strcmp(path, "-") == 0 || fstat(keeper->output_fd, &status) ||
	    !S_ISREG(status.st_mode) || (uint64_t)status.st_size <= bytes)
		return;
	if (ftruncate(keeper->output_fd, (off_t)bytes))
		fprintf(stderr, "pktsieve: '%s' may end inside a packet\n", path);
}

static int report_dead_writer(const struct keeper *keeper, int wait_status)
{
	uint64_t packets = __atomic_load_n(&keeper->shared->flushed_packets, __ATOMIC_RELAXED);
	struct counters_totals totals;

	cut_output(keeper);
	counters_read(keeper->counters, &totals);
	fprintf(stderr,
		"pktsieve: the writer process has died (%s): of %llu packets that matched, %" PRIu64
		" are in the file, which is valid up to there\n",
		WIFSIGNALED(wait_status) ? strsignal(WTERMSIG(wait_status)) : "it gave up",
		(unsigned long long)totals.frames.matched, packets);
	return 2;
}

/* Tells the writer to end, and waits for it. Returns the exit status. */
static int stop_writer(struct keeper *keeper, enum channel_message_type how)
{
	int wait_status = 0;

	channel_send(keeper->channel_fd, how, 0, -1);
	while (!keeper->writer_is_gone)
		read_channel(keeper);
	while (waitpid(keeper->writer_pid, &wait_status, 0) < 0 && errno == EINTR)
		;
	keeper->writer_pid = 0;
	if (WIFEXITED(wait_status) && (WEXITSTATUS(wait_status) == 0 || keeper->output_has_failed))
		return WEXITSTATUS(wait_status);
	return report_dead_writer(keeper, wait_status);
}

static int prepare(struct keeper *keeper, const struct filter *filter, struct error *reterr)
{
	int error = find_interface(keeper, reterr);

	if (!error)
		error = load(keeper, filter, reterr);
	if (!error)
		error = map_all(keeper, reterr);
	if (!error)
		error = open_signals(keeper, reterr);
	if (!error && keeper->options->output) {
		keeper->output_fd = output_open(keeper->options->output, reterr);
		error = keeper->output_fd < 0 ? keeper->output_fd : 0;
	}
	if (!error)
		error = start_writer(keeper, reterr);
	return error;
}

static int capture(struct keeper *keeper)
{
	struct error why;

	if (!hand_over_output(keeper))
		return stop_writer(keeper, CHANNEL_CANCEL);
	if (attach(keeper, &why)) {
		report_error(&why);
		stop_writer(keeper, CHANNEL_CANCEL);
		return 1;
	}
	announce(keeper);
	wait_for_end(keeper);
	stop_programs(keeper);
	return stop_writer(keeper, CHANNEL_STOP);
}

static void release(struct keeper *keeper)
{
	attach_close(keeper->attachment);
	for (unsigned int i = 0; i < keeper->ring_count; i++)
		ring_unmap(&keeper->rings[i]);
	free(keeper->rings);
	free(keeper->sources);
	counters_unmap(keeper->counters);
	if (keeper->control)
		munmap(keeper->control, sizeof(*keeper->control));
	if (keeper->shared)
		munmap(keeper->shared, sizeof(*keeper->shared));
	loader_free(keeper->loader);
	cleanup_close(&keeper->output_fd);
	cleanup_close(&keeper->signal_fd);
	cleanup_close(&keeper->channel_fd);
}

int keeper_run(const struct options *options, const struct filter *filter)
{
	struct keeper keeper = {
		.options = options,
		.output_fd = -1,
		.signal_fd = -1,
		.channel_fd = -1,
	};
	struct error why;
	int status;

	status = prepare(&keeper, filter, &why) ? report_error(&why) : capture(&keeper);
	release(&keeper);
	return status;
}
