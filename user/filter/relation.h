/* SPDX-License-Identifier: GPL-2.0-only */
/* What a comparison of values means. */
#pragma once

#include "ast.h"

/* Gives an AST_RELATION its meaning. Returns 0 or -ENOMEM. */
int relation_resolve(struct ast *ast, struct ast_node *relation);
