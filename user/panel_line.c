/* SPDX-License-Identifier: GPL-2.0-only */
/* Counts columns, keeps foreign text harmless, draws bars; see panel_line.h. */
#include "panel_line.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TONE_END "\x1b[0m"
/* The longest escape sequence that begins a tone, and the one that ends it. */
#define TONE_BYTES 16
#define CHARACTER_BYTES 4

/* The sixteen colours that every terminal has; the background stays as it is. */
static const char *const tone_starts[] = {
	[PANEL_PLAIN] = "",       [PANEL_FAINT] = "\x1b[2m",    [PANEL_STRONG] = "\x1b[1m",
	[PANEL_BAR] = "\x1b[36m", [PANEL_WARNING] = "\x1b[33m", [PANEL_ALARM] = "\x1b[1;31m",
};

_Static_assert(sizeof(tone_starts) / sizeof(tone_starts[0]) == PANEL_TONE_COUNT, "one each");

/* One character, as it is shown. */
struct glyph {
	const char *text;
	size_t bytes;
	unsigned int columns;
};

/*
 * Characters whose width is the same on every terminal (Unicode Standard Annex 11), without
 * what combines, is written from the right, or turns the direction.
 */
static const struct {
	uint32_t first, last;
	unsigned int columns;
} known_widths[] = {
	{ 0x20, 0x7e, 1 },     { 0xa1, 0xac, 1 },     { 0xae, 0x2ff, 1 },    { 0x370, 0x482, 1 },
	{ 0x48a, 0x58f, 1 },   { 0x1e00, 0x1fff, 1 }, { 0x2010, 0x2027, 1 }, { 0x2030, 0x205e, 1 },
	{ 0x3041, 0x3096, 2 }, { 0x30a1, 0x30fa, 2 }, { 0x30fc, 0x30fe, 2 }, { 0x3400, 0x4dbf, 2 },
	{ 0x4e00, 0x9fff, 2 }, { 0xac00, 0xd7a3, 2 }, { 0xff01, 0xff60, 2 },
};

static unsigned int columns_of(uint32_t code)
{
	for (size_t i = 0; i < sizeof(known_widths) / sizeof(known_widths[0]); i++)
		if (code >= known_widths[i].first && code <= known_widths[i].last)
			return known_widths[i].columns;
	return 0;
}

/* RFC 3629: how many bytes the sequence that starts so has; 0 for what starts none. */
static size_t sequence_bytes(unsigned char first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc2 || first > 0xf4)
		return 0;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* Decodes one character; 0 and one byte for what is no UTF-8. */
static uint32_t decode(const char *text, size_t *ret_bytes)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t bytes = sequence_bytes((unsigned char)*text);
	uint32_t code = (unsigned char)*text;

	*ret_bytes = 1;
	if (bytes == 1)
		return code;
	if (bytes == 0)
		return 0;
	code &= 0x7fu >> bytes;
	for (size_t i = 1; i < bytes; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	}
	*ret_bytes = bytes;
	return code < least[bytes] ? 0 : code;
}

/* The next character of text that is not ours, and where the one behind it begins. */
static struct glyph read_foreign(struct panel_style style, const char **text)
{
	struct glyph glyph = { .text = *text, .bytes = 1 };
	uint32_t code = decode(*text, &glyph.bytes);

	*text += glyph.bytes;
	glyph.columns = columns_of(code);
	if (glyph.columns && (style.is_utf8 || code < 0x80))
		return glyph;
	return (struct glyph){ .text = "?", .bytes = 1, .columns = 1 };
}

static void put_bytes(struct panel_line *line, const char *text, size_t bytes)
{
	memcpy(line->text + line->bytes, text, bytes);
	line->bytes += bytes;
	line->text[line->bytes] = '\0';
}

/* Whether there was room, also for the end of the tone. */
static bool put(struct panel_line *line, const struct glyph *glyph)
{
	if (line->columns + glyph->columns > line->width ||
	    line->bytes + glyph->bytes + TONE_BYTES >= sizeof(line->text))
		return false;
	put_bytes(line, glyph->text, glyph->bytes);
	line->columns += glyph->columns;
	return true;
}

static void put_times(struct panel_line *line, const char *text, unsigned int count)
{
	const struct glyph glyph = { .text = text, .bytes = strlen(text), .columns = 1 };

	while (count-- && put(line, &glyph))
		;
}

/* Ours is ASCII and the few signs of this file, each one column wide. */
static void put_own(struct panel_line *line, const char *text, unsigned int columns)
{
	struct glyph glyph = { .columns = 1 };

	for (; *text && columns; text += glyph.bytes, columns--) {
		glyph.text = text;
		decode(text, &glyph.bytes);
		if (!put(line, &glyph))
			return;
	}
}

/* Returns whether the tone has begun, and with it room to end it. */
static bool start_tone(struct panel_line *line, enum panel_tone tone)
{
	const size_t room = 2 * TONE_BYTES + CHARACTER_BYTES;

	if (!line->style.has_colours || tone == PANEL_PLAIN || line->columns == line->width ||
	    line->bytes + room >= sizeof(line->text))
		return false;
	put_bytes(line, tone_starts[tone], strlen(tone_starts[tone]));
	return true;
}

static void end_tone(struct panel_line *line, bool has_begun)
{
	if (has_begun)
		put_bytes(line, TONE_END, strlen(TONE_END));
}

static unsigned int own_columns(const char *text)
{
	unsigned int columns = 0;

	for (; *text; text++)
		columns += ((unsigned char)*text & 0xc0) != 0x80;
	return columns;
}

