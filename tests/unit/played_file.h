/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the tests of savefile.c: the file itself is played here, in place of capture_file.c and
 * fstatvfs(3), so that each error comes when it is wanted. For the one source of a program: the
 * functions of capture_file.h are defined here.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "../../user/savefile.h"
#include "../../user/writer.h"
#include "check.h"
#include "temporary_file.h"

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
	int finish_error;   /* of what ends a file */
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

static inline void let_arrive(struct capture_file *writer, uint64_t packets)
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
static const struct savefile_options keeps_free = {
	.min_free = { 100 * MIB, 0 },
	.shared = &shared,
};

/* A file on a disk with much space. */
static inline struct savefile *open_savefile(const struct savefile_options *options, int fd)
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

static inline struct savefile *open_plain(void)
{
	return open_savefile(&plain, open_file());
}

static inline int open_pipe(int *ret_reader)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		exit(1);
	*ret_reader = ends[0];
	return ends[1];
}

static inline void end_savefile(struct savefile *file)
{
	savefile_close(file);
	savefile_free(file);
}

static inline void write_packets(struct savefile *file, unsigned int count, uint32_t bytes)
{
	const struct capture_file_packet packet = { .captured_bytes = bytes };

	while (count--)
		savefile_write(file, &packet);
}

static inline bool has_counts(const struct savefile *file, uint64_t written, uint64_t lost,
			      uint64_t discarded)
{
	struct savefile_counts counts = savefile_counts(file);

	return counts.written == written && counts.lost == lost && counts.discarded == discarded;
}

static inline void note(const struct savefile *file)
{
	struct savefile_counts counts = savefile_counts(file);

	check_note("state %d, error %d, written %" PRIu64 ", lost %" PRIu64 " (%" PRIu64
		   " in the pause), discarded %" PRIu64 "; %" PRIu64 " in the file; %s",
		   savefile_state(file), savefile_error(file), counts.written, counts.lost,
		   counts.lost_in_pause, counts.discarded, disk.in_file, savefile_reason(file));
}
