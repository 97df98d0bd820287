/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An encoder makes bytes of packets, chunks.c brings them into the file; see capture_file.h. What
 * cooked packets have before them, they get here.
 */
#include "capture_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chunks.h"
#include "compressor.h"
#include "encoder.h"
#include "interface_table.h"
#include "pcap_writer.h"
#include "pcapng_writer.h"
#include "sll2.h"

struct capture_file {
	struct capture_file_options options;
	int fd;
	struct encoder *encoder;
	struct chunks chunks;
	uint8_t *cooked;   /* a packet with its header; NULL: not a cooked file */
	bool was_finished; /* with finish_error */
	int finish_error;
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

int capture_file_flush(struct capture_file *file)
{
	return chunks_flush(&file->chunks);
}

int capture_file_make_room(struct capture_file *file)
{
	return chunks_make_room(&file->chunks);
}

bool capture_file_is_ready(const struct capture_file *file)
{
	return chunks_are_ready(&file->chunks, file->options.snapshot_bytes + ENCODER_PIECE_BYTES);
}

/* After bytes were appended. */
static void note_bytes(struct capture_file *file, size_t used_before)
{
	const struct encoder_operations *operations = file->encoder->operations;

	chunks_note_bytes(&file->chunks, chunks_present(&file->chunks)->sink.used - used_before,
			  operations->described ? operations->described(file->encoder) : 0);
}

/* The head or the tail of the file, in pieces, and into it. */
static int write_pieces(struct capture_file *file,
			bool (*write_piece)(struct encoder *, struct encoder_sink *))
{
	struct encoder_sink *sink;
	bool has_more = true;
	size_t before;
	int error;

	while (has_more) {
		if (!chunks_have_room(&file->chunks, ENCODER_PIECE_BYTES)) {
			error = capture_file_flush(file);
			if (error)
				return error;
		}
		sink = &chunks_present(&file->chunks)->sink;
		before = sink->used;
		has_more = write_piece(file->encoder, sink);
		note_bytes(file, before);
	}
	return capture_file_flush(file);
}

static int begin(struct capture_file *file)
{
	const struct capture_file_options *options = &file->options;
	int error = chunks_new(&file->chunks, file->fd, options->compressor);

	if (!error && options->link_type == LINK_TYPE_LINUX_SLL2) {
		file->cooked = malloc(SLL2_HEADER_BYTES + options->snapshot_bytes);
		error = file->cooked ? 0 : -ENOMEM;
	}
	if (!error)
		error = options->is_pcapng ? pcapng_writer_new(options, &file->encoder) :
					     pcap_writer_new(options, &file->encoder);
	if (!error)
		error = write_pieces(file, file->encoder->operations->write_head);
	return error;
}

/* Closes the file, too: 0 or the negative errno of close(2). */
static int release(struct capture_file *file)
{
	/* What NFS and FUSE report when a file is closed. */
	int error = close(file->fd) ? -errno : 0;

	if (file->encoder)
		file->encoder->operations->free(file->encoder);
	chunks_free(&file->chunks);
	free(file->cooked);
	free(file);
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
	error = begin(file);
	if (error) {
		release(file);
		return error_set(reterr, error, "%s", strerror(-error));
	}
	*ret_file = file;
	return 0;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * The packet as it is in the file, in *storage where that is not the same; cook() makes the bytes
 * of it then.
 */
static const struct capture_file_packet *in_file(const struct capture_file *file,
						 const struct capture_file_packet *packet,
						 struct capture_file_packet *storage)
{
	if (!file->cooked)
		return packet;
	*storage = *packet;
	storage->captured_bytes =
		smaller(packet->captured_bytes + SLL2_HEADER_BYTES, file->options.snapshot_bytes);
	storage->wire_bytes += SLL2_HEADER_BYTES;
	storage->bytes = file->cooked;
	return storage;
}

static void cook(struct capture_file *file, const struct capture_file_packet *packet,
		 uint32_t cooked_bytes)
{
	struct interface_table *interfaces = file->options.interfaces;
	size_t number = interface_table_find(interfaces, packet->ifindex);
	uint16_t hardware_type = 0;

	if (number < INTERFACE_TABLE_ENTRIES)
		hardware_type = interface_table_at(interfaces, number)->hardware_type;
	sll2_write_header(packet, hardware_type, file->cooked);
	if (cooked_bytes > SLL2_HEADER_BYTES)
		memcpy(file->cooked + SLL2_HEADER_BYTES, packet->bytes,
		       cooked_bytes - SLL2_HEADER_BYTES);
}

static bool has_room(const struct capture_file *file, const struct capture_file_packet *written)
{
	return chunks_have_room(&file->chunks,
				file->encoder->operations->packet_bytes(file->encoder, written));
}

bool capture_file_has_room(const struct capture_file *file,
			   const struct capture_file_packet *packet)
{
	struct capture_file_packet storage;

	return has_room(file, in_file(file, packet, &storage));
}

int capture_file_write(struct capture_file *file, const struct capture_file_packet *packet)
{
	struct capture_file_packet storage;
	const struct capture_file_packet *written = in_file(file, packet, &storage);
	struct encoder_sink *sink;
	size_t before;
	int error;

	if (file->chunks.has_failed)
		return -EIO;
	if (!has_room(file, written)) {
		error = capture_file_make_room(file);
		if (error)
			return error;
	}
	if (file->cooked)
		cook(file, packet, written->captured_bytes);
	sink = &chunks_present(&file->chunks)->sink;
	before = sink->used;
	file->encoder->operations->write_packet(file->encoder, written, sink);
	note_bytes(file, before);
	chunks_note_packet(&file->chunks, packet->ifindex);
	return 0;
}

void capture_file_lose(struct capture_file *file, const struct capture_file_packet *packet)
{
	const struct encoder_operations *operations = file->encoder->operations;

	if (operations->lose_packet)
		operations->lose_packet(file->encoder, packet->ifindex, false);
}

int capture_file_resume(struct capture_file *file)
{
	const struct encoder_operations *operations = file->encoder->operations;
	int error = chunks_resume(&file->chunks, operations->lose_packet, file->encoder);

	if (!error && operations->forget_described)
		operations->forget_described(file->encoder, file->chunks.described);
	return error;
}

int capture_file_finish(struct capture_file *file)
{
	int error = capture_file_flush(file);

	if (!error)
		error = write_pieces(file, file->encoder->operations->write_tail);
	file->was_finished = true;
	file->finish_error = error;
	return error;
}

int capture_file_close(struct capture_file *file)
{
	int error, close_error;
	bool has_failed;

	if (!file)
		return 0;
	has_failed = file->chunks.has_failed;
	if (!has_failed && !file->was_finished)
		capture_file_finish(file);
	error = file->finish_error;
	close_error = release(file);
	if (has_failed)
		return 0;
	return error ? error : close_error;
}

uint64_t capture_file_bytes(const struct capture_file *file)
{
	const struct capture_file_progress *progress = &file->chunks.progress;

	if (!file->chunks.compressor)
		return progress->flushed_bytes + progress->pending_bytes;
	return progress->flushed_bytes +
	       compressor_expected(file->chunks.compressor, progress->pending_bytes);
}

const struct capture_file_progress *capture_file_progress(const struct capture_file *file)
{
	return &file->chunks.progress;
}
