/* SPDX-License-Identifier: GPL-2.0-only */
/* The addresses and networks that an id of `host` or `net` stands for. */
#pragma once

#include "ast.h"

/*
 * Reads the id of an AST_HOST or AST_NET that is written in numbers, TOKEN_NUMBER,
 * TOKEN_IPV4 or TOKEN_IPV6, with its mask. Returns 0, or -EINVAL with *reterr filled in.
 */
int network_read(const char *expression, const struct ast_node *node,
		 struct ast_network *ret_network, struct filter_error *reterr);

/*
 * Looks up the id of an AST_HOST or AST_NET that is a name: all addresses of a host, or
 * the one network. Fills in node->networks and node->network_count. Returns 0; -EINVAL with
 * *reterr filled in; -ENOMEM.
 */
int network_look_up(const char *expression, struct ast_node *node, struct filter_error *reterr);

/* Writes the network as address, address/bits or "address mask mask" into text. */
#define NETWORK_TEXT_BYTES 64
void network_format(const struct ast_network *network, char text[static NETWORK_TEXT_BYTES]);
