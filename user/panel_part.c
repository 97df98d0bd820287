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

void panel_add_rate(const struct panel *panel, struct panel_line *line, enum panel_tone tone,
		    unsigned int columns, uint64_t before, uint64_t now)
{
	if (has_passed(panel))
		panel_add_count(line, tone, columns,
				(uint64_t)(panel_rate(panel, before, now) + 0.5));
	else
		panel_line_add_right(line, tone, columns, "-");
}

void panel_add_bit_rate(const struct panel *panel, struct panel_line *line, enum panel_tone tone,
			unsigned int columns, uint64_t before, uint64_t now)
{
	if (has_passed(panel))
		panel_add_quantity(line, tone, columns, 8 * panel_rate(panel, before, now), "b/s");
	else
		panel_line_add_right(line, tone, columns, "-");
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
