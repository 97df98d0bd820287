/* SPDX-License-Identifier: GPL-2.0-only */
/* The addresses of Ethernet: `ether host`, and `broadcast` and `multicast` of all layers. */
#pragma once

#include "meaning.h"

/*
 * Reads or looks up (/etc/ethers) the id of an AST_HOST of FILTER_PROTOCOL_LINK, fills in
 * primitive->mac, and gives it its meaning. Returns 0; -EINVAL with *reterr filled in;
 * -ENOMEM. So do the next ones.
 */
int mac_resolve_host(struct resolver *resolver, struct ast_node *primitive);

/* AST_BROADCAST and AST_MULTICAST, of Ethernet or as qualified; fills in primitive->mask_be. */
int mac_resolve_broadcast(struct resolver *resolver, struct ast_node *primitive);
int mac_resolve_multicast(struct resolver *resolver, struct ast_node *primitive);
