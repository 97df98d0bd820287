/* SPDX-License-Identifier: GPL-2.0-only */
/* What the sides of a conversation said, as text, hexadecimal, bytes or JSON. */
#pragma once

#include <stdio.h>

#include "line.h"
#include "options.h"
#include "stream/tcp_stream.h"

struct follow_text {
	FILE *out;
	struct line line;
	enum follow_form form;
	bool is_json;
	bool has_colours;
	const char *protocol; /* "tcp" */
	uint32_t stream;
	unsigned int client;     /* the side that is the client */
	bool is_begun;           /* a line of text is not at its end */
	unsigned int begun_side; /* whose it is */
	bool has_return;         /* a carriage return at its end, which may belong to a line feed */
	uint64_t gaps;
	uint64_t missing;
};

/* 0 or a negative errno: the output failed. */
int follow_text_add(struct follow_text *text, const struct tcp_stream_chunk *chunk);
int follow_text_finish(struct follow_text *text);
