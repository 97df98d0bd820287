/* SPDX-License-Identifier: GPL-2.0-only */
/* Third stage: what each primitive of a tree means in a packet. */
#pragma once

#include "ast.h"

/*
 * Looks up names, checks that qualifiers fit, and gives every primitive its meaning.
 * Returns 0; -EINVAL with *reterr filled in; -ENOMEM.
 */
int resolve_tree(const char *expression, const struct filter_options *options, struct ast *ast,
		 struct filter_error *reterr);
