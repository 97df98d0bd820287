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

struct pcap_writer {
	pcap_t *description;
	pcap_dumper_t *dumper; /* owns file */
	FILE *file;
	char *buffer;
	off_t start; /* in the file: stdout may be appended to one */
	uint64_t pending_bytes;
	bool nanoseconds;
	bool has_failed;
	struct pcap_writer_progress progress;
};

/* Only whole packets stay in a file that can be cut; what stdio still holds is dropped. */
static int give_up(struct pcap_writer *writer, int error)
{
	int fd = fileno(writer->file);
	struct stat status;

	writer->has_failed = true;
	__fpurge(writer->file);
	if (!fstat(fd, &status) && S_ISREG(status.st_mode) &&
	    !ftruncate(fd, writer->start + (off_t)writer->progress.flushed_bytes))
		lseek(fd, 0, SEEK_END);
	return error;
}

int pcap_writer_flush(struct pcap_writer *writer)
{
	if (writer->has_failed)
		return -EIO;
	if (!writer->pending_bytes)
		return 0;
	errno = 0;
	if (pcap_dump_flush(writer->dumper) || ferror(writer->file))
		return give_up(writer, errno ? -errno : -EIO);
	writer->progress.flushed_bytes += writer->pending_bytes;
	writer->progress.flushed_packets += writer->progress.pending_packets;
	writer->pending_bytes = 0;
	writer->progress.pending_packets = 0;
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
	if (!writer->buffer)
		return -ENOMEM;
	setvbuf(writer->file, writer->buffer, _IOFBF, BUFFER_BYTES);
	errno = 0;
	writer->dumper = pcap_dump_fopen(writer->description, writer->file);
	if (!writer->dumper)
		return errno ? -errno : -EIO;
	writer->pending_bytes = FILE_HEADER_BYTES;
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

int pcap_writer_write(struct pcap_writer *writer, const struct pcap_writer_packet *packet)
{
	uint64_t bytes = PACKET_HEADER_BYTES + (uint64_t)packet->captured_bytes;
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
	if (writer->pending_bytes + bytes > BUFFER_BYTES) {
		error = pcap_writer_flush(writer);
		if (error)
			return error;
	}
	pcap_dump((u_char *)writer->dumper, &header, packet->bytes);
	writer->pending_bytes += bytes;
	writer->progress.pending_packets++;
	return 0;
}

int pcap_writer_close(struct pcap_writer *writer)
{
	int error = 0;

	if (!writer)
		return 0;
	if (writer->dumper) {
		if (!writer->has_failed)
			error = pcap_writer_flush(writer);
		pcap_dump_close(writer->dumper);
	} else if (writer->file) {
		__fpurge(writer->file);
		fclose(writer->file);
	}
	if (writer->description)
		pcap_close(writer->description);
	free(writer->buffer);
	free(writer);
	return error;
}

const struct pcap_writer_progress *pcap_writer_progress(const struct pcap_writer *writer)
{
	return &writer->progress;
}
