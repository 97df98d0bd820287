/* SPDX-License-Identifier: GPL-2.0-only */
/* One file after the other: when one is complete, and what becomes of packets when none follows. */
#include "played_file.h"

/* Packets have arrived, but what ends the file does not. */
static void test_end_error(void)
{
	struct savefile *file = open_plain();
	struct savefile_counts counts;

	write_packets(file, 10, 10);
	disk.finish_error = -ENOSPC;
	check(!savefile_end_file(file) && savefile_state(file) == SAVEFILE_PAUSES &&
		      has_counts(file, 10, 0, 0),
	      "a full disk pauses a file that is to end, and costs nothing");
	note(file);
	disk.finish_error = 0;
	write_packets(file, 5, 10);
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_WRITES && savefile_end_file(file),
	      "when there is room it ends");
	savefile_close(file);
	counts = savefile_counts(file);
	check(counts.written == 15 && disk.in_file == 15 && savefile_error(file) == 0,
	      "no packet is lost for that");
	note(file);
	savefile_free(file);
}

static void test_next_file(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 150, 10);
	check(savefile_bytes(file) == FILE_HEADER_BYTES + 1500,
	      "a file has the bytes in its buffer, too");
	check(savefile_end_file(file) && disk.in_file == 150 && shared.flushed_packets == 150,
	      "a file that is complete has all its packets");
	savefile_flush(file);
	savefile_end_round(file);
	check(!savefile_next_file(file, open_file()), "another file follows");
	write_packets(file, 50, 10);
	check(savefile_bytes(file) == FILE_HEADER_BYTES + 500, "its bytes are its own");
	savefile_flush(file);
	check(shared.flushed_bytes == FILE_HEADER_BYTES + 500 && shared.flushed_packets == 200 &&
		      has_counts(file, 200, 0, 0),
	      "packets are counted over all files");
	note(file);
	end_savefile(file);
}

static void test_limit_over_files(void)
{
	const struct savefile_options options = { .packet_limit = 120, .shared = &shared };
	struct savefile *file = open_savefile(&options, open_file());

	write_packets(file, 90, 10);
	savefile_end_file(file);
	savefile_next_file(file, open_file());
	write_packets(file, 50, 10);
	check(has_counts(file, 120, 0, 20) && disk.in_file == 120 &&
		      savefile_state(file) == SAVEFILE_LIMIT_REACHED && !savefile_end_file(file),
	      "the limit is one of all files, and no file follows it");
	note(file);
	end_savefile(file);
}

static void test_end_in_pause(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 10, 10);
	disk.flush_error = -ENOSPC;
	disk.arriving = 4;
	check(!savefile_end_file(file) && savefile_state(file) == SAVEFILE_PAUSES,
	      "a file whose end finds no room is not complete");
	write_packets(file, 5, 10);
	check(!savefile_end_file(file), "nor is it in the pause");
	disk.flush_error = 0;
	write_packets(file, 5, 10);
	check(savefile_end_file(file) && has_counts(file, 13, 7, 0) && disk.in_file == 13,
	      "it is when there is room");
	note(file);
	end_savefile(file);
}

static void test_next_without_room(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 10, 10);
	savefile_end_file(file);
	disk.open_error = -ENOSPC;
	check(savefile_next_file(file, open_file()) == -ENOSPC &&
		      savefile_state(file) == SAVEFILE_WRITES,
	      "a file without room for its header may be tried again");
	disk.open_error = 0;
	check(!savefile_next_file(file, open_file()), "and is there then");
	savefile_end_file(file);
	disk.open_error = -EIO;
	check(savefile_next_file(file, open_file()) == -EIO &&
		      savefile_state(file) == SAVEFILE_FAILED,
	      "a file that cannot be written is the end");
	write_packets(file, 5, 10);
	savefile_close(file);
	check(has_counts(file, 10, 5, 0) && savefile_error(file) == -EIO,
	      "all packets behind it are lost");
	note(file);
	savefile_free(file);
}

static void test_no_next(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 10, 10);
	savefile_end_file(file);
	savefile_fail(file, -ENOENT);
	write_packets(file, 5, 10);
	savefile_flush(file);
	savefile_lose_reader(file);
	savefile_close(file);
	check(has_counts(file, 10, 5, 0) && savefile_error(file) == -ENOENT &&
		      savefile_state(file) == SAVEFILE_FAILED,
	      "without a next file packets are lost, with its reason");
	note(file);
	savefile_free(file);
}

static void test_end_with_close_error(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 5, 10);
	disk.close_error = -EIO;
	check(!savefile_end_file(file) && savefile_state(file) == SAVEFILE_CLOSE_FAILED,
	      "an error of close(2) between two files is the end");
	write_packets(file, 3, 10);
	savefile_close(file);
	check(has_counts(file, 5, 3, 0) && savefile_error(file) == -EIO,
	      "packets behind it are lost");
	note(file);
	savefile_free(file);
}

int main(void)
{
	test_end_error();
	test_next_file();
	test_limit_over_files();
	test_end_in_pause();
	test_next_without_room();
	test_no_next();
	test_end_with_close_error();
	return check_finish();
}
