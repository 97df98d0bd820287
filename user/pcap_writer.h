/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes a pcap file through libpcap, and checks what libpcap's pcap_dump() does not: that
 * what was written has arrived. The file only ever ends between two packets.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/* libpcap's DLT_EN10MB */
#define PCAP_WRITER_ETHERNET 1

struct pcap_writer;

struct pcap_writer_options {
	int link_type; /* libpcap's DLT_ value */
	uint32_t snapshot_bytes;
	bool nanoseconds; /* else microseconds */
};

struct pcap_writer_packet {
	int64_t time_ns; /* since 1970, UTC */
	uint32_t wire_bytes;
	uint32_t captured_bytes;
	const uint8_t *bytes;
};

/* How far the file is known to be right. */
struct pcap_writer_progress {
	uint64_t flushed_packets;
	uint64_t flushed_bytes;   /* from the file header on, it included */
	uint64_t pending_packets; /* in the buffer */
	uint64_t pending_bytes;
};

/*
 * Takes fd over, also where it fails, and writes the file header. Returns 0 or a negative
 * errno with *reterr filled in.
 */
int pcap_writer_open(int fd, const struct pcap_writer_options *options,
		     struct pcap_writer **ret_writer, struct error *reterr);

/*
 * 0, or the negative errno of a write. After an error the pending packets are lost. A regular
 * file has been cut back then: those packets that had arrived as a whole stay in it, and are
 * no longer pending. Only pcap_writer_resume() and pcap_writer_close() are left.
 */
int pcap_writer_write(struct pcap_writer *writer, const struct pcap_writer_packet *packet);
int pcap_writer_flush(struct pcap_writer *writer);

/* Whether the next packet needs no flush before it. */
bool pcap_writer_has_room(const struct pcap_writer *writer, uint32_t captured_bytes);

/*
 * In a regular file, also after an error: forgets the pending packets, and writes on behind
 * those that were flushed. 0, or the negative errno where the file cannot be cut there.
 */
int pcap_writer_resume(struct pcap_writer *writer);

/*
 * Flushes unless a write has failed, and releases everything. NULL is allowed. Returns 0 or
 * the negative errno of that flush or of close(2); after the latter nobody knows how much of
 * the file has arrived.
 */
int pcap_writer_close(struct pcap_writer *writer);

const struct pcap_writer_progress *pcap_writer_progress(const struct pcap_writer *writer);
