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

/* The token cannot stand behind a term; as syntax_error_set(), with hints for operators. */
int syntax_error_set_behind(struct filter_error *reterr, const char *expression,
			    const struct token *token, const char *expected);

/* A word with a bracket behind it that has no bytes to be read. Returns -EINVAL. */
int syntax_error_set_access(struct filter_error *reterr, const char *expression,
			    const struct token *word);

/* A protocol in place of a value. Returns -EINVAL. */
int syntax_error_set_protocol(struct filter_error *reterr, const char *expression,
			      const struct token *protocol);

/* The token begins what is no Ethernet address, though it has a colon. Returns -EINVAL. */
int syntax_error_set_mac(struct filter_error *reterr, const char *expression,
			 const struct token *token);
