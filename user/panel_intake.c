/* SPDX-License-Identifier: GPL-2.0-only */
/* What is waited for, and what is kept meanwhile; see panel_intake.h. */
#include "panel_intake.h"

#include "base/text.h"

static void add_condition(const struct panel *panel, struct panel_screen *screen)
{
	const struct report_intake *intake = &panel->now->intake;
	enum panel_tone tone = intake->is_on ? PANEL_WARNING : PANEL_PLAIN;
	struct panel_line *line =
		panel_add_labelled(panel, screen, PANEL_RANK_WRITTEN,
				   intake->is_on ? PANEL_WARNING : PANEL_FAINT, "when");

	panel_line_add(line, tone, "%s", intake->is_on ? "written now: " : "waits for ");
	panel_line_add_foreign(line, tone, line->width,
			       intake->condition ? intake->condition : "SIGUSR2");
}

static void add_memory(const struct panel *panel, struct panel_screen *screen)
{
	const struct report_intake *intake = &panel->now->intake;
	struct panel_line *line =
		panel_add_labelled(panel, screen, PANEL_RANK_RING, PANEL_FAINT, "memory");
	char packets[PANEL_NUMBER_BYTES], used[PANEL_NUMBER_BYTES], all[PANEL_NUMBER_BYTES];

	panel_format_count(intake->kept_packets, PANEL_CELL_COLUMNS, packets);
	text_format_quantity((double)intake->kept_bytes, "B", used, sizeof(used));
	text_format_quantity((double)intake->kept_maximum_bytes, "B", all, sizeof(all));
	panel_line_add(line, PANEL_PLAIN, "%s frames of %.1f s", packets,
		       (double)intake->kept_ns / 1e9);
	panel_line_add(line, PANEL_FAINT, ", %s of %s", used, all);
}

void panel_add_intake(const struct panel *panel, struct panel_screen *screen)
{
	if (panel->now->intake.is_conditional)
		add_condition(panel, screen);
	if (panel->now->intake.has_memory)
		add_memory(panel, screen);
}
