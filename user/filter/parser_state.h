/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the parser stands: shared by its files, for nobody else. */
#pragma once

#include "ast.h"
#include "failure.h"
#include "syntax_error.h"

/* Parentheses, brackets, "not"s and "-"s inside each other. */
#define MAXIMUM_NESTING 200

struct parser {
	const char *expression;
	const struct token *token; /* the next one to be taken */
	unsigned int nesting;
	struct ast *ast;
	struct filter_error *reterr;
};

static inline bool at_keyword(const struct parser *parser, enum keyword_role role)
{
	return parser->token->kind == TOKEN_KEYWORD && parser->token->role == role;
}

static inline bool take(struct parser *parser, enum token_kind kind)
{
	if (parser->token->kind != kind)
		return false;
	parser->token++;
	return true;
}

static inline bool take_keyword(struct parser *parser, enum keyword_role role)
{
	if (!at_keyword(parser, role))
		return false;
	parser->token++;
	return true;
}

static inline int fail(const struct parser *parser, const char *expected)
{
	return syntax_error_set(parser->reterr, parser->expression, parser->token, expected);
}

static inline int enter(struct parser *parser)
{
	if (parser->nesting == MAXIMUM_NESTING)
		return failure_set(parser->reterr, parser->token->offset, parser->token->length,
				   "more than %d levels of parentheses, brackets, 'not' and '-'",
				   MAXIMUM_NESTING);
	parser->nesting++;
	return 0;
}
