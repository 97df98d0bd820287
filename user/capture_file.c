/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Chunks of whole packets, on their way into a file, and the file's end behind the last that
 * arrived; see capture_file.h. An encoder makes the bytes.
 */
#include "capture_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "encoder.h"
#include "interface_table.h"
#include "pcap_writer.h"
#include "pcapng_writer.h"
#include "sll2.h"

/* More than a packet of the largest snapshot length with what describes it. */
#define CHUNK_BYTES (1u << 20)
/* The header of a packet is 16 bytes at least. */
#define MAXIMUM_PACKETS (CHUNK_BYTES / 16)

/* What is to be known of a packet until it is in the file. */
struct pending {
	uint32_t end; /* in its chunk */
	uint32_t ifindex;
	uint32_t described; /* interfaces, up to this packet */
};

struct chunk {
	struct encoder_sink sink;
	struct pending *packets;
	uint32_t packet_count;
	uint32_t kept_count; /* those of them that have arrived, though the chunk has not */
	uint32_t described;  /* interfaces, up to the chunk's end */
};

struct capture_file {
	struct capture_file_options options;
	int fd;
	off_t start; /* in the file: stdout may be appended to one */
	bool has_failed;
	struct encoder *encoder;
	struct chunk chunk;
	uint32_t described; /* interfaces, in the file */
	uint8_t *cooked;    /* a packet with its header; NULL: not a cooked file */
	struct capture_file_progress progress;
};

static bool ends_with(const char *name, const char *end)
{
	size_t length = strlen(name), end_length = strlen(end);

	return length >= end_length && strcmp(name + length - end_length, end) == 0;
}

bool capture_file_is_compressed(const char *name)
{
	return ends_with(name, ".gz");
}

bool capture_file_is_pcapng(const char *name, enum file_format format)
{
	if (format != FILE_FORMAT_BY_NAME)
		return format == FILE_FORMAT_PCAPNG;
	return ends_with(name, ".pcapng") || ends_with(name, ".pcapng.gz");
}

/* The file ends behind the last packet that is known to be in it. */
static int cut(struct capture_file *file)
{
	if (ftruncate(file->fd, file->start + (off_t)file->progress.flushed_bytes) ||
	    lseek(file->fd, 0, SEEK_END) < 0)
		return -errno;
	return 0;
}

/* Counts those packets of a chunk that a failed write has brought into the file as a whole. */
static void keep_what_arrived(struct capture_file *file, struct chunk *chunk, size_t arrived)
{
	struct capture_file_progress *progress = &file->progress;
	uint32_t count = 0;

	while (count < chunk->packet_count && chunk->packets[count].end <= arrived)
		count++;
	if (!count)
		return;
	chunk->kept_count = count;
	file->described = chunk->packets[count - 1].described;
	progress->flushed_packets += count;
	progress->pending_packets -= count;
	progress->flushed_bytes += chunk->packets[count - 1].end;
	progress->pending_bytes -= chunk->packets[count - 1].end;
}

/* Only whole packets stay in a file that can be cut. */
static int give_up(struct capture_file *file, struct chunk *chunk, size_t arrived, int error)
{
	struct stat status;

	file->has_failed = true;
	if (!fstat(file->fd, &status) && S_ISREG(status.st_mode)) {
		keep_what_arrived(file, chunk, arrived);
		cut(file);
	}
	return error;
}

