/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of all options, which getopt_long(3), the readers and the help are made from. */
#pragma once

#include "option_values.h"

struct option_row {
	int letter;         /* 0: long only */
	const char *name;   /* NULL: letter only */
	const char *value;  /* NULL: takes none */
	const char *help;   /* NULL: not in the list of --help */
	const char *wanted; /* what a value has to be */
	option_reader *read;
	enum options_mode mode;
	bool has_flag;
	bool flag_value;
	size_t flag; /* of a bool in struct options */
	/* tcpdump has it too, so that its abbreviations mean this one. */
	bool is_tcpdumps;
	/* Of tcpdump's: how packets are printed, which is without meaning for a file. */
	bool is_printing;
	/* Of tcpdump's: why pktsieve has it not, and what to do instead. */
	const char *refusal;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;

#define OPTION_ROWS_MAXIMUM 96
