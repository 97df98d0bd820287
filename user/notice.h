/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the user has to know while a capture runs, on stderr. While a panel covers the screen
 * it is held back.
 */
#pragma once

#include <stdbool.h>

/* Prints "pktsieve: " and a message, which has no newline, or holds it back. */
void notice(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Holds back what comes from here on, or prints what was held back. */
void notice_hold(bool is_held);
