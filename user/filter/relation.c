/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a comparison of values means: the packet has the headers whose bytes are in it, and
 * it holds. So a negation of `tcp[13] = 2` is true of what is no TCP.
 */
#include "relation.h"

#include "byte_access.h"

/* Adds a test to the meaning of a relation. */
static int join_test(struct ast *ast, struct ast_node *relation, const struct ast_test *test)
{
	struct ast_node *node;
	int error = ast_add_node(ast, AST_TEST, &node);

	if (error)
		return error;
	node->test = *test;
	return ast_join(ast, AST_AND, relation->meaning, node, &relation->meaning);
}

static int require_ethertype(struct ast *ast, struct ast_node *relation, uint16_t ethertype)
{
	const struct ast_test test = {
		.present = SUMMARY_ETHERTYPE,
		.offset = offsetof(struct packet_summary, ethertype),
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
		.value_count = 1,
		.values = { ethertype },
	};

	return join_test(ast, relation, &test);
}

/* The header of the protocol itself: not in later fragments. */
static int require_ip_protocol(struct ast *ast, struct ast_node *relation, uint8_t ip_protocol)
{
	const struct ast_test header = { .present = SUMMARY_TRANSPORT };
	const struct ast_test test = {
		.present = SUMMARY_PROTOCOL,
		.offset = offsetof(struct packet_summary, ip_protocol),
		.bytes = sizeof(uint8_t),
		.mask = UINT8_MAX,
		.value_count = 1,
		.values = { ip_protocol },
	};
	int error = join_test(ast, relation, &test);

	return error ? error : join_test(ast, relation, &header);
}

/* Whether the tree of tests asks for this value of a field already. */
static bool is_required(const struct ast_node *tree, size_t offset, uint32_t value)
{
	if (!tree)
		return false;
	if (tree->kind == AST_TEST)
		return tree->test.value_count == 1 && tree->test.offset == offset &&
		       tree->test.values[0] == value;
	for (const struct ast_node *child = tree->first_child; child; child = child->next) {
		if (is_required(child, offset, value))
			return true;
	}
	return false;
}

static int require_headers(struct ast *ast, struct ast_node *relation,
			   const struct byte_access *access)
{
	int error = 0;

	if (access->ethertype &&
	    !is_required(relation->meaning, offsetof(struct packet_summary, ethertype),
			 access->ethertype))
		error = require_ethertype(ast, relation, access->ethertype);
	if (!error && access->ip_protocol &&
	    !is_required(relation->meaning, offsetof(struct packet_summary, ip_protocol),
			 access->ip_protocol))
		error = require_ip_protocol(ast, relation, access->ip_protocol);
	return error;
}

static int require_value(struct ast *ast, struct ast_node *relation, const struct ast_value *value)
{
	int error = value->left ? require_value(ast, relation, value->left) : 0;

	if (!error && value->right)
		error = require_value(ast, relation, value->right);
	if (!error && value->kind == AST_VALUE_LOAD)
		error = require_headers(ast, relation, value->access);
	return error;
}

int relation_resolve(struct ast *ast, struct ast_node *relation)
{
	struct ast_node *comparison;
	int error = require_value(ast, relation, relation->left);

	if (!error)
		error = require_value(ast, relation, relation->right);
	if (!error)
		error = ast_add_node(ast, AST_COMPARISON, &comparison);
	if (error)
		return error;
	comparison->comparison = relation->comparison;
	comparison->left = relation->left;
	comparison->right = relation->right;
	return ast_join(ast, AST_AND, relation->meaning, comparison, &relation->meaning);
}
