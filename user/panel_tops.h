/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the panel that is about hosts and services. */
#pragma once

#include "panel_part.h"

/* Whether there are any. */
bool panel_has_tops(const struct panel *panel);

/* How many of so many lines the tables would use, in so many columns. */
unsigned int panel_tops_lines(const struct panel *panel, unsigned int width, unsigned int height);

/*
 * Sources, services and destinations, in the order that the user chose: side by side where there
 * is room, the last of them left out where there is not. Each has a row for all others.
 */
void panel_add_tops(struct panel_area *area);

/* "packets/s" and the like: what they are sorted by. */
const char *panel_order_name(enum top_order order);
