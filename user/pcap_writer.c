/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only user of libpcap: it writes to a stream that keeps nothing, and ends in the sink of
 * the call.
 */
#include "pcap_writer.h"

#include <errno.h>
#include <pcap.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define PACKET_HEADER_BYTES 16

struct pcap_writer {
	struct encoder encoder;
	pcap_t *description;
	pcap_dumper_t *dumper; /* owns stream */
	FILE *stream;
	struct encoder_sink head; /* libpcap writes it on opening */
	uint8_t head_bytes[64];
	struct encoder_sink *sink; /* where libpcap writes to */
	bool nanoseconds;
};

static ssize_t append(void *cookie, const char *bytes, size_t size)
{
	struct encoder_sink *sink = ((struct pcap_writer *)cookie)->sink;

	memcpy(sink->bytes + sink->used, bytes, size);
	sink->used += size;
	return (ssize_t)size;
}

static bool write_head(struct encoder *encoder, struct encoder_sink *sink)
{
	struct pcap_writer *writer = (struct pcap_writer *)encoder;

	writer->sink = sink;
	append(writer, (const char *)writer->head.bytes, writer->head.used);
	return false;
}

static bool write_tail(struct encoder *encoder, struct encoder_sink *sink)
{
	(void)encoder;
	(void)sink;
	return false;
}

static size_t packet_bytes(const struct encoder *encoder, const struct capture_file_packet *packet)
{
	(void)encoder;
	return PACKET_HEADER_BYTES + packet->captured_bytes;
}

static void write_packet(struct encoder *encoder, const struct capture_file_packet *packet,
			 struct encoder_sink *sink)
{
	struct pcap_writer *writer = (struct pcap_writer *)encoder;
	int64_t fraction_ns = packet->time_ns % 1000000000;
	struct pcap_pkthdr header = {
		.ts.tv_sec = packet->time_ns / 1000000000,
		.ts.tv_usec = writer->nanoseconds ? fraction_ns : fraction_ns / 1000,
		.caplen = packet->captured_bytes,
		.len = packet->wire_bytes,
	};

	writer->sink = sink;
	pcap_dump((u_char *)writer->dumper, &header, packet->bytes);
}

static void free_writer(struct encoder *encoder)
{
	struct pcap_writer *writer = (struct pcap_writer *)encoder;

	if (writer->dumper)
		pcap_dump_close(writer->dumper);
	else if (writer->stream)
		fclose(writer->stream);
	if (writer->description)
		pcap_close(writer->description);
	free(writer);
}

static const struct encoder_operations operations = {
	.write_head = write_head,
	.write_tail = write_tail,
	.packet_bytes = packet_bytes,
	.write_packet = write_packet,
	.free = free_writer,
};

static int open_dumper(struct pcap_writer *writer, const struct capture_file_options *options)
{
	const cookie_io_functions_t functions = { .write = append };

	writer->description = pcap_open_dead_with_tstamp_precision(
		(int)options->link_type, (int)options->snapshot_bytes,
		options->nanoseconds ? PCAP_TSTAMP_PRECISION_NANO : PCAP_TSTAMP_PRECISION_MICRO);
	writer->stream = fopencookie(writer, "w", functions);
	if (!writer->description || !writer->stream)
		return -ENOMEM;
	setvbuf(writer->stream, NULL, _IONBF, 0);
	/* One thread writes; without locks a packet costs half. */
	__fsetlocking(writer->stream, FSETLOCKING_BYCALLER);
	errno = 0;
	writer->dumper = pcap_dump_fopen(writer->description, writer->stream);
	if (!writer->dumper)
		return errno ? -errno : -EINVAL;
	return 0;
}

int pcap_writer_new(const struct capture_file_options *options, struct encoder **ret_encoder)
{
	struct pcap_writer *writer = calloc(1, sizeof(*writer));
	int error;

	if (!writer)
		return -ENOMEM;
	writer->encoder.operations = &operations;
	writer->nanoseconds = options->nanoseconds;
	writer->head.bytes = writer->head_bytes;
	writer->sink = &writer->head;
	error = open_dumper(writer, options);
	if (error)
		free_writer(&writer->encoder);
	else
		*ret_encoder = &writer->encoder;
	return error;
}
