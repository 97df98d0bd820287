/* SPDX-License-Identifier: GPL-2.0-only */
/* Comparisons of arithmetic, written out with brackets in the order in which C calculates. */
#pragma once

/*
 * Returns the text with brackets around every operation, which the caller frees; NULL for what
 * is no comparison that it understands. libpcap lets `%` and `^` take all that follows; with
 * brackets it calculates as pktsieve does.
 */
char *brackets_write(const char *comparison);
