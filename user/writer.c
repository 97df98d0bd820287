/* SPDX-License-Identifier: GPL-2.0-only */
/* The loop of the writer: rings to file, counters to lines; see writer.h. */
#include "writer.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "channel.h"
#include "clock_watch.h"
#include "compressor.h"
#include "figures.h"
#include "intake.h"
#include "notices.h"
#include "privileges.h"
#include "report.h"
#include "statistics.h"
#include "wakeup.h"
#include "writer_output.h"

/*
 * While packets come, the rings are looked at that often; without any the intervals double,
 * and behind the longest the writer sleeps until a program wakes it.
 */
#define MINIMUM_POLL_NS 1000000
#define MAXIMUM_POLL_NS 8000000
#define SECOND_NS 1000000000ull

struct writer {
	const struct writer_options *options;
	struct writer_output output;
	struct intake intake;
	struct clock clock;
	int wakeup_fd;
	int clock_fd; /* kept open for the wakeup; -1: the clock is looked at each second only */
	uint64_t poll_ns;        /* between the last two looks at the rings */
	uint64_t next_second_ns; /* when the clock is measured and the file flushed */
	struct statistics statistics;
	struct notices notices;
	bool is_stopping; /* no more packets are coming */
	bool is_quitting; /* what is still in the rings is given up */
	bool wants_flush; /* as soon as the rings are empty */
	bool keeper_is_gone;
	bool is_cancelled; /* nothing was captured, nothing to report */
};

static uint64_t earlier(uint64_t a_ns, uint64_t b_ns)
{
	return a_ns < b_ns ? a_ns : b_ns;
}

/* For the last minute of the panel, however often that is drawn. */
static void sample_history(struct writer *writer)
{
	struct counters_totals totals;

	if (writer->options->options->stats != OPTIONS_STATS_PANEL)
		return;
	counters_read(writer->options->counters, &totals);
	display_sample(&writer->statistics.display, clock_monotonic_ns(), &totals);
}

/* What is due by the clock. Returns the time of what is due next. */
static uint64_t run_timers(struct writer *writer)
{
	struct statistics *statistics = &writer->statistics;
	uint64_t now_ns = clock_monotonic_ns(), trigger_due_ns, file_due_ns = UINT64_MAX;
	struct report_figures figures;

	if (now_ns >= writer->next_second_ns) {
		/* At the same moments as figures that are due each second. */
		writer->next_second_ns +=
			((now_ns - writer->next_second_ns) / SECOND_NS + 1) * SECOND_NS;
		clock_watch_look(&writer->clock, &writer->notices);
		writer_output_flush(&writer->output);
		sample_history(writer);
	}
	if (statistics_are_due(statistics, now_ns)) {
		/* What is called written is in the file, and its size that of the file. */
		if (statistics_want_flush(statistics))
			writer_output_flush(&writer->output);
		figures_read(&writer->intake, &figures);
		figures_add_tops(writer->options->tops, &figures);
		statistics_show(statistics, &figures);
	}
	display_continue(&statistics->display);
	trigger_due_ns = intake_run_trigger(&writer->intake, now_ns);
	/* What memory owes may be of the present file; packets behind its border end it, too. */
	if (!intake_owes(&writer->intake))
		file_due_ns = writer_output_run_clock(&writer->output, &writer->clock,
						      intake_source(&writer->intake), now_ns);
	return earlier(earlier(statistics_due_ns(statistics), writer->next_second_ns),
		       earlier(trigger_due_ns, file_due_ns));
}

static void print_status(const struct writer *writer)
{
	struct report_figures figures;

	/* The panel shows all that the line would say. */
	if (statistics_have_screen(&writer->statistics))
		return;
	figures_read(&writer->intake, &figures);
	report_print_status(&figures, stderr);
}

static void read_channel(struct writer *writer)
{
	_cleanup_close_ int fd = -1;
	struct channel_message message;

	if (channel_receive(writer->options->channel_fd, &message, &fd)) {
		writer->keeper_is_gone = writer->is_stopping = true;
		writer_output_lose_keeper(&writer->output);
		return;
	}
	switch (message.type) {
	case CHANNEL_OUTPUT:
		writer_output_take_file(&writer->output, TAKE_FD(fd));
		break;
	case CHANNEL_NO_OUTPUT:
		writer_output_take_refusal(&writer->output, -(int)message.value);
		break;
	case CHANNEL_STOP:
		writer->is_stopping = true;
		break;
	case CHANNEL_CANCEL:
		writer->is_stopping = writer->is_cancelled = true;
		break;
	case CHANNEL_QUIT:
		writer->is_stopping = writer->is_quitting = true;
		intake_give_up(&writer->intake);
		break;
	case CHANNEL_PRINT:
		print_status(writer);
		break;
	case CHANNEL_FLUSH:
		intake_fire(&writer->intake, clock_monotonic_ns());
		writer->wants_flush = true;
		break;
	case CHANNEL_RESIZE:
		display_take_screen(&writer->statistics.display);
		writer->notices.are_held = statistics_have_screen(&writer->statistics);
		break;
	}
}

