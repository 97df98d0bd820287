/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The panel on its terminal while a capture runs: the last minute, what the keys chose, and what
 * is still shown while the display is paused.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "history.h"
#include "keyboard.h"
#include "keys.h"
#include "notices.h"
#include "options.h"
#include "report.h"
#include "terminal.h"

struct shared_status;

/* No panel shows more of a table. */
#define DISPLAY_TOP_ROWS 100

/* What a paused display goes on showing. */
struct display_moment {
	struct report_figures before;
	struct report_figures now;
	uint64_t file_bytes;
	struct history history;
	struct top_figures tops[TOP_TABLE_COUNT];
	struct top_row rows[TOP_TABLE_COUNT][TOP_ORDER_COUNT][DISPLAY_TOP_ROWS];
};

struct display {
	const struct options *options;
	const char *interface; /* its name when the capture began */
	struct shared_status *shared;
	const struct report_figures *before; /* the caller's, one reading apart */
	const struct report_figures *now;
	struct notices_board notice; /* what the writer said last */
	struct terminal *terminal;   /* NULL: no panel */
	struct keyboard keyboard;    /* fd: -1: no keys */
	struct keys keys;
	uint64_t start_ns;
	struct history history;
	bool has_more; /* of a drawing, for a slow terminal */
	enum panel_view view;
	enum top_order order;
	bool shows_help;
	bool has_asked;                /* for the end */
	struct display_moment *paused; /* NULL: the display goes on */
};

/* Opens the terminal, see statistics_open(). */
void display_open(struct display *display);

void display_start(struct display *display, const struct report_figures *figures);

/* What the kernel has counted, about once a second: the last minute. */
void display_sample(struct display *display, uint64_t time_ns,
		    const struct counters_totals *totals);

/* There are new figures: draws them, unless the display is paused. */
void display_show(struct display *display);

/* The terminal is free for the panel, or has another size. */
void display_take_screen(struct display *display);
bool display_has_screen(const struct display *display);

/* Takes what was typed. Returns whether the user wants the capture to end, once. */
bool display_take_keys(struct display *display);

/* Writes on where a slow terminal did not take a drawing at once. */
void display_continue(struct display *display);

/* Gives the screen back, as it was; keeper_is_gone: and the keyboard, which is else the keeper's. */
void display_close(struct display *display, bool keeper_is_gone);
