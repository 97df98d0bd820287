/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands where on the panel; its larger parts are in files of their own. See panel.h. */
#include "panel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "panel_help.h"
#include "panel_intake.h"
#include "panel_loss.h"
#include "panel_part.h"
#include "panel_tops.h"
#include "panel_traffic.h"
#include "panel_tree.h"

#define BAR_COLUMNS 32
/* Behind a bar: "100%  1,234,567 of 9,999,999". */
#define BAR_TEXT_COLUMNS 30
/* From this width on hosts stand beside the protocols. */
#define HOSTS_BESIDE_COLUMNS 119
/* From so many lines on a third of them is for what stands below the figures. */
#define LEAST_LINES_WITH_MORE 15
/* Of those there have to be so many for both protocols and hosts. */
#define LEAST_LINES_OF_BOTH 10

/* "1:02:03"; from a day on "2d 1:02:03". */
static void format_time(uint64_t ns, char ret_text[PANEL_NUMBER_BYTES])
{
	uint64_t seconds = ns / 1000000000, days = seconds / 86400;
	int used = 0;

	if (days)
		used = snprintf(ret_text, PANEL_NUMBER_BYTES, "%" PRIu64 "d ", days);
	snprintf(ret_text + used, PANEL_NUMBER_BYTES - (size_t)used, "%d:%02d:%02d",
		 (int)(seconds % 86400 / 3600), (int)(seconds / 60 % 60), (int)(seconds % 60));
}

static uint64_t elapsed_ns(const struct panel *panel)
{
	return panel->now->time_ns > panel->start_ns ? panel->now->time_ns - panel->start_ns : 0;
}

static void add_title(const struct panel *panel, struct panel_screen *screen)
{
	struct panel_line *line = panel_add_line(panel, screen, PANEL_RANK_TITLE, panel->width);
	char elapsed[PANEL_NUMBER_BYTES], end[2 * PANEL_NUMBER_BYTES];
	unsigned int reserved, width = line->width;

	format_time(elapsed_ns(panel), elapsed);
	snprintf(end, sizeof(end), "%s%s", panel->is_paused ? "display paused  " : "", elapsed);
	reserved = (unsigned int)strlen(end);
	/* Without room for both, the interface stays, or that what it shows is not of now. */
	if (line->width < reserved + 2 * PANEL_CELL_COLUMNS && !panel->is_paused)
		reserved = 0;
	else
		line->width -= reserved + 2 < line->width ? reserved + 2 : line->width;
	panel_line_add(line, PANEL_FAINT, " pktsieve  ");
	panel_line_add_foreign(line, PANEL_STRONG, 2 * PANEL_CELL_COLUMNS, panel->interface);
	if (panel->interface_is_down)
		panel_line_add(line, PANEL_ALARM, " (down)");
	panel_line_add(line, PANEL_PLAIN, "  ");
	if (*panel->filter)
		panel_line_add_foreign(line, PANEL_PLAIN, line->width, panel->filter);
	else
		panel_line_add(line, PANEL_FAINT, "every packet");
	if (!reserved)
		return;
	line->width = width;
	panel_line_pad(line, width > reserved ? width - reserved : 0);
	panel_line_add(line, panel->is_paused ? PANEL_WARNING : PANEL_PLAIN, "%s", end);
}

/* With what the keys do, where there are keys and room. */
static void add_rule(const struct panel *panel, struct panel_screen *screen)
{
	struct panel_line *line = panel_add_line(panel, screen, PANEL_RANK_RULE, panel->width);
	char keys[3 * PANEL_NUMBER_BYTES];
	unsigned int columns;

	snprintf(keys, sizeof(keys), " q stop  p pause  t hosts  f protocols  s by %s  h help",
		 panel_order_name(panel->order));
	columns = (unsigned int)strlen(keys);
	if (columns + 2 > line->width)
		columns = (unsigned int)snprintf(keys, sizeof(keys), " q stop  h help");
	panel_line_add(line, PANEL_PLAIN, " ");
	if (!panel->has_keys || columns + 2 > line->width) {
		panel_line_add_rule(line, line->width);
		return;
	}
	panel_line_add_rule(line, line->width - 1 - columns);
	panel_line_add(line, PANEL_FAINT, "%s", keys);
}

