/* SPDX-License-Identifier: GPL-2.0-only */
/* From files to a view: packets in the order of time, filtered, taken apart. */
#pragma once

#include "view.h"

struct filter;

/*
 * Shows all packets of all files that pass the filter (NULL: all do). Returns 0; or a negative
 * errno with *reterr filled in, when what came before the error is shown. A reader that wants no
 * more (EPIPE) is no error.
 */
int packet_loop_run(const struct options *options, const struct filter *filter, FILE *out,
		    struct error *reterr);
