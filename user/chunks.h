/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The buffers of a capture file, and their way into it: whole packets only, in the order in which
 * they were appended, each buffer as it is or compressed into a gzip member of its own. Only
 * capture_file.c uses this.
 */
#pragma once

#include <sys/types.h>

#include "capture_file.h"
#include "compressor.h"
#include "encoder.h"

/* More than a packet of the largest snapshot length with what describes it. */
#define CHUNK_BYTES (1u << 20)
/* With compression: one is filled, one compressed, others wait between the two. */
#define COMPRESSED_CHUNKS 4

/* What is to be known of a packet until it is in the file. */
struct pending_packet {
	uint32_t end; /* in its chunk */
	uint32_t ifindex;
	uint32_t described; /* interfaces, up to this packet */
};

struct chunk {
	struct encoder_sink sink;
	struct pending_packet *packets;
	uint32_t packet_count;
	uint32_t kept_count; /* those of them that have arrived, though the chunk has not */
	uint32_t described;  /* interfaces, up to the chunk's end */
	struct compressor_job job;
};

struct chunks {
	int fd;      /* not owned */
	off_t start; /* in the file: stdout may be appended to one */
	bool has_failed;
	struct compressor *compressor; /* NULL: none */
	struct chunk chunks[COMPRESSED_CHUNKS];
	unsigned int count;
	unsigned int oldest;    /* of those that are not in the file */
	unsigned int submitted; /* to the compressor, from the oldest on; the next one is filled */
	uint32_t described;     /* interfaces, in the file */
	struct capture_file_progress progress;
};

/* For what is written behind the present position of fd. 0 or -ENOMEM; chunks_free() in any case. */
int chunks_new(struct chunks *chunks, int fd, struct compressor *compressor);
void chunks_free(struct chunks *chunks);

/* Where the next packet or piece is appended, */
struct chunk *chunks_present(struct chunks *chunks);
bool chunks_have_room(const struct chunks *chunks, size_t bytes);
/* and to be told afterwards what was: described interfaces up to here, the packet's end. */
void chunks_note_bytes(struct chunks *chunks, size_t bytes, uint32_t described);
void chunks_note_packet(struct chunks *chunks, uint32_t ifindex);

/* As the functions of capture_file.h. */
int chunks_flush(struct chunks *chunks);
int chunks_make_room(struct chunks *chunks);
bool chunks_are_ready(const struct chunks *chunks, size_t bytes);
/* lose() is called for each pending packet. */
int chunks_resume(struct chunks *chunks,
		  void (*lose)(struct encoder *encoder, uint32_t ifindex, bool),
		  struct encoder *encoder);