static void add_space(const struct panel *panel, struct panel_screen *screen)
{
	panel_add_line(panel, screen, PANEL_RANK_SPACE, panel->width);
}

/* The last of what was said, and how long ago: it may be over. */
static void add_notice(const struct panel *panel, struct panel_screen *screen)
{
	char age[PANEL_NUMBER_BYTES], end[PANEL_NUMBER_BYTES + 8];
	struct panel_line *line;
	unsigned int room;

	if (!panel->notice)
		return;
	format_time(panel->notice_age_ns, age);
	snprintf(end, sizeof(end), "  %s ago", age);
	line = panel_add_labelled(panel, screen, PANEL_RANK_ADVICE, PANEL_WARNING, "notice");
	room = line->width - line->columns;
	if (room > strlen(end) + PANEL_CELL_COLUMNS)
		room -= (unsigned int)strlen(end);
	else
		*end = '\0';
	panel_line_add_foreign(line, PANEL_WARNING, room, panel->notice);
	panel_line_add(line, PANEL_FAINT, "%s", end);
}

static void add_written(const struct panel *panel, struct panel_screen *screen)
{
	struct panel_line *line = panel_add_labelled(
		panel, screen, panel->output ? PANEL_RANK_WRITTEN : PANEL_RANK_REMARK, PANEL_FAINT,
		"written");
	char written[PANEL_NUMBER_BYTES], matched[PANEL_NUMBER_BYTES], bytes[PANEL_NUMBER_BYTES];

	if (!panel->output) {
		panel_line_add(line, PANEL_FAINT, "nothing: without -w packets are only counted");
		return;
	}
	panel_format_count(panel->now->written, PANEL_CELL_COLUMNS + 1, written);
	panel_format_count(panel->now->kernel.frames.matched, PANEL_CELL_COLUMNS + 1, matched);
	text_format_quantity((double)panel->file_bytes, "B", bytes, sizeof(bytes));
	panel_line_add(line, PANEL_STRONG, "%s", written);
	panel_line_add(line, PANEL_PLAIN, " of %s frames, %s in ", matched, bytes);
	panel_line_add_foreign_end(line, PANEL_PLAIN, line->width, panel->output);
}

static void add_late(const struct panel *panel, struct panel_screen *screen)
{
	char text[PANEL_NUMBER_BYTES];

	if (!panel->now->late)
		return;
	panel_format_count(panel->now->late, PANEL_CELL_COLUMNS + 1, text);
	panel_line_add(panel_add_labelled(panel, screen, PANEL_RANK_WRITTEN, PANEL_FAINT, "late"),
		       PANEL_PLAIN, "%s behind younger ones in the file", text);
}

/* A bar with its percentage; the caller says how much that is. */
static struct panel_line *add_bar(const struct panel *panel, struct panel_screen *screen,
				  enum panel_rank rank, const char *label, double share)
{
	struct panel_line *line = panel_add_labelled(panel, screen, rank, PANEL_FAINT, label);
	enum panel_tone tone = PANEL_BAR;
	unsigned int room = line->width > PANEL_LABEL_COLUMNS + BAR_TEXT_COLUMNS ?
				    line->width - PANEL_LABEL_COLUMNS - BAR_TEXT_COLUMNS :
				    0;

	if (rank == PANEL_RANK_RING && share >= 0.5)
		tone = share >= 0.9 ? PANEL_ALARM : PANEL_WARNING;
	panel_line_add_track(line, tone, room < BAR_COLUMNS ? room : BAR_COLUMNS, share);
	panel_line_add(line, PANEL_PLAIN, " %3.0f%%  ", 100 * (share < 1 ? share : 1));
	return line;
}

