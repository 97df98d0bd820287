/* SPDX-License-Identifier: GPL-2.0-only */
/* `inbound`, `outbound`, `ifindex` and `ifname`: which way a packet went, and where. */
#pragma once

#include "meaning.h"

/* AST_DIRECTION; 0 or -ENOMEM. */
int origin_resolve_direction(struct resolver *resolver, struct ast_node *primitive);

/*
 * AST_IFINDEX, of a number or of a name that an interface has now; fills in
 * primitive->number. Returns 0; -EINVAL with *reterr filled in; -ENOMEM.
 */
int origin_resolve_interface(struct resolver *resolver, struct ast_node *primitive);
