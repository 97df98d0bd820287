/* SPDX-License-Identifier: GPL-2.0-only */
/* Which protocols the panel shows, and which it folds into their parents. */
#pragma once

#include "panel.h"

struct panel_fold {
	bool is_there[PROTOCOL_COUNT];   /* it has packets, */
	bool is_shown[PROTOCOL_COUNT];   /* and a row */
	uint64_t recent[PROTOCOL_COUNT]; /* packets in the last minute */
	/* Of those that are there, children that have a row, and that have none. */
	unsigned int shown_children[PROTOCOL_COUNT];
	unsigned int folded_children[PROTOCOL_COUNT];
};

/* What has no row, and is nearest to a parent that has one. */
struct panel_folded {
	unsigned int count;
	/*
	 * Of the children among it that exclude each other, so that the sum has no packet twice: a
	 * SYN is also one of a service; VLAN, MPLS, PPPoE and fragments say what a packet is
	 * besides; and IP is IPv4 and IPv6.
	 */
	struct traffic_counter before;
	struct traffic_counter now;
	struct traffic_counter matched_before;
	struct traffic_counter matched;
};

/*
 * Those that had packets in the last minute, as far as so many rows are enough, rows of what is
 * folded included: the ones with the most packets first, each behind its parent.
 */
void panel_fold_choose(const struct panel *panel, unsigned int room, struct panel_fold *ret_fold);

unsigned int panel_fold_rows(const struct panel_fold *fold);

/*
 * Whether what is folded below a parent has a row: not where all of it is, since the parent's
 * says enough, nor where all that is folded is counted in other rows.
 */
bool panel_fold_has_row(const struct panel_fold *fold, enum protocol parent);

void panel_fold_sum(const struct panel *panel, const struct panel_fold *fold, enum protocol parent,
		    struct panel_folded *ret_folded);
