/* SPDX-License-Identifier: GPL-2.0-only */
/* --stats json: all figures of a moment as an object of JSON in one line; the manual has the keys. */
#pragma once

#include "report.h"

/* One more whenever a key is renamed, removed or gets another meaning. */
#define REPORT_JSON_SCHEMA 1

struct report_json {
	const char *interface; /* names, as in the panel */
	const char *filter;
	const char *output; /* NULL: nothing is written */
	const struct top_prefixes *prefixes;
	const struct report_figures *start;
	const struct report_figures *before;
	const struct report_figures *now;
	bool is_final;    /* the capture has ended */
	bool is_complete; /* and no program runs any more, so that every frame is accounted for */
};

/* The object and a newline. */
void report_json_print(const struct report_json *report, FILE *out);
