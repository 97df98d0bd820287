/* SPDX-License-Identifier: GPL-2.0-only */
/* The protocols on the panel, as the tree that PROTOCOL_LIST is; see panel_part.h. */
#include "panel_tree.h"

#define NAME_COLUMNS 18 /* with the margin */
#define INDENT_COLUMNS 2
#define SHARE_COLUMNS 8
#define LEAST_BAR_COLUMNS 8
#define MOST_BAR_COLUMNS 24

/* What is told of each protocol, from left to right. */
enum tree_column {
	TREE_PACKETS,
	TREE_SHARE,
	TREE_BAR,
	TREE_RATE,
	TREE_BITS,
	TREE_BYTES,
	TREE_MATCHED,
	TREE_COLUMN_COUNT,
};

static const struct {
	const char *title;
	unsigned int columns;
	unsigned int rank; /* the lowest get their room first */
} tree_columns[] = {
	[TREE_PACKETS] = { "packets", 12, 0 },
	[TREE_SHARE] = { "share", SHARE_COLUMNS, 2 },
	[TREE_BAR] = { "", LEAST_BAR_COLUMNS + 2, 4 },
	[TREE_RATE] = { "packets/s", 11, 1 },
	[TREE_BITS] = { "bits/s", 11, 5 },
	[TREE_BYTES] = { "bytes", 10, 3 },
	[TREE_MATCHED] = { "matched", 14, 6 },
};

_Static_assert(sizeof(tree_columns) / sizeof(tree_columns[0]) == TREE_COLUMN_COUNT, "one each");

struct tree {
	const struct panel *panel;
	struct panel_screen *screen;
	unsigned int first_line; /* on the screen; new lines are added where there is none */
	unsigned int lines;      /* that are used */
	unsigned int column;
	unsigned int columns[TREE_COLUMN_COUNT]; /* 0: no room */
};

/* Gives each column its room, by rank; what is left makes the bar longer. */
static void lay_out(struct tree *tree)
{
	unsigned int used = tree->column + NAME_COLUMNS, left;
	bool is_full = false;

	left = tree->panel->width > used ? tree->panel->width - used : 0;
	for (unsigned int rank = 0; rank < TREE_COLUMN_COUNT; rank++) {
		for (int i = 0; i < TREE_COLUMN_COUNT; i++) {
			if (tree_columns[i].rank != rank)
				continue;
			is_full |= tree_columns[i].columns > left;
			tree->columns[i] = is_full ? 0 : tree_columns[i].columns;
			left -= tree->columns[i];
		}
	}
	if (!tree->columns[TREE_BAR])
		return;
	tree->columns[TREE_BAR] += left;
	if (tree->columns[TREE_BAR] > MOST_BAR_COLUMNS)
		tree->columns[TREE_BAR] = MOST_BAR_COLUMNS;
}

static uint64_t packets_of(const struct panel *panel, enum protocol protocol)
{
	return panel->now->kernel.seen.protocols[protocol].packets;
}

static unsigned int depth_of(enum protocol protocol)
{
	unsigned int depth = 0;

	for (; counters_protocol_parent(protocol) != protocol; depth++)
		protocol = counters_protocol_parent(protocol);
	return depth;
}

/* The next line of the tree's part of the screen, at its first column. */
static struct panel_line *next_line(struct tree *tree)
{
	unsigned int number = tree->first_line + tree->lines++;
	struct panel_line *line;

	if (number < tree->screen->count)
		line = &tree->screen->lines[number];
	else
		line = panel_add_line(tree->panel, tree->screen, PANEL_RANK_TREE,
				      tree->panel->width);
	line->width = tree->panel->width < PANEL_MAXIMUM_COLUMNS ? tree->panel->width :
								   PANEL_MAXIMUM_COLUMNS;
	if (tree->column)
		panel_line_pad(line, tree->column);
	return line;
}

static void add_heading(struct tree *tree)
{
	struct panel_line *line = next_line(tree);

	panel_line_add(line, PANEL_FAINT, " protocol");
	panel_line_pad(line, tree->column + NAME_COLUMNS);
	for (int i = 0; i < TREE_COLUMN_COUNT; i++)
		panel_line_add_right(line, PANEL_FAINT, tree->columns[i], tree_columns[i].title);
}

