/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What becomes of packets when a file takes no more, for a time or for good. The file itself is
 * played here: in place of capture_file.c and fstatvfs(3), so that each error comes when it is
 * wanted.
 */
#include "../../user/savefile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "../../user/writer.h"
#include "check.h"
#include "temporary_file.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define FILE_HEADER_BYTES 24
#define MIB (1ull << 20)

/* What the played file does, and what was done to it. */
static struct {
	int flush_error;   /* of the next flushes */
	uint64_t arriving; /* packets that arrive in spite of it */
	int resume_error, open_error, close_error;
	uint64_t capacity; /* of the buffer, in packets */
	uint64_t free_bytes;
	unsigned int looks, flushes;
	int finish_error; /* of what ends a file */
	unsigned int finishes;
	bool is_busy;       /* with compression */
	uint64_t told_lost; /* without having been written */
	uint64_t in_file;   /* packets that have arrived, also after it was closed */
} disk;

struct capture_file {
	int fd;
	bool has_failed;
	struct capture_file_progress progress;
};

int fstatvfs(int fd, struct statvfs *ret_status)
{
	(void)fd;
	disk.looks++;
	*ret_status = (struct statvfs){
		.f_frsize = 1,
		.f_blocks = 1000 * MIB,
		.f_bavail = disk.free_bytes,
	};
	return 0;
}

int capture_file_open(int fd, const struct capture_file_options *options,
		      struct capture_file **ret_writer, struct error *reterr)
{
	(void)options;
	if (disk.open_error) {
		close(fd);
		return error_set(reterr, disk.open_error, "no room");
	}
	*ret_writer = calloc(1, sizeof(**ret_writer));
	(*ret_writer)->fd = fd;
	(*ret_writer)->progress.flushed_bytes = FILE_HEADER_BYTES;
	return 0;
}

bool capture_file_has_room(const struct capture_file *writer,
			   const struct capture_file_packet *packet)
{
	(void)packet;
	return writer->progress.pending_packets < disk.capacity;
}

int capture_file_write(struct capture_file *writer, const struct capture_file_packet *packet)
{
	if (writer->has_failed || !capture_file_has_room(writer, packet)) {
		check(false, "no packet is given to a file that cannot take it");
		return -EIO;
	}
	writer->progress.pending_packets++;
	writer->progress.pending_bytes += packet->captured_bytes;
	return 0;
}

static void let_arrive(struct capture_file *writer, uint64_t packets)
{
	struct capture_file_progress *progress = &writer->progress;
	uint64_t bytes = progress->pending_packets ?
				 progress->pending_bytes / progress->pending_packets * packets :
				 0;

	disk.in_file += packets;
	progress->flushed_packets += packets;
	progress->flushed_bytes += bytes;
	progress->pending_packets -= packets;
	progress->pending_bytes -= bytes;
}

int capture_file_flush(struct capture_file *writer)
{
	uint64_t pending = writer->progress.pending_packets;

	if (writer->has_failed)
		check(false, "a file that has failed is not flushed");
	if (!pending)
		return 0;
	disk.flushes++;
	writer->has_failed = disk.flush_error;
	let_arrive(writer, disk.flush_error && disk.arriving < pending ? disk.arriving : pending);
	return disk.flush_error;
}

int capture_file_make_room(struct capture_file *writer)
{
	return capture_file_flush(writer);
}

int capture_file_finish(struct capture_file *writer)
{
	int error = capture_file_flush(writer);

	if (!error && disk.finish_error) {
		writer->has_failed = true;
		error = disk.finish_error;
	}
	disk.finishes++;
	return error;
}

uint64_t capture_file_bytes(const struct capture_file *writer)
{
	return writer->progress.flushed_bytes + writer->progress.pending_bytes;
}

bool capture_file_is_ready(const struct capture_file *writer)
{
	(void)writer;
	return !disk.is_busy;
}

void capture_file_lose(struct capture_file *writer, const struct capture_file_packet *packet)
{
	(void)writer;
	(void)packet;
	disk.told_lost++;
}

