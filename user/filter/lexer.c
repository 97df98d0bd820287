/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * First stage: the text of an expression becomes tokens. At each place every kind of token
 * is tried; the longest wins and of equally long ones the first in the table, which is how
 * tcpdump's scanner decides between `80`, `80-90`, `10.0.0.1` and `10.0.0.1.example.org`.
 */
#include "lexer.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/cleanup.h"
#include "failure.h"
#include "number_name.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/* Digits of a number that a message repeats. */
#define MAXIMUM_QUOTED 40

#define MAC_GROUPS 6
#define MAC_DIGITS 12

/* Bytes at the start of text that are such a token; 0: none. */
typedef size_t (*match_function)(const char *text);

static bool is_digit(char character)
{
	return isdigit((unsigned char)character);
}

static bool is_hexadecimal(char character)
{
	return isxdigit((unsigned char)character);
}

/* number = digit { digit } | ("0x" | "0X") hexadecimal { hexadecimal } */
static size_t match_number(const char *text)
{
	size_t length = 0;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && is_hexadecimal(text[2])) {
		length = 2;
		while (is_hexadecimal(text[length]))
			length++;
		return length;
	}
	while (is_digit(text[length]))
		length++;
	return length;
}

/* ipv4 = decimal "." decimal [ "." decimal [ "." decimal ] ], decimal = one to three digits */
static size_t match_ipv4(const char *text)
{
	size_t length = 0;
	size_t groups = 0;

	for (size_t at = 0; groups < 4; at = length + 1) {
		size_t digits = 0;

		while (digits < 3 && is_digit(text[at + digits]))
			digits++;
		if (digits == 0)
			break;
		length = at + digits;
		groups++;
		if (text[length] != '.')
			break;
	}
	return groups >= 2 ? length : 0;
}

/* The longest text that is an IPv6 address (RFC 4291, section 2.2). */
static size_t match_ipv6(const char *text)
{
	char address[INET6_ADDRSTRLEN] = "";
	struct in6_addr ignored;
	size_t length = 0;

	while (length < sizeof(address) - 1 &&
	       (is_hexadecimal(text[length]) || text[length] == ':' || text[length] == '.')) {
		address[length] = text[length];
		length++;
	}
	for (; length >= 2; length--) {
		address[length] = '\0';
		if (inet_pton(AF_INET6, address, &ignored) == 1)
			return length;
	}
	return 0;
}

/* mac = group separator group ..., six groups of one or two hexadecimal digits */
static size_t match_mac(const char *text)
{
	size_t length = 0;

	for (size_t group = 0; group < MAC_GROUPS; group++) {
		if (group > 0) {
			if (!strchr(":-.", text[length]) || text[length] == '\0')
				return 0;
			length++;
		}
		if (!is_hexadecimal(text[length]))
			return 0;
		length += is_hexadecimal(text[length + 1]) ? 2 : 1;
	}
	return length;
}

/* packed_mac = 12 hexadecimal digits, or three times four of them with "." between */
static size_t match_packed_mac(const char *text)
{
	size_t digits = 0;
	size_t length = 0;
	bool has_dots = strnlen(text, 5) == 5 && text[4] == '.';

	while (digits < MAC_DIGITS) {
		if (has_dots && (length == 4 || length == 9)) {
			if (text[length] != '.')
				return 0;
			length++;
		}
		if (!is_hexadecimal(text[length]))
			return 0;
		length++;
		digits++;
	}
	return length;
}

/* word = alphanumeric [ { alphanumeric | "-" | "_" | "." } (alphanumeric | ".") ] */
static size_t match_word(const char *text)
{
	size_t length = 0;

	if (!isalnum((unsigned char)text[0]))
		return 0;
	while (isalnum((unsigned char)text[length]) ||
	       (text[length] != '\0' && strchr("-_.", text[length])))
		length++;
	while (text[length - 1] == '-' || text[length - 1] == '_')
		length--;
	return length;
}

/* escaped = "\" { any character but blanks, "!" and parentheses } */
static size_t match_escaped(const char *text)
{
	size_t length = text[0] == '\\' ? strcspn(text + 1, " !()\n\t") : 0;

	return length > 0 ? length + 1 : 0;
}

