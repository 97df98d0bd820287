/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a comparison of values means: the packet has the headers whose bytes are in it, and
 * it holds. So a negation of `tcp[13] = 2` is true of what is no TCP.
 */
#include "relation.h"

#include "byte_access.h"
#include "link_layer.h"

/* EtherTypes stand before the header, that of AppleTalk may stand behind LLC, too. */
static int require_ethertype(struct resolver *resolver, struct ast_node *relation,
			     uint16_t ethertype)
{
	struct ast_node *appletalk = NULL;
	int error;

	if (ethertype != ETHERTYPE_ATALK)
		return meaning_add_ethertypes(resolver, &ethertype, 1, &relation->meaning);
	error = link_layer_match_atalk(resolver, &appletalk);
	if (error)
		return error;
	return ast_join(resolver->ast, AST_AND, relation->meaning, appletalk, &relation->meaning);
}

/* The header of the protocol itself: not in later fragments. */
static int require_ip_protocol(struct resolver *resolver, struct ast_node *relation,
			       uint8_t ip_protocol)
{
	const struct ast_test header = { .present = SUMMARY_TRANSPORT };
	int error = meaning_add_ip_protocol(resolver, ip_protocol, &relation->meaning);

	return error ? error : meaning_add(resolver, AST_AND, &header, &relation->meaning);
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

static int require_headers(struct resolver *resolver, struct ast_node *relation,
			   const struct byte_access *access)
{
	int error = 0;

	if (access->ethertype &&
	    !is_required(relation->meaning, offsetof(struct packet_summary, ethertype),
			 access->ethertype))
		error = require_ethertype(resolver, relation, access->ethertype);
	if (!error && access->ip_protocol &&
	    !is_required(relation->meaning, offsetof(struct packet_summary, ip_protocol),
			 access->ip_protocol))
		error = require_ip_protocol(resolver, relation, access->ip_protocol);
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
static int require_value(struct resolver *resolver, struct ast_node *relation,
			 struct ast_value *value)
{
	int error = value->left ? require_value(resolver, relation, value->left) : 0;

	if (error || value->kind != AST_VALUE_LOAD)
		return error;
	mark_required(relation->left, value->access);
	mark_required(relation->right, value->access);
	return require_headers(resolver, relation, value->access);
}

int relation_resolve(struct resolver *resolver, struct ast_node *relation)
{
	struct ast_node *comparison;
	int error = require_value(resolver, relation, relation->left);

	if (!error)
		error = require_value(resolver, relation, relation->right);
	if (!error)
		error = ast_add_node(resolver->ast, AST_COMPARISON, &comparison);
	if (error)
		return error;
	comparison->comparison = relation->comparison;
	comparison->left = relation->left;
	comparison->right = relation->right;
	return ast_join(resolver->ast, AST_AND, relation->meaning, comparison, &relation->meaning);
}
