/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints instructions for people. */
#pragma once

#include <linux/bpf.h>
#include <stddef.h>
#include <stdio.h>

/* One instruction a line: index, then what it does in the notation of the kernel's dumps. */
void disasm_print(const struct bpf_insn *instructions, size_t count, FILE *out);