/* The first of equally long matches wins, hence the addresses before the words. */
static const struct {
	enum token_kind kind;
	match_function match;
} matchers[] = {
	{ TOKEN_MAC, match_mac },       { TOKEN_MAC, match_packed_mac },
	{ TOKEN_NUMBER, match_number }, { TOKEN_IPV4, match_ipv4 },
	{ TOKEN_IPV6, match_ipv6 },     { TOKEN_WORD, match_word },
	{ TOKEN_WORD, match_escaped },
};

/* Longer ones before those that they start with. */
static const struct {
	const char *text;
	enum token_kind kind;
	enum keyword_role role;
} signs[] = {
	{ "&&", TOKEN_KEYWORD, KEYWORD_AND },
	{ "||", TOKEN_KEYWORD, KEYWORD_OR },
	{ "!=", TOKEN_OPERATOR, 0 },
	{ "!", TOKEN_KEYWORD, KEYWORD_NOT },
	{ "(", TOKEN_OPEN, 0 },
	{ ")", TOKEN_CLOSE, 0 },
	{ "/", TOKEN_SLASH, 0 },
	{ "[", TOKEN_OPEN_BRACKET, 0 },
	{ "]", TOKEN_CLOSE_BRACKET, 0 },
	{ "<<", TOKEN_OPERATOR, 0 },
	{ ">>", TOKEN_OPERATOR, 0 },
	{ "<=", TOKEN_OPERATOR, 0 },
	{ ">=", TOKEN_OPERATOR, 0 },
	{ "==", TOKEN_OPERATOR, 0 },
	{ "<", TOKEN_OPERATOR, 0 },
	{ ">", TOKEN_OPERATOR, 0 },
	{ "=", TOKEN_OPERATOR, 0 },
	{ "&", TOKEN_OPERATOR, 0 },
	{ "|", TOKEN_OPERATOR, 0 },
	{ "^", TOKEN_OPERATOR, 0 },
	{ "+", TOKEN_OPERATOR, 0 },
	{ "-", TOKEN_OPERATOR, 0 },
	{ "*", TOKEN_OPERATOR, 0 },
	{ "%", TOKEN_OPERATOR, 0 },
	{ ":", TOKEN_COLON, 0 },
};

/* Finds the kind and length of what stands at text; length 0 if it is nothing known. */
static void match_token(const char *text, struct token *token)
{
	token->length = 0;
	for (size_t i = 0; i < ARRAY_SIZE(matchers); i++) {
		size_t length = matchers[i].match(text);

		if (length > token->length) {
			token->kind = matchers[i].kind;
			token->length = length;
		}
	}
	for (size_t i = 0; token->length == 0 && i < ARRAY_SIZE(signs); i++) {
		size_t length = strlen(signs[i].text);

		if (strncmp(text, signs[i].text, length) == 0) {
			token->kind = signs[i].kind;
			token->role = signs[i].role;
			token->length = length;
		}
	}
}

/* Decimal, octal with a leading 0, hexadecimal with 0x. */
static int read_number(const char *text, struct token *token, struct filter_error *reterr)
{
	int length = (int)(token->length < MAXIMUM_QUOTED ? token->length : MAXIMUM_QUOTED);
	uint64_t base = text[0] != '0' ? 10 : (text[1] | 0x20) == 'x' ? 16 : 8;
	uint64_t value = 0;

	for (size_t i = base == 16 ? 2 : 0; i < token->length; i++) {
		uint64_t digit = is_digit(text[i]) ? (uint64_t)(text[i] - '0') :
						     (uint64_t)((text[i] | 0x20) - 'a' + 10);

		if (digit >= base)
			return failure_set(reterr, token->offset, token->length,
					   "number %.*s contains non-octal digit", length, text);
		value = value * base + digit;
		if (value > UINT32_MAX)
			return failure_set(reterr, token->offset, token->length,
					   "number %.*s overflows 32 bits", length, text);
	}
	token->number = (uint32_t)value;
	return 0;
}