static void empty_chunk(struct chunk *chunk)
{
	chunk->sink.used = 0;
	chunk->packet_count = chunk->kept_count = 0;
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

static int write_chunk(struct capture_file *file, struct chunk *chunk)
{
	struct capture_file_progress *progress = &file->progress;
	size_t arrived;
	int error;

	error = write_bytes(file->fd, chunk->sink.bytes, chunk->sink.used, &arrived);
	if (error)
		return give_up(file, chunk, arrived, error);
	progress->flushed_bytes += arrived;
	progress->flushed_packets += chunk->packet_count;
	progress->pending_bytes -= chunk->sink.used;
	progress->pending_packets -= chunk->packet_count;
	file->described = chunk->described;
	empty_chunk(chunk);
	return 0;
}

int capture_file_flush(struct capture_file *file)
{
	if (file->has_failed)
		return -EIO;
	return file->chunk.sink.used ? write_chunk(file, &file->chunk) : 0;
}

int capture_file_make_room(struct capture_file *file)
{
	return capture_file_flush(file);
}

bool capture_file_is_ready(const struct capture_file *file)
{
	(void)file;
	return true;
}

/* After bytes were appended. */
static void note_pending(struct capture_file *file, size_t used_before)
{
	const struct encoder_operations *operations = file->encoder->operations;
	struct chunk *chunk = &file->chunk;

	file->progress.pending_bytes += chunk->sink.used - used_before;
	chunk->described = operations->described ? operations->described(file->encoder) : 0;
}

/* The head or the tail of the file, in pieces, and into it. */
static int write_pieces(struct capture_file *file,
			bool (*write_piece)(struct encoder *, struct encoder_sink *))
{
	bool has_more = true;
	size_t before;
	int error;

	while (has_more) {
		if (file->chunk.sink.used + ENCODER_PIECE_BYTES > CHUNK_BYTES) {
			error = capture_file_flush(file);
			if (error)
				return error;
		}
		before = file->chunk.sink.used;
		has_more = write_piece(file->encoder, &file->chunk.sink);
		note_pending(file, before);
	}
	return capture_file_flush(file);
}

/* Where the next write goes; 0 for what is no file. */
static off_t write_position(int fd)
{
	bool is_append = fcntl(fd, F_GETFL) & O_APPEND;
	off_t position = is_append ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);

	return position < 0 ? 0 : position;
}

static int allocate_chunk(struct chunk *chunk)
{
	chunk->sink.bytes = malloc(CHUNK_BYTES);
	chunk->packets = calloc(MAXIMUM_PACKETS, sizeof(*chunk->packets));
	return chunk->sink.bytes && chunk->packets ? 0 : -ENOMEM;
}

static int begin(struct capture_file *file)
{
	const struct capture_file_options *options = &file->options;
	int error = allocate_chunk(&file->chunk);

	if (!error && options->link_type == LINK_TYPE_LINUX_SLL2) {
		file->cooked = malloc(SLL2_HEADER_BYTES + options->snapshot_bytes);
		error = file->cooked ? 0 : -ENOMEM;
	}
	if (!error)
		error = options->is_pcapng ? pcapng_writer_new(options, &file->encoder) :
					     pcap_writer_new(options, &file->encoder);
	if (!error)
		error = write_pieces(file, file->encoder->operations->write_head);
	if (error)
		file->has_failed = true;
	return error;
}

int capture_file_open(int fd, const struct capture_file_options *options,
		      struct capture_file **ret_file, struct error *reterr)
{
	struct capture_file *file = calloc(1, sizeof(*file));
	int error;

