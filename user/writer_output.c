/* SPDX-License-Identifier: GPL-2.0-only */
/* Borders between files, and words about them; see writer_output.h. */
#include "writer_output.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "channel.h"
#include "wakeup.h"
#include "writer.h"

#define SECOND_NS 1000000000ll

static const char *are(uint64_t count)
{
	return count == 1 ? " is" : "s are";
}

static const char *output_name(const struct writer_output *output)
{
	return output->shared->output.name;
}

static void tell_keeper(const struct writer_output *output, enum channel_message_type type,
			uint32_t value)
{
	channel_send(output->channel_fd, type, value, -1);
}

/*
 * The user learns of pauses, the keeper of what ends the capture, each once. Where the keeper
 * is gone, the channel's end says so.
 */
static void tell_state(struct writer_output *output)
{
	enum savefile_state state = savefile_state(output->file), before = output->told_state;
	uint64_t lost = savefile_counts(output->file).lost_in_pause;

	if (state == before)
		return;
	output->told_state = state;
	if (before == SAVEFILE_PAUSES && state != SAVEFILE_FAILED)
		notices_say(output->notices, "'%s' is written again: %" PRIu64 " packet%s lost",
			    output_name(output), lost, are(lost));
	if (state == SAVEFILE_PAUSES)
		notices_say(
			output->notices,
			"cannot write '%s': %s; packets are lost until there is room, tried again "
			"each second",
			output_name(output), savefile_reason(output->file));
	if (state == SAVEFILE_LIMIT_REACHED)
		tell_keeper(output, CHANNEL_LIMIT_REACHED, 0);
	if (state == SAVEFILE_FAILED || state == SAVEFILE_CLOSE_FAILED)
		tell_keeper(output, CHANNEL_OUTPUT_FAILED, (uint32_t)-savefile_error(output->file));
}

struct capture_file_options writer_output_format(const struct writer_options *given)
{
	const struct options *options = given->options;

	return (struct capture_file_options){
		.link_type = given->link_type,
		.snapshot_bytes = given->snapshot_bytes,
		.nanoseconds = options->nanoseconds,
		.is_pcapng = options->output &&
			     capture_file_is_pcapng(options->output, options->file_format),
		.filter = options->expression,
		.interfaces = given->interfaces,
	};
}

int writer_output_open(struct writer_output *output)
{
	const struct options *options = output->options;
	struct savefile_options file_options = {
		.format = output->format,
		.packet_limit = options->packet_limit,
		.flush_each = options->flush_each,
		.min_free = options->min_free,
		.shared = output->shared,
	};
	struct channel_message message;
	struct error why;
	int error, fd = -1;

	error = channel_receive(output->channel_fd, &message, &fd);
	if (error || message.type != CHANNEL_OUTPUT || fd < 0)
		return error ? error : -EPROTO;
	wakeup_add_output(output->wakeup_fd, fd);
	error = savefile_open(fd, &file_options, &output->file, &why);
	if (error)
		notices_say(output->notices, "cannot write '%s': %s", output_name(output),
			    why.message);
	return error;
}

/* Not while it pauses: what waits in the buffer belongs into the present file. */
static bool may_end_file(const struct writer_output *output)
{
	return output->file && !output->is_waiting && !output->keeper_is_gone &&
	       savefile_state(output->file) == SAVEFILE_WRITES;
}

/* -G with -W but without -C counts files; the last of them is not followed by another. */
static bool is_last_file(const struct writer_output *output)
{
	const struct rotation_options *rotation = &output->options->rotation;

	return rotation->files && !rotation->maximum_bytes &&
	       output->timed_files + 1 >= rotation->files;
}

/* time_s: of the clock that ends it; 0 where its size does */
static void end_file(struct writer_output *output, uint32_t time_s)
{
	if (time_s && is_last_file(output)) {
		savefile_stop(output->file);
		output->has_all_files = savefile_state(output->file) == SAVEFILE_LIMIT_REACHED;
	} else if (savefile_end_file(output->file)) {
		output->timed_files += time_s != 0;
		output->is_waiting = true;
		tell_keeper(output, CHANNEL_NEXT_FILE, time_s);
	}
	tell_state(output);
}

int64_t writer_output_due_ns(const struct writer_output *output)
{
	int64_t end_s = output->shared->output.end_s;

	return end_s && may_end_file(output) ? end_s * SECOND_NS : INT64_MAX;
}

void writer_output_look_at_clock(struct writer_output *output, int64_t clock_ns)
{
	struct output_file *file = &output->shared->output;
	int64_t length_s = file->end_s - file->begin_s;

	if (clock_ns >= writer_output_due_ns(output)) {
		end_file(output, (uint32_t)(clock_ns / SECOND_NS));
		return;
	}
	/* A clock that was set back: no file shall get longer than the others for that. */
	if (file->end_s && clock_ns / SECOND_NS + 1 < file->begin_s) {
		file->begin_s = clock_ns / SECOND_NS;
		file->end_s = file->begin_s + length_s;
	}
}

