/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * When packets are written, up to which limit, and which errors are for good; and that each packet
 * is counted, whatever happens.
 */
#include "played_file.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static void test_plain(void)
{
	struct savefile *file = open_plain();

	check(shared.flushed_bytes == FILE_HEADER_BYTES && shared.flushed_packets == 0,
	      "the keeper knows of the file header");
	write_packets(file, 250, 10);
	check(has_counts(file, 250, 0, 0) && disk.in_file == 200 && shared.flushed_packets == 200 &&
		      shared.flushed_bytes == FILE_HEADER_BYTES + 2000,
	      "a full buffer is flushed, and the keeper knows");
	savefile_end_round(file);
	check(disk.in_file == 200, "the end of a round does not flush a file");
	savefile_flush(file);
	check(disk.in_file == 250 && shared.flushed_packets == 250, "a flush flushes");
	write_packets(file, 5, 10);
	savefile_close(file);
	check(disk.in_file == 255 && has_counts(file, 255, 0, 0) && !savefile_error(file) &&
		      savefile_state(file) == SAVEFILE_WRITES,
	      "closing flushes");
	note(file);
	savefile_free(file);
}

static void test_limit(void)
{
	struct savefile_options options = { .packet_limit = 7, .shared = &shared };
	struct savefile *file = open_savefile(&options, open_file());

	write_packets(file, 6, 10);
	check(savefile_state(file) == SAVEFILE_WRITES && disk.in_file == 0,
	      "before the limit nothing happens");
	write_packets(file, 1, 10);
	check(savefile_state(file) == SAVEFILE_LIMIT_REACHED && disk.in_file == 7,
	      "at the limit all is in the file");
	write_packets(file, 3, 10);
	savefile_flush(file);
	savefile_close(file);
	check(savefile_state(file) == SAVEFILE_LIMIT_REACHED && disk.in_file == 7 &&
		      has_counts(file, 7, 0, 3) && !savefile_error(file),
	      "behind the limit packets are discarded, which is no error");
	note(file);
	savefile_free(file);
}

static void test_flush_each(void)
{
	struct savefile_options options = { .flush_each = true, .shared = &shared };
	struct savefile *file = open_savefile(&options, open_file());

	write_packets(file, 5, 10);
	check(disk.flushes == 5 && shared.flushed_packets == 5, "each packet is flushed");
	disk.flush_error = -ENOSPC;
	write_packets(file, 5, 10);
	check(disk.flushes == 6 && has_counts(file, 9, 1, 0),
	      "in a pause they wait for the next attempt");
	note(file);
	end_savefile(file);
}

static const struct {
	const char *name;
	int error;
	bool is_pipe;
	enum savefile_state state;
} errors[] = {
	{ "a full disk", -ENOSPC, false, SAVEFILE_PAUSES },
	{ "a full quota", -EDQUOT, false, SAVEFILE_PAUSES },
	{ "a broken disk", -EIO, false, SAVEFILE_FAILED },
	{ "a limit of the file's size", -EFBIG, false, SAVEFILE_FAILED },
	{ "a file system that became read-only", -EROFS, false, SAVEFILE_FAILED },
	{ "a pipe without a reader", -EPIPE, true, SAVEFILE_FAILED },
	{ "a pipe that is full somehow", -ENOSPC, true, SAVEFILE_FAILED },
};

static void test_error(size_t row)
{
	int reader = -1;
	struct savefile *file =
		open_savefile(&plain, errors[row].is_pipe ? open_pipe(&reader) : open_file());

	write_packets(file, 10, 10);
	savefile_flush(file);
	write_packets(file, 10, 10);
	disk.flush_error = errors[row].error;
	disk.arriving = 4;
	savefile_flush(file);
	check(savefile_state(file) == errors[row].state, "%s %s", errors[row].name,
	      errors[row].state == SAVEFILE_PAUSES ? "makes a pause" : "is for good");
	check(has_counts(file, 14, 6, 0) && shared.flushed_packets == 14,
	      "%s costs what has not arrived", errors[row].name);
	note(file);
	check(strstr(savefile_reason(file), strerror(-errors[row].error)), "%s is named",
	      errors[row].name);
	disk.arriving = 0;
	savefile_close(file);
	check(savefile_error(file) ==
		      (errors[row].state == SAVEFILE_PAUSES ? -ENOSPC : errors[row].error),
	      "%s is an error at the end", errors[row].name);
	note(file);
	savefile_free(file);
	if (reader >= 0)
		close(reader);
}

