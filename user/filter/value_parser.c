/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic in expressions: `tcp[13] & 2 != 0`, `5 < ip[0] & 0xf`. Values have C's
 * precedence among themselves; comparisons bind less than all of them. What is known of a
 * value is calculated here, so that an impossible divisor is an error with a place.
 */
#include "value_parser.h"

#include <ctype.h>
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "byte_access.h"
#include "number_name.h"
#include "vm.h"

#define A_VALUE "a number, 'len' or bytes such as tcp[13]"
#define A_COMPARISON "a comparison such as '!= 0'"
#define MAXIMUM_SHIFT 31

struct operator
{
	const char *text;
	unsigned int level; /* the higher the tighter; all associate from the left */
	uint8_t code;       /* of enum BPF's operations or conditions */
};

static const struct operator operations[] = {
	{ "|", 1, BPF_OR },   { "^", 2, BPF_XOR }, { "&", 3, BPF_AND }, { "<<", 4, BPF_LSH },
	{ ">>", 4, BPF_RSH }, { "+", 5, BPF_ADD }, { "-", 5, BPF_SUB }, { "*", 6, BPF_MUL },
	{ "/", 6, BPF_DIV },  { "%", 6, BPF_MOD },
};

static const struct operator comparisons[] = {
	{ "=", 0, BPF_JEQ },  { "==", 0, BPF_JEQ }, { "!=", 0, BPF_JNE }, { "<", 0, BPF_JLT },
	{ "<=", 0, BPF_JLE }, { ">", 0, BPF_JGT },  { ">=", 0, BPF_JGE },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int parse_value(struct parser *parser, unsigned int level, struct ast_value **ret_value);

static bool is_text(const struct parser *parser, const struct token *token, const char *text)
{
	return token->length == strlen(text) &&
	       memcmp(parser->expression + token->offset, text, token->length) == 0;
}

/* The operator that the next token is, or NULL. */
static const struct operator*
	find_operator(const struct parser *parser, const struct operator* list, size_t count)
{
	const struct token *token = parser->token;

	if (token->kind != TOKEN_OPERATOR && token->kind != TOKEN_SLASH)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (is_text(parser, token, list[i].text))
			return &list[i];
	}
	return NULL;
}

static bool is_operator(const struct token *token)
{
	return token->kind == TOKEN_OPERATOR || token->kind == TOKEN_SLASH;
}

/* The token behind the parenthesis that closes the one at the token, or the end. */
static const struct token *skip_group(const struct token *token)
{
	size_t levels = 0;

	do {
		if (token->kind == TOKEN_OPEN)
			levels++;
		if (token->kind == TOKEN_CLOSE)
			levels--;
		token++;
	} while (levels > 0 && token->kind != TOKEN_END);
	return token;
}

bool value_has_number(const struct token *number)
{
	const struct token *behind = number + 1;

	while (behind->kind == TOKEN_CLOSE)
		behind++;
	return is_operator(behind);
}

bool value_comes_next(const struct token *token)
{
	switch (token->kind) {
	case TOKEN_NUMBER:
		return is_operator(token + 1);
	case TOKEN_KEYWORD:
		return token->role == KEYWORD_LENGTH || token[1].kind == TOKEN_OPEN_BRACKET;
	case TOKEN_WORD:
		return token[1].kind == TOKEN_OPEN_BRACKET;
	case TOKEN_OPEN:
		return is_operator(skip_group(token));
	default:
		return is_operator(token);
	}
}

static int fail_at(const struct parser *parser, const struct token *first, const char *message)
{
	const struct token *last = parser->token - 1;

	return failure_set(parser->reterr, first->offset,
			   last->offset + last->length - first->offset, "%s", message);
}

/* operand: its first token. */
static int check_right(const struct parser *parser, uint8_t operation,
		       const struct ast_value *right, const struct token *operand)
{
	if (right->kind != AST_VALUE_NUMBER)
		return 0;
	if (operation == BPF_DIV && right->number == 0)
		return fail_at(parser, operand, "division by zero");
	if (operation == BPF_MOD && right->number == 0)
		return fail_at(parser, operand, "modulus by zero");
	if ((operation == BPF_LSH || operation == BPF_RSH) && right->number > MAXIMUM_SHIFT)
		return fail_at(parser, operand, "shift by more than 31 bits");
	return 0;
}

static int add_operation(struct parser *parser, uint8_t operation, struct ast_value *left,
			 struct ast_value *right, struct ast_value **ret_value)
{
	int error;

