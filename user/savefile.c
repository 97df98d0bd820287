/* SPDX-License-Identifier: GPL-2.0-only */
/* Limit, pauses, errors and counts of the file that packets go to; see savefile.h. */
#include "savefile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "page_cache.h"
#include "writer.h"

/* Written at most between two looks at the free space. */
#define STEP_BYTES (64u << 20)

struct savefile {
	struct savefile_options options;
	struct capture_file *pcap; /* NULL: closed, or between two files */
	int fd;                    /* pcap's */
	mode_t type;               /* S_IFREG, S_IFIFO, ... */
	struct page_cache cache;
	struct page_cache_past past; /* the files before the present one */
	enum savefile_state state;
	int error;
	struct error reason;
	uint64_t allowed_bytes; /* the file may grow so far until the next look */
	uint64_t lost_before_pause;
	uint64_t completed_packets; /* in the files before the present one */
	struct savefile_counts counts;
};

/* Full disks are cleared up by someone in the end; nothing else gets better by waiting. */
static bool is_passing(const struct savefile *file, int error)
{
	return file->type == S_IFREG && (error == -ENOSPC || error == -EDQUOT);
}

static void note_progress(struct savefile *file)
{
	const struct capture_file_progress *progress = capture_file_progress(file->pcap);
	struct shared_status *shared = file->options.shared;
	uint64_t in_files = file->completed_packets + progress->flushed_packets;

	file->counts.written = in_files + progress->pending_packets;
	__atomic_store_n(&shared->flushed_packets, in_files, __ATOMIC_RELAXED);
	__atomic_store_n(&shared->flushed_bytes, progress->flushed_bytes, __ATOMIC_RELAXED);
}

static void fail(struct savefile *file, enum savefile_state state, int error)
{
	file->state = state;
	file->error = error;
	error_set(&file->reason, error, "%s", strerror(-error));
}

static void pause_writing(struct savefile *file)
{
	if (file->state == SAVEFILE_WRITES)
		file->lost_before_pause = file->counts.lost;
	file->state = SAVEFILE_PAUSES;
}

/* The disk is full: writes on where the file was cut, when that is possible. */
static void pause_behind_error(struct savefile *file, int error)
{
	pause_writing(file);
	error_set(&file->reason, error, "%s", strerror(-error));
	error = capture_file_resume(file->pcap);
	if (error)
		fail(file, SAVEFILE_FAILED, error);
}

/* After a write that failed: what is pending is lost. */
static void lose_pending(struct savefile *file, int error)
{
	uint64_t pending = capture_file_progress(file->pcap)->pending_packets;

	note_progress(file);
	if (is_passing(file, error))
		pause_behind_error(file, error);
	else
		fail(file, SAVEFILE_FAILED, error);
	file->counts.lost += pending;
	file->counts.written -= pending;
}

/* Whether the pending packets may be written; looks at the disk where that is not known. */
static bool has_space(struct savefile *file)
{
	const struct capture_file_progress *progress = capture_file_progress(file->pcap);
	uint64_t room, end = progress->flushed_bytes + progress->pending_bytes;
	struct free_space space;

	if (end <= file->allowed_bytes)
		return true;
	space = free_space_read(file->fd, &file->options.min_free);
	room = free_space_room(&space);
	file->allowed_bytes = progress->flushed_bytes + (room < STEP_BYTES ? room : STEP_BYTES);
	if (end <= file->allowed_bytes)
		return true;
	free_space_explain(&space, file->reason.message, sizeof(file->reason.message));
	return false;
}

static bool is_at_limit(const struct savefile *file)
{
	return file->options.packet_limit && file->counts.written == file->options.packet_limit;
}

static void flush_by(struct savefile *file, int (*flush)(struct capture_file *))
{
	const struct capture_file_progress *progress = capture_file_progress(file->pcap);
	bool has_pending = progress->pending_packets;
	int error;

	if (!has_space(file)) {
		pause_writing(file);
		return;
	}
	error = flush(file->pcap);
	if (error) {
		lose_pending(file, error);
		return;
	}
	note_progress(file);
	page_cache_follow(&file->cache, progress->flushed_bytes);
	if (is_at_limit(file))
		file->state = SAVEFILE_LIMIT_REACHED;
	else if (has_pending)
		file->state = SAVEFILE_WRITES;
}

static void flush(struct savefile *file)
{
	flush_by(file, capture_file_flush);
}

/* Takes fd over. */
static int begin_file(struct savefile *file, int fd, struct error *reterr)
{
	struct stat status;
	int error;

	file->type = fstat(fd, &status) ? 0 : status.st_mode & S_IFMT;
	error = capture_file_open(fd, &file->options.format, &file->pcap, reterr);
	if (error)
		return error;
	file->fd = fd;
	file->allowed_bytes = 0;
	file->cache = page_cache_begin(fd);
	note_progress(file);
	return 0;
}

