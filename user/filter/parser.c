/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Second stage: the tokens of an expression become a tree, by recursive descent along the
 * grammar of pcap-filter(7) as tcpdump has it. An id without qualifiers of its own takes
 * those of the primitive before it: `tcp port 80 or 443`, `src host a and not b`.
 */
#include "parser.h"

#include <errno.h>

#include "../base/cleanup.h"
#include "parser_state.h"
#include "special.h"
#include "value_parser.h"

/* A tree, and the qualifiers that an id behind it inherits. */
struct part {
	struct ast_node *node;
	struct ast_qualifiers qualifiers;
};

static const struct ast_qualifiers no_qualifiers;

static int parse_chain(struct parser *parser, const struct ast_qualifiers *before,
		       struct part *ret_part);
static int parse_term(struct parser *parser, const struct ast_qualifiers *before,
		      struct part *ret_part);
static int parse_id(struct parser *parser, const struct ast_qualifiers *qualifiers,
		    struct ast_node **ret_node);

static bool is_id(const struct token *token)
{
	return token->kind == TOKEN_WORD || token->kind == TOKEN_NUMBER ||
	       token->kind == TOKEN_IPV4 || token->kind == TOKEN_IPV6 || token->kind == TOKEN_MAC ||
	       (token->kind == TOKEN_KEYWORD && token->role == KEYWORD_IN);
}

/* Joins what stands before and behind a connective; its token marks a tree too deep. */
static int join(struct parser *parser, const struct token *connective, struct ast_node *left,
		struct ast_node *right, struct ast_node **ret_node)
{
	enum ast_kind kind = connective->role == KEYWORD_AND ? AST_AND : AST_OR;
	int error = ast_join(parser->ast, kind, left, right, ret_node);

	if (error)
		return error;
	if ((*ret_node)->depth > AST_MAXIMUM_DEPTH)
		return failure_set(parser->reterr, connective->offset, connective->length,
				   "'and' and 'or' take turns too often here, more than %d times",
				   AST_MAXIMUM_DEPTH);
	return 0;
}

static bool take_connective(struct parser *parser, const struct token **ret_token)
{
	*ret_token = parser->token;
	return take_keyword(parser, KEYWORD_AND) || take_keyword(parser, KEYWORD_OR);
}

static const char *expected_id(const struct ast_qualifiers *qualifiers)
{
	switch (qualifiers->type) {
	case FILTER_TYPE_PORT:
		return "a port";
	case FILTER_TYPE_PORTRANGE:
		return "a range of ports such as 5000-5010";
	case FILTER_TYPE_PROTO:
	case FILTER_TYPE_PROTOCHAIN:
		return "a protocol";
	default:
		return "an address or a name";
	}
}

/* `ip proto tcp`: names that are words of the language, too, have a backslash. */
static int fail_id(const struct parser *parser, const struct ast_qualifiers *qualifiers)
{
	const struct token *token = parser->token;
	const char *word = parser->expression + token->offset;
	int length = (int)token->length;

	if (!at_keyword(parser, KEYWORD_PROTOCOL) ||
	    (qualifiers->type != FILTER_TYPE_PROTO && qualifiers->type != FILTER_TYPE_PROTOCHAIN))
		return fail(parser, expected_id(qualifiers));
	return failure_set(parser->reterr, token->offset, token->length,
			   "'%.*s' is a word of the language; as a name it is '\\%.*s'", length,
			   word, length, word);
}

/* mask = "/" number | "mask" ipv4 */
static int parse_mask(struct parser *parser, struct ast_node *node)
{
	bool is_ipv4 = node->id.kind == TOKEN_IPV4;
	bool is_number = node->id.kind == TOKEN_NUMBER;

	if (is_number && (parser->token->kind == TOKEN_SLASH || at_keyword(parser, KEYWORD_MASK)))
		return failure_set(
			parser->reterr, node->id.offset, node->id.length,
			"a network with a mask is written with dots, such as 10.0.0.0/8");
	if ((is_ipv4 || node->id.kind == TOKEN_IPV6) && take(parser, TOKEN_SLASH)) {
		node->prefix = *parser->token;
		if (!take(parser, TOKEN_NUMBER))
			return fail(parser, "a number of bits");
	} else if (is_ipv4 && take_keyword(parser, KEYWORD_MASK)) {
		node->mask = *parser->token;
		if (!take(parser, TOKEN_IPV4))
			return fail(parser, "a mask such as 255.255.0.0");
	}
	return 0;
}