int capture_file_resume(struct capture_file *writer)
{
	if (disk.resume_error)
		return disk.resume_error;
	writer->has_failed = false;
	writer->progress.pending_packets = 0;
	writer->progress.pending_bytes = 0;
	return 0;
}

int capture_file_close(struct capture_file *writer)
{
	if (!writer)
		return 0;
	if (!writer->has_failed)
		let_arrive(writer, writer->progress.pending_packets);
	close(writer->fd);
	free(writer);
	return disk.close_error;
}

const struct capture_file_progress *capture_file_progress(const struct capture_file *writer)
{
	return &writer->progress;
}

static struct shared_status shared;
static const struct savefile_options plain = { .shared = &shared };

/* A file on a disk with much space. */
static struct savefile *open_savefile(const struct savefile_options *options, int fd)
{
	struct savefile *file = NULL;
	struct error why;

	memset(&disk, 0, sizeof(disk));
	disk.capacity = 100;
	disk.free_bytes = 900 * MIB;
	memset(&shared, 0, sizeof(shared));
	if (savefile_open(fd, options, &file, &why))
		exit(1);
	return file;
}

static struct savefile *open_plain(void)
{
	return open_savefile(&plain, open_file());
}

static void write_packets(struct savefile *file, unsigned int count, uint32_t bytes)
{
	const struct capture_file_packet packet = { .captured_bytes = bytes };

	while (count--)
		savefile_write(file, &packet);
}

static bool has_counts(const struct savefile *file, uint64_t written, uint64_t lost,
		       uint64_t discarded)
{
	struct savefile_counts counts = savefile_counts(file);

	return counts.written == written && counts.lost == lost && counts.discarded == discarded;
}

static void note(const struct savefile *file)
{
	struct savefile_counts counts = savefile_counts(file);

	check_note("state %d, error %d, written %" PRIu64 ", lost %" PRIu64 " (%" PRIu64
		   " in the pause), discarded %" PRIu64 "; %" PRIu64 " in the file; %s",
		   savefile_state(file), savefile_error(file), counts.written, counts.lost,
		   counts.lost_in_pause, counts.discarded, disk.in_file, savefile_reason(file));
}

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
	savefile_close(file);
	savefile_free(file);
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

static int open_pipe(int *ret_reader)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		exit(1);
	*ret_reader = ends[0];
	return ends[1];
}

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
	savefile_close(file);
	savefile_free(file);
}

static void test_min_free(void)
{
	struct savefile_options options = { .min_free = { 100 * MIB, 0 }, .shared = &shared };
	struct savefile *file = open_savefile(&options, open_file());

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
	struct savefile_options options = { .min_free = { 100 * MIB, 0 }, .shared = &shared };
	struct savefile *file = open_savefile(&options, open_file());

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
	struct savefile_options options = { .min_free = { 100 * MIB, 0 }, .shared = &shared };
	struct savefile *file = open_savefile(&options, open_file());

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
	savefile_close(file);
	savefile_free(file);
	file = open_savefile(&plain, open_file());
	write_packets(file, 1000, 262144);
	savefile_flush(file);
	check(disk.looks == 0, "without --min-free nobody looks");
	savefile_close(file);
	savefile_free(file);
}

static void test_pipe(void)
{
	struct savefile_options options = { .min_free = { 100 * MIB, 0 }, .shared = &shared };
	int reader, fd = open_pipe(&reader);
	struct savefile *file = open_savefile(&options, fd);

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
	savefile_close(file);
	savefile_free(file);
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
	savefile_close(file);
	savefile_free(file);
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
	savefile_close(file);
	savefile_free(file);
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
	savefile_close(file);
	savefile_free(file);
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
	test_pause();
	test_cut_fails();
	test_limit_in_pause();
	test_min_free();
	test_harmless_pause();
	test_looks();
	test_pipe();
	test_close_error();
	test_end_error();
	test_ready();
	test_open_error();
	test_next_file();
	test_limit_over_files();
	test_end_in_pause();
	test_next_without_room();
	test_no_next();
	test_stop();
	test_end_with_close_error();
	for (unsigned int seed = 1; seed <= 60; seed++)
		test_accounting(seed);
	return check_finish();
}
