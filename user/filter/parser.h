/* SPDX-License-Identifier: GPL-2.0-only */
/* Second stage: the tokens of an expression become a tree. */
#pragma once

#include "ast.h"

/*
 * Parses the expression into *ast, which the caller frees with ast_free() also after an
 * error. Returns 0; -EINVAL with *reterr filled in; -ENOMEM.
 */
int parser_parse(const char *expression, struct ast *ast, struct filter_error *reterr);
