/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of the panel: how all write lines and figures. */
#pragma once

#include "panel.h"

#define PANEL_NUMBER_BYTES 40
#define PANEL_CELL_COLUMNS 12  /* of a figure, at least */
#define PANEL_LABEL_COLUMNS 11 /* with the margin */
/* From this width on the protocols stand beside the other figures. */
#define PANEL_TWO_PANES_COLUMNS 150
#define PANEL_LEFT_PANE_COLUMNS 80

/* The higher, the sooner it is left out. */
enum panel_rank {
	PANEL_RANK_LOST,
	PANEL_RANK_RATES,
	PANEL_RANK_MATCHED,
	PANEL_RANK_TITLE,
	PANEL_RANK_ADVICE,
	PANEL_RANK_WRITTEN,
	PANEL_RANK_HEADING,
	PANEL_RANK_RING,
	PANEL_RANK_PROGRESS,
	PANEL_RANK_SEEN,
	PANEL_RANK_RULE,
	PANEL_RANK_SPACE,
	PANEL_RANK_TREE,
};

/* A new line behind the others; the last one again where there is no more room. */
struct panel_line *panel_add_line(const struct panel *panel, struct panel_screen *screen,
				  enum panel_rank rank, unsigned int width);

/* The same within the left pane, with a label before it. */
struct panel_line *panel_add_labelled(const struct panel *panel, struct panel_screen *screen,
				      enum panel_rank rank, enum panel_tone tone,
				      const char *label);

/* "1,234,567" where that fits into so many columns, else "1.23M". */
void panel_format_count(uint64_t count, unsigned int columns, char ret_text[PANEL_NUMBER_BYTES]);

/* Figures, right-aligned in so many columns. */
void panel_add_count(struct panel_line *line, enum panel_tone tone, unsigned int columns,
		     uint64_t count);
void panel_add_quantity(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			double quantity, const char *unit);

/*
 * By how much a figure has grown, per second, as a count or, of bytes, in bits. Where no time
 * has passed that is not known: 0, and "-" on the screen.
 */
double panel_rate(const struct panel *panel, uint64_t before, uint64_t now);
void panel_add_rate(const struct panel *panel, struct panel_line *line, enum panel_tone tone,
		    unsigned int columns, uint64_t before, uint64_t now);
void panel_add_bit_rate(const struct panel *panel, struct panel_line *line, enum panel_tone tone,
			unsigned int columns, uint64_t before, uint64_t now);
