/* SPDX-License-Identifier: GPL-2.0-only */
/* The protocols on the panel, as the tree that PROTOCOL_LIST is; see panel_tree.h. */
#include "panel_tree.h"

#include <string.h>

#include "panel_fold.h"

#define NAME_COLUMNS 18 /* with the margin */
#define INDENT_COLUMNS 2
#define MOST_BAR_COLUMNS 24

/* What is told of each protocol, from left to right. */
enum tree_column {
	TREE_PACKETS,
	TREE_SHARE,
	TREE_BAR,
	TREE_RATE,
	TREE_MATCHED_RATE,
	TREE_BITS,
	TREE_BYTES,
	TREE_MATCHED,
	TREE_COLUMN_COUNT,
};

static const struct panel_column tree_columns[] = {
	[TREE_PACKETS] = { "packets", 12, 0 },
	[TREE_SHARE] = { "share", 8, 3 },
	[TREE_BAR] = { "", 10, 6 },
	[TREE_RATE] = { "packets/s", 11, 1 },
	[TREE_MATCHED_RATE] = { "matched/s", 11, 2 },
	[TREE_BITS] = { "bits/s", 11, 5 },
	[TREE_BYTES] = { "bytes", 10, 4 },
	[TREE_MATCHED] = { "matched", 12, 7 },
};

_Static_assert(sizeof(tree_columns) / sizeof(tree_columns[0]) == TREE_COLUMN_COUNT, "one each");

struct tree {
	struct panel_area *area;
	struct panel_fold fold;
	struct panel_column columns[TREE_COLUMN_COUNT];
	unsigned int widths[TREE_COLUMN_COUNT]; /* 0: no room */
};

/* One row: a protocol, or what is folded below it. */
struct row {
	const struct traffic_counter *before;
	const struct traffic_counter *now;
	const struct traffic_counter *matched_before;
	const struct traffic_counter *matched;
};

/* Gives each column its room; what is left makes the bar longer. */
static void lay_out(struct tree *tree)
{
	unsigned int width = tree->area->width;
	unsigned int left = width > NAME_COLUMNS ? width - NAME_COLUMNS : 0;

	memcpy(tree->columns, tree_columns, sizeof(tree_columns));
	if (!*tree->area->panel->filter) {
		tree->columns[TREE_MATCHED] = tree->columns[TREE_MATCHED_RATE] =
			(struct panel_column){ .title = "" };
	}
	left = panel_lay_out(tree->columns, TREE_COLUMN_COUNT, left, tree->widths);
	if (!tree->widths[TREE_BAR])
		return;
	tree->widths[TREE_BAR] += left;
	if (tree->widths[TREE_BAR] > MOST_BAR_COLUMNS)
		tree->widths[TREE_BAR] = MOST_BAR_COLUMNS;
}

static unsigned int depth_of(enum protocol protocol)
{
	unsigned int depth = 0;

	for (; counters_protocol_parent(protocol) != protocol; depth++)
		protocol = counters_protocol_parent(protocol);
	return depth;
}

static void add_heading(struct tree *tree)
{
	struct panel_line *line = panel_area_next(tree->area);

	panel_line_add(line, PANEL_FAINT, " protocol");
	panel_line_pad(line, tree->area->column + NAME_COLUMNS);
	for (int i = 0; i < TREE_COLUMN_COUNT; i++)
		panel_line_add_right(line, PANEL_FAINT, tree->widths[i], tree->columns[i].title);
}

