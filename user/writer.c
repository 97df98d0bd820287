/* SPDX-License-Identifier: GPL-2.0-only */
/* The loop of the writer: rings to file, counters to lines; see writer.h. */
#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "channel.h"
#include "clock.h"
#include "pcap_writer.h"
#include "privileges.h"
#include "report.h"

/* Records between two looks at channel and clock. */
#define BATCH_RECORDS 16384
/* A wake-up per packet would cost the datapath more than all else: the rings are polled. */
#define BUSY_POLL_NS 1000000
#define IDLE_POLL_NS 10000000
#define SECOND_NS 1000000000ull

struct writer {
	const struct writer_options *options;
	struct pcap_writer *file; /* NULL: only counting */
	struct clock clock;
	uint64_t start_ns;
	uint64_t next_second_ns; /* when the clock is measured and the file flushed */
	uint64_t next_line_ns;
	struct report_figures last_line;
	uint64_t accepted; /* packets given to the file */
	uint64_t lost_write;
	uint64_t discarded; /* behind the limit of -c */
	int output_error;   /* negative errno of a write that failed */
	bool is_stopping;   /* no more packets are coming */
	bool keeper_is_gone;
	bool is_cancelled; /* nothing was captured, nothing to report */
};

static void say(const char *message)
{
	fprintf(stderr, "pktsieve: %s\n", message);
}

static const char *output_name(const struct writer *writer)
{
	const char *path = writer->options->options->output;

	return strcmp(path, "-") == 0 ? "stdout" : path;
}

static void note_progress(struct writer *writer)
{
	const struct pcap_writer_progress *progress = pcap_writer_progress(writer->file);
	struct shared_status *shared = writer->options->shared;

	__atomic_store_n(&shared->flushed_packets, progress->flushed_packets, __ATOMIC_RELAXED);
	__atomic_store_n(&shared->flushed_bytes, progress->flushed_bytes, __ATOMIC_RELAXED);
}

/* From here on everything that comes is lost, and counted. */
static void fail_output(struct writer *writer, int error)
{
	const struct pcap_writer_progress *progress = pcap_writer_progress(writer->file);

	writer->output_error = error;
	writer->lost_write += progress->pending_packets;
	writer->accepted = progress->flushed_packets;
	note_progress(writer);
	/* Where the keeper is gone, its end of the channel says so. */
	channel_send(writer->options->channel_fd, CHANNEL_OUTPUT_FAILED, (uint32_t)-error, -1);
}

static void flush_output(struct writer *writer)
{
	int error;

	if (!writer->file || writer->output_error)
		return;
	error = pcap_writer_flush(writer->file);
	if (error)
		fail_output(writer, error);
	else
		note_progress(writer);
}

/* -c N: the N-th packet is written; the file gets no more. */
static void reach_limit(struct writer *writer)
{
	flush_output(writer);
	channel_send(writer->options->channel_fd, CHANNEL_LIMIT_REACHED, 0, -1);
}

static void write_record(struct writer *writer, const struct capture_record *record)
{
	const struct options *options = writer->options->options;
	struct pcap_writer_packet packet = {
		.time_ns = clock_to_realtime(&writer->clock, record->time_ns),
		.wire_bytes = record->wire_bytes,
		.captured_bytes = record->captured_bytes,
		.bytes = (const uint8_t *)(record + 1),
	};
	int error;

	if (writer->output_error) {
		writer->lost_write++;
		return;
	}
	if (options->packet_limit && writer->accepted == options->packet_limit) {
		writer->discarded++;
		return;
	}
	error = pcap_writer_write(writer->file, &packet);
	if (error) {
		/* The buffer before it could not be written; it is not even in there. */
		writer->lost_write++;
		fail_output(writer, error);
		return;
	}
	writer->accepted++;
	if (options->flush_each)
		flush_output(writer);
	if (writer->accepted == options->packet_limit)
		reach_limit(writer);
}

