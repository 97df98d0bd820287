/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The classic BPF that libpcap makes of an expression, and an interpreter of it that always
 * ends and says why it ended: libpcap's own can loop for ever (protochain behind an AH header),
 * and does not tell a comparison that is false from a load beyond the packet.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct classic;

enum classic_end {
	CLASSIC_RETURNED,
	CLASSIC_BEYOND, /* a load beyond the packet, or a division by zero: no match */
	CLASSIC_LOOPS,  /* no answer */
	CLASSIC_UNSET,  /* read a scratch cell that was not written: no answer */
};

#define CLASSIC_MESSAGE_BYTES 256

/*
 * Compiles for Ethernet. Returns 0, and the caller frees *ret_classic; -EINVAL with libpcap's
 * words where it refuses the expression; -ENOMEM.
 */
int classic_compile(const char *expression, bool optimize, struct classic **ret_classic,
		    char message[static CLASSIC_MESSAGE_BYTES]);
void classic_free(struct classic *classic);

/* Whether the first `length` bytes of a packet of wire_bytes match; *ret_end may be NULL. */
bool classic_run(const struct classic *classic, const uint8_t *bytes, uint32_t length,
		 uint32_t wire_bytes, enum classic_end *ret_end);
