/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the panel that is about losses. */
#pragma once

#include "panel_part.h"

/* What was lost, and what the hook never saw, each with advice; the latter only if any. */
void panel_add_lost(const struct panel *panel, struct panel_screen *screen);
void panel_add_unseen(const struct panel *panel, struct panel_screen *screen);
