/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands where on the panel, but for the protocols (panel_tree.c); see panel.h. */
#include "panel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "panel_loss.h"
#include "panel_part.h"
#include "panel_tree.h"

#define WIDE_CELL_COLUMNS 16
#define BAR_COLUMNS 32
/* Behind a bar: "100%  1,234,567 of 9,999,999". */
#define BAR_TEXT_COLUMNS 30
#define PANE_GAP_COLUMNS 4

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
	char elapsed[PANEL_NUMBER_BYTES];
	unsigned int reserved;

	format_time(elapsed_ns(panel), elapsed);
	reserved = (unsigned int)strlen(elapsed);
	/* Without room for both, the interface stays. */
	if (line->width < reserved + 2 * PANEL_CELL_COLUMNS)
		reserved = 0;
	else
		line->width -= reserved + 2;
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
	line->width += reserved + 2;
	panel_line_pad(line, line->width - reserved);
	panel_line_add(line, PANEL_PLAIN, "%s", elapsed);
}

static void add_rule(const struct panel *panel, struct panel_screen *screen)
{
	struct panel_line *line = panel_add_line(panel, screen, PANEL_RANK_RULE, panel->width);

	panel_line_add(line, PANEL_PLAIN, " ");
	panel_line_add_rule(line, line->width);
}

static void add_space(const struct panel *panel, struct panel_screen *screen)
{
	panel_add_line(panel, screen, PANEL_RANK_SPACE, panel->width);
}

/* How wide each figure is, so that as many as fit stand in equal columns. */
static unsigned int cell_columns(const struct panel_line *line)
{
	unsigned int room =
		line->width > PANEL_LABEL_COLUMNS ? line->width - PANEL_LABEL_COLUMNS : 0;
	unsigned int cells = room / PANEL_CELL_COLUMNS;

	if (cells <= 1)
		return room;
	room /= cells < 4 ? cells : 4;
	return room < WIDE_CELL_COLUMNS ? room : WIDE_CELL_COLUMNS;
}

/* Whether another cell fits; without this half a figure would look like a whole one. */
static bool has_room(const struct panel_line *line, unsigned int columns)
{
	return columns > 0 && line->columns + columns <= line->width;
}

static void add_heading(const struct panel *panel, struct panel_screen *screen)
{
	static const char *const titles[] = { "packets/s", "bits/s", "packets", "bytes" };
	struct panel_line *line =
		panel_add_labelled(panel, screen, PANEL_RANK_HEADING, PANEL_FAINT, "");
	unsigned int columns = cell_columns(line);

	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]) && has_room(line, columns); i++)
		panel_line_add_right(line, PANEL_FAINT, columns, titles[i]);
}

static void add_traffic(const struct panel *panel, struct panel_screen *screen,
			enum panel_rank rank, const char *label,
			const struct traffic_counter *before, const struct traffic_counter *now)
{
	struct panel_line *line = panel_add_labelled(panel, screen, rank, PANEL_FAINT, label);
	enum panel_tone tone = rank == PANEL_RANK_MATCHED ? PANEL_STRONG : PANEL_PLAIN;
	unsigned int columns = cell_columns(line);

	if (has_room(line, columns))
		panel_add_rate(panel, line, tone, columns, before->packets, now->packets);
	if (has_room(line, columns))
		panel_add_bit_rate(panel, line, tone, columns, before->bytes, now->bytes);
	if (has_room(line, columns))
		panel_add_count(line, tone, columns, now->packets);
	if (has_room(line, columns))
		panel_add_quantity(line, tone, columns, (double)now->bytes, "B");
}

static void add_all_traffic(const struct panel *panel, struct panel_screen *screen)
{
	const struct counters_totals *before = &panel->before->kernel, *now = &panel->now->kernel;

	add_heading(panel, screen);
	add_traffic(panel, screen, PANEL_RANK_RATES, "in", &before->seen_by[DIRECTION_INGRESS].protocols[PROTOCOL_ETHERNET],
		    &now->seen_by[DIRECTION_INGRESS].protocols[PROTOCOL_ETHERNET]);
	add_traffic(panel, screen, PANEL_RANK_RATES, "out", &before->seen_by[DIRECTION_EGRESS].protocols[PROTOCOL_ETHERNET],
		    &now->seen_by[DIRECTION_EGRESS].protocols[PROTOCOL_ETHERNET]);
	add_traffic(panel, screen, PANEL_RANK_SEEN, "seen",
		    &before->seen.protocols[PROTOCOL_ETHERNET],
		    &now->seen.protocols[PROTOCOL_ETHERNET]);
	add_traffic(panel, screen, PANEL_RANK_MATCHED, "matched",
		    &before->matched.protocols[PROTOCOL_ETHERNET],
		    &now->matched.protocols[PROTOCOL_ETHERNET]);
}

static void add_written(const struct panel *panel, struct panel_screen *screen)
{
	struct panel_line *line =
		panel_add_labelled(panel, screen, PANEL_RANK_WRITTEN, PANEL_FAINT, "written");
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

void panel_render(const struct panel *panel, struct panel_screen *ret_screen)
{
	ret_screen->count = 0;
	add_title(panel, ret_screen);
	add_rule(panel, ret_screen);
	add_all_traffic(panel, ret_screen);
	add_space(panel, ret_screen);
	add_written(panel, ret_screen);
	panel_add_lost(panel, ret_screen);
	add_late(panel, ret_screen);
	panel_add_unseen(panel, ret_screen);
	add_ring(panel, ret_screen);
	add_progress(panel, ret_screen);
	fit(ret_screen, panel->height);
	if (panel->width < PANEL_TWO_PANES_COLUMNS)
		panel_add_tree_below(panel, ret_screen);
	else
		panel_add_tree_beside(panel, ret_screen, head_lines(ret_screen),
				      PANEL_LEFT_PANE_COLUMNS + PANE_GAP_COLUMNS);
}
