/* SPDX-License-Identifier: GPL-2.0-only */
/* Lines, labels and figures, as all parts of the panel write them; see panel_part.h. */
#include "panel_part.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

struct panel_line *panel_add_line(const struct panel *panel, struct panel_screen *screen,
				  enum panel_rank rank, unsigned int width)
{
	struct panel_line *line = &screen->lines[screen->count];

	if (screen->count + 1 < PANEL_MAXIMUM_LINES)
		screen->count++;
	panel_line_start(line, panel->style, width < panel->width ? width : panel->width);
	line->rank = rank;
	return line;
}

struct panel_line *panel_area_next(struct panel_area *area)
{
	unsigned int number = area->first_line + area->lines++;
	unsigned int end = area->column + area->width;
	struct panel_line *line;

	do
		line = number < area->screen->count ?
			       &area->screen->lines[number] :
			       panel_add_line(area->panel, area->screen, PANEL_RANK_BELOW, end);
	while (number >= area->screen->count && area->screen->count + 1 < PANEL_MAXIMUM_LINES);
	line->width = end < PANEL_MAXIMUM_COLUMNS ? end : PANEL_MAXIMUM_COLUMNS;
	if (area->column)
		panel_line_pad(line, area->column);
	return line;
}

unsigned int panel_lay_out(const struct panel_column *columns, unsigned int count,
			   unsigned int room, unsigned int *ret_widths)
{
	bool is_full = false;

	for (unsigned int rank = 0; rank < count; rank++) {
		for (unsigned int i = 0; i < count; i++) {
			if (columns[i].rank != rank)
				continue;
			is_full |= columns[i].columns > room;
			ret_widths[i] = is_full ? 0 : columns[i].columns;
			room -= ret_widths[i];
		}
	}
	return room;
}

void panel_format_count(uint64_t count, unsigned int columns, char ret_text[PANEL_NUMBER_BYTES])
{
	char digits[PANEL_NUMBER_BYTES];
	int length = snprintf(digits, sizeof(digits), "%" PRIu64, count);
	char *end = ret_text;

	if (length + (length - 1) / 3 > (int)columns) {
		text_format_quantity((double)count, "", ret_text, PANEL_NUMBER_BYTES);
		return;
	}
	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			*end++ = ',';
		*end++ = digits[i];
	}
	*end = '\0';
}

void panel_add_count(struct panel_line *line, enum panel_tone tone, unsigned int columns,
		     uint64_t count)
{
	char text[PANEL_NUMBER_BYTES];

	panel_format_count(count, columns - 1, text);
	panel_line_add_right(line, tone, columns, text);
}

void panel_add_quantity(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			double quantity, const char *unit)
{
	char text[PANEL_NUMBER_BYTES];

	text_format_quantity(quantity, unit, text, sizeof(text));
	panel_line_add_right(line, tone, columns, text);
}

static bool has_passed(const struct panel *panel)
{
	return panel->now->time_ns > panel->before->time_ns;
}

double panel_rate(const struct panel *panel, uint64_t before, uint64_t now)
{
	if (!has_passed(panel) || now <= before)
		return 0;
	return (double)(now - before) * 1e9 /
	       (double)(panel->now->time_ns - panel->before->time_ns);
}

void panel_add_packets_per_s(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			     double packets)
{
	panel_add_count(line, tone, columns, packets < 1e18 ? (uint64_t)(packets + 0.5) : 0);
}

void panel_add_bits_per_s(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			  double bits)
{
	panel_add_quantity(line, tone, columns, bits, "b/s");
}

void panel_add_rate(const struct panel *panel, struct panel_line *line, enum panel_tone tone,
		    unsigned int columns, uint64_t before, uint64_t now)
{
	if (has_passed(panel))
		panel_add_packets_per_s(line, tone, columns, panel_rate(panel, before, now));
	else
		panel_line_add_right(line, tone, columns, "-");
}

void panel_add_bit_rate(const struct panel *panel, struct panel_line *line, enum panel_tone tone,
			unsigned int columns, uint64_t before, uint64_t now)
{
	if (has_passed(panel))
		panel_add_bits_per_s(line, tone, columns, 8 * panel_rate(panel, before, now));
	else
		panel_line_add_right(line, tone, columns, "-");
}

void panel_add_share(struct panel_line *line, enum panel_tone tone, unsigned int columns,
		     double share)
{
	char text[PANEL_NUMBER_BYTES];

	if (!(share > 0))
		snprintf(text, sizeof(text), "0%%");
	else if (share < 0.0005)
		snprintf(text, sizeof(text), "<0.1%%");
	else
		snprintf(text, sizeof(text), "%.1f%%", 100 * (share < 1 ? share : 1));
	panel_line_add_right(line, tone, columns, text);
}

struct panel_line *panel_add_labelled(const struct panel *panel, struct panel_screen *screen,
				      enum panel_rank rank, enum panel_tone tone, const char *label)
{
	unsigned int width =
		panel->width < PANEL_TWO_PANES_COLUMNS ? panel->width : PANEL_LEFT_PANE_COLUMNS;
	struct panel_line *line = panel_add_line(panel, screen, rank, width);

	panel_line_add(line, tone, " %s", label);
	panel_line_pad(line, PANEL_LABEL_COLUMNS);
	return line;
}
