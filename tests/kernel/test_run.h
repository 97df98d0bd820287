/* SPDX-License-Identifier: GPL-2.0-only */
/* BPF_PROG_TEST_RUN of one frame, with what must be true of each: nothing of it changes. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../../user/hook.h"
#include "packet.h"

/* The longest frame that every kernel takes: a page without what an skb needs around it. */
#define TEST_RUN_MAXIMUM_BYTES 3400
#define TEST_RUN_MINIMUM_BYTES 14
/* Kernels may refuse frames shorter than Ethernet and an IPv6 header; longer ones never. */
#define TEST_RUN_CERTAIN_BYTES 54

/* What a frame is that stands for several packets; all 0 for one packet. */
struct test_aggregate {
	uint32_t segments;
	uint32_t segment_bytes;
};

/*
 * Runs a program of that hook on the first `length` bytes; aggregate may be NULL, and must be
 * for XDP. Returns 0; -EINVAL
 * for a frame that this kernel does not run; -EBADE, with "# " lines, if the program decided
 * about the frame or changed it; another negative errno of the system call.
 */
int test_run(int program_fd, enum hook hook, const struct packet *packet, uint32_t length,
	     const struct test_aggregate *aggregate);

/* Whether this kernel has XDP frames of several pieces, up to PACKET_MAXIMUM_BYTES. */
bool test_run_has_pieces(void);

/* "tc" or "XDP". */
const char *test_run_hook_name(enum hook hook);

/* True in a virtual machine, where everything takes ten times as long. */
bool test_run_is_slow(void);
