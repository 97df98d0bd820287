/* SPDX-License-Identifier: GPL-2.0-only */
/* From the text of a condition to its steps; see condition.h. */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "condition.h"
#include "filter/failure.h"

#define MAXIMUM_DEPTH 32
#define MAXIMUM_WORD_BYTES 63

/* A word, an operator, a parenthesis, another character; of length 0 at the end. */
struct token {
	size_t offset;
	size_t length;
};

struct parser {
	const char *text;
	struct token token; /* the one that is to be read */
	struct condition *condition;
	struct filter_error *reterr;
	unsigned int depth;
};

static const struct {
	const char *text;
	enum condition_relation relation;
} relations[] = {
	{ ">", CONDITION_MORE },
	{ ">=", CONDITION_AT_LEAST },
	{ "<", CONDITION_LESS },
	{ "<=", CONDITION_AT_MOST },
};

static bool is_of_word(char character)
{
	return isalnum((unsigned char)character) || (character && strchr("._-/", character));
}

/* Reads what begins at the offset, behind blanks. */
static void read_token(struct parser *parser, size_t offset)
{
	const char *text;
	size_t length = 0;

	offset += strspn(parser->text + offset, " \t\r\n");
	text = parser->text + offset;
	while (is_of_word(text[length]))
		length++;
	if (!length)
		length = strspn(text, "<>=!");
	if (!length && (strncmp(text, "&&", 2) == 0 || strncmp(text, "||", 2) == 0))
		length = 2;
	if (!length && *text)
		length = 1;
	/* All bytes of a character in UTF-8. */
	while (length && ((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	parser->token = (struct token){ offset, length };
}

static void advance(struct parser *parser)
{
	read_token(parser, parser->token.offset + parser->token.length);
}

static bool is_token(const struct parser *parser, const char *text)
{
	return strlen(text) == parser->token.length &&
	       strncasecmp(parser->text + parser->token.offset, text, parser->token.length) == 0;
}

static bool take_token(struct parser *parser, const char *text)
{
	if (!is_token(parser, text))
		return false;
	advance(parser);
	return true;
}

static int fail(const struct parser *parser, const char *expected)
{
	const struct token *token = &parser->token;

	if (!token->length)
		return failure_set(parser->reterr, token->offset, 0,
				   "the condition ends where it should go on with %s", expected);
	return failure_set(parser->reterr, token->offset, token->length,
			   "unexpected '%.*s'; %s expected", (int)token->length,
			   parser->text + token->offset, expected);
}

/* The word in lower case, with '_' for '-'; false for what is none. */
static bool copy_word(const struct parser *parser, char ret_word[MAXIMUM_WORD_BYTES + 1])
{
	const struct token *token = &parser->token;

	if (!token->length || token->length > MAXIMUM_WORD_BYTES)
		return false;
	for (size_t i = 0; i < token->length; i++) {
		char character = parser->text[token->offset + i];

		if (!is_of_word(character))
			return false;
		ret_word[i] = (char)(character == '-' ? '_' : tolower((unsigned char)character));
	}
	ret_word[token->length] = '\0';
	return true;
}

/* Takes the ending off, where it has it. */
static bool cut_ending(char *name, const char *ending)
{
	size_t length = strlen(name), cut = strlen(ending);

	if (length <= cut || strcmp(name + length - cut, ending) != 0)
		return false;
	name[length - cut] = '\0';
	return true;
}

/* The name of a protocol that was probably meant. */
static bool suggest(const char *name, char ret_meant[COUNTERS_NAME_BYTES])
{
	unsigned int slips, fewest = strlen(name) > 4 ? 3 : 2; /* fewer than this is a slip */
	char candidate[COUNTERS_NAME_BYTES];
	const char *last;
	bool found = false;

	if (strlen(name) > TEXT_MAXIMUM_SLIP_BYTES)
		return false;
	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++) {
		counters_protocol_name(protocol, candidate);
		last = strrchr(candidate, '.');
		slips = text_count_slips(name, strlen(name), candidate);
		/* "syn" is of TCP. */
		if (last && strcmp(last + 1, name) == 0)
			slips = 0;
		if (slips >= fewest)
			continue;
		fewest = slips;
		memcpy(ret_meant, candidate, sizeof(candidate));
		found = true;
	}
	return found;
}

static int fail_name(const struct parser *parser, const char *name)
{
	const struct token *token = &parser->token;
	char meant[COUNTERS_NAME_BYTES];

	if (suggest(name, meant))
		failure_set(parser->reterr, token->offset, token->length,
			    "unknown name '%s'; did you mean '%s'?", name, meant);
	else
		failure_set(parser->reterr, token->offset, token->length, "unknown name '%s'",
			    name);
	return -ENOENT;
}

/* name: what is left of it without prefix and unit; has_unit: one was taken off. */
static int find_rate(const struct parser *parser, const char *name, bool has_unit,
		     struct condition_rate *rate)
{
	bool is_bps = strcmp(name, "bps") == 0;

	if (!is_bps && strcmp(name, "pps") != 0) {
		rate->protocol = counters_find_protocol(name);
		return rate->protocol == PROTOCOL_COUNT ? fail_name(parser, name) : 0;
	}
	if (has_unit)
		return failure_set(parser->reterr, parser->token.offset, parser->token.length,
				   "'%s' has its unit already: packets a second are 'pps', bits "
				   "'bps'",
				   name);
	rate->protocol = PROTOCOL_ETHERNET;
	rate->unit = is_bps ? CONDITION_BITS : CONDITION_PACKETS;
	return 0;
}

/* rate = [ "seen." | "matched." ] name [ ".packets" | ".bytes" | ".bits" ] */
static int parse_rate(struct parser *parser, struct condition_rate *rate)
{
	char word[MAXIMUM_WORD_BYTES + 1], *name = word;
	bool has_unit = true;
	int error;

	if (!copy_word(parser, word) || is_token(parser, "and") || is_token(parser, "or"))
		return fail(parser, "a name such as 'pps' or 'tcp.syn'");
	snprintf(rate->name, sizeof(rate->name), "%.*s", CONDITION_NAME_BYTES - 1, word);
	rate->of_seen = strncmp(name, "seen.", 5) == 0;
	if (rate->of_seen)
		name += 5;
	else if (strncmp(name, "matched.", 8) == 0)
		name += 8;
	rate->unit = CONDITION_PACKETS;
	if (cut_ending(name, ".bits"))
		rate->unit = CONDITION_BITS;
	else if (cut_ending(name, ".bytes"))
		rate->unit = CONDITION_BYTES;
	else
		has_unit = cut_ending(name, ".packets");
	error = find_rate(parser, name, has_unit, rate);
	if (!error)
		advance(parser);
	return error;
}

static int parse_relation(struct parser *parser, enum condition_relation *ret_relation)
{
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		if (!take_token(parser, relations[i].text))
			continue;
		*ret_relation = relations[i].relation;
		return 0;
	}
	return fail(parser, "'>', '>=', '<' or '<='");
}

/* limit = number [ "k" | "M" | "G" ] [ "/s" ] */
static int parse_limit(struct parser *parser, uint64_t *ret_limit)
{
	char word[MAXIMUM_WORD_BYTES + 1];

	if (!copy_word(parser, word) || text_parse_rate(word, ret_limit))
		return fail(parser, "a rate such as 50000/s, 200k or 1.5M");
	advance(parser);
	return 0;
}

static int add_step(struct parser *parser, enum condition_step step)
{
	parser->condition->steps[parser->condition->step_count++] = step;
	return 0;
}

/* comparison = rate relation limit */
static int parse_comparison(struct parser *parser)
{
	struct condition *condition = parser->condition;
	struct condition_comparison *comparison =
		&condition->comparisons[condition->comparison_count];
	int error;

	if (condition->comparison_count == CONDITION_MAXIMUM_COMPARISONS)
		return failure_set(parser->reterr, parser->token.offset, parser->token.length,
				   "a condition has at most %d comparisons",
				   CONDITION_MAXIMUM_COMPARISONS);
	error = parse_rate(parser, &comparison->rate);
	if (!error)
		error = parse_relation(parser, &comparison->relation);
	if (!error)
		error = parse_limit(parser, &comparison->limit);
	if (error)
		return error;
	condition->comparison_count++;
	return add_step(parser, CONDITION_COMPARE);
}

static int parse_condition(struct parser *parser);

/* term = comparison | "(" condition ")" */
static int parse_term(struct parser *parser)
{
	const struct token open = parser->token;
	int error;

	if (!is_token(parser, "("))
		return parse_comparison(parser);
	if (parser->depth == MAXIMUM_DEPTH)
		return failure_set(parser->reterr, open.offset, open.length,
				   "more than %d parentheses inside each other", MAXIMUM_DEPTH);
	parser->depth++;
	advance(parser);
	error = parse_condition(parser);
	parser->depth--;
	if (error || take_token(parser, ")"))
		return error;
	if (!parser->token.length)
		return failure_set(parser->reterr, open.offset, open.length, "'(' without ')'");
	return fail(parser, "'and', 'or' or ')'");
}

/* Both stand equal, as in a filter expression. */
static bool take_operator(struct parser *parser, enum condition_step *ret_step)
{
	bool is_and = take_token(parser, "and") || take_token(parser, "&&");

	if (!is_and && !take_token(parser, "or") && !take_token(parser, "||"))
		return false;
	*ret_step = is_and ? CONDITION_AND : CONDITION_OR;
	return true;
}

/* condition = term { ("and" | "or") term } */
static int parse_condition(struct parser *parser)
{
	enum condition_step step;
	int error = parse_term(parser);

	while (!error && take_operator(parser, &step)) {
		error = parse_term(parser);
		if (!error)
			add_step(parser, step);
	}
	return error;
}

int condition_parse(const char *text, struct condition *ret_condition, struct filter_error *reterr)
{
	struct condition condition = {};
	struct parser parser = { .text = text, .condition = &condition, .reterr = reterr };
	int error;

	read_token(&parser, 0);
	error = parse_condition(&parser);
	if (!error && parser.token.length)
		error = is_token(&parser, ")") ?
				failure_set(reterr, parser.token.offset, 1, "')' without '('") :
				fail(&parser, "'and' or 'or'");
	if (!error)
		*ret_condition = condition;
	return error;
}