static void add_ring(const struct panel *panel, struct panel_screen *screen)
{
	char used[PANEL_NUMBER_BYTES], all[PANEL_NUMBER_BYTES];
	struct panel_line *line;

	if (!panel->now->ring_bytes)
		return;
	line = add_bar(panel, screen, PANEL_RANK_RING, "ring",
		       (double)panel->now->ring_used_bytes / (double)panel->now->ring_bytes);
	text_format_quantity((double)panel->now->ring_used_bytes, "B", used, sizeof(used));
	text_format_quantity((double)panel->now->ring_bytes, "B", all, sizeof(all));
	panel_line_add(line, PANEL_FAINT, "%s of %s", used, all);
}

static void add_progress(const struct panel *panel, struct panel_screen *screen)
{
	char done[PANEL_NUMBER_BYTES], all[PANEL_NUMBER_BYTES];
	struct panel_line *line;

	if (panel->packet_limit) {
		line = add_bar(panel, screen, PANEL_RANK_PROGRESS, "to -c",
			       (double)panel->now->written / (double)panel->packet_limit);
		panel_format_count(panel->now->written, PANEL_CELL_COLUMNS - 3, done);
		panel_format_count(panel->packet_limit, PANEL_CELL_COLUMNS - 3, all);
		panel_line_add(line, PANEL_FAINT, "%s of %s", done, all);
	}
	if (panel->duration_ns) {
		line = add_bar(panel, screen, PANEL_RANK_PROGRESS, "time",
			       (double)elapsed_ns(panel) / (double)panel->duration_ns);
		format_time(elapsed_ns(panel), done);
		format_time(panel->duration_ns, all);
		panel_line_add(line, PANEL_FAINT, "%s of %s", done, all);
	}
}

/* Takes out the lines with the highest rank, the lowest on the screen first. */
static void fit(struct panel_screen *screen, unsigned int height)
{
	unsigned int victim;

	while (screen->count > height) {
		victim = 0;
		for (unsigned int i = 1; i < screen->count; i++)
			if (screen->lines[i].rank >= screen->lines[victim].rank)
				victim = i;
		screen->count--;
		memmove(&screen->lines[victim], &screen->lines[victim + 1],
			(screen->count - victim) * sizeof(screen->lines[0]));
	}
}

/* Those above both panes. */
static unsigned int head_lines(const struct panel_screen *screen)
{
	unsigned int count = 0;

	while (count < screen->count && (screen->lines[count].rank == PANEL_RANK_TITLE ||
					 screen->lines[count].rank == PANEL_RANK_RULE))
		count++;
	return count;
}

/* The protocols left, the hosts right of them. */
static void add_side_by_side(const struct panel_area *area)
{
	struct panel_area left = *area, right = *area;

	left.width = area->width / 2;
	right.column = left.width + PANEL_PANE_GAP_COLUMNS;
	right.width = area->width - right.column;
	panel_add_tree(&left);
	panel_add_tops(&right);
}

/* The hosts below the protocols, each with what it needs or half of the room. */
static void add_one_below_the_other(struct panel_area *area)
{
	unsigned int height = area->height, half = height / 2;

	area->height = height - 1 - panel_tops_lines(area->panel, area->width, height - half - 1);
	panel_add_tree(area);
	area->first_line += area->lines + 1;
	area->height = height > area->lines + 1 ? height - area->lines - 1 : 0;
	area->lines = 0;
	panel_add_tops(area);
}

/* Why there is nothing where the user asked for hosts. */
static void add_no_tops(struct panel_area *area)
{
	panel_line_add(panel_area_next(area), PANEL_FAINT, "%s",
		       area->panel->now->tops[TOP_SOURCES] ?
			       " no packet has passed the filter" :
			       " hosts and services are not counted: start with --top 10");
}

