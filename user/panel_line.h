/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One line of the panel, put together from the left; what does not fit is left out. Columns
 * are counted here, so that escape sequences and UTF-8 do not matter to who fills a line.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PANEL_MAXIMUM_COLUMNS 240
/* Every column a character of 4 bytes, and escape sequences. */
#define PANEL_LINE_BYTES 1536

/* How a terminal shows it; without colours a tone is no escape sequence at all. */
enum panel_tone {
	PANEL_PLAIN,
	PANEL_FAINT,
	PANEL_STRONG,
	PANEL_BAR,
	PANEL_WARNING,
	PANEL_ALARM,
	PANEL_TONE_COUNT,
};

struct panel_style {
	bool has_colours;
	bool is_utf8; /* else ASCII */
};

struct panel_line {
	struct panel_style style;
	unsigned int width;   /* in columns, at most PANEL_MAXIMUM_COLUMNS */
	unsigned int columns; /* that are used */
	unsigned int rank;    /* for who fills it */
	size_t bytes;
	char text[PANEL_LINE_BYTES]; /* ends with a NUL, has no newline */
};

/* Begins an empty line. */
void panel_line_start(struct panel_line *line, struct panel_style style, unsigned int width);

/* Our own words: printable ASCII. */
void panel_line_add(struct panel_line *line, enum panel_tone tone, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same, right-aligned in so many columns. Text that is longer loses its end. */
void panel_line_add_right(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			  const char *text);

/* Spaces up to this column, at least one if anything stands there already. */
void panel_line_pad(struct panel_line *line, unsigned int column);

/*
 * Words of others, in at most so many columns: what is no printable character whose width is
 * certain becomes '?'; what is too long loses its end, or its beginning.
 */
void panel_line_add_foreign(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			    const char *text);
void panel_line_add_foreign_end(struct panel_line *line, enum panel_tone tone, unsigned int columns,
				const char *text);

/* A bar of so many columns, filled up to share (0 to 1); a track shows where it would end. */
void panel_line_add_bar(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			double share);
void panel_line_add_track(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			  double share);

/*
 * A column for each value, as high as its share of the highest; 0 is a dot, and less than 0 says
 * that nothing is known.
 */
void panel_line_add_spark(struct panel_line *line, enum panel_tone tone, const double *values,
			  unsigned int count, double highest);

/* A horizontal rule. */
void panel_line_add_rule(struct panel_line *line, unsigned int columns);
