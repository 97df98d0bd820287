/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The filter in its place: what the compiler made is laid over the stub of the programs
 * before libbpf hands them to the kernel.
 */
#pragma once

#include "filter/filter.h"
#include "set_maps.h"

/* Makes libbpf ask for the filter of each program from here on; 0 or its error. */
int filter_stub_register(void);

/* What goes into the programs that are loaded next, by this thread; NULL afterwards. */
void filter_stub_set(const struct filter *filter, const struct set_maps *set_maps);
