/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the lines and objects of --stats go: standard error, or the file of --stats-file, which
 * the keeper opens and the writer writes to. What cannot be written is told once, and left out.
 */
#pragma once

#include <stdbool.h>

#include "base/error.h"
#include "file_owner.h"
#include "notices.h"
#include "options.h"
#include "report.h"

/* Starts as all zero but for what is given. */
struct stats_output {
	const struct options *options;
	const char *interface;
	const char *output; /* the present name of the file of packets; changes */
	struct notices *notices;
	int fd;            /* of --stats-file */
	unsigned int rows; /* of --stats lines, so far */
	bool has_failed;   /* that was told */
	bool is_torn;      /* the last line is there in part */
	struct report_figures start;
};

/* What is told besides the figures. */
struct stats_moment {
	const struct report_figures *before;
	const struct report_figures *now;
	bool is_final;
	bool is_complete; /* see struct report_json */
};

/*
 * The keeper's part: opens the file for appending. A new one is 0600 and belongs to the owner; a
 * symbolic link in the last component is refused. A descriptor that never blocks, or a negative
 * errno with *reterr filled in.
 */
int stats_output_open(const char *path, const struct file_owner *owner, struct error *reterr);

/* Writes a line, unless there is nothing to write in this form. */
void stats_output_show(struct stats_output *output, const struct stats_moment *moment);
