/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the panel that says how much comes, and how fast. */
#pragma once

#include "panel_part.h"

/*
 * In, out and seen, and matched where there is a filter: now, mean and peak of the last minute,
 * totals; and the last minute as a spark line of packets.
 */
void panel_add_traffic(const struct panel *panel, struct panel_screen *screen);

/* Connections that begin and end each second, and whether that looks like a SYN flood. */
void panel_add_tcp_flags(const struct panel *panel, struct panel_screen *screen);
