/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The header walk a second time, for comparison: plain C from the RFCs and from what struct
 * packet_summary promises, sharing nothing with bpf/ but that struct.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../../bpf/capture_abi.h"

/* The summary of a frame of which all `length` bytes can be read and no tag is elsewhere. */
void reference_walk(const uint8_t *bytes, uint32_t length, struct packet_summary *ret_summary);

/* Whether both are the same; if not, prints "# " lines with the fields that differ. */
bool reference_is_same(const struct packet_summary *found, const struct packet_summary *expected);

/* Whether an extension header stands between the IPv6 header and what it carries. */
bool reference_has_ipv6_extension(const uint8_t *bytes, const struct packet_summary *summary);
