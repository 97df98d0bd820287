/* SPDX-License-Identifier: GPL-2.0-only */
/* What a comparison of values means. */
#pragma once

#include "meaning.h"

/* Gives an AST_RELATION its meaning. Returns 0 or -ENOMEM. */
int relation_resolve(struct resolver *resolver, struct ast_node *relation);
