/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of the busiest beside and below each other; see panel_tops.h. */
#include "panel_tops.h"

#include <stdio.h>
#include <string.h>

/* An IPv4 address and the margin; an IPv6 network of 64 bits, whose middle may be left out. */
#define LEAST_NAME_COLUMNS 16
#define MOST_NAME_COLUMNS 44
#define LEAST_TABLE_COLUMNS 28
#define WIDE_TABLE_COLUMNS 37
#define GAP_COLUMNS 2
/* Heading, two rows, others. */
#define LEAST_TABLE_LINES 4

/* In this order; the last is left out first. */
static const struct {
	enum top_table table;
	const char *title;
} tables[] = {
	{ TOP_SOURCES, "source" },
	{ TOP_SERVICES, "service" },
	{ TOP_DESTINATIONS, "destination" },
};

#define TABLE_COUNT (sizeof(tables) / sizeof(tables[0]))

/* The first are as enum top_order. */
enum tops_column {
	TOPS_SHARE = TOP_ORDER_COUNT,
	TOPS_COLUMN_COUNT,
};

static const struct panel_column columns[] = {
	[TOP_BY_RECENT_PACKETS] = { "packets/s", 11, 2 },
	[TOP_BY_RECENT_BYTES] = { "bits/s", 11, 3 },
	[TOP_BY_PACKETS] = { "packets", 12, 4 },
	[TOP_BY_BYTES] = { "bytes", 9, 5 },
	[TOPS_SHARE] = { "share", 8, 1 },
};

_Static_assert(sizeof(columns) / sizeof(columns[0]) == TOPS_COLUMN_COUNT, "one each");

struct table {
	struct panel_area *area;
	enum top_table number;
	const struct top_figures *figures;
	unsigned int rows;
	unsigned int name_columns;
	unsigned int widths[TOPS_COLUMN_COUNT];
};

const char *panel_order_name(enum top_order order)
{
	return columns[order].title;
}

static uint64_t quantity(const struct traffic_counter *total, const struct traffic_counter *recent,
			 enum top_order order)
{
	switch (order) {
	case TOP_BY_RECENT_PACKETS:
		return recent->packets;
	case TOP_BY_RECENT_BYTES:
		return recent->bytes;
	case TOP_BY_PACKETS:
		return total->packets;
	case TOP_BY_BYTES:
	case TOP_ORDER_COUNT:
		break;
	}
	return total->bytes;
}

static const struct top_list *list_of(const struct panel *panel, const struct top_figures *figures)
{
	return &figures->lists[panel->order];
}

/* As wide as the longest, as far as there is room for that. */
static unsigned int longest_name(const struct table *table)
{
	const struct top_list *list = list_of(table->area->panel, table->figures);
	char name[TOP_NAME_BYTES];
	unsigned int longest = 0, length;

	for (unsigned int i = 0; i < table->rows; i++) {
		tops_format(table->number, &list->rows[i].key, &table->area->panel->prefixes, name);
		length = (unsigned int)strlen(name) + 1;
		longest = length > longest ? length : longest;
	}
	if (longest < LEAST_NAME_COLUMNS)
		return LEAST_NAME_COLUMNS;
	return longest < MOST_NAME_COLUMNS ? longest : MOST_NAME_COLUMNS;
}

/* What it is sorted by and the share of that stand before the rest; then the whole name. */
static void lay_out(struct table *table)
{
	struct panel_column wanted[TOPS_COLUMN_COUNT];
	unsigned int order = table->area->panel->order, width = table->area->width, needed;

	memcpy(wanted, columns, sizeof(wanted));
	wanted[order].rank = 0;
	needed = wanted[order].columns + wanted[TOPS_SHARE].columns;
	table->name_columns = longest_name(table);
	if (table->name_columns + needed > width)
		table->name_columns =
			width > LEAST_NAME_COLUMNS + needed ? width - needed : LEAST_NAME_COLUMNS;
	panel_lay_out(wanted, TOPS_COLUMN_COUNT,
		      width > table->name_columns ? width - table->name_columns : 0, table->widths);
	/* In a narrow table the sorted column alone. */
	if (!table->widths[order] && width > table->name_columns)
		table->widths[order] = width - table->name_columns;
}

static void add_heading(struct table *table, const char *title)
{
	struct panel_line *line = panel_area_next(table->area);

	panel_line_add(line, PANEL_FAINT, " %s", title);
	panel_line_pad(line, table->area->column + table->name_columns);
	for (unsigned int i = 0; i < TOPS_COLUMN_COUNT; i++)
		panel_line_add_right(line,
				     i == table->area->panel->order ? PANEL_STRONG : PANEL_FAINT,
				     table->widths[i], columns[i].title);
}

static void add_name(struct panel_line *line, const char *name, unsigned int width)
{
	const char *dots = line->style.is_utf8 ? "\u2026" : "..";
	unsigned int room = width - 1 - (line->style.is_utf8 ? 1 : 2);
	size_t length = strlen(name);

	/* Of an address that is cut both ends say more than its middle. */
	if (length < width)
		panel_line_add(line, PANEL_PLAIN, " %-*s", (int)width - 1, name);
	else
		panel_line_add(line, PANEL_PLAIN, " %.*s%s%s", (int)((room + 1) / 2), name, dots,
			       name + length - room / 2);
}

