/* SPDX-License-Identifier: GPL-2.0-only */
/* First stage: the text of an expression becomes tokens. */
#pragma once

#include <stdint.h>

#include "filter.h"
#include "keyword.h"

enum token_kind {
	TOKEN_END,  /* of the expression; the last of every list */
	TOKEN_WORD, /* a name that is no keyword, or was written with a backslash */
	TOKEN_KEYWORD,
	TOKEN_NUMBER, /* in digits, or one of number_name.h */
	TOKEN_IPV4,   /* two to four decimal numbers with dots between */
	TOKEN_IPV6,
	TOKEN_MAC,
	TOKEN_FILE, /* behind "in": the name without its quotes */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_SLASH,
	TOKEN_OPEN_BRACKET,
	TOKEN_CLOSE_BRACKET,
	TOKEN_COLON,
	TOKEN_OPERATOR, /* of arithmetic and comparisons */
};

struct token {
	enum token_kind kind;
	enum keyword_role role; /* TOKEN_KEYWORD */
	uint32_t number;        /* TOKEN_NUMBER: its value; TOKEN_KEYWORD: keyword.value */
	size_t offset;          /* in the expression, a backslash not included */
	size_t length;
};

struct token_list {
	struct token *tokens;
	size_t count;
};

/*
 * Splits the expression. Returns 0 with *ret_list, which the caller clears with
 * lexer_free(); -EINVAL with *reterr for a character that the language does not have, or a
 * number too large; -ENOMEM.
 */
int lexer_read(const char *expression, struct token_list *ret_list, struct filter_error *reterr);
void lexer_free(struct token_list *list);
