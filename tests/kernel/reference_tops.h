/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of the busiest a second time, for comparison: a plain count by name. */
#pragma once

#include "../../bpf/capture_abi.h"
#include "../../user/tops.h"

/* Names and their traffic, in the order in which they came. */
struct top_reference {
	unsigned int count;
	struct {
		char name[TOP_NAME_BYTES];
		struct traffic_counter traffic;
	} rows[64];
};

/* Counts a packet that passed the filter in each table where it belongs. */
void reference_tops_count(struct top_reference references[TOP_TABLE_COUNT],
			  const struct packet_summary *summary, struct traffic_counter size);

/* Of all rows. */
struct traffic_counter reference_tops_sum(const struct top_reference *reference);
