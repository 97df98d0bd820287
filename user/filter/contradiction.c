/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of the third stage: an expression that requires of one field to be two things can
 * match no packet; most likely "or" was meant. Only what every matching packet must pass is
 * looked at: the tests below "and" alone. That is sound, and finds what people write.
 */
#include "contradiction.h"

#include <string.h>

#include "failure.h"

/* Tests of one expression that are compared with each other. */
#define MAXIMUM_TESTS 64

struct requirements {
	size_t count;
	const struct ast_test *tests[MAXIMUM_TESTS];
	const struct ast_test *conflict[2]; /* the first two that exclude each other */
};

static bool is_same_field(const struct ast_test *a, const struct ast_test *b)
{
	return a->base == b->base && a->offset == b->offset && a->bytes == b->bytes &&
	       a->mask == b->mask;
}

static bool shares_value(const struct ast_test *a, const struct ast_test *b)
{
	for (size_t i = 0; i < a->value_count; i++)
		for (size_t j = 0; j < b->value_count; j++)
			if (a->values[i] == b->values[j])
				return true;
	return false;
}

static void require(struct requirements *all, const struct ast_test *test)
{
	if (test->value_count == 0 || test->is_range)
		return;
	for (size_t i = 0; i < all->count && !all->conflict[0]; i++) {
		if (is_same_field(all->tests[i], test) && !shares_value(all->tests[i], test)) {
			all->conflict[0] = all->tests[i];
			all->conflict[1] = test;
		}
	}
	if (all->count < MAXIMUM_TESTS)
		all->tests[all->count++] = test;
}

static void collect(struct requirements *all, const struct ast_node *node)
{
	switch (node->kind) {
	case AST_AND:
		for (const struct ast_node *child = node->first_child; child; child = child->next)
			collect(all, child);
		return;
	case AST_TEST:
		require(all, &node->test);
		return;
	case AST_RELATION: /* what its bytes require is not what somebody wrote */
		return;
	case AST_HOST:
	case AST_NET: /* a name is what the resolver says today */
		if (node->id.kind != TOKEN_WORD && node->meaning)
			collect(all, node->meaning);
		return;
	default:
		if (node->meaning)
			collect(all, node->meaning);
		return;
	}
}

/*
 * What follows a word of a tunnel can in libpcap be inside of it: there `ip and geneve and
 * ip6` is not the mistake that it looks like.
 */
static bool has_tunnel(const struct ast *ast)
{
	for (const struct ast_node *node = ast->nodes; node; node = node->allocated)
		if (node->kind == AST_TUNNEL)
			return true;
	return false;
}

int contradiction_check(const char *expression, const struct ast *ast, struct filter_error *reterr)
{
	struct requirements all = { 0 };

	if (!ast->root || has_tunnel(ast))
		return 0;
	collect(&all, ast->root);
	if (!all.conflict[0])
		return 0;
	return failure_set(reterr, 0, strlen(expression),
			   "expression rejects all packets: two of its conditions exclude each "
			   "other; use 'or' where one of them is enough");
}
