/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A thread that turns pieces of memory into gzip members (RFC 1952), one for each, in the order
 * in which they come. It touches nothing else: no file, no clock. Between pieces it sleeps.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct compressor;

struct compressor_job {
	const uint8_t *input;
	size_t input_bytes;
	uint8_t *output; /* room for compressor_bound() of the input */
	size_t output_bytes;
	/* the compressor's own */
	bool is_done;
	struct compressor_job *next;
};

/*
 * Starts the thread, before the calls of the process are limited (privileges.h). 0 or a negative
 * errno with *reterr filled in.
 */
int compressor_start(struct compressor **ret_compressor, struct error *reterr);

/* Ends the thread; no job may be left. NULL is allowed. */
void compressor_stop(struct compressor *compressor);

/* The most that so many bytes can become. */
size_t compressor_bound(size_t input_bytes);

/* What so many bytes will come to, from what was compressed so far; 0 as long as that was little. */
uint64_t compressor_expected(const struct compressor *compressor, uint64_t input_bytes);

/* Until the job is done, it and its memory belong to the thread. */
void compressor_submit(struct compressor *compressor, struct compressor_job *job);
bool compressor_is_done(const struct compressor_job *job);
void compressor_wait(struct compressor *compressor, struct compressor_job *job);
