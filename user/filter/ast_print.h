/* SPDX-License-Identifier: GPL-2.0-only */
/* The parts of ast_print(). */
#pragma once

#include "ast.h"

/* Prints a primitive without an address or a port: `proto`, `multicast`, `vlan`, `inbound`. */
void ast_print_other(const struct ast_node *node, const char *expression, FILE *out);
