/* SPDX-License-Identifier: GPL-2.0-only */
/* What resolve.c and its helpers share: tests that are put together to what a primitive means. */
#pragma once

#include "ast.h"

/* The state of one resolve_tree(). */
struct resolver {
	const char *expression;
	const struct filter_options *options;
	struct ast *ast;
	struct filter_error *reterr;
};

/*
 * Joins a test with AST_AND or AST_OR to what *tree, NULL at first, already says. 0 or
 * -ENOMEM, as the following ones.
 */
int meaning_add(struct resolver *resolver, enum ast_kind kind, const struct ast_test *test,
		struct ast_node **tree);

/* And the last of the headers before the network layer is of one of these EtherTypes. */
int meaning_add_ethertypes(struct resolver *resolver, const uint16_t *ethertypes, size_t count,
			   struct ast_node **tree);

/* And IP carries this protocol, in IPv6 behind the extension headers; above 255: never. */
int meaning_add_ip_protocol(struct resolver *resolver, uint32_t ip_protocol,
			    struct ast_node **tree);

/* And 1, 2 or 4 bytes, from offset behind base, are under the mask the value. */
int meaning_add_bytes(struct resolver *resolver, enum ast_base base, uint16_t offset, uint8_t bytes,
		      uint32_t mask, uint32_t value, struct ast_node **tree);

/* Fails with one sentence about the id of a primitive. */
int meaning_fail(struct resolver *resolver, const struct ast_node *primitive, const char *reason);
