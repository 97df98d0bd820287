/* SPDX-License-Identifier: GPL-2.0-only */
/* Part of the second stage: primitives that begin with a word of their own. */
#include "special.h"

#include "tunnels.h"

/* number = digits | "(" number ")" */
static int parse_number(struct parser *parser, struct token *ret_token)
{
	size_t levels = 0;

	for (; parser->token->kind == TOKEN_OPEN; levels++)
		parser->token++;
	if (parser->token->kind != TOKEN_NUMBER)
		return fail(parser, "a number");
	*ret_token = *parser->token++;
	for (; levels > 0; levels--, parser->token++) {
		if (parser->token->kind != TOKEN_CLOSE)
			return fail(parser, "')'");
	}
	return 0;
}

/* tunnel = word [ number ] */
static int parse_tunnel(struct parser *parser, struct ast_node *node)
{
	const struct token *token = parser->token;

	if (!tunnel_has_number(node->tunnel) ||
	    (token->kind != TOKEN_NUMBER && token->kind != TOKEN_OPEN))
		return 0;
	return parse_number(parser, &node->id);
}

/* llc = "llc" [ type ]; "rnr" is a keyword of the language, too */
static int parse_llc(struct parser *parser, struct ast_node *node)
{
	const struct token *token = parser->token;

	if (token->kind != TOKEN_WORD &&
	    !(token->kind == TOKEN_KEYWORD && token->role == KEYWORD_UNSUPPORTED))
		return 0;
	node->id = *parser->token++;
	return 0;
}

/* ifname = "ifname" name */
static int parse_name(struct parser *parser, struct ast_node *node)
{
	if (parser->token->kind != TOKEN_WORD && parser->token->kind != TOKEN_NUMBER)
		return fail(parser, "the name of an interface");
	node->id = *parser->token++;
	node->id.kind = TOKEN_WORD;
	return 0;
}

static int parse_rest(struct parser *parser, const struct token *word, struct ast_node *node)
{
	switch (word->role) {
	case KEYWORD_TUNNEL:
		node->tunnel = (enum filter_tunnel)word->number;
		return parse_tunnel(parser, node);
	case KEYWORD_LLC:
		return parse_llc(parser, node);
	case KEYWORD_IFINDEX:
		return parse_number(parser, &node->id);
	case KEYWORD_IFNAME:
		return parse_name(parser, node);
	default:
		node->number = word->number;
		return 0;
	}
}

/* What a word begins; AST_AND, which no primitive is, for all others. */
static enum ast_kind find_kind(const struct token *token)
{
	if (token->kind != TOKEN_KEYWORD)
		return AST_AND;
	switch (token->role) {
	case KEYWORD_TUNNEL:
		return AST_TUNNEL;
	case KEYWORD_LLC:
		return AST_LLC;
	case KEYWORD_DIRECTION:
		return AST_DIRECTION;
	case KEYWORD_IFINDEX:
	case KEYWORD_IFNAME:
		return AST_IFINDEX;
	default:
		return AST_AND;
	}
}

bool special_begins(const struct token *token)
{
	return find_kind(token) != AST_AND;
}

/* special = tunnel | llc | "inbound" | "outbound" | "ifindex" number | ifname */
int special_parse(struct parser *parser, struct ast_node **ret_node)
{
	const struct token *word = parser->token++;
	int error = ast_add_node(parser->ast, find_kind(word), ret_node);

	return error ? error : parse_rest(parser, word, *ret_node);
}
