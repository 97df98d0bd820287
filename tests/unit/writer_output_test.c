/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which packet goes into which file, and what the keeper hears of it. The keeper is played here;
 * times are those of the tests, in seconds.
 */
#include "../../user/writer_output.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../user/channel.h"
#include "../../user/wakeup.h"
#include "../../user/writer.h"
#include "check.h"
#include "temporary_file.h"

#define SECOND_NS 1000000000ll

static struct shared_status shared;
static struct notices notices;
static struct options options;
static struct writer_output output;
static int keeper_fd;

/* A file of the interval, as the keeper opens it. */
static int begin_interval(int64_t begin_s, int64_t end_s)
{
	shared.output.begin_s = begin_s;
	shared.output.end_s = end_s;
	return open_file();
}

/* The first file is one from 1000 to 1010, where there is an interval. */
static void open_output(struct rotation_options rotation)
{
	int fds[2], fd = begin_interval(1000, rotation.interval_s ? 1010 : 0);

	options = (struct options){ .snapshot_bytes = 1000, .rotation = rotation };
	notices = (struct notices){ .are_held = true };
	if (channel_open(fds))
		exit(1);
	keeper_fd = fds[0];
	output = (struct writer_output){
		.options = &options,
		.format = { .link_type = LINK_TYPE_ETHERNET, .snapshot_bytes = 1000 },
		.shared = &shared,
		.notices = &notices,
		.channel_fd = fds[1],
		.wakeup_fd = wakeup_open(),
	};
	channel_send(keeper_fd, CHANNEL_OUTPUT, 0, fd);
	close(fd);
	if (writer_output_open(&output)) {
		check(false, "the output is open");
		exit(1);
	}
}

static int close_output(void)
{
	int error = writer_output_close(&output);

	writer_output_free(&output);
	close(output.channel_fd);
	close(output.wakeup_fd);
	close(keeper_fd);
	return error;
}

