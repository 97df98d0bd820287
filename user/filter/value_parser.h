/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the parser that reads values and comparisons of them. */
#pragma once

#include "parser_state.h"

/* Whether a comparison of values starts at the token and not another term. */
bool value_comes_next(const struct token *token);

/*
 * Whether the number at the token belongs to a value: an operator comes behind it, and
 * behind the parentheses that it stands in.
 */
bool value_has_number(const struct token *number);

/* Takes a comparison of two values. Returns 0, -EINVAL with the parser's error, -ENOMEM. */
int value_parse_relation(struct parser *parser, struct ast_node **ret_node);

/* Takes `less N` or `greater N`. Returns as value_parse_relation(). */
int value_parse_length_test(struct parser *parser, struct ast_node **ret_node);