static void add_share(const struct tree *tree, struct panel_line *line, double share)
{
	char text[PANEL_NUMBER_BYTES];
	unsigned int bar = tree->columns[TREE_BAR];

	if (share < 0.0005)
		snprintf(text, sizeof(text), "<0.1%%");
	else
		snprintf(text, sizeof(text), "%.1f%%", 100 * (share < 1 ? share : 1));
	panel_line_add_right(line, PANEL_PLAIN, tree->columns[TREE_SHARE], text);
	if (!bar)
		return;
	panel_line_add(line, PANEL_PLAIN, "  ");
	panel_line_add_bar(line, PANEL_BAR, bar - 2, share);
}

static void add_protocol(struct tree *tree, enum protocol protocol)
{
	const struct panel *panel = tree->panel;
	const struct traffic_counter *before = &panel->before->kernel.seen.protocols[protocol];
	const struct traffic_counter *now = &panel->now->kernel.seen.protocols[protocol];
	const unsigned int *columns = tree->columns;
	struct panel_line *line = next_line(tree);

	panel_line_add(line, PANEL_PLAIN, " %*s%s", (int)(INDENT_COLUMNS * depth_of(protocol)), "",
		       counters_protocol_label(protocol));
	panel_line_pad(line, tree->column + NAME_COLUMNS);
	if (columns[TREE_PACKETS])
		panel_add_count(line, PANEL_PLAIN, columns[TREE_PACKETS], now->packets);
	if (columns[TREE_SHARE])
		add_share(tree, line,
			  (double)now->packets / (double)packets_of(panel, PROTOCOL_ETHERNET));
	if (columns[TREE_RATE])
		panel_add_rate(panel, line, PANEL_PLAIN, columns[TREE_RATE], before->packets,
			       now->packets);
	if (columns[TREE_BITS])
		panel_add_bit_rate(panel, line, PANEL_PLAIN, columns[TREE_BITS], before->bytes,
				   now->bytes);
	if (columns[TREE_BYTES])
		panel_add_quantity(line, PANEL_PLAIN, columns[TREE_BYTES], (double)now->bytes, "B");
	if (columns[TREE_MATCHED])
		panel_add_count(line, PANEL_PLAIN, columns[TREE_MATCHED],
				panel->now->kernel.matched.protocols[protocol].packets);
}

/* The one with the most packets that is not chosen yet, or its parent if that is not. */
static enum protocol next_largest(const struct panel *panel, const bool *is_chosen)
{
	enum protocol largest = PROTOCOL_COUNT, parent;

	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++)
		if (!is_chosen[i] && (largest == PROTOCOL_COUNT ||
				      packets_of(panel, i) > packets_of(panel, largest)))
			largest = i;
	while (parent = counters_protocol_parent(largest), !is_chosen[parent] && parent != largest)
		largest = parent;
	return largest;
}

/* Marks at most `room` protocols; returns how many more have packets. */
static unsigned int choose(const struct panel *panel, unsigned int room, bool *ret_is_chosen)
{
	unsigned int count = 0;

	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++) {
		ret_is_chosen[i] = false;
		count += packets_of(panel, i) > 0;
	}
	/* The last line says how many there are. */
	if (count > room)
		room--;
	for (unsigned int i = 0; i < count && i < room; i++)
		ret_is_chosen[next_largest(panel, ret_is_chosen)] = true;
	return count > room ? count - room : 0;
}

static void add_tree(struct tree *tree, unsigned int height)
{
	bool is_chosen[PROTOCOL_COUNT];
	unsigned int more;

	/* Heading, one protocol, how many more: less says nothing. */
	if (height < 3 || !packets_of(tree->panel, PROTOCOL_ETHERNET))
		return;
	more = choose(tree->panel, height - 1, is_chosen);
	lay_out(tree);
	add_heading(tree);
	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++)
		if (is_chosen[i])
			add_protocol(tree, i);
	if (more)
		panel_line_add(next_line(tree), PANEL_FAINT, " and %u more with fewer packets",
			       more);
}

void panel_add_tree_below(const struct panel *panel, struct panel_screen *screen)
{
	struct tree tree = { .panel = panel, .screen = screen, .first_line = screen->count + 1 };
	unsigned int room = panel->height > screen->count ? panel->height - screen->count : 0;

	if (room < 4 || !packets_of(panel, PROTOCOL_ETHERNET))
		return;
	panel_add_line(panel, screen, PANEL_RANK_TREE, panel->width);
	add_tree(&tree, room - 1);
}

void panel_add_tree_beside(const struct panel *panel, struct panel_screen *screen,
			   unsigned int first_line, unsigned int column)
{
	struct tree tree = {
		.panel = panel,
		.screen = screen,
		.first_line = first_line,
		.column = column,
	};

	add_tree(&tree, panel->height > first_line ? panel->height - first_line : 0);
}
