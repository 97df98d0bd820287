/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of pktview as one table, from which getopt_long(3)'s and --help are made. */
#pragma once

#include "options.h"

struct option_row {
	char letter;       /* 0: none */
	const char *name;  /* NULL: none */
	const char *value; /* as --help names it; NULL: it takes none */
	const char *views; /* that take it, with spaces between; NULL: all */
	const char *help;
	const char *expects; /* "a number from 1 on": for the error */
	int (*read)(struct options *options, const char *value); /* -EINVAL */
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;