/* plain_id = "in" file | word | number | mac | ipv4 [ "/" number | "mask" ipv4 ] | ipv6 [ "/" number ] */
static int parse_plain_id(struct parser *parser, const struct ast_qualifiers *qualifiers,
			  struct ast_node **ret_node)
{
	static const enum ast_kind kinds[FILTER_TYPE_COUNT] = {
		[FILTER_TYPE_HOST] = AST_HOST,   [FILTER_TYPE_NET] = AST_NET,
		[FILTER_TYPE_PORT] = AST_PORT,   [FILTER_TYPE_PORTRANGE] = AST_PORT,
		[FILTER_TYPE_PROTO] = AST_PROTO, [FILTER_TYPE_PROTOCHAIN] = AST_PROTOCHAIN,
	};
	int error;

	if (!is_id(parser->token))
		return fail_id(parser, qualifiers);
	if (qualifiers->protocol == FILTER_PROTOCOL_LINK && parser->token[1].kind == TOKEN_COLON)
		return syntax_error_set_mac(parser->reterr, parser->expression, parser->token);
	if (qualifiers->type == FILTER_TYPE_NONE)
		return syntax_error_set_bare(parser->reterr, parser->expression, parser->token);
	error = ast_add_node(parser->ast, kinds[qualifiers->type], ret_node);
	if (error)
		return error;
	(*ret_node)->qualifiers = *qualifiers;
	/* The lexer has read a file name behind each "in". */
	take_keyword(parser, KEYWORD_IN);
	(*ret_node)->id = *parser->token++;
	return parse_mask(parser, *ret_node);
}

/* negated_id = "not" id */
static int parse_negated_id(struct parser *parser, const struct ast_qualifiers *qualifiers,
			    struct ast_node **ret_node)
{
	struct ast_node *id;
	int error = enter(parser);

	if (error)
		return error;
	parser->token++;
	error = parse_id(parser, qualifiers, &id);
	if (error)
		return error;
	parser->nesting--;
	return ast_negate(parser->ast, id, ret_node);
}

/* number_group = "(" ( number | number_group ) ")" */
static int parse_number_group(struct parser *parser, const struct ast_qualifiers *qualifiers,
			      struct ast_node **ret_node)
{
	const struct token *open = parser->token;
	size_t levels = 0;
	int error;

	for (; take(parser, TOKEN_OPEN); levels++)
		;
	if (parser->token->kind != TOKEN_NUMBER) {
		parser->token = open;
		return fail(parser, expected_id(qualifiers));
	}
	error = parse_plain_id(parser, qualifiers, ret_node);
	if (error)
		return error;
	for (; levels > 0; levels--) {
		if (!take(parser, TOKEN_CLOSE))
			return fail(parser, "')'");
	}
	return 0;
}

/* first_id = plain_id | negated_id | number_group: only numbers have parentheses of their own */
static int parse_first_id(struct parser *parser, const struct ast_qualifiers *qualifiers,
			  struct ast_node **ret_node)
{
	if (at_keyword(parser, KEYWORD_NOT))
		return parse_negated_id(parser, qualifiers, ret_node);
	if (parser->token->kind == TOKEN_OPEN)
		return parse_number_group(parser, qualifiers, ret_node);
	return parse_plain_id(parser, qualifiers, ret_node);
}

/* id_group = "(" first_id { ("and" | "or") id } ")" */
static int parse_id_group(struct parser *parser, const struct ast_qualifiers *qualifiers,
			  struct ast_node **ret_node)
{
	const struct token *open = parser->token;
	const struct token *connective;
	struct ast_node *left;
	struct ast_node *right;
	int error = enter(parser);

	if (error)
		return error;
	parser->token++;
	error = parse_first_id(parser, qualifiers, &left);
	while (!error && take_connective(parser, &connective)) {
		error = parse_id(parser, qualifiers, &right);
		if (!error)
			error = join(parser, connective, left, right, &left);
	}
	if (error)
		return error;
	if (!take(parser, TOKEN_CLOSE))
		return syntax_error_set_open(parser->reterr, parser->expression, parser->token,
					     open);
	parser->nesting--;
	*ret_node = left;
	return 0;
}

