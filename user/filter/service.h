/* SPDX-License-Identifier: GPL-2.0-only */
/* The ports that an id of `port` or `portrange` stands for. */
#pragma once

#include "ast.h"

/*
 * Reads the number or looks up the service name of an AST_PORT; fills in node->port,
 * node->last_port and node->transport from its qualifier and the service. Returns 0; -EINVAL with *reterr filled
 * in; -ENOMEM.
 */
int service_resolve(const char *expression, struct ast_node *node, struct filter_error *reterr);
