/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory through which the writer, which may not open files, hands the text of --metrics-file to
 * the keeper. There is room for a text of a capture that runs, and for the last one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of 1000 hosts and services each (--top) it takes half. */
#define METRICS_TEXT_BYTES (8u << 20)

struct metrics_text {
	uint32_t bytes; /* 0: by the keeper, room for a text; else by the writer, one is there */
	char text[METRICS_TEXT_BYTES];
};

/* What is not used of it takes no memory. */
struct metrics_page {
	struct metrics_text live;
	struct metrics_text last;
};

/* To be made before the writer; NULL: out of memory. */
struct metrics_page *metrics_page_new(void);
void metrics_page_free(struct metrics_page *page);

/* The writer's: -EAGAIN where the last text is not taken yet, -EFBIG where there is no room. */
int metrics_page_put(struct metrics_text *slot, const char *text, size_t length);

/*
 * The keeper's: a copy of its own, which nobody changes any more. 0; -EAGAIN where there is none;
 * -EPROTO where the length cannot be; -ENOMEM.
 */
int metrics_page_take(struct metrics_text *slot, char **ret_text, size_t *ret_length);
