/* SPDX-License-Identifier: GPL-2.0-only */
/* Code for comparisons of values. */
#pragma once

#include "ast.h"
#include "emit.h"

/*
 * Goes to if_true or if_false as an AST_COMPARISON says, or falls through to the one of
 * them that comes next. What cannot be calculated, because the packet is shorter or a
 * divisor is 0, makes it false.
 */
void value_code_comparison(struct emit *emit, const struct ast_node *comparison, size_t if_true,
			   size_t if_false, size_t next);
