/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether what is shown goes to a terminal, and how that takes it. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "options.h"

struct terminal {
	unsigned int columns; /* 0: it is no terminal, lines may be of any length */
	bool has_colours;
};

/* Its columns now: its window may become another size. 0: it is no terminal. */
unsigned int terminal_columns(FILE *out);

/* NO_COLOR (https://no-color.org) and TERM=dumb count where the options leave it open. */
struct terminal terminal_of(FILE *out, enum colour colour);

/* Ends what any of the others began. */
#define TERMINAL_PLAIN "\033[m"
#define TERMINAL_BOLD "\033[1m"
#define TERMINAL_REVERSE "\033[7m"
/* Of the palette of 256: text and what is behind it. */
#define TERMINAL_COLOURS(text, behind) "\033[38;5;" #text ";48;5;" #behind "m"
