/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the panel that is about protocols. */
#pragma once

#include "panel_part.h"

/*
 * The protocols that have packets, each below its parent: below what is on the screen, or
 * beside it from a line and a column on. Where there is no room for all, those with the
 * most packets.
 */
void panel_add_tree_below(const struct panel *panel, struct panel_screen *screen);
void panel_add_tree_beside(const struct panel *panel, struct panel_screen *screen,
			   unsigned int first_line, unsigned int column);