/* Whether the keeper has exactly this one message. */
static bool hears(enum channel_message_type type, uint32_t value)
{
	struct channel_message message;
	int fd = -1;
	char byte;

	if (recv(keeper_fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 ||
	    channel_receive(keeper_fd, &message, &fd))
		return false;
	check_note("message %u with %u", message.type, message.value);
	return message.type == type && message.value == value &&
	       recv(keeper_fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0;
}

static bool hears_nothing(void)
{
	char byte;

	return recv(keeper_fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0;
}

static bool takes(double time_s)
{
	static const uint8_t bytes[100];
	const struct capture_file_packet packet = {
		.time_ns = (int64_t)(time_s * 1e9),
		.wire_bytes = sizeof(bytes),
		.captured_bytes = sizeof(bytes),
		.bytes = bytes,
	};

	if (!writer_output_takes(&output, packet.time_ns))
		return false;
	writer_output_write(&output, &packet);
	return true;
}

static void test_time(void)
{
	open_output((struct rotation_options){ .interval_s = 10 });
	check(takes(1000) && takes(1009.999) && hears_nothing(),
	      "packets of an interval are in its file");
	check(!takes(1010) && hears(CHANNEL_NEXT_FILE, 1010),
	      "the first one behind it is not, and the keeper is asked for another file");
	check(!takes(1010) && !takes(1005) && hears_nothing(),
	      "while that is not there none is taken, and the keeper is not asked again");
	writer_output_take_file(&output, begin_interval(1010, 1020));
	check(takes(1010) && takes(1019) && takes(1005) && hears_nothing(),
	      "then they are, and a late one with them");
	check(!takes(1047.5) && hears(CHANNEL_NEXT_FILE, 1047),
	      "the keeper hears the time of the packet");
	writer_output_take_file(&output, begin_interval(1040, 1050));
	check(takes(1047.5) && writer_output_counts(&output).written == 6 && !close_output(),
	      "every packet is in one file");
}

static void test_clock(void)
{
	open_output((struct rotation_options){ .interval_s = 10 });
	check(writer_output_due_ns(&output) == 1010 * SECOND_NS, "a file is due at its end");
	writer_output_look_at_clock(&output, 1010 * SECOND_NS - 1);
	check(hears_nothing(), "not before");
	writer_output_look_at_clock(&output, 1010 * SECOND_NS);
	check(hears(CHANNEL_NEXT_FILE, 1010), "the clock ends it without a packet");
	writer_output_look_at_clock(&output, 1025 * SECOND_NS);
	check(hears_nothing() && writer_output_due_ns(&output) == INT64_MAX,
	      "while another one is waited for nothing is due");
	writer_output_take_file(&output, begin_interval(1010, 1020));
	writer_output_look_at_clock(&output, 1009 * SECOND_NS);
	check(writer_output_due_ns(&output) == 1020 * SECOND_NS,
	      "a clock that is off by a second moves nothing");
	writer_output_look_at_clock(&output, 500 * SECOND_NS);
	check(writer_output_due_ns(&output) == 510 * SECOND_NS,
	      "a clock that was set back makes no file longer");
	check(takes(1015) == false && hears(CHANNEL_NEXT_FILE, 1015),
	      "a packet from before that ends the file, too");
	close_output();
}

static void test_size(void)
{
	unsigned int count = 0;

	open_output((struct rotation_options){ .maximum_bytes = 1000 });
	check(writer_output_due_ns(&output) == INT64_MAX, "without an interval nothing is due");
	while (count < 100 && takes(1))
		count++;
	/* 24 + 8 * 116 = 952, 1068 */
	check(count == 9 && hears(CHANNEL_NEXT_FILE, 0),
	      "a file is full before the packet that finds it larger");
	check_note("%u packets", count);
	writer_output_take_file(&output, begin_interval(0, 0));
	check(takes(1) && writer_output_counts(&output).written == 10 && !close_output(),
	      "that packet is in the next one");
}

static void test_last_file(void)
{
	open_output((struct rotation_options){ .interval_s = 10, .files = 2 });
	check(!takes(1010) && hears(CHANNEL_NEXT_FILE, 1010), "-G -W 2: a second file");
	writer_output_take_file(&output, begin_interval(1010, 1020));
	check(takes(1011) && takes(1020) && hears(CHANNEL_LIMIT_REACHED, 0) && output.has_all_files,
	      "and no third: the keeper hears that the limit is reached");
	writer_output_look_at_clock(&output, 1030 * SECOND_NS);
	check(hears_nothing() && writer_output_counts(&output).written == 1 &&
		      writer_output_counts(&output).discarded == 1 && !close_output(),
	      "packets behind it are discarded");
	open_output((struct rotation_options){ .interval_s = 10, .files = 1, .maximum_bytes = 9 });
	check(!takes(1010) && hears(CHANNEL_NEXT_FILE, 1010),
	      "with -C too there is always another");
	close_output();
}

static void test_refusal(void)
{
	open_output((struct rotation_options){ .interval_s = 10 });
	check(takes(1001) && !takes(1010) && hears(CHANNEL_NEXT_FILE, 1010), "a file is asked for");
	writer_output_take_refusal(&output, -ENOENT);
	check(hears(CHANNEL_OUTPUT_FAILED, ENOENT), "one that does not come ends the capture");
	check(takes(1010) && takes(1030) && hears_nothing(), "packets are taken to be counted");
	check(writer_output_counts(&output).written == 1 &&
		      writer_output_counts(&output).lost == 2 && close_output() == -ENOENT,
	      "as lost, and the error is that of the file");
}

static void test_keeper_gone(void)
{
	open_output((struct rotation_options){ .interval_s = 10 });
	writer_output_lose_keeper(&output);
	check(takes(1001) && takes(1010) && writer_output_counts(&output).written == 2 &&
		      !close_output(),
	      "without a keeper the rest goes into the present file");
	open_output((struct rotation_options){ .interval_s = 10 });
	takes(1010);
	writer_output_lose_keeper(&output);
	check(takes(1010) && writer_output_counts(&output).lost == 1 && close_output(),
	      "without a keeper and a file it is lost");
}

int main(void)
{
	test_time();
	test_clock();
	test_size();
	test_last_file();
	test_refusal();
	test_keeper_gone();
	return check_finish();
}
