/* SPDX-License-Identifier: GPL-2.0-only */
/* pktview detail: the layers of each packet, and their fields, as a tree. */
#include <errno.h>
#include <stdlib.h>

#include "line.h"
#include "packet_json.h"
#include "terminal.h"
#include "tree.h"
#include "view.h"

struct detail {
	FILE *out;
	struct line line;
	struct terminal terminal;
	bool is_json;
};

static int open_detail(const struct options *options, FILE *out, void **ret_state,
		       struct error *reterr)
{
	struct detail *detail = calloc(1, sizeof(*detail));

	if (!detail)
		return error_set(reterr, -ENOMEM, "out of memory");
	detail->out = out;
	detail->terminal = terminal_of(out, options->colour);
	detail->is_json = options->is_json;
	*ret_state = detail;
	return 0;
}

static const char *colour_of(const struct detail *detail, enum tree_row row)
{
	static const char *const colours[] = {
		[TREE_TITLE] = TERMINAL_BOLD,
		[TREE_REMARK] = TERMINAL_COLOURS(210, 235),
		[TREE_FIELD] = NULL,
	};

	return detail->terminal.has_colours ? colours[row] : NULL;
}

static int write_row(struct detail *detail, enum tree_row row)
{
	const char *colours = colour_of(detail, row);

	if (colours && fputs(colours, detail->out) == EOF)
		return -errno;
	if (colours)
		line_add(&detail->line, TERMINAL_PLAIN);
	return line_write(&detail->line, detail->out);
}

static int detail_packet(void *state, const struct dissection *dissection)
{
	struct detail *detail = state;
	enum tree_row row;
	struct tree tree;
	int error = 0;

	if (detail->is_json) {
		packet_add_json(dissection, &detail->line);
		return line_write(&detail->line, detail->out);
	}
	tree_begin(&tree, dissection);
	while (!error && (row = tree_next(&tree, &detail->line)) != TREE_END)
		error = write_row(detail, row);
	return error ? error : line_write(&detail->line, detail->out);
}

static int finish_detail(void *state, struct error *reterr)
{
	const struct detail *detail = state;

	(void)reterr;
	return fflush(detail->out) ? -errno : 0;
}

static void close_detail(void *state)
{
	struct detail *detail = state;

	if (detail)
		line_free(&detail->line);
	free(detail);
}

const struct view view_detail = {
	.name = "detail",
	.purpose = "the layers and fields of each packet",
	.open = open_detail,
	.packet = detail_packet,
	.finish = finish_detail,
	.close = close_detail,
};