/* The time until the next look at the rings, from what the last one took out of them. */
static uint64_t poll_interval_ns(struct writer *writer, unsigned int taken)
{
	bool owes = intake_owes(&writer->intake);

	if (taken == INTAKE_BATCH_RECORDS ||
	    (owes && !writer->output.is_waiting && !writer->output.is_held_up))
		return 0;
	if (taken || owes || !merge_is_idle(writer->intake.merge))
		writer->poll_ns = MINIMUM_POLL_NS;
	else if (writer->poll_ns < MAXIMUM_POLL_NS)
		writer->poll_ns *= 2;
	else
		return UINT64_MAX;
	return writer->poll_ns;
}

/*
 * Asks the next record to wake the writer. A record that came before it could read this is
 * seen here: either the program sees the word, or this the program's mark.
 */
static bool fall_asleep(struct writer *writer)
{
	__atomic_store_n(&writer->options->control->writer_sleeps, 1, __ATOMIC_SEQ_CST);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return merge_is_idle(writer->intake.merge);
}

/* Sleeps until the next look at the rings, what is due by the clock, or a message. */
static void sleep_until_due(struct writer *writer, uint64_t due_ns, unsigned int taken)
{
	uint64_t now_ns = clock_monotonic_ns();
	uint64_t sleep_ns = due_ns > now_ns ? due_ns - now_ns : 0;
	uint64_t poll_ns = poll_interval_ns(writer, taken);
	bool is_asleep = poll_ns == UINT64_MAX && writer->options->source_count;
	unsigned int reasons;

	if (is_asleep && !fall_asleep(writer))
		poll_ns = 0;
	reasons = wakeup_wait(writer->wakeup_fd, poll_ns < sleep_ns ? poll_ns : sleep_ns);
	if (is_asleep)
		__atomic_store_n(&writer->options->control->writer_sleeps, 0, __ATOMIC_RELAXED);
	if (reasons & WAKEUP_CLOCK_SET)
		clock_watch_look(&writer->clock, &writer->notices);
	if (reasons & WAKEUP_READER_GONE)
		writer_output_lose_reader(&writer->output);
	if (reasons & WAKEUP_KEYS && display_take_keys(&writer->statistics.display))
		channel_send(writer->options->channel_fd, CHANNEL_END_WANTED, 0, -1);
	if (reasons & WAKEUP_MESSAGE)
		read_channel(writer);
}

/* What is still in the rings has to wait so long for its file; 0: for nothing. */
static uint64_t patience_ns(const struct writer *writer)
{
	if (writer->is_quitting)
		return 0;
	if (writer->output.is_waiting)
		return SECOND_NS;
	return writer->output.is_held_up ? MINIMUM_POLL_NS : 0;
}

static void run_loop(struct writer *writer)
{
	unsigned int taken;
	uint64_t due_ns;

	while (!writer->is_stopping) {
		taken = intake_take(&writer->intake,
				    clock_watch_read(&writer->clock, &writer->notices));
		if (writer->wants_flush && taken < INTAKE_BATCH_RECORDS &&
		    !writer->output.is_held_up && !intake_owes(&writer->intake)) {
			writer_output_flush(&writer->output);
			writer->wants_flush = false;
		}
		due_ns = run_timers(writer);
		sleep_until_due(writer, due_ns, taken);
	}
	/* The user may not want to wait until all of it is written; the keeper may send a file. */
	do {
		if (wakeup_wait(writer->wakeup_fd, patience_ns(writer)) & WAKEUP_MESSAGE)
			read_channel(writer);
		taken = intake_take(&writer->intake, MERGE_EVERYTHING);
	} while (taken == INTAKE_BATCH_RECORDS || patience_ns(writer) ||
		 intake_owes(&writer->intake));
	intake_end(&writer->intake);
	writer_output_flush(&writer->output);
}

static int open_wakeup(const struct writer_options *options)
{
	_cleanup_close_ int fd = wakeup_open();
	int error = fd < 0 ? fd : wakeup_add_channel(fd, options->channel_fd);

	for (unsigned int i = 0; i < options->source_count && !error; i++)
		error = wakeup_add_ring(fd, options->sources[i].ring->map_fd);
	return error ? error : TAKE_FD(fd);
}

/* In one piece: what the keeper has to say of commands may come at the same moment. */
static void print_summary(const struct writer *writer, const struct report_figures *figures)
{
	char *text = NULL;
	size_t length = 0;
	FILE *whole = open_memstream(&text, &length);

	report_print_summary(figures, !writer->keeper_is_gone,
			     &writer->options->options->top_prefixes, whole ? whole : stderr);
	if (whole && !fclose(whole))
		fwrite(text, 1, length, stderr);
	free(text);
}

