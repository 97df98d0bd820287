/* SPDX-License-Identifier: GPL-2.0-only */
/* What the summary says of figures. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "../../user/report.h"

/* A text to be freed. */
static char *summary_of(const struct report_figures *figures, bool is_final)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	report_print_summary(figures, is_final, &(struct top_prefixes){ 32, 128 }, stream);
	fclose(stream);
	return text;
}
