/* SPDX-License-Identifier: GPL-2.0-only */
/* Limit, errors and counts of the file that packets go to; see savefile.h. */
#include "savefile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "writer.h"

struct savefile {
	struct savefile_options options;
	struct pcap_writer *pcap; /* NULL: closed */
	enum savefile_state state;
	int error;
	struct savefile_counts counts;
};

static void note_progress(struct savefile *file)
{
	const struct pcap_writer_progress *progress = pcap_writer_progress(file->pcap);
	struct shared_status *shared = file->options.shared;

	file->counts.written = progress->flushed_packets + progress->pending_packets;
	__atomic_store_n(&shared->flushed_packets, progress->flushed_packets, __ATOMIC_RELAXED);
	__atomic_store_n(&shared->flushed_bytes, progress->flushed_bytes, __ATOMIC_RELAXED);
}

/* From here on everything that comes is lost, and counted. */
static void fail(struct savefile *file, int error)
{
	uint64_t pending = pcap_writer_progress(file->pcap)->pending_packets;

	file->state = SAVEFILE_FAILED;
	file->error = error;
	note_progress(file);
	file->counts.lost += pending;
	file->counts.written -= pending;
}

static void flush(struct savefile *file)
{
	int error = pcap_writer_flush(file->pcap);

	if (error)
		fail(file, error);
	else
		note_progress(file);
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
	error = pcap_writer_open(fd, &options->format, &file->pcap, reterr);
	if (error) {
		savefile_free(file);
		return error;
	}
	note_progress(file);
	*ret_file = file;
	return 0;
}

void savefile_write(struct savefile *file, const struct pcap_writer_packet *packet)
{
	int error;

	if (file->state == SAVEFILE_FAILED) {
		file->counts.lost++;
		return;
	}
	if (file->state == SAVEFILE_LIMIT_REACHED) {
		file->counts.discarded++;
		return;
	}
	error = pcap_writer_write(file->pcap, packet);
	if (error) {
		/* The buffer before it could not be written; it is not even in there. */
		file->counts.lost++;
		fail(file, error);
		return;
	}
	file->counts.written++;
	if (file->options.flush_each || file->counts.written == file->options.packet_limit)
		flush(file);
	if (file->state == SAVEFILE_WRITES && file->counts.written == file->options.packet_limit)
		file->state = SAVEFILE_LIMIT_REACHED;
}

void savefile_flush(struct savefile *file)
{
	if (file->state != SAVEFILE_FAILED)
		flush(file);
}

void savefile_lose_reader(struct savefile *file)
{
	if (file->state == SAVEFILE_WRITES)
		fail(file, -EPIPE);
}

void savefile_close(struct savefile *file)
{
	int error;

	savefile_flush(file);
	error = pcap_writer_close(TAKE(file->pcap));
	if (error && file->state != SAVEFILE_FAILED) {
		file->state = SAVEFILE_FAILED;
		file->error = error;
	}
}

void savefile_free(struct savefile *file)
{
	if (!file)
		return;
	pcap_writer_close(file->pcap);
	free(file);
}

enum savefile_state savefile_state(const struct savefile *file)
{
	return file->state;
}

int savefile_error(const struct savefile *file)
{
	return file->error;
}

void savefile_count(const struct savefile *file, struct savefile_counts *ret_counts)
{
	*ret_counts = file->counts;
}