/* id = plain_id | negated_id | id_group */
static int parse_id(struct parser *parser, const struct ast_qualifiers *qualifiers,
		    struct ast_node **ret_node)
{
	if (at_keyword(parser, KEYWORD_NOT))
		return parse_negated_id(parser, qualifiers, ret_node);
	if (parser->token->kind == TOKEN_OPEN)
		return parse_id_group(parser, qualifiers, ret_node);
	return parse_plain_id(parser, qualifiers, ret_node);
}

/* side = "src" | "dst" | "src" ("or" | "and") "dst" | "dst" ("or" | "and") "src" */
static int parse_side(struct parser *parser, enum filter_side *ret_side)
{
	enum filter_side first = (enum filter_side)parser->token->number;
	const struct token *connective;

	parser->token++;
	*ret_side = first;
	if (!take_connective(parser, &connective))
		return 0;
	if (!at_keyword(parser, KEYWORD_SIDE) || parser->token->number == first)
		return fail(parser, first == FILTER_SIDE_SOURCE ? "'dst'" : "'src'");
	parser->token++;
	*ret_side = connective->role == KEYWORD_AND ? FILTER_SIDE_BOTH : FILTER_SIDE_EITHER;
	return 0;
}

/* type = "host" | "net" | "port" | "portrange", without a side also "proto" | "protochain" */
static int parse_type(struct parser *parser, struct ast_qualifiers *qualifiers)
{
	enum filter_type type = (enum filter_type)parser->token->number;

	if (!at_keyword(parser, KEYWORD_TYPE))
		return 0;
	if (qualifiers->type != FILTER_TYPE_NONE &&
	    (type == FILTER_TYPE_PROTO || type == FILTER_TYPE_PROTOCHAIN))
		return fail(parser, "'host', 'net', 'port', 'portrange' or an address");
	parser->token++;
	qualifiers->type = type;
	return 0;
}

/* A primitive that ends with the keyword that first marks. */
static int add_word(struct parser *parser, enum ast_kind kind, const struct token *first,
		    const struct ast_qualifiers *qualifiers, struct part *ret_part)
{
	int error = ast_add_node(parser->ast, kind, &ret_part->node);

	if (error)
		return error;
	ret_part->node->qualifiers = *qualifiers;
	ret_part->node->id = *first;
	ret_part->qualifiers = no_qualifiers;
	return 0;
}

/* primitive = [ protocol ] ( side [ type ] | type ) id | [ protocol ] cast | protocol */
static int parse_primitive(struct parser *parser, struct part *ret_part)
{
	const struct token *first = parser->token;
	struct ast_qualifiers qualifiers = { 0 };
	int error;

	if (take_keyword(parser, KEYWORD_PROTOCOL))
		qualifiers.protocol = (enum filter_protocol)first->number;
	if (take_keyword(parser, KEYWORD_BROADCAST))
		return add_word(parser, AST_BROADCAST, first, &qualifiers, ret_part);
	if (take_keyword(parser, KEYWORD_MULTICAST))
		return add_word(parser, AST_MULTICAST, first, &qualifiers, ret_part);
	if (at_keyword(parser, KEYWORD_SIDE)) {
		qualifiers.type = FILTER_TYPE_HOST;
		error = parse_side(parser, &qualifiers.side);
		if (error)
			return error;
	}
	error = parse_type(parser, &qualifiers);
	if (error)
		return error;
	if (qualifiers.type != FILTER_TYPE_NONE) {
		ret_part->qualifiers = qualifiers;
		return parse_id(parser, &qualifiers, &ret_part->node);
	}
	if (is_id(parser->token) &&
	    (parser->token->kind != TOKEN_WORD || qualifiers.protocol == FILTER_PROTOCOL_ANY))
		return syntax_error_set_bare(parser->reterr, parser->expression, parser->token);
	if (qualifiers.protocol == FILTER_PROTOCOL_ANY)
		return fail(parser, "a primitive such as 'tcp' or 'host 10.0.0.1'");
	return add_word(parser, AST_PROTOCOL, first, &qualifiers, ret_part);
}

