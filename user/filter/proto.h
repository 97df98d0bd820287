/* SPDX-License-Identifier: GPL-2.0-only */
/* `proto` and `protochain`: protocols by number, or by name of /etc/protocols. */
#pragma once

#include "meaning.h"

/*
 * Reads or looks up the id of an AST_PROTO or AST_PROTOCHAIN, fills in primitive->number, and
 * gives it its meaning. Returns 0; -EINVAL with *reterr filled in; -ENOMEM.
 */
int proto_resolve(struct resolver *resolver, struct ast_node *primitive);
int proto_resolve_chain(struct resolver *resolver, struct ast_node *primitive);
