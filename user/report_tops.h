/* SPDX-License-Identifier: GPL-2.0-only */
/* The busiest hosts and services in the summary; see report.h. */
#pragma once

#include <stdio.h>

#include "report.h"

/* Nothing where no such tables are kept. */
void report_print_tops(const struct report_figures *figures, const struct top_prefixes *prefixes,
		       FILE *out);
