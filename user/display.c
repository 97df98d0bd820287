/* SPDX-License-Identifier: GPL-2.0-only */
/* Puts a panel together and draws it; see display.h. */
#include "display.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "clock.h"
#include "writer.h"

/* Of 64 bytes each: what a terminal keeps; who goes on sending does not hold up the capture. */
#define MAXIMUM_READS 64

void display_open(struct display *display)
{
	struct error why;

	if (display->options->stats != OPTIONS_STATS_PANEL)
		return;
	if (terminal_open(STDERR_FILENO, &display->terminal, &why))
		fprintf(stderr, "pktsieve: no panel: %s\n", why.message);
	/* Before the keeper changes them. */
	if (display->keyboard.fd >= 0)
		keyboard_remember(&display->keyboard);
}

void display_start(struct display *display, const struct report_figures *figures)
{
	display->start_ns = figures->time_ns;
	history_start(&display->history, figures->time_ns, &figures->kernel);
}

void display_sample(struct display *display, uint64_t time_ns, const struct counters_totals *totals)
{
	history_add(&display->history, time_ns, totals);
}

bool display_has_screen(const struct display *display)
{
	return __atomic_load_n(&display->shared->panel_is_shown, __ATOMIC_RELAXED);
}

static void set_has_screen(struct display *display, bool has_screen)
{
	__atomic_store_n(&display->shared->panel_is_shown, has_screen, __ATOMIC_RELAXED);
}

/* The later of what keeper and writer said last; NULL: nothing. */
static const char *find_notice(const struct display *display, struct notices_board *copy,
			       uint64_t now_ns, uint64_t *ret_age_ns)
{
	struct notices_board keepers;
	bool has_own = notices_read_board(&display->notice, copy);

	if (notices_read_board(&display->shared->keeper_notice, &keepers) &&
	    (!has_own || keepers.time_ns > copy->time_ns))
		*copy = keepers;
	else if (!has_own)
		return NULL;
	*ret_age_ns = now_ns > copy->time_ns ? now_ns - copy->time_ns : 0;
	return copy->text;
}

static uint64_t file_bytes(const struct display *display)
{
	return __atomic_load_n(&display->shared->flushed_bytes, __ATOMIC_RELAXED);
}

static void draw(struct display *display)
{
	const struct options *options = display->options;
	const struct shared_status *shared = display->shared;
	const struct display_moment *paused = display->paused;
	struct notices_board notice;
	struct panel panel = {
		.interface = display->interface,
		.filter = options->expression,
		.output = options->output ? shared->output.name : NULL,
		.start_ns = display->start_ns,
		.packet_limit = options->packet_limit,
		.duration_ns = options->duration_ns,
		.sees_both_directions = options->directions[DIRECTION_INGRESS] &&
					options->directions[DIRECTION_EGRESS] &&
					!hook_is_xdp(options->hook),
		.prefixes = options->top_prefixes,
		.interface_is_down = __atomic_load_n(&shared->interface_is_down, __ATOMIC_RELAXED),
		.file_bytes = paused ? paused->file_bytes : file_bytes(display),
		.before = paused ? &paused->before : display->before,
		.now = paused ? &paused->now : display->now,
		.history = paused ? &paused->history : &display->history,
		.view = display->view,
		.order = display->order,
		.has_keys = display->keyboard.fd >= 0,
		.is_paused = paused != NULL,
		.shows_help = display->shows_help,
	};

	if (!display_has_screen(display))
		return;
	panel.notice = find_notice(display, &notice, clock_monotonic_ns(), &panel.notice_age_ns);
	terminal_draw(display->terminal, &panel);
	display->has_more = true;
}

void display_show(struct display *display)
{
	if (display->terminal && !display->paused)
		draw(display);
}

void display_take_screen(struct display *display)
{
	if (!display->terminal)
		return;
	set_has_screen(display, true);
	draw(display);
}

/* The rows of the busiest are only lent until the next reading. */
static void copy_tops(struct display_moment *moment, enum top_table table)
{
	struct top_figures *copy = &moment->tops[table];

	if (!moment->now.tops[table])
		return;
	*copy = *moment->now.tops[table];
	moment->now.tops[table] = copy;
	for (enum top_order order = 0; order < TOP_ORDER_COUNT; order++) {
		struct top_list *list = &copy->lists[order];

		if (list->count > DISPLAY_TOP_ROWS)
			list->count = DISPLAY_TOP_ROWS;
		memcpy(moment->rows[table][order], list->rows, list->count * sizeof(*list->rows));
		list->rows = moment->rows[table][order];
	}
}

static void pause_or_go_on(struct display *display)
{
	struct display_moment *moment = NULL;

	if (display->paused) {
		free(TAKE(display->paused));
		return;
	}
	moment = calloc(1, sizeof(*moment));
	if (!moment)
		return;
	moment->before = *display->before;
	moment->now = *display->now;
	moment->file_bytes = file_bytes(display);
	moment->history = display->history;
	for (enum top_table table = 0; table < TOP_TABLE_COUNT; table++)
		copy_tops(moment, table);
	display->paused = moment;
}

static void toggle_view(struct display *display, enum panel_view view)
{
	display->view = display->view == view ? PANEL_VIEW_BOTH : view;
}

/* Returns whether the panel looks different now. */
static bool obey(struct display *display, enum key key)
{
	bool showed_help = display->shows_help;

	display->shows_help = false;
	switch (key) {
	case KEY_PAUSE:
		pause_or_go_on(display);
		return true;
	case KEY_HOSTS:
		toggle_view(display, PANEL_VIEW_HOSTS);
		return true;
	case KEY_PROTOCOLS:
		toggle_view(display, PANEL_VIEW_PROTOCOLS);
		return true;
	case KEY_SORT:
		display->order = (display->order + 1) % TOP_ORDER_COUNT;
		return true;
	case KEY_HELP:
		display->shows_help = !showed_help;
		return true;
	case KEY_STOP:
	case KEY_NONE:
		break;
	}
	display->shows_help = showed_help;
	return false;
}

bool display_take_keys(struct display *display)
{
	uint64_t now_ns = clock_monotonic_ns();
	bool wants_end = false, is_changed = false;
	unsigned char bytes[64];
	size_t count;

	for (int reads = 0; reads < MAXIMUM_READS; reads++) {
		count = keyboard_read(display->keyboard.fd, bytes, sizeof(bytes));
		if (!count)
			break;
		for (size_t i = 0; i < count; i++) {
			enum key key = keys_take(&display->keys, bytes[i], now_ns);

			wants_end |= key == KEY_STOP;
			is_changed |= obey(display, key);
		}
	}
	if (is_changed && display->terminal)
		draw(display);
	wants_end &= !display->has_asked;
	display->has_asked |= wants_end;
	return wants_end;
}

void display_continue(struct display *display)
{
	if (display->has_more)
		display->has_more = terminal_continue(display->terminal);
}

void display_close(struct display *display, bool keeper_is_gone)
{
	/* Waits for the terminal: now that may be. */
	terminal_close(TAKE(display->terminal));
	display->has_more = false;
	free(TAKE(display->paused));
	set_has_screen(display, false);
	if (keeper_is_gone && display->keyboard.fd >= 0)
		keyboard_release(&display->keyboard);
}
