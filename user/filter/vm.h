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
