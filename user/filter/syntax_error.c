/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words for what the parser does not take. Words of pcap-filter(7) that pktsieve does
 * not have are named as such wherever they stand; of words that look like a slip, the
 * keyword that was probably meant is named.
 */
#include "syntax_error.h"

#include <ctype.h>
#include <string.h>

#include "failure.h"

/* Characters of a token that a message repeats. */
#define MAXIMUM_QUOTED 80

static int quoted_length(const struct token *token)
{
	return (int)(token->length < MAXIMUM_QUOTED ? token->length : MAXIMUM_QUOTED);
}

static int fail_unknown_word(struct filter_error *reterr, const char *text,
			     const struct token *token, const char *expected)
{
	const char *meant = keyword_suggest(text, token->length);

	if (meant)
		return failure_set(reterr, token->offset, token->length,
				   "unknown word '%.*s'; did you mean '%s'?", quoted_length(token),
				   text, meant);
	return failure_set(reterr, token->offset, token->length,
			   "unknown word '%.*s'; %s expected here", quoted_length(token), text,
			   expected);
}

/* `tcp[13]`: the place is from the name before the bracket to the closing one. */
static int fail_byte_access(struct filter_error *reterr, const char *expression,
			    const struct token *bracket)
{
	size_t start = bracket->offset;
	size_t length;
	const char *end = strchr(expression + start, ']');

	while (start > 0 && isalnum((unsigned char)expression[start - 1]))
		start--;
	length = (end ? (size_t)(end - expression) : bracket->offset) + 1 - start;
	return failure_set(reterr, start, length, "byte access '%.*s' is not supported by pktsieve",
			   (int)(length < MAXIMUM_QUOTED ? length : MAXIMUM_QUOTED),
			   expression + start);
}

static int fail_arithmetic(struct filter_error *reterr, const char *text, const struct token *token)
{
	return failure_set(reterr, token->offset, token->length,
			   "unexpected '%.*s': arithmetic is not supported by pktsieve",
			   quoted_length(token), text);
}

static int fail_keyword(struct filter_error *reterr, const char *text, const struct token *token,
			const char *expected)
{
	int length = quoted_length(token);

	if (token->role == KEYWORD_UNSUPPORTED)
		return failure_set(reterr, token->offset, token->length,
				   "'%.*s' is not supported by pktsieve", length, text);
	return failure_set(reterr, token->offset, token->length, "unexpected '%.*s'; %s expected",
			   length, text, expected);
}

int syntax_error_set(struct filter_error *reterr, const char *expression, const struct token *token,
		     const char *expected)
{
	const char *text = expression + token->offset;

	switch (token->kind) {
	case TOKEN_END:
		return failure_set(reterr, token->offset, 0,
				   "the expression ends where it should go on with %s", expected);
	case TOKEN_WORD:
		return fail_unknown_word(reterr, text, token, expected);
	case TOKEN_KEYWORD:
		return fail_keyword(reterr, text, token, expected);
	case TOKEN_BRACKET:
		return fail_byte_access(reterr, expression, token);
	case TOKEN_OPERATOR:
		return fail_arithmetic(reterr, text, token);
	default:
		return failure_set(reterr, token->offset, token->length,
				   "unexpected '%.*s'; %s expected", quoted_length(token), text,
				   expected);
	}
}

int syntax_error_set_bare(struct filter_error *reterr, const char *expression,
			  const struct token *token)
{
	const char *text = expression + token->offset;

	if (token->kind == TOKEN_WORD)
		return fail_unknown_word(reterr, text, token, "a keyword such as 'host'");
	if (token[1].kind == TOKEN_OPERATOR)
		return fail_arithmetic(reterr, expression + token[1].offset, &token[1]);
	return failure_set(reterr, token->offset, token->length,
			   "'%.*s' needs 'host', 'net' or 'port' before it", quoted_length(token),
			   text);
}

int syntax_error_set_open(struct filter_error *reterr, const char *expression,
			  const struct token *token, const struct token *open)
{
	if (token->kind == TOKEN_END)
		return failure_set(reterr, open->offset, open->length, "'(' without ')'");
	return syntax_error_set(reterr, expression, token, "'and', 'or' or ')'");
}
