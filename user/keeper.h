/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The process with rights: it loads and attaches the programs, opens the file, starts the
 * writer, and takes everything down again. It never sees a packet.
 */
#pragma once

#include "filter/filter.h"
#include "options.h"

/* Runs one capture from start to end. Returns the exit status: 0, 1 or 2. */
int keeper_run(const struct options *options, const struct filter *filter);
