/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames, and what `tcpdump -r FILE EXPRESSION` says of them: the timestamp of a frame in the
 * file is its number, so that what tcpdump writes tells which frames match.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../../bpf/capture_abi.h"
#include "packet.h"

struct frame {
	uint32_t length;
	uint32_t wire_bytes; /* the file may hold less of it */
	uint8_t *bytes;
	struct packet_summary summary; /* of the reference walk */
};

struct frames {
	size_t count;
	size_t capacity;
	struct frame *list;
};

/* Adds a copy, with its summary. Returns 0 or -ENOMEM. */
int frames_add(struct frames *frames, const uint8_t *bytes, uint32_t length, uint32_t wire_bytes);

/*
 * Adds the frames of a capture file, if its link type is Ethernet. A file that cannot be read
 * is named in a "# " line and adds none.
 */
int frames_read(struct frames *frames, const char *path);
void frames_free(struct frames *frames);

struct oracle {
	char path[64]; /* of the pcap file; "" where there is none */
	size_t count;
};

/* Writes the frames into a file that oracle_close() removes. Returns 0 or a negative errno. */
int oracle_open(const struct frames *frames, struct oracle *ret_oracle);
void oracle_close(struct oracle *oracle);

/*
 * Says for each frame whether it matches. Returns 0; -EINVAL if tcpdump refuses the
 * expression; -ENOENT if there is no tcpdump; -ETIME if it does not come to an end;
 * another negative errno.
 */
int oracle_ask(const struct oracle *oracle, const char *expression, bool *ret_matches);
