/* SPDX-License-Identifier: GPL-2.0-only */
/* What was lost, where, and what helps; each sentence fits beside the label on 60 columns. */
#include "panel_loss.h"

/* Where something was lost, and what to do about it. */
struct loss {
	const char *where;
	const char *advice;
	uint64_t count;
	uint64_t before;
};

static void add_advice(const struct panel *panel, struct panel_screen *screen, enum panel_tone tone,
		       const char *advice)
{
	panel_line_add(panel_add_labelled(panel, screen, PANEL_RANK_ADVICE, PANEL_PLAIN, ""), tone,
		       "%s", advice);
}

/* The parts that are more than 0: "ring 12, write error 3". */
static void add_losses(struct panel_line *line, enum panel_tone tone, const struct loss *losses,
		       size_t count)
{
	const char *between = "";
	char text[PANEL_NUMBER_BYTES];

	for (size_t i = 0; i < count; i++) {
		if (!losses[i].count)
			continue;
		panel_format_count(losses[i].count, PANEL_CELL_COLUMNS + 1, text);
		panel_line_add(line, tone, "%s%s %s", between, losses[i].where, text);
		between = ", ";
	}
}

void panel_add_lost(const struct panel *panel, struct panel_screen *screen)
{
	const struct frame_counters *before = &panel->before->kernel.frames;
	const struct frame_counters *now = &panel->now->kernel.frames;
	const struct loss losses[] = {
		{ "ring", "Rings full: raise -B, lower -s, or filter more.", now->lost_ring,
		  before->lost_ring },
		{ "write error", "Write error: free the disk, then start again.",
		  panel->now->lost_write, panel->before->lost_write },
		{ "not copied", "Not copied: please report this with your kernel.", now->lost_copy,
		  before->lost_copy },
	};
	const size_t kinds = sizeof(losses) / sizeof(losses[0]);
	uint64_t lost = 0, lost_before = 0;
	char text[PANEL_NUMBER_BYTES];
	struct panel_line *line;

	for (size_t i = 0; i < kinds; i++) {
		lost += losses[i].count;
		lost_before += losses[i].before;
	}
	line = panel_add_labelled(panel, screen, PANEL_RANK_LOST, lost ? PANEL_ALARM : PANEL_FAINT,
				  "lost");
	panel_format_count(lost, 2 * PANEL_CELL_COLUMNS, text);
	if (!lost) {
		panel_line_add(line, PANEL_STRONG, "0");
		return;
	}
	panel_line_add(line, PANEL_ALARM, "%s", text);
	panel_line_add(line, PANEL_ALARM, " (%.*f%%), ", lost * 10 < now->matched ? 2 : 0,
		       now->matched ? 100.0 * (double)lost / (double)now->matched : 100.0);
	panel_format_count((uint64_t)(panel_rate(panel, lost_before, lost) + 0.5),
			   PANEL_CELL_COLUMNS, text);
	panel_line_add(line, PANEL_ALARM, "now %s/s: ", text);
	add_losses(line, PANEL_ALARM, losses, kinds);
	for (size_t i = 0; i < kinds; i++)
		if (losses[i].count)
			add_advice(panel, screen, PANEL_ALARM, losses[i].advice);
}

/* What the hook never saw. */
void panel_add_unseen(const struct panel *panel, struct panel_screen *screen)
{
	const struct loss losses[] = {
		{ .where = "card", .count = panel->now->dropped_by_interface },
		{ .where = "backlogs of all interfaces", .count = panel->now->dropped_by_softnet },
	};

	if (!losses[0].count && !losses[1].count)
		return;
	add_losses(panel_add_labelled(panel, screen, PANEL_RANK_WRITTEN, PANEL_WARNING, "unseen"),
		   PANEL_WARNING, losses, sizeof(losses) / sizeof(losses[0]));
	add_advice(panel, screen, PANEL_WARNING,
		   "The card's queues or a CPU, not pktsieve's ring.");
}
