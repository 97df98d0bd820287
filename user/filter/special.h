/* SPDX-License-Identifier: GPL-2.0-only */
/* Primitives that begin with a word of their own and take no qualifiers: `vlan 5`, `inbound`. */
#pragma once

#include "parser_state.h"

/* Whether such a primitive begins with the token. */
bool special_begins(const struct token *token);

/* Parses it. Returns 0; -EINVAL with *parser->reterr filled in; -ENOMEM. */
int special_parse(struct parser *parser, struct ast_node **ret_node);