/* See special.h. */
static int parse_special(struct parser *parser, struct part *ret_part)
{
	ret_part->qualifiers = no_qualifiers;
	return special_parse(parser, &ret_part->node);
}

/*
 * group = "(" chain ")"
 * Qualifiers do not get out of the parentheses: those from before them go on to hold.
 */
static int parse_group(struct parser *parser, const struct ast_qualifiers *before,
		       struct part *ret_part)
{
	const struct token *open = parser->token;
	int error = enter(parser);

	if (error)
		return error;
	parser->token++;
	error = parse_chain(parser, before, ret_part);
	if (error)
		return error;
	if (!take(parser, TOKEN_CLOSE))
		return syntax_error_set_open(parser->reterr, parser->expression, parser->token,
					     open);
	parser->nesting--;
	ret_part->qualifiers = *before;
	return 0;
}

/* negation = "not" term */
static int parse_negation(struct parser *parser, const struct ast_qualifiers *before,
			  struct part *ret_part)
{
	int error = enter(parser);

	if (error)
		return error;
	parser->token++;
	error = parse_term(parser, before, ret_part);
	if (error)
		return error;
	parser->nesting--;
	return ast_negate(parser->ast, ret_part->node, &ret_part->node);
}

/* relation and length_test: see value_parser.c */
static int parse_values(struct parser *parser, struct part *ret_part)
{
	ret_part->qualifiers = no_qualifiers;
	if (at_keyword(parser, KEYWORD_LENGTH_TEST))
		return value_parse_length_test(parser, &ret_part->node);
	return value_parse_relation(parser, &ret_part->node);
}

/* term = negation | relation | length_test | group | special | primitive */
static int parse_term(struct parser *parser, const struct ast_qualifiers *before,
		      struct part *ret_part)
{
	if (at_keyword(parser, KEYWORD_NOT))
		return parse_negation(parser, before, ret_part);
	if (at_keyword(parser, KEYWORD_LENGTH_TEST) || value_comes_next(parser->token))
		return parse_values(parser, ret_part);
	if (parser->token->kind == TOKEN_OPEN)
		return parse_group(parser, before, ret_part);
	if (special_begins(parser->token))
		return parse_special(parser, ret_part);
	return parse_primitive(parser, ret_part);
}

/* Whether an id comes next and not a term: what follows the "("s and "not"s tells. */
static bool id_comes_next(const struct parser *parser)
{
	const struct token *token = parser->token;

	while (token->kind == TOKEN_OPEN ||
	       (token->kind == TOKEN_KEYWORD && token->role == KEYWORD_NOT))
		token++;
	if (token->kind == TOKEN_NUMBER)
		return !value_has_number(token);
	return is_id(token) && !value_comes_next(token);
}

/* chain = term { ("and" | "or") ( term | id ) }; both bind equally, from the left */
static int parse_chain(struct parser *parser, const struct ast_qualifiers *before,
		       struct part *ret_part)
{
	const struct token *connective;
	struct part right;
	int error = parse_term(parser, before, ret_part);

	while (!error && take_connective(parser, &connective)) {
		right.qualifiers = ret_part->qualifiers;
		error = id_comes_next(parser) ? parse_id(parser, &right.qualifiers, &right.node) :
						parse_term(parser, &ret_part->qualifiers, &right);
		if (error)
			return error;
		ret_part->qualifiers = right.qualifiers;
		error = join(parser, connective, ret_part->node, right.node, &ret_part->node);
	}
	return error;
}

/* expression = [ chain ] end */
int parser_parse(const char *expression, struct ast *ast, struct filter_error *reterr)
{
	CLEANUP(lexer_free) struct token_list list = { 0 };
	struct parser parser = { .expression = expression, .ast = ast, .reterr = reterr };
	struct part part = { 0 };
	int error = lexer_read(expression, &list, reterr);

	if (error)
		return error;
	parser.token = list.tokens;
	if (parser.token->kind == TOKEN_END)
		return 0;
	error = parse_chain(&parser, &no_qualifiers, &part);
	if (error)
		return error;
	if (parser.token->kind != TOKEN_END)
		return syntax_error_set_behind(reterr, expression, parser.token, "'and' or 'or'");
	ast->root = part.node;
	return 0;
}
