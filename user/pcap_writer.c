/* SPDX-License-Identifier: GPL-2.0-only */
/* The only user of libpcap: see pcap_writer.h. */
#include "pcap_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <pcap.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

/* More than a packet of the largest snapshot length, so that none is flushed in two parts. */
#define BUFFER_BYTES (1u << 20)
#define FILE_HEADER_BYTES 24
#define PACKET_HEADER_BYTES 16
#define MAXIMUM_PENDING (BUFFER_BYTES / PACKET_HEADER_BYTES)

struct pcap_writer {
	pcap_t *description;
	pcap_dumper_t *dumper; /* owns file */
	FILE *file;
	char *buffer;
	uint32_t *pending_ends; /* of each pending packet, in bytes from the last flush on */
	off_t start;            /* in the file: stdout may be appended to one */
	bool nanoseconds;
	bool has_failed;
	struct pcap_writer_progress progress;
};

/* Counts those pending packets that a failed flush has brought into the file as a whole. */
static void keep_what_arrived(struct pcap_writer *writer)
{
	struct pcap_writer_progress *progress = &writer->progress;
	off_t flushed_end = writer->start + (off_t)progress->flushed_bytes;
	off_t arrived = lseek(fileno(writer->file), 0, SEEK_CUR) - flushed_end;
	uint64_t count = 0;

	while (count < progress->pending_packets && writer->pending_ends[count] <= arrived)
		count++;
	if (!count)
		return;
	progress->flushed_packets += count;
	progress->pending_packets -= count;
	progress->flushed_bytes += writer->pending_ends[count - 1];
	progress->pending_bytes -= writer->pending_ends[count - 1];
}

/* The file ends behind the last packet that is known to be in it. */
static int cut(struct pcap_writer *writer)
{
	int fd = fileno(writer->file);

	if (ftruncate(fd, writer->start + (off_t)writer->progress.flushed_bytes) ||
	    lseek(fd, 0, SEEK_END) < 0)
		return -errno;
	return 0;
}

/* Only whole packets stay in a file that can be cut; what stdio still holds is dropped. */
static int give_up(struct pcap_writer *writer, int error)
{
	struct stat status;

	writer->has_failed = true;
	__fpurge(writer->file);
	if (!fstat(fileno(writer->file), &status) && S_ISREG(status.st_mode)) {
		keep_what_arrived(writer);
		cut(writer);
	}
	return error;
}

int pcap_writer_resume(struct pcap_writer *writer)
{
	int error = cut(writer);

	if (error)
		return error;
	__fpurge(writer->file);
	clearerr(writer->file);
	writer->has_failed = false;
	writer->progress.pending_packets = 0;
	writer->progress.pending_bytes = 0;
	return 0;
}

int pcap_writer_flush(struct pcap_writer *writer)
{
	struct pcap_writer_progress *progress = &writer->progress;

	if (writer->has_failed)
		return -EIO;
	if (!progress->pending_bytes)
		return 0;
	errno = 0;
	if (pcap_dump_flush(writer->dumper) || ferror(writer->file))
		return give_up(writer, errno ? -errno : -EIO);
	progress->flushed_bytes += progress->pending_bytes;
	progress->flushed_packets += progress->pending_packets;
	progress->pending_bytes = 0;
	progress->pending_packets = 0;
	return 0;
}

/* Where the next write goes; 0 for what is no file. */
static off_t write_position(int fd)
{
	bool is_append = fcntl(fd, F_GETFL) & O_APPEND;
	off_t position = is_append ? lseek(fd, 0, SEEK_END) : lseek(fd, 0, SEEK_CUR);

	return position < 0 ? 0 : position;
}

/* Opens libpcap's side of the file; the header is in the buffer then. */
static int open_dumper(struct pcap_writer *writer, const struct pcap_writer_options *options)
{
	writer->description = pcap_open_dead_with_tstamp_precision(
		options->link_type, (int)options->snapshot_bytes,
		options->nanoseconds ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO);
	if (!writer->description)
		return -ENOMEM;
	writer->buffer = malloc(BUFFER_BYTES);
	writer->pending_ends = calloc(MAXIMUM_PENDING, sizeof(*writer->pending_ends));
	if (!writer->buffer || !writer->pending_ends)
		return -ENOMEM;
	setvbuf(writer->file, writer->buffer, _IOFBF, BUFFER_BYTES);
	errno = 0;
	writer->dumper = pcap_dump_fopen(writer->description, writer->file);
	if (!writer->dumper)
		return errno ? -errno : -EIO;
	writer->progress.pending_bytes = FILE_HEADER_BYTES;
	return pcap_writer_flush(writer);
}

int pcap_writer_open(int fd, const struct pcap_writer_options *options,
		     struct pcap_writer **ret_writer, struct error *reterr)
{
	struct pcap_writer *writer = calloc(1, sizeof(*writer));
	int error = -ENOMEM;

	if (writer) {
		writer->nanoseconds = options->nanoseconds;
		writer->start = write_position(fd);
		writer->file = fdopen(fd, "w");
		error = writer->file ? open_dumper(writer, options) : -errno;
	}
	if (!error) {
		*ret_writer = writer;
		return 0;
	}
	if (!writer || !writer->file)
		close(fd);
	pcap_writer_close(writer);
	return error_set(reterr, error, "%s", strerror(-error));
}

bool pcap_writer_has_room(const struct pcap_writer *writer, uint32_t captured_bytes)
{
	return writer->progress.pending_bytes + PACKET_HEADER_BYTES + captured_bytes <=
	       BUFFER_BYTES;
}

int pcap_writer_write(struct pcap_writer *writer, const struct pcap_writer_packet *packet)
{
	struct pcap_writer_progress *progress = &writer->progress;
	int64_t fraction_ns = packet->time_ns % 1000000000;
	struct pcap_pkthdr header = {
		.ts.tv_sec = packet->time_ns / 1000000000,
		.ts.tv_usec = writer->nanoseconds ? fraction_ns : fraction_ns / 1000,
		.caplen = packet->captured_bytes,
		.len = packet->wire_bytes,
	};
	int error;

	if (writer->has_failed)
		return -EIO;
	if (!pcap_writer_has_room(writer, packet->captured_bytes)) {
		error = pcap_writer_flush(writer);
		if (error)
			return error;
	}
	pcap_dump((u_char *)writer->dumper, &header, packet->bytes);
	progress->pending_bytes += PACKET_HEADER_BYTES + packet->captured_bytes;
	writer->pending_ends[progress->pending_packets++] = (uint32_t)progress->pending_bytes;
	return 0;
}

/*
 * What NFS and FUSE report when a file is closed; libpcap does not hand that on. Closing any
 * descriptor of the file asks them.
 */
static int close_error(FILE *file)
{
	int fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);

	return fd < 0 || close(fd) ? -errno : 0;
}

int pcap_writer_close(struct pcap_writer *writer)
{
	int error = 0;

	if (!writer)
		return 0;
	if (writer->dumper) {
		if (!writer->has_failed)
			error = pcap_writer_flush(writer);
		if (!error)
			error = close_error(writer->file);
		pcap_dump_close(writer->dumper);
	} else if (writer->file) {
		__fpurge(writer->file);
		fclose(writer->file);
	}
	if (writer->description)
		pcap_close(writer->description);
	free(writer->buffer);
	free(writer->pending_ends);
	free(writer);
	return error;
}

const struct pcap_writer_progress *pcap_writer_progress(const struct pcap_writer *writer)
{
	return &writer->progress;
}
