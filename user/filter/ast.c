/* SPDX-License-Identifier: GPL-2.0-only */
/* The tree of an expression: its nodes are made here, belong to it, and end with it. */
#include "ast.h"

#include <errno.h>
#include <stdlib.h>

int ast_add_node(struct ast *ast, enum ast_kind kind, struct ast_node **ret_node)
{
	struct ast_node *node = calloc(1, sizeof(*node));

	if (!node)
		return -ENOMEM;
	node->kind = kind;
	node->depth = 1;
	node->allocated = ast->nodes;
	ast->nodes = node;
	*ret_node = node;
	return 0;
}

int ast_add_value(struct ast *ast, enum ast_value_kind kind, struct ast_value **ret_value)
{
	struct ast_value *value = calloc(1, sizeof(*value));

	if (!value)
		return -ENOMEM;
	value->kind = kind;
	value->depth = 1;
	value->allocated = ast->values;
	ast->values = value;
	*ret_value = value;
	return 0;
}

/* Of two operands that both need calls the one that needs more words comes first. */
static uint8_t count_words(const struct ast_value *left, const struct ast_value *right)
{
	if (!right || ast_value_is_plain(right))
		return left->words;
	if (ast_value_is_plain(left))
		return right->words;
	if (left->words == right->words)
		return left->words + 1;
	return left->words > right->words ? left->words : right->words;
}

void ast_set_operands(struct ast_value *value, struct ast_value *left, struct ast_value *right)
{
	value->left = left;
	value->right = right;
	value->words = count_words(left, right);
	value->depth = 1 + (right && right->depth > left->depth ? right->depth : left->depth);
}

void ast_add_child(struct ast_node *parent, struct ast_node *child)
{
	if (parent->last_child)
		parent->last_child->next = child;
	else
		parent->first_child = child;
	parent->last_child = child;
	if (parent->depth <= child->depth)
		parent->depth = child->depth + 1;
}

int ast_join(struct ast *ast, enum ast_kind kind, struct ast_node *left, struct ast_node *right,
	     struct ast_node **ret_node)
{
	struct ast_node *node = left;
	int error;

	if (!left || !right) {
		*ret_node = left ? left : right;
		return 0;
	}
	if (left->kind != kind) {
		error = ast_add_node(ast, kind, &node);
		if (error)
			return error;
		ast_add_child(node, left);
	}
	ast_add_child(node, right);
	*ret_node = node;
	return 0;
}

int ast_negate(struct ast *ast, struct ast_node *child, struct ast_node **ret_node)
{
	int error = ast_add_node(ast, AST_NOT, ret_node);

	if (error)
		return error;
	ast_add_child(*ret_node, child);
	return 0;
}

void ast_free(struct ast *ast)
{
	struct ast_node *node = ast->nodes;
	struct ast_value *value = ast->values;

	while (node) {
		struct ast_node *following = node->allocated;

		free(node->networks);
		free(node);
		node = following;
	}
	while (value) {
		struct ast_value *following = value->allocated;

		free(value);
		value = following;
	}
	for (size_t i = 0; i < ast->set_count; i++)
		hostset_free(ast->sets[i]);
	free(ast->sets);
	*ast = (struct ast){ 0 };
}
