/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the instructions of a filter in user space. */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>

#include "offline.h"

/* The verdict of the instructions, which codegen_make() has made, on one packet. */
bool vm_run(const struct bpf_insn *instructions, size_t count, const struct offline_packet *packet);