	if (left->kind == AST_VALUE_NUMBER && right->kind == AST_VALUE_NUMBER) {
		left->number = (uint32_t)vm_calculate(operation, left->number, right->number, 32);
		*ret_value = left;
		return 0;
	}
	error = ast_add_value(parser->ast, AST_VALUE_OPERATION, ret_value);
	if (error)
		return error;
	(*ret_value)->operation = operation;
	ast_set_operands(*ret_value, left, right);
	return 0;
}

/* size = number: 1, 2 or 4 */
static int parse_size(struct parser *parser, uint8_t *ret_bytes)
{
	const struct token *size = parser->token;

	if (!take(parser, TOKEN_NUMBER))
		return fail(parser, "1, 2 or 4 bytes");
	if (size->number != 1 && size->number != 2 && size->number != 4)
		return failure_set(parser->reterr, size->offset, size->length,
				   "bytes are read 1, 2 or 4 at a time, not %u", size->number);
	*ret_bytes = (uint8_t)size->number;
	return 0;
}

/* load = protocol "[" value [ ":" size ] "]" */
static int parse_load(struct parser *parser, struct ast_value **ret_value)
{
	const struct token *protocol = parser->token;
	const struct token *open = protocol + 1;
	const struct byte_access *access =
		byte_access_find(parser->expression + protocol->offset, protocol->length);
	struct ast_value *offset;
	uint8_t bytes = 1;
	int error;

	if (!access)
		return syntax_error_set_access(parser->reterr, parser->expression, protocol);
	error = enter(parser);
	if (error)
		return error;
	parser->token = open + 1;
	error = parse_value(parser, 1, &offset);
	if (!error && take(parser, TOKEN_COLON))
		error = parse_size(parser, &bytes);
	if (error)
		return error;
	if (parser->token->kind == TOKEN_END)
		return failure_set(parser->reterr, open->offset, open->length, "'[' without ']'");
	if (!take(parser, TOKEN_CLOSE_BRACKET))
		return fail(parser, "an operator, ':' or ']'");
	parser->nesting--;
	error = ast_add_value(parser->ast, AST_VALUE_LOAD, ret_value);
	if (error)
		return error;
	(*ret_value)->access = access;
	(*ret_value)->bytes = bytes;
	ast_set_operands(*ret_value, offset, NULL);
	/* A place that is assumed waits for the offset; see value_code.c. */
	(*ret_value)->words += access->base == AST_BASE_TRANSPORT && !ast_value_is_plain(offset);
	return 0;
}

/* group = "(" value ")" */
static int parse_group(struct parser *parser, struct ast_value **ret_value)
{
	const struct token *open = parser->token;
	int error = enter(parser);

	if (error)
		return error;
	parser->token++;
	error = parse_value(parser, 1, ret_value);
	if (error)
		return error;
	if (parser->token->kind == TOKEN_END)
		return failure_set(parser->reterr, open->offset, open->length, "'(' without ')'");
	if (!take(parser, TOKEN_CLOSE))
		return fail(parser, "an operator or ')'");
	parser->nesting--;
	return 0;
}

static int parse_number(struct parser *parser, struct ast_value **ret_value)
{
	int error = ast_add_value(parser->ast, AST_VALUE_NUMBER, ret_value);

	if (error)
		return error;
	(*ret_value)->number = parser->token++->number;
	return 0;
}

static int parse_negation(struct parser *parser, struct ast_value **ret_value);

/* operand = "-" operand | number | "len" | group | load */
static int parse_operand(struct parser *parser, struct ast_value **ret_value)
{
	const struct token *token = parser->token;

	if (token->kind == TOKEN_NUMBER)
		return parse_number(parser, ret_value);
	if (take_keyword(parser, KEYWORD_LENGTH))
		return ast_add_value(parser->ast, AST_VALUE_LENGTH, ret_value);
	if (token->kind == TOKEN_OPEN)
		return parse_group(parser, ret_value);
	if (token->kind == TOKEN_OPERATOR && is_text(parser, token, "-"))
		return parse_negation(parser, ret_value);
	if ((token->kind == TOKEN_KEYWORD || token->kind == TOKEN_WORD) &&
	    token[1].kind == TOKEN_OPEN_BRACKET)
		return parse_load(parser, ret_value);
	if (token->kind == TOKEN_KEYWORD &&
	    byte_access_find(parser->expression + token->offset, token->length))
		return syntax_error_set_protocol(parser->reterr, parser->expression, token);
	return fail(parser, A_VALUE);
}

