/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the panel that is about --when and --before. */
#pragma once

#include "panel_part.h"

/* Whether packets are written now, and what is in memory; nothing without these options. */
void panel_add_intake(const struct panel *panel, struct panel_screen *screen);
