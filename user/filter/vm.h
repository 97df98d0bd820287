/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the instructions of a filter in user space. */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

#include "hostset.h"
#include "offline.h"

/* What filter_compile() has made. */
struct vm_program {
	const struct bpf_insn *instructions;
	size_t count;
	const struct hostset *const *sets; /* in the place of the kernel's maps */
	size_t set_count;
};

/* The verdict of the program on one packet. */
bool vm_run(const struct vm_program *program, const struct offline_packet *packet);

/*
 * What an operation of BPF_ALU (bits: 32) or BPF_ALU64 (64) gives: division by 0 is 0, modulo 0
 * leaves the left operand, shifts count modulo bits. Of 32 bits the lower half of the result.
 */
uint64_t vm_calculate(uint8_t operation, uint64_t left, uint64_t right, unsigned int bits);