static void read_word(const char *text, struct token *token)
{
	const struct keyword *keyword;
	const struct number_name *number;

	if (text[0] == '\\') {
		token->offset++;
		token->length--;
		return;
	}
	number = number_name_find(text, token->length);
	if (number) {
		token->kind = TOKEN_NUMBER;
		token->number = number->number;
		return;
	}
	keyword = keyword_find(text, token->length);
	if (!keyword)
		return;
	token->kind = TOKEN_KEYWORD;
	token->role = keyword->role;
	token->number = keyword->value;
}

static int fail_character(char character, size_t offset, struct filter_error *reterr)
{
	if (isprint((unsigned char)character))
		return failure_set(reterr, offset, 1, "unexpected character '%c'", character);
	return failure_set(reterr, offset, 1, "unexpected byte 0x%02x",
			   (unsigned int)(unsigned char)character);
}

static int read_token(const char *expression, size_t offset, struct token *ret_token,
		      struct filter_error *reterr)
{
	const char *text = expression + offset;
	struct token token = { .offset = offset };

	if (*text != '\0') {
		match_token(text, &token);
		if (token.length == 0)
			return fail_character(*text, offset, reterr);
		if (token.kind == TOKEN_NUMBER && read_number(text, &token, reterr))
			return -EINVAL;
		if (token.kind == TOKEN_WORD)
			read_word(text, &token);
	}
	*ret_token = token;
	return 0;
}

/*
 * file = "'" { any character but "'" } "'" | '"' { any character but '"' } '"'
 *      | { any character but blanks and parentheses }
 * *ret_end is behind the closing quote.
 */
static int read_file_name(const char *expression, size_t offset, struct token *ret_token,
			  size_t *ret_end, struct filter_error *reterr)
{
	struct token token = { .kind = TOKEN_FILE, .offset = offset };
	char quote = expression[offset];

	if (quote != '"' && quote != '\'') {
		token.length = strcspn(expression + offset, " \t\r\n()");
		*ret_end = offset + token.length;
	} else {
		const char *end = strchr(expression + ++token.offset, quote);

		if (!end)
			return failure_set(reterr, offset, 1, "this quote is never closed");
		token.length = (size_t)(end - expression) - token.offset;
		*ret_end = token.offset + token.length + 1;
	}
	if (token.length == 0)
		return failure_set(reterr, offset, *ret_end - offset,
				   "'in' needs the name of a file; a host that is called 'in' is "
				   "written '\\in'");
	*ret_token = token;
	return 0;
}

static int append_token(struct token_list *list, size_t *capacity, const struct token *token)
{
	if (list->count == *capacity) {
		size_t larger = *capacity ? *capacity * 2 : 32;
		struct token *tokens = reallocarray(list->tokens, larger, sizeof(*tokens));

		if (!tokens)
			return -ENOMEM;
		list->tokens = tokens;
		*capacity = larger;
	}
	list->tokens[list->count++] = *token;
	return 0;
}

static bool is_before_file(const struct token *token)
{
	return token->kind == TOKEN_KEYWORD && token->role == KEYWORD_IN;
}

int lexer_read(const char *expression, struct token_list *ret_list, struct filter_error *reterr)
{
	CLEANUP(lexer_free) struct token_list list = { 0 };
	struct token token = { 0 };
	size_t capacity = 0;
	size_t offset = 0;
	int error;

	do {
		bool is_file = is_before_file(&token);

		offset += strspn(expression + offset, " \t\r\n");
		if (is_file)
			error = read_file_name(expression, offset, &token, &offset, reterr);
		else
			error = read_token(expression, offset, &token, reterr);
		if (error)
			return error;
		error = append_token(&list, &capacity, &token);
		if (error)
			return error;
		if (!is_file)
			offset = token.offset + token.length;
	} while (token.kind != TOKEN_END);
	*ret_list = list;
	list.tokens = NULL;
	return 0;
}

void lexer_free(struct token_list *list)
{
	free(list->tokens);
	list->tokens = NULL;
	list->count = 0;
}
