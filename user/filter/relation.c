/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a comparison of values means: the packet has the headers whose bytes are in it, and
 * it holds. So a negation of `tcp[13] = 2` is true of what is no TCP.
 */
#include "relation.h"

#include "byte_access.h"

/* The one protocol of byte access that is found behind LLC, too. */
#define ETHERTYPE_APPLETALK 0x809b

/* Adds a test to what the tree, NULL at first, already says. */
static int add_test(struct ast *ast, enum ast_kind kind, const struct ast_test *test,
		    struct ast_node **tree)
{
	struct ast_node *node;
	int error = ast_add_node(ast, AST_TEST, &node);

	if (error)
		return error;
	node->test = *test;
	return ast_join(ast, kind, *tree, node, tree);
}

static int join_test(struct ast *ast, struct ast_node *relation, const struct ast_test *test)
{
	return add_test(ast, AST_AND, test, &relation->meaning);
}

/* IEEE 802, clause 9.3: LLC with the EtherType behind an organization, that of Apple. */
static int require_snap(struct ast *ast, uint16_t ethertype, struct ast_node **tree)
{
	const struct ast_test llc = {
		.present = SUMMARY_LLC,
		.base = AST_BASE_LINK,
		.bytes = sizeof(uint32_t),
		.mask = UINT32_MAX,
		.value_count = 1,
		.values = { 0xaaaa0308 },
	};
	const struct ast_test type = {
		.base = AST_BASE_LINK,
		.offset = sizeof(uint32_t),
		.bytes = sizeof(uint32_t),
		.mask = UINT32_MAX,
		.value_count = 1,
		.values = { 0x00070000u | ethertype },
	};
	int error = add_test(ast, AST_AND, &llc, tree);

	return error ? error : add_test(ast, AST_AND, &type, tree);
}

static int require_ethertype(struct ast *ast, struct ast_node *relation, uint16_t ethertype)
{
	struct ast_node *snap = NULL, *either = NULL;
	int error;
	const struct ast_test test = {
		.present = SUMMARY_ETHERTYPE,
		.offset = offsetof(struct packet_summary, ethertype),
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
		.value_count = 1,
		.values = { ethertype },
	};

	if (ethertype != ETHERTYPE_APPLETALK)
		return join_test(ast, relation, &test);
	error = add_test(ast, AST_OR, &test, &either);
	if (!error)
		error = require_snap(ast, ethertype, &snap);
	if (!error)
		error = ast_join(ast, AST_OR, either, snap, &either);
	if (error)
		return error;
	return ast_join(ast, AST_AND, relation->meaning, either, &relation->meaning);
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

/* What is required once is there for all loads of the comparison. */
static void mark_required(struct ast_value *value, const struct byte_access *access)
{
	if (!value)
		return;
	value->is_required |= value->kind == AST_VALUE_LOAD && value->access == access;
	mark_required(value->left, access);
	mark_required(value->right, access);
}

/*
 * Of the operands of an operation the left one says which packets are compared, and the right
 * one is read as if they were its own: that is what libpcap does.
 */
static int require_value(struct ast *ast, struct ast_node *relation, struct ast_value *value)
{
	int error = value->left ? require_value(ast, relation, value->left) : 0;

	if (error || value->kind != AST_VALUE_LOAD)
		return error;
	mark_required(relation->left, value->access);
	mark_required(relation->right, value->access);
	return require_headers(ast, relation, value->access);
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
