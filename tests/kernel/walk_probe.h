/* SPDX-License-Identifier: GPL-2.0-only */
/* walk_probe.bpf.c in the kernel, and what it found, compared with the reference. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../../user/hook.h"
#include "packet.h"

struct walk_probe;

/* What became of the frames of one test. */
struct walk_tally {
	unsigned int runs;
	unsigned int refused; /* too short for this kernel's BPF_PROG_TEST_RUN */
	unsigned int wrong;   /* the first few are printed */
};

/*
 * Loads the program from the object beside this executable. Returns 0 or a negative errno
 * with "# " lines. It stays loaded until the process ends.
 */
int walk_probe_load(struct walk_probe **ret_probe);

/* Runs the first `length` bytes of a packet at a hook and compares the summaries. */
void walk_probe_compare(struct walk_probe *probe, enum hook hook, const struct packet *packet,
			uint32_t length, struct walk_tally *tally);
