/* SPDX-License-Identifier: GPL-2.0-only */
/* --stats lines: a row of figures per interval, in columns. */
#pragma once

#include "report.h"

/* A head stands above the first row and again after so many. */
#define REPORT_LINES_BETWEEN_HEADS 20

/*
 * Writes one row: what happened since `before`, and the totals of what was written and lost. What
 * was lost before the hook since then follows where that is anything. row_number: how many
 * rows came before; nothing is written where no time has passed.
 */
void report_lines_print(const struct report_figures *before, const struct report_figures *now,
			unsigned int row_number, FILE *out);
