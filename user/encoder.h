/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What differs between the formats of a capture file: packets become bytes in memory. Only
 * capture_file.c calls these; where the bytes go, and when, is its matter.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture_file.h"

/* More than any piece of a head or a tail. */
#define ENCODER_PIECE_BYTES (128u << 10)

/* Where bytes are appended; the caller has seen to it that there is room. */
struct encoder_sink {
	uint8_t *bytes;
	size_t used;
};

struct encoder {
	const struct encoder_operations *operations;
};

/* What is NULL is nothing that this format needs. */
struct encoder_operations {
	/* Append the next piece of what begins or ends a file, and return whether there is more. */
	bool (*write_head)(struct encoder *encoder, struct encoder_sink *sink);
	bool (*write_tail)(struct encoder *encoder, struct encoder_sink *sink);
	/* How much write_packet() will append. */
	size_t (*packet_bytes)(const struct encoder *encoder,
			       const struct capture_file_packet *packet);
	void (*write_packet)(struct encoder *encoder, const struct capture_file_packet *packet,
			     struct encoder_sink *sink);
	/*
	 * How many descriptions of interfaces were written; and that those behind the first
	 * count of them have not come into the file, nor has a tail, and will be written again.
	 */
	uint32_t (*described)(const struct encoder *encoder);
	void (*forget_described)(struct encoder *encoder, uint32_t count);
	/* A packet is not in the file; has_been_written: write_packet() was called for it. */
	void (*lose_packet)(struct encoder *encoder, uint32_t ifindex, bool has_been_written);
	void (*free)(struct encoder *encoder);
};
