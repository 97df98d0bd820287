/* SPDX-License-Identifier: GPL-2.0-only */
/* A packet as a tree of text, in Wireshark's words: a row at a time, for views that show it. */
#pragma once

#include "dissect/dissection.h"
#include "line.h"

enum tree_row {
	TREE_END,    /* there is none any more */
	TREE_TITLE,  /* of the frame or a layer */
	TREE_FIELD,  /* something below a title */
	TREE_REMARK, /* on the packet as a whole, in brackets */
};

struct tree {
	const struct dissection *dissection;
	unsigned int step; /* what comes next, see tree.c */
	unsigned int frame_row;
	unsigned int layer;
	unsigned int field;                     /* of the layer */
	const struct field *parents[UINT8_MAX]; /* of the row before, and it, by depth */
};

void tree_begin(struct tree *tree, const struct dissection *dissection);

/* Adds the text of the next row, indented, and says what it is. */
enum tree_row tree_next(struct tree *tree, struct line *line);
