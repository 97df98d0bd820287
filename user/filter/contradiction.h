/* SPDX-License-Identifier: GPL-2.0-only */
/* Expressions that no packet can match, such as `ip and arp`. */
#pragma once

#include "ast.h"

/*
 * Looks at what the whole of a resolved tree requires. Returns 0, also where it cannot tell;
 * -EINVAL with *reterr filled in if two requirements exclude each other.
 */
int contradiction_check(const char *expression, const struct ast *ast, struct filter_error *reterr);
