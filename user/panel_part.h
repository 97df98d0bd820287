/* SPDX-License-Identifier: GPL-2.0-only */
/* Between the files of the panel: how all write lines and figures. */
#pragma once

#include "panel.h"

#define PANEL_NUMBER_BYTES 40
#define PANEL_CELL_COLUMNS 12  /* of a figure, at least */
#define PANEL_LABEL_COLUMNS 11 /* with the margin */
/* From this width on protocols stand beside the other figures, hosts below those. */
#define PANEL_TWO_PANES_COLUMNS 170
#define PANEL_LEFT_PANE_COLUMNS 100
#define PANEL_PANE_GAP_COLUMNS 4

/* The higher, the sooner it is left out. */
enum panel_rank {
	PANEL_RANK_LOST,
	PANEL_RANK_RATES,
	PANEL_RANK_MATCHED,
	PANEL_RANK_TITLE,
	PANEL_RANK_ADVICE,
	PANEL_RANK_WRITTEN,
	PANEL_RANK_HEADING,
	PANEL_RANK_SEEN,
	PANEL_RANK_RING,
	PANEL_RANK_PROGRESS,
	PANEL_RANK_FLAGS,
	PANEL_RANK_SPARK,
	PANEL_RANK_RULE,
	PANEL_RANK_REMARK,
	PANEL_RANK_SPACE,
	PANEL_RANK_BELOW, /* protocols and hosts, which get what is left */
};

/* A part of the screen that is filled line by line. */
struct panel_area {
	const struct panel *panel;
	struct panel_screen *screen;
	unsigned int first_line; /* new lines are added to the screen where there are none */
	unsigned int column;     /* what is left of it has to be filled before */
	unsigned int width;
	unsigned int height;
	unsigned int lines; /* that are used */
};

/* Its next line, at its first column. */
struct panel_line *panel_area_next(struct panel_area *area);

/*
 * How columns of figures share the room: each one's width, or 0 where it finds none. Those with
 * the lowest rank come first.
 */
struct panel_column {
	const char *title;
	unsigned int columns;
	unsigned int rank;
};

/* Returns the room that is left. */
unsigned int panel_lay_out(const struct panel_column *columns, unsigned int count,
			   unsigned int room, unsigned int *ret_widths);

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

/* Packets and bits of each second that are known as such. */
void panel_add_packets_per_s(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			     double packets);
void panel_add_bits_per_s(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			  double bits);

/* "<0.1%", "12.3%" */
void panel_add_share(struct panel_line *line, enum panel_tone tone, unsigned int columns,
		     double share);

/*
 * By how much a figure has grown, per second, as a count or, of bytes, in bits. Where no time
 * has passed that is not known: 0, and "-" on the screen.
 */
double panel_rate(const struct panel *panel, uint64_t before, uint64_t now);
void panel_add_rate(const struct panel *panel, struct panel_line *line, enum panel_tone tone,
		    unsigned int columns, uint64_t before, uint64_t now);
void panel_add_bit_rate(const struct panel *panel, struct panel_line *line, enum panel_tone tone,
			unsigned int columns, uint64_t before, uint64_t now);
