/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints comparisons of values, for the tree. */
#pragma once

#include "ast.h"

/* Prints an AST_RELATION in one line, with sizes and all parentheses, without the newline. */
void value_print_relation(const struct ast_node *relation, FILE *out);