/* One of both, or both: what the user chose, as far as there is room and anything to show. */
static void add_view(struct panel_area *area)
{
	enum panel_view view = area->panel->view;

	if (view == PANEL_VIEW_BOTH && !panel_has_tops(area->panel))
		view = PANEL_VIEW_PROTOCOLS;
	/* Addresses and ports say more in a few lines. */
	if (view == PANEL_VIEW_BOTH && area->height < LEAST_LINES_OF_BOTH &&
	    area->width < HOSTS_BESIDE_COLUMNS)
		view = PANEL_VIEW_HOSTS;
	if (view == PANEL_VIEW_PROTOCOLS)
		panel_add_tree(area);
	else if (view == PANEL_VIEW_HOSTS && !panel_has_tops(area->panel))
		add_no_tops(area);
	else if (view == PANEL_VIEW_HOSTS)
		panel_add_tops(area);
	else if (area->width >= HOSTS_BESIDE_COLUMNS)
		add_side_by_side(area);
	else
		add_one_below_the_other(area);
}

/* Below the figures, behind an empty line. */
static void add_below(const struct panel *panel, struct panel_screen *screen)
{
	struct panel_area area = {
		.panel = panel,
		.screen = screen,
		.first_line = screen->count + 1,
		.width = panel->width,
		.height = panel->height > screen->count + 1 ? panel->height - screen->count - 1 : 0,
	};

	if (area.height < 3 || !panel->now->kernel.seen.protocols[PROTOCOL_ETHERNET].packets)
		return;
	add_view(&area);
}

/* The left pane has the figures and the hosts, the right one the protocols. */
static void add_beside(const struct panel *panel, struct panel_screen *screen)
{
	unsigned int first_line = head_lines(screen);
	unsigned int column = PANEL_LEFT_PANE_COLUMNS + PANEL_PANE_GAP_COLUMNS;
	struct panel left = *panel;
	struct panel_area right = {
		.panel = panel,
		.screen = screen,
		.first_line = first_line,
		.column = column,
		.width = panel->width - column,
		.height = panel->height > first_line ? panel->height - first_line : 0,
	};

	if (panel->view == PANEL_VIEW_BOTH && panel_has_tops(panel)) {
		left.view = PANEL_VIEW_HOSTS;
		left.width = PANEL_LEFT_PANE_COLUMNS;
		add_below(&left, screen);
	}
	if (panel->view == PANEL_VIEW_HOSTS)
		add_view(&right);
	else
		panel_add_tree(&right);
}

static void add_figures(const struct panel *panel, struct panel_screen *screen)
{
	panel_add_traffic(panel, screen);
	panel_add_tcp_flags(panel, screen);
	add_space(panel, screen);
	add_written(panel, screen);
	panel_add_intake(panel, screen);
	panel_add_lost(panel, screen);
	add_notice(panel, screen);
	add_late(panel, screen);
	panel_add_unseen(panel, screen);
	add_ring(panel, screen);
	add_progress(panel, screen);
}

static void add_help(const struct panel *panel, struct panel_screen *screen)
{
	struct panel_area area = {
		.panel = panel,
		.screen = screen,
		.first_line = screen->count,
		.width = panel->width,
		.height = panel->height > screen->count ? panel->height - screen->count : 0,
	};

	panel_add_help(&area);
}

void panel_render(const struct panel *given, struct panel_screen *ret_screen)
{
	struct panel panel = *given;

	if (panel.width > PANEL_MAXIMUM_COLUMNS)
		panel.width = PANEL_MAXIMUM_COLUMNS;
	if (panel.height >= PANEL_MAXIMUM_LINES)
		panel.height = PANEL_MAXIMUM_LINES - 1;
	ret_screen->count = 0;
	add_title(&panel, ret_screen);
	add_rule(&panel, ret_screen);
	if (panel.shows_help) {
		panel_add_lost(&panel, ret_screen);
		fit(ret_screen, panel.height);
		add_help(&panel, ret_screen);
		return;
	}
	add_figures(&panel, ret_screen);
	fit(ret_screen,
	    panel.height < LEAST_LINES_WITH_MORE ? panel.height : panel.height - panel.height / 3);
	if (panel.width < PANEL_TWO_PANES_COLUMNS)
		add_below(&panel, ret_screen);
	else
		add_beside(&panel, ret_screen);
}
