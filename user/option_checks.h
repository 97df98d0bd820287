/* SPDX-License-Identifier: GPL-2.0-only */
/* Options that need or exclude each other. */
#pragma once

#include "options.h"

/*
 * Checks options that have been read in whole, and settles what follows from two of them.
 * 0, or -EINVAL with the options' names and the way out.
 */
int option_checks_together(struct options *options, struct error *reterr);
