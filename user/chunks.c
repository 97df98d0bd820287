/* SPDX-License-Identifier: GPL-2.0-only */
/* write(2), its errors, and the end of the file behind the last whole packet; see chunks.h. */
#include "chunks.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The header of a packet is 16 bytes at least. */
#define MAXIMUM_PACKETS (CHUNK_BYTES / 16)

static struct chunk *nth_chunk(struct chunks *chunks, unsigned int n)
{
	return &chunks->chunks[(chunks->oldest + n) % chunks->count];
}

struct chunk *chunks_present(struct chunks *chunks)
{
	return nth_chunk(chunks, chunks->submitted);
}

/* Where the next write goes; 0 for what is no file. */
static off_t write_position(int fd)
{
	bool is_append = fcntl(fd, F_GETFL) & O_APPEND;
	off_t position = is_append ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);

	return position < 0 ? 0 : position;
}

int chunks_new(struct chunks *chunks, int fd, struct compressor *compressor)
{
	chunks->fd = fd;
	chunks->start = write_position(fd);
	chunks->compressor = compressor;
	chunks->count = compressor ? COMPRESSED_CHUNKS : 1;
	for (unsigned int i = 0; i < chunks->count; i++) {
		struct chunk *chunk = &chunks->chunks[i];

		chunk->sink.bytes = malloc(CHUNK_BYTES);
		chunk->packets = calloc(MAXIMUM_PACKETS, sizeof(*chunk->packets));
		if (compressor)
			chunk->job.output = malloc(compressor_bound(CHUNK_BYTES));
		if (!chunk->sink.bytes || !chunk->packets || (compressor && !chunk->job.output))
			return -ENOMEM;
	}
	return 0;
}

/* The memory of submitted chunks is the compressor's until it is done with them. */
static void wait_for_compressor(struct chunks *chunks)
{
	for (unsigned int i = 0; i < chunks->submitted; i++)
		compressor_wait(chunks->compressor, &nth_chunk(chunks, i)->job);
}

void chunks_free(struct chunks *chunks)
{
	wait_for_compressor(chunks);
	for (unsigned int i = 0; i < chunks->count; i++) {
		free(chunks->chunks[i].sink.bytes);
		free(chunks->chunks[i].packets);
		free(chunks->chunks[i].job.output);
	}
}

bool chunks_have_room(const struct chunks *chunks, size_t bytes)
{
	unsigned int present = (chunks->oldest + chunks->submitted) % chunks->count;

	return chunks->chunks[present].sink.used + bytes <= CHUNK_BYTES;
}

bool chunks_are_ready(const struct chunks *chunks, size_t bytes)
{
	return !chunks->compressor || chunks->has_failed || chunks_have_room(chunks, bytes) ||
	       chunks->submitted + 1 < chunks->count ||
	       compressor_is_done(&chunks->chunks[chunks->oldest].job);
}

void chunks_note_bytes(struct chunks *chunks, size_t bytes, uint32_t described)
{
	chunks_present(chunks)->described = described;
	chunks->progress.pending_bytes += bytes;
}

void chunks_note_packet(struct chunks *chunks, uint32_t ifindex)
{
	struct chunk *chunk = chunks_present(chunks);

	chunk->packets[chunk->packet_count++] = (struct pending_packet){
		.end = (uint32_t)chunk->sink.used,
		.ifindex = ifindex,
		.described = chunk->described,
	};
	chunks->progress.pending_packets++;
}

/* The file ends behind the last packet that is known to be in it. */
static int cut(struct chunks *chunks)
{
	if (ftruncate(chunks->fd, chunks->start + (off_t)chunks->progress.flushed_bytes) ||
	    lseek(chunks->fd, 0, SEEK_END) < 0)
		return -errno;
	return 0;
}

/* Counts those packets of a chunk that a failed write has brought into the file as a whole. */
static void keep_what_arrived(struct chunks *chunks, struct chunk *chunk, size_t arrived)
{
	struct capture_file_progress *progress = &chunks->progress;
	uint32_t count = 0;

	while (count < chunk->packet_count && chunk->packets[count].end <= arrived)
		count++;
	if (!count)
		return;
	chunk->kept_count = count;
	chunks->described = chunk->packets[count - 1].described;
	progress->flushed_packets += count;
	progress->pending_packets -= count;
	progress->flushed_bytes += chunk->packets[count - 1].end;
	progress->pending_bytes -= chunk->packets[count - 1].end;
}

