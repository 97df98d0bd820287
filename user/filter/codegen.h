/* SPDX-License-Identifier: GPL-2.0-only */
/* Fourth stage: a resolved tree becomes instructions. */
#pragma once

#include "ast.h"

/*
 * Makes the instructions that filter.h describes, from a tree that resolve_tree() has
 * filled in. Returns 0 with *ret_instructions, which the caller frees; -E2BIG if they are
 * more than a filter may have; -ENOMEM.
 */
int codegen_make(const struct ast *ast, struct bpf_insn **ret_instructions, size_t *ret_count);
