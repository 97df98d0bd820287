/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the panel that is about protocols. */
#pragma once

#include "panel_part.h"

/*
 * The protocols that have packets, each below its parent. Those without any in the last minute
 * are folded, two or more of a parent into one row with their sum; where there is no room, so are
 * those with the fewest packets in it. Nothing where not even the first would fit.
 */
void panel_add_tree(struct panel_area *area);

/* Lines that it would use if there were room for all; 0 without packets. */
unsigned int panel_tree_lines(const struct panel *panel);
