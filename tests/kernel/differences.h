/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where pktsieve is expected to say something else than tcpdump: the lines of
 * tests/filter/differences.txt, and what each of them excused.
 */
#pragma once

#include "oracle.h"

#define DIFFERENCES_FILE "tests/filter/differences.txt"
#define DIFFERENCES_MAXIMUM 128

enum difference_kind {
	DIFFERENCE_PARTS,   /* the primitives, asked one by one in their views, say what is right */
	DIFFERENCE_UNKNOWN, /* nothing says what is right; kernel and user space agree */
	DIFFERENCE_REFUSED, /* pktsieve refuses the expression and names the word */
	DIFFERENCE_ACCEPTED, /* tcpdump refuses the expression */
};

/* What a frame is, and what libpcap's program met in it. */
enum frame_feature {
	FRAME_TAGGED = 1 << 0,
	FRAME_LABELS = 1 << 1,
	FRAME_SESSION = 1 << 2,
	FRAME_EXTENSION = 1 << 3,
	FRAME_LATER_FRAGMENT = 1 << 4,
	FRAME_IPV6 = 1 << 5,
	FRAME_BEYOND = 1 << 6, /* a load beyond the packet, optimized or not */
	FRAME_LOOPS = 1 << 7,
	FRAME_UNSET = 1 << 8,
	FRAME_AUTHENTICATION = 1 << 9, /* an AH header */
	FRAME_INCOMPLETE = 1 << 10,
	FRAME_LLC = 1 << 11,
	FRAME_VERSION = 1 << 12, /* not that of the EtherType, or a header length below 5 */
};

struct difference {
	enum difference_kind kind;
	unsigned int frames; /* enum frame_feature, all of them; 0: any frame */
	char *expressions;   /* words, or the text of one expression; see the file */
	char *word;          /* DIFFERENCE_REFUSED: that the error names */
	char *text;          /* the line */
	bool is_random;      /* met by random expressions only */
};

struct differences {
	size_t count;
	struct difference list[DIFFERENCES_MAXIMUM];
};

/* Returns 0 or a negative errno, with "# " lines. */
int differences_read(const char *path, struct differences *ret_differences);
void differences_free(struct differences *differences);

/*
 * Marks in *ret_fits the lines whose expressions this one is among.
 */
void differences_fit(const struct differences *differences, const char *expression,
		     bool ret_fits[static DIFFERENCES_MAXIMUM]);

/* The features that the frame itself has. */
unsigned int differences_frame_features(const struct frame *frame);
