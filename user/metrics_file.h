/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The keeper's side of --metrics-file: replaces the file by the writer's text. Whoever reads it
 * finds the whole old text or the whole new one.
 */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "file_owner.h"
#include "metrics_page.h"
#include "notices.h"

/* Starts as all zero but for what is given, and a descriptor of -1. */
struct metrics_file {
	const char *path;
	const struct file_owner *owner;
	struct notices *notices;
	struct metrics_page *page; /* with the writer; NULL: no --metrics-file */
	int directory_fd;
	const char *name;
	char temporary_name[NAME_MAX + 1]; /* hidden, and not read by node_exporter */
	char *text;                        /* the last one */
	size_t length;
	int told_error; /* 0: it works */
};

/*
 * Opens the directory and sees whether a file can be made there. path NULL: there is nothing to
 * do, now and later. 0, or a negative errno with *reterr filled in.
 */
int metrics_file_open(struct metrics_file *file, const char *path, struct error *reterr);

/* The writer says that there is a text; is_last: of a capture that has ended. */
void metrics_file_replace(struct metrics_file *file, bool is_last);

/* If the last text says that the capture runs, replaces it by one that says that it does not. */
void metrics_file_close(struct metrics_file *file);
