/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The live panel as text: figures in, lines out. There is no terminal and no clock in here;
 * see terminal.h for them.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "history.h"
#include "panel_line.h"
#include "report.h"

/* All lines that there can be: no terminal of people is higher. */
#define PANEL_MAXIMUM_LINES 200

/* What stands below or beside the figures. */
enum panel_view {
	PANEL_VIEW_BOTH, /* as far as there is room */
	PANEL_VIEW_PROTOCOLS,
	PANEL_VIEW_HOSTS,
};

struct panel {
	/* What the capture is; the strings may hold anything. */
	const char *interface;
	const char *filter; /* empty: every packet */
	const char *output; /* NULL: packets are only counted */
	uint64_t start_ns;
	uint64_t packet_limit; /* 0: none, as of the next */
	uint64_t duration_ns;
	bool sees_both_directions; /* so that requests and answers can be compared */
	struct top_prefixes prefixes;
	/* How it is. */
	bool interface_is_down;
	const char *notice; /* the last that was said, which may hold anything; NULL: nothing */
	uint64_t notice_age_ns;
	uint64_t file_bytes;
	const struct report_figures *before; /* one interval ago; rates need both */
	const struct report_figures *now;
	const struct history *history;
	/* What the user chose. */
	enum panel_view view;
	enum top_order order;
	bool has_keys; /* there is a keyboard */
	bool is_paused;
	bool shows_help;
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
 * out: protocols with the fewest packets are folded first, what was lost is left out last.
 */
void panel_render(const struct panel *panel, struct panel_screen *ret_screen);
