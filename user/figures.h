/* SPDX-License-Identifier: GPL-2.0-only */
/* Takes the figures of one moment from where they are: the kernel, the rings, the writer. */
#pragma once

#include "intake.h"
#include "report.h"

/* All but those of the busiest. */
void figures_read(const struct intake *intake, struct report_figures *ret_figures);

/*
 * Reads the tables of the busiest, unless tops is NULL. What is recent in them is what came since
 * the last call, so only one may make it.
 */
void figures_add_tops(struct tops *tops, struct report_figures *figures);
