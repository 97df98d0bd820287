/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Host sets in an expression: those that `host in FILE` and `net in FILE` name, and those
 * that a long chain of alternatives becomes. Part of the third stage, resolve.c.
 */
#pragma once

#include "ast.h"

/* From so many addresses on, one lookup is quicker than comparisons with each of them. */
#define SETS_MINIMUM_CHAIN 8

/* Maps that the sets of an expression may have; a program may use 64 (MAX_USED_MAPS). */
#define SETS_MAXIMUM_MAPS 48

/*
 * Reads the file that the id of an AST_HOST or AST_NET names, once for each expression, and
 * gives the primitive its meaning. Returns 0; -EINVAL with *reterr filled in; -ENOMEM.
 */
int sets_resolve_file(const char *expression, struct ast *ast, struct ast_node *primitive,
		      struct filter_error *reterr);

/*
 * Makes sets of the alternatives of a resolved tree that differ in their addresses only:
 * they become children of an AST_SET. What is left alone means the same. 0 or -ENOMEM.
 */
int sets_join_chains(struct ast *ast);