static void add_figures(const struct table *table, struct panel_line *line,
			const struct traffic_counter *total, const struct traffic_counter *recent)
{
	const struct panel *panel = table->area->panel;
	const unsigned int *widths = table->widths;
	uint64_t all = quantity(&table->figures->all, &table->figures->recent, panel->order);

	if (widths[TOP_BY_RECENT_PACKETS])
		panel_add_rate(panel, line, PANEL_PLAIN, widths[TOP_BY_RECENT_PACKETS], 0,
			       recent->packets);
	if (widths[TOP_BY_RECENT_BYTES])
		panel_add_bit_rate(panel, line, PANEL_PLAIN, widths[TOP_BY_RECENT_BYTES], 0,
				   recent->bytes);
	if (widths[TOP_BY_PACKETS])
		panel_add_count(line, PANEL_PLAIN, widths[TOP_BY_PACKETS], total->packets);
	if (widths[TOP_BY_BYTES])
		panel_add_quantity(line, PANEL_PLAIN, widths[TOP_BY_BYTES], (double)total->bytes,
				   "B");
	if (widths[TOPS_SHARE])
		panel_add_share(line, PANEL_PLAIN, widths[TOPS_SHARE],
				all ? (double)quantity(total, recent, panel->order) / (double)all :
				      0);
}

static void subtract(struct traffic_counter *from, const struct traffic_counter *what)
{
	from->packets -= what->packets < from->packets ? what->packets : from->packets;
	from->bytes -= what->bytes < from->bytes ? what->bytes : from->bytes;
}

static void add_others(const struct table *table)
{
	const struct top_list *list = list_of(table->area->panel, table->figures);
	struct traffic_counter total = table->figures->all, recent = table->figures->recent;
	struct panel_line *line;

	for (unsigned int i = 0; i < table->rows; i++) {
		subtract(&total, &list->rows[i].total);
		subtract(&recent, &list->rows[i].recent);
	}
	if (!total.packets)
		return;
	line = panel_area_next(table->area);
	panel_line_add(line, PANEL_FAINT, " others");
	panel_line_pad(line, table->area->column + table->name_columns);
	add_figures(table, line, &total, &recent);
}

static void add_table(struct panel_area *area, size_t number)
{
	const struct top_figures *figures = area->panel->now->tops[tables[number].table];
	const struct top_list *list = list_of(area->panel, figures);
	struct table table = { .area = area, .number = tables[number].table, .figures = figures };
	char name[TOP_NAME_BYTES];
	struct panel_line *line;

	table.rows = list->count < area->height - 2 ? list->count : area->height - 2;
	lay_out(&table);
	add_heading(&table, tables[number].title);
	for (unsigned int i = 0; i < table.rows; i++) {
		tops_format(table.number, &list->rows[i].key, &area->panel->prefixes, name);
		line = panel_area_next(area);
		add_name(line, name, table.name_columns);
		add_figures(&table, line, &list->rows[i].total, &list->rows[i].recent);
	}
	add_others(&table);
}

bool panel_has_tops(const struct panel *panel)
{
	return panel->now->tops[TOP_SOURCES] && panel->now->tops[TOP_SOURCES]->all.packets;
}

/* Side by side where there is room for more than a rate, or where there are few lines. */
static unsigned int tables_across(unsigned int width, unsigned int height)
{
	unsigned int across = (width + GAP_COLUMNS) / (LEAST_TABLE_COLUMNS + GAP_COLUMNS);
	unsigned int wide = (width + GAP_COLUMNS) / (WIDE_TABLE_COLUMNS + GAP_COLUMNS);

	/* Three of these would have no room for IPv6. */
	if (width < TABLE_COUNT * (LEAST_TABLE_COLUMNS + 20) && wide > 2)
		wide = 2;
	if (across > wide && (wide >= 2 || height >= TABLE_COUNT * (LEAST_TABLE_LINES + 1) - 1))
		across = wide;
	return across < 1 ? 1 : across < TABLE_COUNT ? across : TABLE_COUNT;
}

/* Tables one below the other, of so many lines at least. */
static unsigned int tables_deep(unsigned int width, unsigned int height)
{
	unsigned int across = tables_across(width, height);
	unsigned int deep = (TABLE_COUNT + across - 1) / across;

	while (deep > 1 && (height + 1) / deep < LEAST_TABLE_LINES + 1)
		deep--;
	return deep;
}

unsigned int panel_tops_lines(const struct panel *panel, unsigned int width, unsigned int height)
{
	unsigned int deep = tables_deep(width, height), most = 0, count, lines;

	for (size_t i = 0; i < TABLE_COUNT; i++) {
		count = list_of(panel, panel->now->tops[tables[i].table])->count;
		most = count > most ? count : most;
	}
	/* With heading and others; an empty line between tables. */
	lines = (most + 3) * deep - 1;
	return lines < height ? lines : height;
}

void panel_add_tops(struct panel_area *area)
{
	unsigned int across = tables_across(area->width, area->height);
	unsigned int deep = tables_deep(area->width, area->height);
	unsigned int width = (area->width - (across - 1) * GAP_COLUMNS) / across;
	unsigned int height = area->height, used = 0;

	if (height < LEAST_TABLE_LINES)
		return;
	height = (height + 1) / deep - 1;
	for (size_t i = 0; i < TABLE_COUNT && i / across < deep; i++) {
		struct panel_area part = *area;

		part.first_line += area->lines;
		part.lines = 0;
		part.column += (unsigned int)(i % across) * (width + GAP_COLUMNS);
		part.width = width;
		part.height = height;
		add_table(&part, i);
		used = part.lines > used ? part.lines : used;
		if (i % across == across - 1 || i == TABLE_COUNT - 1) {
			area->lines += used + 1;
			used = 0;
		}
	}
}