/*
 * The clock is read first: a record that is older than the reading is in a ring then, or on its
 * way into one. Where there is such a one, the record behind the border ends the file.
 */
uint64_t writer_output_run_clock(struct writer_output *output, const struct clock *clock,
				 const struct merge *merge, uint64_t now_ns)
{
	int64_t clock_ns, due_ns = writer_output_due_ns(output);

	if (due_ns == INT64_MAX)
		return UINT64_MAX;
	clock_ns = clock_to_realtime(clock, clock_now_ns(clock));
	if (!merge || merge_is_idle(merge))
		writer_output_look_at_clock(output, clock_ns);
	due_ns = writer_output_due_ns(output);
	return due_ns > clock_ns && due_ns != INT64_MAX ? now_ns + (uint64_t)(due_ns - clock_ns) :
							  UINT64_MAX;
}

bool writer_output_takes(struct writer_output *output, int64_t time_ns)
{
	uint64_t maximum_bytes = output->options->rotation.maximum_bytes;

	if (output->is_waiting)
		return false;
	if (time_ns >= writer_output_due_ns(output))
		end_file(output, (uint32_t)(time_ns / SECOND_NS));
	else if (maximum_bytes && may_end_file(output) &&
		 savefile_bytes(output->file) > maximum_bytes)
		end_file(output, 0);
	output->is_held_up = !output->is_waiting && !savefile_is_ready(output->file);
	return !output->is_waiting && !output->is_held_up;
}

void writer_output_write(struct writer_output *output, const struct capture_file_packet *packet)
{
	savefile_write(output->file, packet);
}

void writer_output_end_round(struct writer_output *output)
{
	savefile_end_round(output->file);
	tell_state(output);
}

/* It comes once more when there is room. */
void writer_output_take_file(struct writer_output *output, int fd)
{
	int error;

	if (!output->is_waiting) {
		cleanup_close(&fd);
		return;
	}
	wakeup_add_output(output->wakeup_fd, fd);
	error = savefile_next_file(output->file, fd);
	output->is_waiting = error && savefile_state(output->file) == SAVEFILE_WRITES;
	if (output->is_waiting)
		tell_keeper(output, CHANNEL_NO_ROOM, (uint32_t)-error);
	tell_state(output);
}

void writer_output_take_refusal(struct writer_output *output, int error)
{
	if (!output->is_waiting)
		return;
	output->is_refused = true;
	output->is_waiting = false;
	savefile_fail(output->file, error);
	tell_state(output);
}

void writer_output_lose_keeper(struct writer_output *output)
{
	output->keeper_is_gone = true;
	writer_output_take_refusal(output, -EPIPE);
}

void writer_output_flush(struct writer_output *output)
{
	if (!output->file)
		return;
	savefile_flush(output->file);
	tell_state(output);
}

void writer_output_lose_reader(struct writer_output *output)
{
	savefile_lose_reader(output->file);
	tell_state(output);
}

struct savefile_counts writer_output_counts(const struct writer_output *output)
{
	return output->file ? savefile_counts(output->file) : (struct savefile_counts){};
}

int writer_output_close(struct writer_output *output)
{
	if (!output->file)
		return 0;
	savefile_close(output->file);
	return savefile_error(output->file);
}

static void report_failure(const struct writer_output *output, const struct savefile_counts *counts)
{
	/* Why there is none, the keeper has said. */
	if (output->is_refused)
		notices_say(output->notices,
			    "no file for %" PRIu64 " packet%s: lost; the files before are valid, "
			    "with %" PRIu64 " packets",
			    counts->lost, counts->lost == 1 ? "" : "s", counts->written);
	else
		notices_say(output->notices,
			    "cannot write '%s': %s; %" PRIu64
			    " packet%s lost, the file is valid up to packet %" PRIu64,
			    output_name(output), savefile_reason(output->file), counts->lost,
			    are(counts->lost), counts->written);
}

void writer_output_report(const struct writer_output *output)
{
	struct savefile_counts counts;

	if (!output->file)
		return;
	counts = savefile_counts(output->file);
	switch (savefile_state(output->file)) {
	case SAVEFILE_FAILED:
		report_failure(output, &counts);
		break;
	case SAVEFILE_CLOSE_FAILED:
		notices_say(output->notices, "cannot close '%s': %s; packets may be missing in it",
			    output_name(output), savefile_reason(output->file));
		break;
	case SAVEFILE_WRITES:
	case SAVEFILE_PAUSES:
	case SAVEFILE_LIMIT_REACHED:
		if (counts.lost)
			notices_say(output->notices,
				    "'%s' is not complete: %" PRIu64
				    " packet%s lost for want of room on the disk",
				    output_name(output), counts.lost, are(counts.lost));
		break;
	}
	if (output->has_all_files)
		fprintf(stderr, "Maximum file limit reached: %u\n",
			output->options->rotation.files);
}

void writer_output_free(struct writer_output *output)
{
	savefile_free(TAKE(output->file));
}
