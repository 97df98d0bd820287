/* SPDX-License-Identifier: GPL-2.0-only */
/* The instructions that ask whether an address of the packet is in a host set. */
#pragma once

#include "ast.h"
#include "emit.h"

/*
 * Goes to if_true if the address is there and in the set, else to if_false, if that is not
 * what comes next. r0 to r5 are lost.
 */
void set_code_member(struct emit *emit, const struct ast_member *member, size_t if_true,
		     size_t if_false, size_t next);
