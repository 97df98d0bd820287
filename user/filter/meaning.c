/* SPDX-License-Identifier: GPL-2.0-only */
/* Part of the third stage: tests of single fields, joined to what a primitive means. */
#include "meaning.h"

#include <assert.h>

#include "failure.h"

int meaning_add(struct resolver *resolver, enum ast_kind kind, const struct ast_test *test,
		struct ast_node **tree)
{
	struct ast_node *node;
	int error = ast_add_node(resolver->ast, AST_TEST, &node);

	if (error)
		return error;
	node->test = *test;
	return ast_join(resolver->ast, kind, *tree, node, tree);
}

int meaning_add_ethertypes(struct resolver *resolver, const uint16_t *ethertypes, size_t count,
			   struct ast_node **tree)
{
	struct ast_test test = {
		.present = SUMMARY_ETHERTYPE,
		.offset = offsetof(struct packet_summary, ethertype),
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
	};

	assert(count <= AST_MAXIMUM_VALUES);
	for (size_t i = 0; i < count; i++)
		test.values[test.value_count++] = ethertypes[i];
	return meaning_add(resolver, AST_AND, &test, tree);
}

int meaning_add_ip_protocol(struct resolver *resolver, uint32_t ip_protocol, struct ast_node **tree)
{
	const struct ast_test test = {
		.present = SUMMARY_PROTOCOL,
		.offset = offsetof(struct packet_summary, ip_protocol),
		.bytes = sizeof(uint8_t),
		.mask = UINT8_MAX,
		.value_count = 1,
		.values = { ip_protocol },
	};

	return meaning_add(resolver, AST_AND, &test, tree);
}

int meaning_add_bytes(struct resolver *resolver, enum ast_base base, uint16_t offset, uint8_t bytes,
		      uint32_t mask, uint32_t value, struct ast_node **tree)
{
	const struct ast_test test = {
		.present = base == AST_BASE_TRANSPORT ? SUMMARY_TRANSPORT : 0,
		.base = base,
		.offset = offset,
		.bytes = bytes,
		.mask = mask,
		.value_count = 1,
		.values = { value },
	};

	return meaning_add(resolver, AST_AND, &test, tree);
}

int meaning_fail(struct resolver *resolver, const struct ast_node *primitive, const char *reason)
{
	return failure_set(resolver->reterr, primitive->id.offset, primitive->id.length, "%s",
			   reason);
}