	if (!file) {
		close(fd);
		return error_set(reterr, -ENOMEM, "%s", strerror(ENOMEM));
	}
	file->options = *options;
	file->fd = fd;
	file->start = write_position(fd);
	error = begin(file);
	if (error) {
		capture_file_close(file);
		return error_set(reterr, error, "%s", strerror(-error));
	}
	*ret_file = file;
	return 0;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* The lengths of the packet in the file, where it has a header of ours before it. */
static struct capture_file_packet in_file(const struct capture_file *file,
					  const struct capture_file_packet *packet)
{
	struct capture_file_packet result = *packet;

	if (file->cooked) {
		result.captured_bytes = smaller(packet->captured_bytes + SLL2_HEADER_BYTES,
						file->options.snapshot_bytes);
		result.wire_bytes += SLL2_HEADER_BYTES;
		result.bytes = file->cooked;
	}
	return result;
}

/* Makes the bytes that in_file() tells of. */
static void cook(struct capture_file *file, const struct capture_file_packet *packet,
		 uint32_t cooked_bytes)
{
	size_t number = interface_table_find(file->options.interfaces, packet->ifindex);
	uint16_t hardware_type = 0;

	if (number < INTERFACE_TABLE_ENTRIES)
		hardware_type = interface_table_at(file->options.interfaces, number)->hardware_type;
	sll2_write_header(packet, hardware_type, file->cooked);
	if (cooked_bytes > SLL2_HEADER_BYTES)
		memcpy(file->cooked + SLL2_HEADER_BYTES, packet->bytes,
		       cooked_bytes - SLL2_HEADER_BYTES);
}

bool capture_file_has_room(const struct capture_file *file,
			   const struct capture_file_packet *packet)
{
	struct capture_file_packet cooked = in_file(file, packet);

	return file->chunk.sink.used +
		       file->encoder->operations->packet_bytes(file->encoder, &cooked) <=
	       CHUNK_BYTES;
}

int capture_file_write(struct capture_file *file, const struct capture_file_packet *packet)
{
	struct capture_file_packet cooked = in_file(file, packet);
	struct chunk *chunk;
	size_t before;
	int error;

	if (file->has_failed)
		return -EIO;
	if (!capture_file_has_room(file, packet)) {
		error = capture_file_make_room(file);
		if (error)
			return error;
	}
	if (file->cooked)
		cook(file, packet, cooked.captured_bytes);
	chunk = &file->chunk;
	before = chunk->sink.used;
	file->encoder->operations->write_packet(file->encoder, &cooked, &chunk->sink);
	note_pending(file, before);
	chunk->packets[chunk->packet_count++] = (struct pending){
		.end = (uint32_t)chunk->sink.used,
		.ifindex = packet->ifindex,
		.described = chunk->described,
	};
	file->progress.pending_packets++;
	return 0;
}

void capture_file_lose(struct capture_file *file, const struct capture_file_packet *packet)
{
	const struct encoder_operations *operations = file->encoder->operations;

	if (operations->lose_packet)
		operations->lose_packet(file->encoder, packet->ifindex, false);
}

/* The packets of a chunk that have not arrived. */
static void forget_chunk(struct capture_file *file, struct chunk *chunk)
{
	const struct encoder_operations *operations = file->encoder->operations;

	if (operations->lose_packet)
		for (uint32_t i = chunk->kept_count; i < chunk->packet_count; i++)
			operations->lose_packet(file->encoder, chunk->packets[i].ifindex, true);
	empty_chunk(chunk);
}

int capture_file_resume(struct capture_file *file)
{
	const struct encoder_operations *operations = file->encoder->operations;
	int error = cut(file);

	if (error)
		return error;
	forget_chunk(file, &file->chunk);
	if (operations->forget_described)
		operations->forget_described(file->encoder, file->described);
	file->has_failed = false;
	file->progress.pending_packets = 0;
	file->progress.pending_bytes = 0;
	return 0;
}

/* What NFS and FUSE report when a file is closed. */
static int close_file(struct capture_file *file)
{
	return close(TAKE_FD(file->fd)) ? -errno : 0;
}

static int finish(struct capture_file *file)
{
	int error = capture_file_flush(file);

	if (!error)
		error = write_pieces(file, file->encoder->operations->write_tail);
	return error;
}

int capture_file_close(struct capture_file *file)
{
	int error = 0, close_error;

	if (!file)
		return 0;
	if (!file->has_failed)
		error = finish(file);
	close_error = close_file(file);
	if (!error && !file->has_failed)
		error = close_error;
	if (file->encoder)
		file->encoder->operations->free(file->encoder);
	free(file->chunk.sink.bytes);
	free(file->chunk.packets);
	free(file->cooked);
	free(file);
	return error;
}

const struct capture_file_progress *capture_file_progress(const struct capture_file *file)
{
	return &file->progress;
}
