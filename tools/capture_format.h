/* SPDX-License-Identifier: GPL-2.0-only */
/* What a format of capture files has to do for capture_reader.c. */
#pragma once

#include <stdbool.h>

#include "capture_reader.h"
#include "input.h"

struct capture_format {
	/*
	 * Whether the file begins so: its first four bytes, as they stand there.
	 */
	bool (*is_begun_by)(const uint8_t magic[4]);
	/* Reads what stands before the first packet. *ret_state is freed by close(). */
	int (*open)(struct input *input, void **ret_state, struct error *reterr);
	/* As capture_reader_next(); errors do not name file and offset. */
	int (*next)(void *state, struct input *input, struct packet *ret_packet,
		    struct error *reterr);
	void (*close)(void *state);
};

extern const struct capture_format pcap_format;
extern const struct capture_format pcapng_format;
