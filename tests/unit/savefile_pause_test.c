/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of packets while a disk has no room, and when it has room again. */
#include "played_file.h"

/* From the first error to the end of the pause. */
static void test_pause(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 100, 10);
	disk.flush_error = -ENOSPC;
	disk.arriving = 30;
	write_packets(file, 1, 10);
	check(savefile_state(file) == SAVEFILE_PAUSES && has_counts(file, 31, 70, 0),
	      "a packet that finds the disk full waits in the buffer, which is empty then");
	note(file);
	disk.arriving = 0;
	write_packets(file, 150, 10);
	check(disk.flushes == 1 && has_counts(file, 130, 121, 0),
	      "in a pause the buffer takes what it can, without an attempt to write");
	note(file);
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_PAUSES && has_counts(file, 30, 221, 0),
	      "an attempt that fails costs what was in the buffer");
	note(file);
	disk.flush_error = 0;
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_PAUSES, "with nothing to write, a pause goes on");
	write_packets(file, 20, 10);
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_WRITES && has_counts(file, 50, 221, 0) &&
		      savefile_counts(file).lost_in_pause == 221 && shared.flushed_packets == 50,
	      "an attempt that succeeds ends the pause");
	note(file);
	disk.flush_error = -ENOSPC;
	write_packets(file, 3, 10);
	savefile_flush(file);
	check(savefile_counts(file).lost_in_pause == 3, "the next pause counts for itself");
	note(file);
	disk.flush_error = 0;
	write_packets(file, 1, 10);
	savefile_close(file);
	check(has_counts(file, 51, 224, 0) && disk.in_file == 51 && savefile_error(file) == -ENOSPC,
	      "the close is an attempt, too");
	note(file);
	savefile_free(file);
}

static void test_cut_fails(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 10, 10);
	disk.flush_error = -ENOSPC;
	disk.resume_error = -EIO;
	savefile_flush(file);
	write_packets(file, 5, 10);
	check(savefile_state(file) == SAVEFILE_FAILED && savefile_error(file) == -EIO &&
		      has_counts(file, 0, 15, 0),
	      "a full file that cannot be cut has failed");
	note(file);
	savefile_close(file);
	check(has_counts(file, 0, 15, 0), "a file that has failed is closed without another count");
	savefile_free(file);
}

/* -c counts packets in the file, so a limit that the disk has no room for is not reached. */
static void test_limit_in_pause(void)
{
	struct savefile_options options = { .packet_limit = 10, .shared = &shared };
	struct savefile *file = open_savefile(&options, open_file());

	disk.flush_error = -ENOSPC;
	write_packets(file, 10, 10);
	check(savefile_state(file) == SAVEFILE_PAUSES && has_counts(file, 0, 10, 0),
	      "a limit is not reached where the disk is full");
	write_packets(file, 15, 10);
	check(has_counts(file, 10, 15, 0), "in a pause no more packets wait than the limit allows");
	note(file);
	disk.flush_error = 0;
	savefile_flush(file);
	write_packets(file, 1, 10);
	check(savefile_state(file) == SAVEFILE_LIMIT_REACHED && has_counts(file, 10, 15, 1) &&
		      disk.in_file == 10,
	      "the limit is reached when there is room");
	note(file);
	end_savefile(file);
}

static void test_min_free(void)
{
	struct savefile *file = open_savefile(&keeps_free, open_file());

	disk.free_bytes = 100 * MIB + 1000;
	write_packets(file, 100, 10);
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_WRITES && disk.in_file == 100,
	      "the last free byte may be written");
	disk.free_bytes = 100 * MIB + 999;
	write_packets(file, 100, 10);
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_PAUSES && disk.in_file == 100 &&
		      has_counts(file, 200, 0, 0),
	      "a byte less makes a pause, and costs nothing as long as the buffer has room");
	note(file);
	check(strstr(savefile_reason(file), "--min-free"), "the pause names --min-free");
	write_packets(file, 7, 10);
	savefile_flush(file);
	check(disk.flushes == 1 && has_counts(file, 200, 7, 0),
	      "it costs what the buffer cannot hold");
	note(file);
	disk.free_bytes = 101 * MIB;
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_WRITES && disk.in_file == 200 &&
		      savefile_counts(file).lost_in_pause == 7,
	      "when more is free, the buffer is written");
	note(file);
	disk.free_bytes = 0;
	write_packets(file, 5, 10);
	savefile_close(file);
	check(disk.in_file == 200 && has_counts(file, 200, 12, 0) &&
		      savefile_error(file) == -ENOSPC,
	      "the close keeps the space free");
	note(file);
	savefile_free(file);
}

/* A pause that costs nothing leaves no error behind. */
static void test_harmless_pause(void)
{
	struct savefile *file = open_savefile(&keeps_free, open_file());

	disk.free_bytes = 0;
	write_packets(file, 50, 10);
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_PAUSES, "no space makes a pause");
	disk.free_bytes = 900 * MIB;
	savefile_close(file);
	check(savefile_error(file) == 0 && disk.in_file == 50 && has_counts(file, 50, 0, 0),
	      "a pause in which nothing was lost is no error");
	note(file);
	savefile_free(file);
}

static void test_looks(void)
{
	struct savefile *file = open_savefile(&keeps_free, open_file());

	disk.capacity = 4;
	write_packets(file, 4 * 640, 262144);
	check(disk.looks >= 10 && disk.looks <= 11, "640 MiB take ten looks at the free space");
	check_note("%u", disk.looks);
	disk.looks = 0;
	write_packets(file, 4, 100);
	for (int second = 0; second < 10; second++)
		savefile_flush(file);
	check(disk.looks == 10, "ten seconds take ten looks at the free space");
	check_note("%u", disk.looks);
	/* What is left is used up without a look for each packet. */
	disk.free_bytes = 110 * MIB;
	savefile_flush(file);
	disk.looks = 0;
	write_packets(file, 40, 262144);
	check(disk.looks == 0, "ten MiB of space take no look");
	check_note("%u", disk.looks);
	end_savefile(file);
	file = open_savefile(&plain, open_file());
	write_packets(file, 1000, 262144);
	savefile_flush(file);
	check(disk.looks == 0, "without --min-free nobody looks");
	end_savefile(file);
}

int main(void)
{
	test_pause();
	test_cut_fails();
	test_limit_in_pause();
	test_min_free();
	test_harmless_pause();
	test_looks();
	return check_finish();
}
