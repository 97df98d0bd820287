/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The live panel as text: figures in, lines out. There is no terminal and no clock in here;
 * see terminal.h for them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "panel_line.h"
#include "report.h"

/* All lines that there can be: a row for each protocol, and what stands above them. */
#define PANEL_MAXIMUM_LINES (PROTOCOL_COUNT + 32)

struct panel {
	/* What the capture is; the strings may hold anything. */
	const char *interface;
	const char *filter; /* empty: every packet */
	const char *output; /* NULL: packets are only counted */
	uint64_t start_ns;
	uint64_t packet_limit; /* 0: none, as of the next */
	uint64_t duration_ns;
	/* How it is. */
	bool interface_is_down;
	uint64_t file_bytes;
	const struct report_figures *before; /* one interval ago; rates need both */
	const struct report_figures *now;
	/* Where it is shown. */
	unsigned int width;
	unsigned int height;
	struct panel_style style;
};

struct panel_screen {
	unsigned int count;
	struct panel_line lines[PANEL_MAXIMUM_LINES];
};

/*
 * At most panel->height lines of at most panel->width columns. What does not fit is left
 * out: protocols with the fewest packets first, what was lost last.
 */
void panel_render(const struct panel *panel, struct panel_screen *ret_screen);