/* Only whole packets stay in a file that can be cut; of a compressed chunk it is all or none. */
static int give_up(struct chunks *chunks, struct chunk *chunk, size_t arrived, int error)
{
	struct stat status;

	chunks->has_failed = true;
	if (!fstat(chunks->fd, &status) && S_ISREG(status.st_mode)) {
		if (!chunks->compressor)
			keep_what_arrived(chunks, chunk, arrived);
		cut(chunks);
	}
	return error;
}

static int write_bytes(int fd, const uint8_t *bytes, size_t size, size_t *ret_arrived)
{
	size_t arrived = 0;
	ssize_t result = 0;

	while (arrived < size && result >= 0) {
		result = write(fd, bytes + arrived, size - arrived);
		if (result > 0)
			arrived += (size_t)result;
		else if (result < 0 && errno == EINTR)
			result = 0;
	}
	*ret_arrived = arrived;
	return result < 0 ? -errno : 0;
}

static void empty_chunk(struct chunk *chunk)
{
	chunk->sink.used = 0;
	chunk->packet_count = chunk->kept_count = 0;
}

/* As it is, or what the compressor has made of it. */
static int write_chunk(struct chunks *chunks, struct chunk *chunk, const uint8_t *bytes,
		       size_t size)
{
	struct capture_file_progress *progress = &chunks->progress;
	size_t arrived;
	int error;

	error = write_bytes(chunks->fd, bytes, size, &arrived);
	if (error)
		return give_up(chunks, chunk, arrived, error);
	progress->flushed_bytes += size;
	progress->flushed_packets += chunk->packet_count;
	progress->pending_bytes -= chunk->sink.used;
	progress->pending_packets -= chunk->packet_count;
	chunks->described = chunk->described;
	empty_chunk(chunk);
	return 0;
}

static void submit_present(struct chunks *chunks)
{
	struct chunk *chunk = chunks_present(chunks);

	if (!chunk->sink.used)
		return;
	chunk->job.input = chunk->sink.bytes;
	chunk->job.input_bytes = chunk->sink.used;
	compressor_submit(chunks->compressor, &chunk->job);
	chunks->submitted++;
}

static int write_oldest(struct chunks *chunks)
{
	struct chunk *chunk = nth_chunk(chunks, 0);
	int error;

	compressor_wait(chunks->compressor, &chunk->job);
	error = write_chunk(chunks, chunk, chunk->job.output, chunk->job.output_bytes);
	if (error)
		return error;
	chunks->oldest = (chunks->oldest + 1) % chunks->count;
	chunks->submitted--;
	return 0;
}

int chunks_flush(struct chunks *chunks)
{
	struct chunk *chunk = chunks_present(chunks);
	int error = 0;

	if (chunks->has_failed)
		return -EIO;
	if (!chunks->compressor)
		return write_chunk(chunks, chunk, chunk->sink.bytes, chunk->sink.used);
	submit_present(chunks);
	while (chunks->submitted && !error)
		error = write_oldest(chunks);
	return error;
}

/* What is compressed by now goes into the file, and more only where nothing else is free. */
int chunks_make_room(struct chunks *chunks)
{
	int error = 0;

	if (chunks->has_failed || !chunks->compressor)
		return chunks_flush(chunks);
	submit_present(chunks);
	while (chunks->submitted && !error &&
	       (chunks->submitted == chunks->count ||
		compressor_is_done(&nth_chunk(chunks, 0)->job)))
		error = write_oldest(chunks);
	return error;
}

int chunks_resume(struct chunks *chunks,
		  void (*lose)(struct encoder *encoder, uint32_t ifindex, bool),
		  struct encoder *encoder)
{
	int error = cut(chunks);

	if (error)
		return error;
	wait_for_compressor(chunks);
	for (unsigned int n = 0; n < chunks->count; n++) {
		struct chunk *chunk = nth_chunk(chunks, n);

		for (uint32_t i = chunk->kept_count; lose && i < chunk->packet_count; i++)
			lose(encoder, chunk->packets[i].ifindex, true);
		empty_chunk(chunk);
	}
	chunks->submitted = 0;
	chunks->has_failed = false;
	chunks->progress.pending_packets = 0;
	chunks->progress.pending_bytes = 0;
	return 0;
}
