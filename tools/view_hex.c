/* SPDX-License-Identifier: GPL-2.0-only */
/* pktview hex: the bytes of each packet, beside its tree where the terminal is wide. */
#include <errno.h>
#include <stdlib.h>

#include "hex_rows.h"
#include "line.h"
#include "marks.h"
#include "packet_json.h"
#include "terminal.h"
#include "tree.h"
#include "view.h"

#define WIDE_COLUMNS 150 /* from here on there is room for the tree */
#define TREE_COLUMN (HEX_ROW_COLUMNS + 2)

struct hex {
	FILE *out;
	struct line line;
	struct line beside;
	struct terminal terminal;
	bool is_json;
	struct marks marks;
};

static void close_hex(void *state)
{
	struct hex *hex = state;

	if (!hex)
		return;
	line_free(&hex->line);
	line_free(&hex->beside);
	free(hex);
}

static int open_hex(const struct options *options, FILE *out, void **ret_state,
		    struct error *reterr)
{
	struct hex *hex = calloc(1, sizeof(*hex));
	int error;

	if (!hex)
		return error_set(reterr, -ENOMEM, "out of memory");
	hex->out = out;
	hex->is_json = options->is_json;
	hex->terminal = terminal_of(out, options->colour);
	error = marks_init(&hex->marks, options, reterr);
	if (error)
		close_hex(hex);
	else
		*ret_state = hex;
	return error;
}

static void add_json_block(struct hex *hex, struct bytes bytes, struct line *line)
{
	line_add(line, "\"bytes\":\"");
	line_add_bytes(line, bytes.data, bytes.length, '\0');
	line_add(line, "\",\"marked\":[");
	for (size_t i = 0; i < hex->marks.count; i++) {
		const struct mark *mark = &hex->marks.marks[i];

		line_print(line, "%s{\"offset\":%zu,\"length\":%zu}", i ? "," : "", mark->begin,
			   mark->end - mark->begin);
	}
	line_add_character(line, ']');
}

static int show_json(struct hex *hex, const struct dissection *dissection)
{
	struct line *line = &hex->line;

	packet_add_json_head(dissection->packet, line);
	line_add_character(line, ',');
	marks_find(&hex->marks, dissection, 0);
	add_json_block(hex, dissection->packet->bytes, line);
	line_add(line, ",\"reassembled\":[");
	for (unsigned int i = 0; i < dissection->reassembled_count; i++) {
		line_add(line, i ? ",{" : "{");
		marks_find(&hex->marks, dissection, i + 1);
		add_json_block(hex, dissection->reassembled[i], line);
		line_add_character(line, '}');
	}
	line_add(line, "]}");
	return line_write(line, hex->out);
}

/* The blocks of a packet, one below the other. */
struct blocks {
	struct hex *hex;
	const struct dissection *dissection;
	unsigned int source; /* see struct field */
	bool is_begun;
	struct hex_rows rows;
};

/* Adds a row of bytes, or the title of a block; *ret_columns: of it. False: that was all. */
static bool next_row(struct blocks *blocks, struct line *line, size_t *ret_columns)
{
	const struct dissection *dissection = blocks->dissection;
	struct hex *hex = blocks->hex;
	struct bytes bytes = dissection->packet->bytes;

	if (!blocks->is_begun) {
		if (blocks->source)
			bytes = dissection->reassembled[blocks->source - 1];
		marks_find(&hex->marks, dissection, blocks->source);
		hex_rows_begin(&blocks->rows, bytes, &hex->marks, hex->terminal.has_colours);
		blocks->is_begun = true;
	}
	*ret_columns = hex_rows_next(&blocks->rows, line);
	if (*ret_columns)
		return true;
	if (blocks->source == dissection->reassembled_count)
		return false;
	blocks->is_begun = false;
	bytes = dissection->reassembled[blocks->source++];
	line_print(line, "Reassembled (%zu bytes):", bytes.length);
	*ret_columns = line_count_columns(line, 0);
	return true;
}

static int show_alone(struct hex *hex, struct blocks *blocks)
{
	struct tree tree;
	size_t columns;
	int error;

	tree_begin(&tree, blocks->dissection);
	(void)tree_next(&tree, &hex->line);
	error = line_write(&hex->line, hex->out);
	while (!error && next_row(blocks, &hex->line, &columns))
		error = line_write(&hex->line, hex->out);
	return error;
}

static int show_beside_tree(struct hex *hex, struct blocks *blocks)
{
	bool has_row = true, is_colourful = hex->terminal.has_colours;
	enum tree_row row = TREE_TITLE;
	struct tree tree;
	int error = 0;

	tree_begin(&tree, blocks->dissection);
	while (!error) {
		size_t columns = 0;

		has_row = has_row && next_row(blocks, &hex->line, &columns);
		row = row == TREE_END ? row : tree_next(&tree, &hex->beside);
		if (!has_row && row == TREE_END)
			break;
		for (; row != TREE_END && columns < TREE_COLUMN; columns++)
			line_add_character(&hex->line, ' ');
		line_cut(&hex->beside, 0, hex->terminal.columns - columns);
		line_add(&hex->line, is_colourful && row == TREE_TITLE ? TERMINAL_BOLD : "");
		line_add_line(&hex->line, &hex->beside);
		line_add(&hex->line, is_colourful && row == TREE_TITLE ? TERMINAL_PLAIN : "");
		line_clear(&hex->beside);
		error = line_write(&hex->line, hex->out);
	}
	return error;
}

static int hex_packet(void *state, const struct dissection *dissection)
{
	struct hex *hex = state;
	struct blocks blocks = { .hex = hex, .dissection = dissection };
	int error;

	if (hex->is_json)
		return show_json(hex, dissection);
	error = hex->terminal.columns >= WIDE_COLUMNS ? show_beside_tree(hex, &blocks) :
							show_alone(hex, &blocks);
	return error ? error : line_write(&hex->line, hex->out);
}

static int finish_hex(void *state, struct error *reterr)
{
	const struct hex *hex = state;

	(void)reterr;
	return fflush(hex->out) ? -errno : 0;
}

const struct view view_hex = {
	.name = "hex",
	.purpose = "the bytes of each packet, as offsets, hexadecimal and text",
	.open = open_hex,
	.packet = hex_packet,
	.finish = finish_hex,
	.close = close_hex,
};
