/* SPDX-License-Identifier: GPL-2.0-only */
/* `vlan`, `mpls`, `pppoed`, `pppoes`, `geneve` and `vxlan`: tests of what carries a packet. */
#pragma once

#include "meaning.h"

/* What the manual and the tree call a tunnel, and what it looks at, for -d. */
const char *tunnel_get_name(enum filter_tunnel tunnel);
const char *tunnel_get_scope(enum filter_tunnel tunnel);

/* Whether a number can stand behind the word. */
bool tunnel_has_number(enum filter_tunnel tunnel);

/*
 * Gives an AST_TUNNEL its meaning. They are plain tests: what follows in the expression means
 * the same with them as without. Returns 0; -EINVAL with *reterr filled in; -ENOMEM.
 */
int tunnel_resolve(struct resolver *resolver, struct ast_node *primitive);
