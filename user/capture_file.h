/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A file of packets, pcap or pcapng, plain or compressed. It only ever ends between two packets,
 * of a compressed one between two members: packets wait in a buffer until they are flushed, and
 * what a write has brought into the file in part is cut off.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../bpf/capture_abi.h"
#include "base/error.h"
#include "options.h"

struct capture_file;
struct compressor;
struct interface_table;

struct capture_file_options {
	enum link_type link_type;
	uint32_t snapshot_bytes; /* packets are cut to it, their cooked header included */
	bool nanoseconds;        /* else microseconds; pcapng always has nanoseconds */
	bool is_pcapng;
	const char *filter;                 /* pcapng: the expression; NULL or empty: none */
	struct interface_table *interfaces; /* pcapng and LINK_TYPE_LINUX_SLL2 */
	struct compressor *compressor;      /* NULL: the file is not compressed */
};

struct capture_file_packet {
	int64_t time_ns; /* since 1970, UTC */
	uint32_t wire_bytes;
	uint32_t captured_bytes;
	const uint8_t *bytes; /* LINK_TYPE_LINUX_SLL2: what is behind the cooked header */
	uint32_t ifindex;
	uint8_t direction; /* enum direction */
	/* LINK_TYPE_LINUX_SLL2 only, as in struct capture_record */
	uint8_t packet_type;
	uint8_t link_address_bytes;
	__be16 protocol;
	uint8_t link_address[LINK_ADDRESS_BYTES];
};

/* How far the file is known to be right. */
struct capture_file_progress {
	uint64_t flushed_packets;
	uint64_t flushed_bytes;   /* of the file, from its header on, that included */
	uint64_t pending_packets; /* in buffers */
	uint64_t pending_bytes;   /* not compressed yet: the file grows by less */
};

/* Whether a file of this name is to be pcapng, or compressed. */
bool capture_file_is_pcapng(const char *name, enum file_format format);
bool capture_file_is_compressed(const char *name);

/*
 * Takes fd over, also where it fails, and writes the file header; what the options point to
 * stays the caller's, longer than the file. Returns 0 or a negative errno with *reterr filled in.
 */
int capture_file_open(int fd, const struct capture_file_options *options,
		      struct capture_file **ret_file, struct error *reterr);

/*
 * Puts a packet into the buffer, with a flush before it where it needs one. 0, or the negative
 * errno of a write. After an error the pending packets are lost. A regular file has been cut back
 * then: those packets that had arrived as a whole stay in it, and are no longer pending. Only
 * capture_file_resume() and capture_file_close() are left.
 */
int capture_file_write(struct capture_file *file, const struct capture_file_packet *packet);

/* All that is pending goes into the file; 0 or a negative errno, as above. */
int capture_file_flush(struct capture_file *file);

/* As a flush, but of a compressed file only so much that the buffer has room. */
int capture_file_make_room(struct capture_file *file);

/* Whether the packet needs no room to be made before it. */
bool capture_file_has_room(const struct capture_file *file,
			   const struct capture_file_packet *packet);

/*
 * Whether any packet can be written without waiting for the compression. Those in the rings
 * are better left there for now if not.
 */
bool capture_file_is_ready(const struct capture_file *file);

/* A packet of this file could not be written, the caller knows why: the statistics say so. */
void capture_file_lose(struct capture_file *file, const struct capture_file_packet *packet);

/*
 * In a regular file, also after an error: forgets the pending packets, which are lost, and
 * writes on behind those that were flushed. 0, or the negative errno where the file cannot be
 * cut there.
 */
int capture_file_resume(struct capture_file *file);

/*
 * As a flush, with what ends a file: no packet is written behind it, unless this fails and the
 * file is resumed.
 */
int capture_file_finish(struct capture_file *file);

/*
 * Finishes the file, unless that was done or tried, or a write has failed, and releases
 * everything. NULL is allowed. Returns 0 or the negative errno of finishing it, also where that
 * was tried before, or of close(2); after the latter nobody knows how much of the file has arrived.
 */
int capture_file_close(struct capture_file *file);

/*
 * The size of the file with what is pending in it; of a compressed one as large as that will be if it
 * is like what was compressed before it.
 */
uint64_t capture_file_bytes(const struct capture_file *file);

const struct capture_file_progress *capture_file_progress(const struct capture_file *file);
