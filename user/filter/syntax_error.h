/* SPDX-License-Identifier: GPL-2.0-only */
/* The words for what the parser does not take: what stands there, and what would fit. */
#pragma once

#include "lexer.h"

/* The token cannot stand where it does; expected says what can. Returns -EINVAL. */
int syntax_error_set(struct filter_error *reterr, const char *expression, const struct token *token,
		     const char *expected);

/* An id, with a token behind it, where no qualifier tells what it is. Returns -EINVAL. */
int syntax_error_set_bare(struct filter_error *reterr, const char *expression,
			  const struct token *token);

/* The token cannot stand inside the parenthesis that open opens. Returns -EINVAL. */
int syntax_error_set_open(struct filter_error *reterr, const char *expression,
			  const struct token *token, const struct token *open);
