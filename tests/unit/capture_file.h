/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For the tests of capture_file.c: packets that can be told from each other, and what libpcap finds
 * in a file.
 */
#pragma once

#include <errno.h>
#include <pcap.h>
#include <string.h>

#include "../../user/capture_file.h"
#include "check.h"
#include "temporary_file.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define LARGEST 262144
#define FILE_HEADER_BYTES 24
#define PACKET_HEADER_BYTES 16
#define BUFFER (1 << 20)

static uint8_t pattern[LARGEST + 251];
static const struct capture_file_options ethernet_micro = {
	.link_type = LINK_TYPE_ETHERNET,
	.snapshot_bytes = LARGEST,
};

/* A writer onto a copy of fd, which stays the caller's. */
static inline struct capture_file *open_writer(int fd, const struct capture_file_options *options)
{
	struct capture_file *writer = NULL;
	struct error error = {};

	if (capture_file_open(dup(fd), options, &writer, &error)) {
		fprintf(stderr, "no writer: %s\n", error.message);
		exit(1);
	}
	return writer;
}

/* The bytes of packet number i: a piece of the pattern of its own. */
static inline struct capture_file_packet make_packet(size_t i, uint32_t wire, uint32_t captured)
{
	return (struct capture_file_packet){
		.time_ns = 1700000000123456789 + (int64_t)i * 1000000007,
		.wire_bytes = wire,
		.captured_bytes = captured,
		.bytes = pattern + i % 251,
	};
}

static inline pcap_t *open_capture(int fd)
{
	char message[PCAP_ERRBUF_SIZE] = "";
	pcap_t *capture;
	FILE *file;

	if (lseek(fd, 0, SEEK_SET))
		fail("lseek");
	file = fdopen(dup(fd), "r");
	capture =
		pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, message);
	if (!capture)
		fclose(file);
	return capture;
}

/* Packets that libpcap finds in the file, which has to end behind the last; -1 if broken. */
static inline int count_packets(int fd)
{
	pcap_t *capture = open_capture(fd);
	struct pcap_pkthdr *header;
	const u_char *bytes;
	int count = 0, result;

	if (!capture)
		return -1;
	while ((result = pcap_next_ex(capture, &header, &bytes)) == 1)
		count++;
	pcap_close(capture);
	return result == PCAP_ERROR_BREAK ? count : -1;
}

static inline void fill_pattern(void)
{
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = (uint8_t)(i % 251 ^ i / 251);
}