void panel_line_start(struct panel_line *line, struct panel_style style, unsigned int width)
{
	line->style = style;
	line->width = width < PANEL_MAXIMUM_COLUMNS ? width : PANEL_MAXIMUM_COLUMNS;
	line->columns = line->rank = 0;
	line->bytes = 0;
	line->text[0] = '\0';
}

void panel_line_add(struct panel_line *line, enum panel_tone tone, const char *format, ...)
{
	char text[PANEL_MAXIMUM_COLUMNS * 2];
	va_list arguments;
	bool has_begun;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	has_begun = start_tone(line, tone);
	put_own(line, text, PANEL_MAXIMUM_COLUMNS);
	end_tone(line, has_begun);
}

void panel_line_add_right(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			  const char *text)
{
	unsigned int needed = own_columns(text);
	bool has_begun;

	if (needed < columns)
		put_times(line, " ", columns - needed);
	has_begun = start_tone(line, tone);
	put_own(line, text, columns);
	end_tone(line, has_begun);
}

void panel_line_pad(struct panel_line *line, unsigned int column)
{
	if (line->columns < column)
		put_times(line, " ", column - line->columns);
	else if (line->columns)
		put_times(line, " ", 1);
}

static const struct glyph *ellipsis(struct panel_style style)
{
	static const struct glyph ascii = { "..", 2, 2 }, utf8 = { "\u2026", 3, 1 };

	return style.is_utf8 ? &utf8 : &ascii;
}

static unsigned int foreign_columns(struct panel_style style, const char *text)
{
	unsigned int columns = 0;

	while (*text)
		columns += read_foreign(style, &text).columns;
	return columns;
}

void panel_line_add_foreign(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			    const char *text)
{
	const struct glyph *end = ellipsis(line->style);
	unsigned int left = line->width - line->columns;
	bool is_cut, has_begun;
	struct glyph glyph;

	columns = columns < left ? columns : left;
	is_cut = foreign_columns(line->style, text) > columns;
	if (is_cut)
		columns = columns > end->columns ? columns - end->columns : 0;
	has_begun = start_tone(line, tone);
	while (*text) {
		glyph = read_foreign(line->style, &text);
		if (glyph.columns > columns || !put(line, &glyph))
			break;
		columns -= glyph.columns;
	}
	if (is_cut)
		put(line, end);
	end_tone(line, has_begun);
}

void panel_line_add_foreign_end(struct panel_line *line, enum panel_tone tone, unsigned int columns,
				const char *text)
{
	const struct glyph *start = ellipsis(line->style);
	unsigned int needed = foreign_columns(line->style, text);
	unsigned int left = line->width - line->columns;
	bool has_begun;

	columns = columns < left ? columns : left;
	if (needed > columns) {
		columns = columns > start->columns ? columns - start->columns : 0;
		while (needed > columns)
			needed -= read_foreign(line->style, &text).columns;
		has_begun = start_tone(line, tone);
		put(line, start);
		end_tone(line, has_begun);
	}
	panel_line_add_foreign(line, tone, columns, text);
}

static unsigned int filled_parts(unsigned int columns, unsigned int parts, double share)
{
	/* Also where share is no number. */
	if (!(share > 0))
		return 0;
	return share >= 1 ? columns * parts : (unsigned int)(share * columns * parts);
}

/* Returns how many columns are filled, a part of one included. */
static unsigned int add_filled(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			       double share)
{
	static const char *const eighths[] = { " ",      "\u258f", "\u258e", "\u258d",
					       "\u258c", "\u258b", "\u258a", "\u2589" };
	unsigned int parts = line->style.is_utf8 ? 8 : 1;
	unsigned int filled = filled_parts(columns, parts, share);
	bool has_begun;

	/* What is more than nothing is seen. */
	if (share > 0 && columns && !filled)
		filled = 1;
	has_begun = start_tone(line, tone);
	put_times(line, line->style.is_utf8 ? "\u2588" : "#", filled / parts);
	if (filled % parts)
		put_times(line, eighths[filled % parts], 1);
	end_tone(line, has_begun);
	return (filled + parts - 1) / parts;
}

void panel_line_add_bar(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			double share)
{
	put_times(line, " ", columns - add_filled(line, tone, columns, share));
}

void panel_line_add_track(struct panel_line *line, enum panel_tone tone, unsigned int columns,
			  double share)
{
	unsigned int left = columns - add_filled(line, tone, columns, share);
	bool has_begun = start_tone(line, PANEL_FAINT);

	put_times(line, line->style.is_utf8 ? "\u00b7" : ".", left);
	end_tone(line, has_begun);
}

void panel_line_add_spark(struct panel_line *line, enum panel_tone tone, const double *values,
			  unsigned int count, double highest)
{
	/* Nothing known, nothing, and more and more of it. */
	static const char *const utf8[] = { " ",      "\u00b7", "\u2581", "\u2582", "\u2583",
					    "\u2584", "\u2585", "\u2586", "\u2587", "\u2588" };
	static const char *const ascii[] = { " ", ".", ":", "-", "=", "+", "*", "%", "#", "@" };
	const char *const *signs = line->style.is_utf8 ? utf8 : ascii;
	bool has_begun = start_tone(line, tone);
	unsigned int height;

	for (unsigned int i = 0; i < count; i++) {
		height = values[i] > 0 ? 1 + filled_parts(1, 8, values[i] / highest) : 0;
		put_times(line, signs[values[i] < 0 ? 0 : height < 8 ? height + 1 : 9], 1);
	}
	end_tone(line, has_begun);
}

void panel_line_add_rule(struct panel_line *line, unsigned int columns)
{
	bool has_begun = start_tone(line, PANEL_FAINT);

	put_times(line, line->style.is_utf8 ? "\u2500" : "-", columns);
	end_tone(line, has_begun);
}