int savefile_open(int fd, const struct savefile_options *options, struct savefile **ret_file,
		  struct error *reterr)
{
	struct savefile *file = calloc(1, sizeof(*file));
	int error;

	if (!file) {
		close(fd);
		return error_set(reterr, -ENOMEM, "%s", strerror(ENOMEM));
	}
	file->options = *options;
	error = begin_file(file, fd, reterr);
	if (error) {
		savefile_free(file);
		return error;
	}
	*ret_file = file;
	return 0;
}

/* In a pause the buffer takes what it can, to be tried with the next flush. */
static bool make_room(struct savefile *file, const struct capture_file_packet *packet)
{
	if (file->state == SAVEFILE_WRITES && !capture_file_has_room(file->pcap, packet))
		flush_by(file, capture_file_make_room);
	return file->state != SAVEFILE_FAILED && !is_at_limit(file) &&
	       capture_file_has_room(file->pcap, packet);
}

void savefile_write(struct savefile *file, const struct capture_file_packet *packet)
{
	if (file->state == SAVEFILE_LIMIT_REACHED) {
		file->counts.discarded++;
		return;
	}
	if (!file->pcap || !make_room(file, packet) || capture_file_write(file->pcap, packet)) {
		if (file->pcap)
			capture_file_lose(file->pcap, packet);
		file->counts.lost++;
		return;
	}
	file->counts.written++;
	if (file->state == SAVEFILE_WRITES && (file->options.flush_each || is_at_limit(file)))
		flush(file);
}

bool savefile_is_ready(const struct savefile *file)
{
	return !file->pcap || file->state != SAVEFILE_WRITES || capture_file_is_ready(file->pcap);
}

void savefile_end_round(struct savefile *file)
{
	if (file->pcap && file->type != S_IFREG && file->state == SAVEFILE_WRITES)
		flush(file);
}

void savefile_flush(struct savefile *file)
{
	page_cache_look_back(&file->past);
	if (!file->pcap || file->state == SAVEFILE_FAILED)
		return;
	/* Others write on the disk, too. */
	file->allowed_bytes = 0;
	flush(file);
}

void savefile_lose_reader(struct savefile *file)
{
	if (file->pcap && file->state != SAVEFILE_FAILED)
		lose_pending(file, -EPIPE);
}

/* What a pause has left in the buffer. */
static void lose_rest(struct savefile *file)
{
	uint64_t pending = capture_file_progress(file->pcap)->pending_packets;

	if (pending)
		capture_file_resume(file->pcap);
	file->counts.lost += pending;
	file->counts.written -= pending;
}

static void close_file(struct savefile *file)
{
	int error = capture_file_close(TAKE(file->pcap));

	file->fd = -1;
	if (error && file->state != SAVEFILE_FAILED)
		fail(file, SAVEFILE_CLOSE_FAILED, error);
}

uint64_t savefile_bytes(const struct savefile *file)
{
	return capture_file_bytes(file->pcap);
}

/* All packets, and then what ends the file: a disk that is full for that pauses it, too. */
static void finish(struct savefile *file)
{
	savefile_flush(file);
	if (file->state == SAVEFILE_WRITES || file->state == SAVEFILE_LIMIT_REACHED)
		flush_by(file, capture_file_finish);
}

bool savefile_end_file(struct savefile *file)
{
	finish(file);
	if (file->state != SAVEFILE_WRITES)
		return false;
	file->completed_packets = file->counts.written;
	page_cache_leave(&file->cache, &file->past);
	close_file(file);
	return file->state == SAVEFILE_WRITES;
}

int savefile_next_file(struct savefile *file, int fd)
{
	struct error why;
	int error = begin_file(file, fd, &why);

	if (error && !is_passing(file, error))
		fail(file, SAVEFILE_FAILED, error);
	return error;
}

void savefile_fail(struct savefile *file, int error)
{
	fail(file, SAVEFILE_FAILED, error);
}

void savefile_stop(struct savefile *file)
{
	savefile_flush(file);
	if (file->state == SAVEFILE_WRITES)
		file->state = SAVEFILE_LIMIT_REACHED;
}

void savefile_close(struct savefile *file)
{
	page_cache_end(&file->past);
	if (!file->pcap)
		return;
	finish(file);
	if (file->state == SAVEFILE_PAUSES)
		lose_rest(file);
	close_file(file);
}

void savefile_free(struct savefile *file)
{
	if (!file)
		return;
	capture_file_close(file->pcap);
	page_cache_end(&file->past);
	free(file);
}

enum savefile_state savefile_state(const struct savefile *file)
{
	return file->state;
}

int savefile_error(const struct savefile *file)
{
	if (file->error)
		return file->error;
	return file->counts.lost ? -ENOSPC : 0;
}

const char *savefile_reason(const struct savefile *file)
{
	return file->reason.message;
}

struct savefile_counts savefile_counts(const struct savefile *file)
{
	struct savefile_counts counts = file->counts;

	counts.lost_in_pause = counts.lost - file->lost_before_pause;
	return counts;
}