static void add_figures(const struct tree *tree, struct panel_line *line, const struct row *row)
{
	const struct panel *panel = tree->area->panel;
	uint64_t all = panel->now->kernel.seen.protocols[PROTOCOL_ETHERNET].packets;
	double share = (double)row->now->packets / (double)all;
	const unsigned int *widths = tree->widths;

	if (widths[TREE_PACKETS])
		panel_add_count(line, PANEL_PLAIN, widths[TREE_PACKETS], row->now->packets);
	if (widths[TREE_SHARE])
		panel_add_share(line, PANEL_PLAIN, widths[TREE_SHARE], share);
	if (widths[TREE_BAR]) {
		panel_line_add(line, PANEL_PLAIN, "  ");
		panel_line_add_bar(line, PANEL_BAR, widths[TREE_BAR] - 2, share);
	}
	if (widths[TREE_RATE])
		panel_add_rate(panel, line, PANEL_PLAIN, widths[TREE_RATE], row->before->packets,
			       row->now->packets);
	if (widths[TREE_MATCHED_RATE])
		panel_add_rate(panel, line, PANEL_STRONG, widths[TREE_MATCHED_RATE],
			       row->matched_before->packets, row->matched->packets);
	if (widths[TREE_BITS])
		panel_add_bit_rate(panel, line, PANEL_PLAIN, widths[TREE_BITS], row->before->bytes,
				   row->now->bytes);
	if (widths[TREE_BYTES])
		panel_add_quantity(line, PANEL_PLAIN, widths[TREE_BYTES], (double)row->now->bytes,
				   "B");
	if (widths[TREE_MATCHED])
		panel_add_count(line, PANEL_PLAIN, widths[TREE_MATCHED], row->matched->packets);
}

static void add_protocol(struct tree *tree, enum protocol protocol)
{
	const struct panel *panel = tree->area->panel;
	const struct row row = {
		.before = &panel->before->kernel.seen.protocols[protocol],
		.now = &panel->now->kernel.seen.protocols[protocol],
		.matched_before = &panel->before->kernel.matched.protocols[protocol],
		.matched = &panel->now->kernel.matched.protocols[protocol],
	};
	struct panel_line *line = panel_area_next(tree->area);
	struct panel_folded folded;

	panel_line_add(line, PANEL_PLAIN, " %*s%s", (int)(INDENT_COLUMNS * depth_of(protocol)), "",
		       counters_protocol_label(protocol));
	panel_fold_sum(panel, &tree->fold, protocol, &folded);
	if (folded.count && !panel_fold_has_row(&tree->fold, protocol))
		panel_line_add(line, PANEL_FAINT, " +%u", folded.count);
	panel_line_pad(line, tree->area->column + NAME_COLUMNS);
	add_figures(tree, line, &row);
}

static void add_folded(struct tree *tree, enum protocol parent)
{
	struct panel_line *line = panel_area_next(tree->area);
	struct panel_folded folded;
	const struct row row = { &folded.before, &folded.now, &folded.matched_before,
				 &folded.matched };

	panel_fold_sum(tree->area->panel, &tree->fold, parent, &folded);
	panel_line_add(line, PANEL_FAINT, " %*s... %u more",
		       (int)(INDENT_COLUMNS * (depth_of(parent) + 1)), "", folded.count);
	panel_line_pad(line, tree->area->column + NAME_COLUMNS);
	add_figures(tree, line, &row);
}

/* A protocol and what is below it, children in the order of PROTOCOL_LIST. */
static void add_branch(struct tree *tree, enum protocol protocol)
{
	add_protocol(tree, protocol);
	for (enum protocol i = 0; i < PROTOCOL_COUNT; i++)
		if (tree->fold.is_shown[i] && i != protocol &&
		    counters_protocol_parent(i) == protocol)
			add_branch(tree, i);
	if (panel_fold_has_row(&tree->fold, protocol))
		add_folded(tree, protocol);
}

void panel_add_tree(struct panel_area *area)
{
	struct tree tree = { .area = area };

	/* Heading, one protocol and another: less says nothing. */
	if (area->height < 3 || !area->panel->now->kernel.seen.protocols[PROTOCOL_ETHERNET].packets)
		return;
	panel_fold_choose(area->panel, area->height - 1, &tree.fold);
	lay_out(&tree);
	add_heading(&tree);
	add_branch(&tree, PROTOCOL_ETHERNET);
}

unsigned int panel_tree_lines(const struct panel *panel)
{
	struct panel_fold fold;

	if (!panel->now->kernel.seen.protocols[PROTOCOL_ETHERNET].packets)
		return 0;
	panel_fold_choose(panel, PROTOCOL_COUNT * 2, &fold);
	return 1 + panel_fold_rows(&fold);
}