static void report_end(struct writer *writer)
{
	struct report_figures figures;

	figures_read(&writer->intake, &figures);
	figures_add_tops(writer->options->tops, &figures);
	if (writer->is_quitting)
		notices_say(&writer->notices,
			    "ending at once: %" PRIu64 " packet%s in the rings %s given up",
			    writer->intake.given_up, writer->intake.given_up == 1 ? "" : "s",
			    writer->intake.given_up == 1 ? "is" : "are");
	writer_output_report(&writer->output);
	statistics_finish(&writer->statistics, &figures, !writer->keeper_is_gone);
	print_summary(writer, &figures);
}

static int finish(struct writer *writer)
{
	int output_error = writer_output_close(&writer->output);

	statistics_close(&writer->statistics, writer->keeper_is_gone);
	notices_release(&writer->notices);
	if (writer->keeper_is_gone)
		notices_say(&writer->notices, "the keeper process has died: the capture ends here");
	if (!writer->is_cancelled)
		report_end(writer);
	channel_send(writer->options->channel_fd, CHANNEL_FINISHED, (uint32_t)-output_error, -1);
	writer_output_free(&writer->output);
	intake_close(&writer->intake);
	if (output_error)
		return 2;
	return writer->keeper_is_gone ? 1 : 0;
}

static int prepare_descriptors(struct writer *writer, struct writer_options *options,
			       struct error *reterr)
{
	int *const keyboard_fd = &writer->statistics.display.keyboard.fd;
	int *kept[5] = { &options->channel_fd, &writer->wakeup_fd };
	int count = 2;

	writer->wakeup_fd = open_wakeup(options);
	if (writer->wakeup_fd < 0)
		return error_set(reterr, writer->wakeup_fd, "the writer cannot wait: %s",
				 strerror(-writer->wakeup_fd));
	writer->clock_fd = wakeup_add_clock(writer->wakeup_fd);
	if (writer->clock_fd >= 0)
		kept[count++] = &writer->clock_fd;
	if (options->options->stats_file)
		kept[count++] = &writer->statistics.output.fd;
	if (options->options->reads_keys)
		*keyboard_fd = keyboard_open();
	if (*keyboard_fd >= 0 && !wakeup_add_keyboard(writer->wakeup_fd, *keyboard_fd))
		kept[count++] = keyboard_fd;
	else
		*keyboard_fd = -1;
	return privileges_keep_descriptors(kept, count, reterr);
}

int writer_run(const struct writer_options *given)
{
	struct writer_options options = *given;
	struct writer writer = {
		.options = &options,
		.clock.source = options.clock,
		.poll_ns = MINIMUM_POLL_NS,
		.output = {
			.options = options.options,
			.format = writer_output_format(&options),
			.shared = options.shared,
			.notices = &writer.notices,
		},
		.intake = {
			.options = &options,
			.output = &writer.output,
			.notices = &writer.notices,
			.clock = &writer.clock,
		},
		.statistics = {
			.options = options.options,
			.interface = options.interface,
			.shared = options.shared,
			.display.keyboard.fd = -1,
			.output = {
				.options = options.options,
				.interface = options.interface,
				.output = options.shared->output.name,
				.notices = &writer.notices,
				.fd = options.stats_fd,
			},
			.metrics = {
				.metrics.interface = options.interface,
				.metrics.prefixes = &options.options->top_prefixes,
				.page = options.metrics,
				.notices = &writer.notices,
			},
		},
	};
	struct report_figures figures;
	struct error why;
	int error;

	writer.notices.board = &writer.statistics.display.notice;
	error = intake_open(&writer.intake, &why);
	if (!error)
		error = prepare_descriptors(&writer, &options, &why);
	if (!error) {
		statistics_open(&writer.statistics);
		error = privileges_drop(options.user, options.group, &why);
	}
	if (!error && options.options->output &&
	    capture_file_is_compressed(options.options->output))
		error = compressor_start(&writer.output.format.compressor, &why);
	if (!error)
		error = privileges_limit_calls(writer.statistics.display.keyboard.fd, &why);
	if (error)
		notices_say(&writer.notices, "%s", why.message);
	clock_refresh(&writer.clock);
	writer.output.channel_fd = writer.statistics.metrics.channel_fd = options.channel_fd;
	writer.output.wakeup_fd = writer.wakeup_fd;
	if (!error && options.options->output) {
		error = writer_output_open(&writer.output);
		if (error) {
			channel_send(options.channel_fd, CHANNEL_OUTPUT_FAILED, (uint32_t)-error,
				     -1);
			return 2;
		}
	}
	if (error)
		return 1;
	figures_read(&writer.intake, &figures);
	statistics_start(&writer.statistics, &figures);
	writer.next_second_ns = figures.time_ns + SECOND_NS;
	channel_send(options.channel_fd, CHANNEL_READY, 0, -1);
	run_loop(&writer);
	return finish(&writer);
}
