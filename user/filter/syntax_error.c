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

static bool is_arithmetic(const struct token *token)
{
	return token->kind == TOKEN_OPERATOR || token->kind == TOKEN_SLASH ||
	       token->kind == TOKEN_OPEN_BRACKET;
}

/* `20-ip[0] > 5`, `len-14 > 5`: a word can have a "-" in it. */
static bool is_difference(const char *text, const struct token *token)
{
	return memchr(text, '-', token->length) && is_arithmetic(&token[1]);
}

static int fail_unknown_word(struct filter_error *reterr, const char *text,
			     const struct token *token, const char *expected)
{
	const char *meant = keyword_suggest(text, token->length);

	if (is_difference(text, token))
		return failure_set(reterr, token->offset, token->length,
				   "unknown word '%.*s'; for a difference put blanks around '-'",
				   quoted_length(token), text);
	if (meant)
		return failure_set(reterr, token->offset, token->length,
				   "unknown word '%.*s'; did you mean '%s'?", quoted_length(token),
				   text, meant);
	return failure_set(reterr, token->offset, token->length,
			   "unknown word '%.*s'; %s expected here", quoted_length(token), text,
			   expected);
}

/* What to write in place of words that pktsieve does not have. */
static const struct {
	const char *word;
	const char *hint;
} hints[] = {
	{ "decnet", "; 'ether proto \\decnet' matches all of its frames" },
	{ "on", "; use 'ifname'" },
};

static const char *find_hint(const char *word, size_t length)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		if (strlen(hints[i].word) == length && memcmp(hints[i].word, word, length) == 0)
			return hints[i].hint;
	return "";
}

static int fail_keyword(struct filter_error *reterr, const char *text, const struct token *token,
			const char *expected)
{
	int length = quoted_length(token);

	if (token->role == KEYWORD_UNSUPPORTED)
		return failure_set(reterr, token->offset, token->length,
				   "'%.*s' is not supported by pktsieve%s", length, text,
				   find_hint(text, token->length));
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
	if (token->kind == TOKEN_NUMBER && isalpha((unsigned char)*text))
		return failure_set(reterr, token->offset, token->length,
				   "'%.*s' is the number %u, which needs something to compare "
				   "with, such as 'tcp[tcpflags] & tcp-syn != 0'",
				   quoted_length(token), text, token->number);
	return failure_set(reterr, token->offset, token->length,
			   "'%.*s' needs 'host', 'net' or 'port' before it", quoted_length(token),
			   text);
}

int syntax_error_set_open(struct filter_error *reterr, const char *expression,
			  const struct token *token, const struct token *open)
{
	if (token->kind == TOKEN_END)
		return failure_set(reterr, open->offset, open->length, "'(' without ')'");
	return syntax_error_set_behind(reterr, expression, token, "'and', 'or' or ')'");
}

int syntax_error_set_behind(struct filter_error *reterr, const char *expression,
			    const struct token *token, const char *expected)
{
	const char *text = expression + token->offset;
	int length = quoted_length(token);

	if (token->kind != TOKEN_OPERATOR)
		return syntax_error_set(reterr, expression, token, expected);
	if (*text == '&' || *text == '|')
		return failure_set(reterr, token->offset, token->length,
				   "unexpected '%.*s'; use '%s' between conditions", length, text,
				   *text == '&' ? "and" : "or");
	return failure_set(reterr, token->offset, token->length,
			   "unexpected '%.*s'; values are numbers, 'len' and bytes such as tcp[13]",
			   length, text);
}

int syntax_error_set_access(struct filter_error *reterr, const char *expression,
			    const struct token *word)
{
	const char *text = expression + word->offset;

	if (word->kind == TOKEN_WORD)
		return fail_unknown_word(reterr, text, word, "a protocol such as 'tcp'");
	if (word->role == KEYWORD_UNSUPPORTED)
		return fail_keyword(reterr, text, word, "");
	return failure_set(reterr, word->offset, word->length,
			   "'%.*s' has no bytes to read; those of the frame are ether[..]",
			   quoted_length(word), text);
}

int syntax_error_set_protocol(struct filter_error *reterr, const char *expression,
			      const struct token *protocol)
{
	const char *text = expression + protocol->offset;
	int length = quoted_length(protocol);

	return failure_set(reterr, protocol->offset, protocol->length,
			   "'%.*s' is no number; its bytes are %.*s[0], %.*s[1] and so on", length,
			   text, length, text, length, text);
}

int syntax_error_set_mac(struct filter_error *reterr, const char *expression,
			 const struct token *token)
{
	size_t length = strcspn(expression + token->offset, " \t\r\n()");

	return failure_set(reterr, token->offset, length,
			   "bogus ethernet address '%.*s'; it has six bytes, such as "
			   "00:11:22:33:44:55",
			   (int)(length < MAXIMUM_QUOTED ? length : MAXIMUM_QUOTED),
			   expression + token->offset);
}