static int parse_negation(struct parser *parser, struct ast_value **ret_value)
{
	struct ast_value *operand;
	int error = enter(parser);

	if (error)
		return error;
	parser->token++;
	error = parse_operand(parser, &operand);
	if (error)
		return error;
	parser->nesting--;
	if (operand->kind == AST_VALUE_NUMBER) {
		operand->number = -operand->number;
		*ret_value = operand;
		return 0;
	}
	error = ast_add_value(parser->ast, AST_VALUE_NEGATION, ret_value);
	if (error)
		return error;
	ast_set_operands(*ret_value, operand, NULL);
	return 0;
}

/* value = operand { operator value-that-binds-tighter } */
static int parse_value(struct parser *parser, unsigned int level, struct ast_value **ret_value)
{
	const struct operator* operation;
	struct ast_value *left, *right;
	int error = parse_operand(parser, &left);

	while (!error && (operation = find_operator(parser, operations, COUNT(operations))) &&
	       operation->level >= level) {
		const struct token *sign = parser->token++;

		error = parse_value(parser, operation->level + 1, &right);
		if (!error)
			error = check_right(parser, operation->code, right, sign + 1);
		if (!error)
			error = add_operation(parser, operation->code, left, right, &left);
		if (!error && left->depth > AST_MAXIMUM_DEPTH)
			error = failure_set(parser->reterr, sign->offset, sign->length,
					    "more than %d operations on one value",
					    AST_MAXIMUM_DEPTH);
	}
	if (error)
		return error;
	*ret_value = left;
	return 0;
}

/* `tcpflags & 2 != 0`: nothing of a packet is in it, but somebody meant a field. */
static int check_constant(const struct parser *parser, const struct token *first)
{
	for (const struct token *token = first; token < parser->token; token++) {
		const char *text = parser->expression + token->offset;
		const struct number_name *name = number_name_find(text, token->length);

		if (name && name->protocol)
			return failure_set(parser->reterr, token->offset, token->length,
					   "'%s' is the number %u, an offset; write %s[%s]",
					   name->name, name->number, name->protocol, name->name);
	}
	return 0;
}

/* The operator between two values. */
static int parse_comparison(struct parser *parser, uint8_t *ret_comparison)
{
	const struct operator* comparison = find_operator(parser, comparisons, COUNT(comparisons));

	if (!comparison)
		return fail(parser, A_COMPARISON);
	parser->token++;
	*ret_comparison = comparison->code;
	return 0;
}

/* relation = value ( "=" | "==" | "!=" | "<" | "<=" | ">" | ">=" ) value */
int value_parse_relation(struct parser *parser, struct ast_node **ret_node)
{
	const struct token *first = parser->token;
	struct ast_value *left, *right;
	uint8_t comparison = BPF_JEQ;
	int error = parse_value(parser, 1, &left);

	if (!error)
		error = parse_comparison(parser, &comparison);
	if (!error)
		error = parse_value(parser, 1, &right);
	if (error)
		return error;
	if (find_operator(parser, comparisons, COUNT(comparisons)))
		return failure_set(parser->reterr, parser->token->offset, parser->token->length,
				   "the result of a comparison cannot be compared; use 'and'");
	if (left->kind == AST_VALUE_NUMBER && right->kind == AST_VALUE_NUMBER)
		error = check_constant(parser, first);
	if (!error)
		error = ast_add_node(parser->ast, AST_RELATION, ret_node);
	if (error)
		return error;
	(*ret_node)->comparison = comparison;
	(*ret_node)->left = left;
	(*ret_node)->right = right;
	return 0;
}

/* length_test = ( "less" | "greater" ) number */
int value_parse_length_test(struct parser *parser, struct ast_node **ret_node)
{
	uint8_t comparison = (uint8_t)parser->token->number;
	struct ast_value *length, *number;
	int error;

	parser->token++;
	if (parser->token->kind != TOKEN_NUMBER)
		return fail(parser, "a number of bytes");
	error = parse_number(parser, &number);
	if (!error)
		error = ast_add_value(parser->ast, AST_VALUE_LENGTH, &length);
	if (!error)
		error = ast_add_node(parser->ast, AST_RELATION, ret_node);
	if (error)
		return error;
	(*ret_node)->comparison = comparison;
	(*ret_node)->left = length;
	(*ret_node)->right = number;
	return 0;
}