/* The ring with the oldest record; NULL where all are empty. */
static struct ring *oldest_ring(const struct writer *writer,
				const struct capture_record **ret_record)
{
	const struct capture_record *record, *oldest = NULL;
	struct ring *found = NULL;

	for (unsigned int i = 0; i < writer->options->ring_count; i++) {
		record = ring_peek(&writer->options->rings[i]);
		if (!record || (oldest && oldest->time_ns <= record->time_ns))
			continue;
		oldest = record;
		found = &writer->options->rings[i];
	}
	*ret_record = oldest;
	return found;
}

/* Takes at most a batch of records out of the rings; returns whether there may be more. */
static bool drain(struct writer *writer)
{
	const struct capture_record *record;
	struct ring *ring;
	int count;

	for (count = 0; count < BATCH_RECORDS; count++) {
		ring = oldest_ring(writer, &record);
		if (!ring)
			break;
		write_record(writer, record);
		ring_release(ring);
	}
	for (unsigned int i = 0; i < writer->options->ring_count; i++)
		ring_publish(&writer->options->rings[i]);
	return count == BATCH_RECORDS;
}

static void read_figures(const struct writer *writer, struct report_figures *figures)
{
	*figures = (struct report_figures){
		.time_ns = clock_monotonic_ns(),
		.written = writer->accepted,
		.lost_write = writer->lost_write,
		.discarded_at_stop = writer->discarded,
	};
	counters_read(writer->options->counters, &figures->kernel);
	for (unsigned int i = 0; i < writer->options->ring_count; i++) {
		figures->ring_used_bytes += ring_used_bytes(&writer->options->rings[i]);
		figures->ring_bytes += writer->options->rings[i].bytes;
	}
}

static void print_line(struct writer *writer)
{
	struct report_figures figures;

	read_figures(writer, &figures);
	report_print_line(&writer->last_line, &figures, writer->start_ns, stderr);
	writer->last_line = figures;
}

/* What is due by the clock. Returns the time of what is due next. */
static uint64_t run_timers(struct writer *writer)
{
	const struct options *options = writer->options->options;
	uint64_t now_ns = clock_monotonic_ns();

	if (now_ns >= writer->next_second_ns) {
		writer->next_second_ns = now_ns + SECOND_NS;
		clock_refresh(&writer->clock);
		flush_output(writer);
	}
	if (options->stats == OPTIONS_STATS_NONE)
		return writer->next_second_ns;
	if (now_ns >= writer->next_line_ns) {
		/* Late lines are left out, the others keep their rhythm. */
		while (writer->next_line_ns <= now_ns)
			writer->next_line_ns += options->interval_ns;
		print_line(writer);
	}
	return writer->next_line_ns < writer->next_second_ns ? writer->next_line_ns :
							       writer->next_second_ns;
}

static void read_channel(struct writer *writer)
{
	_cleanup_close_ int fd = -1;
	struct channel_message message;
	int error = channel_receive(writer->options->channel_fd, &message, &fd);

	if (error)
		writer->keeper_is_gone = true;
	else
		writer->is_cancelled = message.type == CHANNEL_CANCEL;
	writer->is_stopping = error || message.type == CHANNEL_STOP || writer->is_cancelled;
}

/* Sleeps until the next look at the rings, or a message. */
static void sleep_until_due(struct writer *writer, uint64_t due_ns, bool was_busy)
{
	struct pollfd channel = { .fd = writer->options->channel_fd, .events = POLLIN };
	uint64_t now_ns = clock_monotonic_ns();
	uint64_t sleep_ns = due_ns > now_ns ? due_ns - now_ns : 0;
	uint64_t poll_ns = was_busy ? BUSY_POLL_NS : IDLE_POLL_NS;
	struct timespec timeout = {};

	if (writer->options->ring_count && sleep_ns > poll_ns)
		sleep_ns = poll_ns;
	timeout.tv_sec = (time_t)(sleep_ns / SECOND_NS);
	timeout.tv_nsec = (long)(sleep_ns % SECOND_NS);
	if (ppoll(&channel, 1, &timeout, NULL) > 0)
		read_channel(writer);
}