static void test_pipe(void)
{
	int reader, fd = open_pipe(&reader);
	struct savefile *file = open_savefile(&keeps_free, fd);

	disk.free_bytes = 0;
	write_packets(file, 3, 10);
	check(disk.in_file == 0, "packets for a pipe wait for the end of the round");
	savefile_end_round(file);
	check(disk.in_file == 3 && savefile_state(file) == SAVEFILE_WRITES,
	      "the end of a round flushes a pipe, whatever is free on a disk");
	write_packets(file, 2, 10);
	savefile_lose_reader(file);
	savefile_lose_reader(file);
	write_packets(file, 1, 10);
	savefile_end_round(file);
	savefile_flush(file);
	check(savefile_state(file) == SAVEFILE_FAILED && savefile_error(file) == -EPIPE &&
		      has_counts(file, 3, 3, 0),
	      "a pipe whose reader is lost has failed");
	note(file);
	savefile_close(file);
	check(has_counts(file, 3, 3, 0), "closing it counts nothing more");
	note(file);
	savefile_free(file);
	close(reader);
}

static void test_close_error(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 10, 10);
	disk.close_error = -EIO;
	savefile_close(file);
	check(savefile_state(file) == SAVEFILE_CLOSE_FAILED && savefile_error(file) == -EIO &&
		      has_counts(file, 10, 0, 0) && strstr(savefile_reason(file), strerror(EIO)),
	      "an error of close(2) is an error");
	note(file);
	savefile_free(file);
	savefile_free(NULL);
}

static void test_ready(void)
{
	struct savefile *file = open_plain();

	check(savefile_is_ready(file), "a file is ready");
	disk.is_busy = true;
	check(!savefile_is_ready(file), "a file that is busy with compression is not ready");
	write_packets(file, 10, 10);
	disk.flush_error = -ENOSPC;
	savefile_flush(file);
	check(savefile_is_ready(file), "in a pause nothing is waited for");
	write_packets(file, 120, 10);
	check(disk.told_lost == 20 && has_counts(file, 100, 30, 0),
	      "the file is told of packets that it does not get");
	note(file);
	end_savefile(file);
}

static void test_open_error(void)
{
	struct savefile *file = NULL;
	struct error why = {};
	int fd = open_file();

	memset(&disk, 0, sizeof(disk));
	disk.open_error = -ENOSPC;
	check(savefile_open(fd, &plain, &file, &why) == -ENOSPC && !file && *why.message &&
		      !is_open(fd),
	      "a file that cannot be opened is closed, and says why");
}

static void test_stop(void)
{
	struct savefile *file = open_plain();

	write_packets(file, 5, 10);
	savefile_stop(file);
	check(savefile_state(file) == SAVEFILE_LIMIT_REACHED && disk.in_file == 5,
	      "a file that is stopped has all its packets");
	write_packets(file, 3, 10);
	savefile_close(file);
	check(has_counts(file, 5, 0, 3) && !savefile_error(file), "what comes later is discarded");
	note(file);
	savefile_free(file);
}

/* Whatever happens in which order, each packet is counted once, and rightly. */
static void test_accounting(unsigned int seed)
{
	struct savefile_options options = {
		.packet_limit = seed % 3 ? 0 : 2000,
		.flush_each = seed % 5 == 0,
		.min_free = { seed % 2 ? 100 * MIB : 0, 0 },
		.shared = &shared,
	};
	struct savefile *file = open_savefile(&options, open_file());
	struct savefile_counts counts;
	uint64_t given = 0;
	unsigned int wrong = 0;

	srand(seed);
	for (int step = 0; step < 1000; step++) {
		unsigned int count = (unsigned int)rand() % 20;

		disk.flush_error = rand() % 3 ? 0 : rand() % 300 ? -ENOSPC : -EIO;
		disk.arriving = (uint64_t)rand() % 30;
		disk.free_bytes = rand() % 4 ? 900 * MIB : 100 * MIB + (uint64_t)rand() % 500;
		write_packets(file, count, 10);
		given += count;
		if (rand() % 4 == 0)
			savefile_flush(file);
		if (rand() % 16 == 0 && savefile_end_file(file))
			savefile_next_file(file, open_file());
		counts = savefile_counts(file);
		wrong += counts.written + counts.lost + counts.discarded != given ||
			 shared.flushed_packets > disk.in_file;
	}
	savefile_close(file);
	counts = savefile_counts(file);
	check(!wrong && counts.written == disk.in_file &&
		      counts.written + counts.lost + counts.discarded == given,
	      "all packets are accounted for, in disorder number %u", seed);
	note(file);
	savefile_free(file);
}

int main(void)
{
	test_plain();
	test_limit();
	test_flush_each();
	for (size_t i = 0; i < LENGTH(errors); i++)
		test_error(i);
	test_pipe();
	test_close_error();
	test_ready();
	test_open_error();
	test_stop();
	for (unsigned int seed = 1; seed <= 60; seed++)
		test_accounting(seed);
	return check_finish();
}
