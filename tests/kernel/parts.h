/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An expression cut into its primitives, by a grammar of its own that shares nothing with
 * user/filter/: precedence, parentheses and the qualifiers that bare ids inherit are read a
 * second time. What a primitive says is left as text.
 */
#pragma once

#include <stddef.h>

enum part_kind {
	PART_AND,
	PART_OR,
	PART_NOT,  /* left only */
	PART_LEAF, /* text only */
};

struct part {
	enum part_kind kind;
	struct part *left;
	struct part *right;
	char *text;
	size_t number; /* of the leaf, from 0 */
};

/*
 * Returns 0 with *ret_root and the number of leaves; the caller frees it with parts_free().
 * -EINVAL for what it does not understand; -ENOMEM.
 */
int parts_split(const char *expression, struct part **ret_root, size_t *ret_leaves);
/* The text of a tree, with brackets; the caller frees it. NULL: no memory. */
char *parts_write(const struct part *root);
void parts_free(struct part *root);
