/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the panel that says what keys do and what the figures are. */
#pragma once

#include "panel_part.h"

void panel_add_help(struct panel_area *area);
