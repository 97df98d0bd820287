/* SPDX-License-Identifier: GPL-2.0-only */
/* The counters a second time, for comparison: what struct traffic_counters promises. */
#pragma once

#include <stdbool.h>

#include "../../bpf/capture_abi.h"
#include "packet.h"
#include "test_run.h"

/* Packets and bytes on the wire that a frame with this summary stands for. */
struct traffic_counter reference_size(const struct packet *packet,
				      const struct packet_summary *summary,
				      const struct test_aggregate *aggregate);

/* Counts the frame under each name that fits it. */
void reference_count(const struct packet_summary *summary, struct traffic_counter size,
		     struct traffic_counters *counters);

/* Whether both are the same; if not, prints "# " lines with the protocols that differ. */
bool reference_counters_are_same(const char *what, const struct traffic_counters *found,
				 const struct traffic_counters *expected);