static void run_loop(struct writer *writer)
{
	uint64_t before, due_ns;
	bool has_more;

	while (!writer->is_stopping) {
		before = writer->accepted;
		has_more = drain(writer);
		due_ns = run_timers(writer);
		sleep_until_due(writer, has_more ? 0 : due_ns, writer->accepted != before);
	}
	while (drain(writer))
		;
	flush_output(writer);
}

/* The first message is the file; 0, or a negative errno after having said why. */
static int open_output(struct writer *writer)
{
	const struct options *options = writer->options->options;
	struct pcap_writer_options file_options = {
		.link_type = PCAP_WRITER_ETHERNET,
		.snapshot_bytes = options->snapshot_bytes,
		.nanoseconds = options->nanoseconds,
	};
	struct channel_message message;
	struct error why;
	int error, fd = -1;

	error = channel_receive(writer->options->channel_fd, &message, &fd);
	if (error || message.type != CHANNEL_OUTPUT || fd < 0)
		return error ? error : -EPROTO;
	error = pcap_writer_open(fd, &file_options, &writer->file, &why);
	if (error) {
		fprintf(stderr, "pktsieve: cannot write '%s': %s\n", output_name(writer),
			why.message);
		return error;
	}
	note_progress(writer);
	return 0;
}

/* Only the channel, stderr and the file stay open: stdin and stdout lead nowhere. */
static int keep_channel_only(struct writer_options *options)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0 || dup2(fd, STDIN_FILENO) < 0 || dup2(fd, STDOUT_FILENO) < 0 ||
	    dup2(options->channel_fd, 3) < 0)
		return -errno;
	options->channel_fd = 3;
	return close_range(4, ~0u, 0) ? -errno : 0;
}

static void report_end(struct writer *writer)
{
	struct report_figures figures;

	read_figures(writer, &figures);
	if (writer->output_error)
		fprintf(stderr,
			"pktsieve: cannot write '%s': %s; %" PRIu64
			" packet%s lost, the file is valid "
			"up to packet %" PRIu64 "\n",
			output_name(writer), strerror(-writer->output_error), writer->lost_write,
			writer->lost_write == 1 ? " is" : "s are", writer->accepted);
	report_print_summary(&figures, !writer->keeper_is_gone, stderr);
}

static int finish(struct writer *writer)
{
	int error = pcap_writer_close(TAKE(writer->file));

	if (error && !writer->output_error)
		writer->output_error = error;
	if (writer->keeper_is_gone)
		say("the keeper process has died: the capture ends here");
	if (!writer->is_cancelled)
		report_end(writer);
	channel_send(writer->options->channel_fd, CHANNEL_FINISHED, (uint32_t)-writer->output_error,
		     -1);
	if (writer->output_error)
		return 2;
	return writer->keeper_is_gone ? 1 : 0;
}

int writer_run(const struct writer_options *given)
{
	struct writer_options options = *given;
	struct writer writer = { .options = &options, .clock.source = options.clock };
	struct error why;
	int error = keep_channel_only(&options);

	if (!error) {
		error = privileges_drop(&why);
		if (error)
			say(why.message);
	}
	clock_refresh(&writer.clock);
	if (!error && options.options->output) {
		error = open_output(&writer);
		if (error) {
			channel_send(options.channel_fd, CHANNEL_OUTPUT_FAILED, (uint32_t)-error,
				     -1);
			return 2;
		}
	}
	if (error)
		return 1;
	writer.start_ns = clock_monotonic_ns();
	writer.next_second_ns = writer.start_ns + SECOND_NS;
	writer.next_line_ns = writer.start_ns + options.options->interval_ns;
	read_figures(&writer, &writer.last_line);
	channel_send(options.channel_fd, CHANNEL_READY, 0, -1);
	run_loop(&writer);
	return finish(&writer);
}
