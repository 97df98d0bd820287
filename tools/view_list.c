/* SPDX-License-Identifier: GPL-2.0-only */
/* pktview list: a line for each packet. */
#include <errno.h>
#include <stdlib.h>

#include "address_texts.h"
#include "columns.h"
#include "line.h"
#include "packet_colours.h"
#include "packet_text.h"
#include "terminal.h"
#include "time_text.h"
#include "view.h"

#define JSON_COLUMNS "number,time,source,destination,protocol,length,captured,info"
#define NUMBER_COLUMNS 5
#define LENGTH_COLUMNS 4
#define MOST_PROTOCOL_COLUMNS 10
#define LEAST_ADDRESS_COLUMNS 9 /* where the first lines begin to be aligned */
#define MOST_ADDRESS_COLUMNS 39 /* of IPv6 */
#define OTHER_COLUMNS 50        /* that a useful line has beside its addresses */

/* As wide as its widest text yet, up to a limit: what is longer moves the rest of its line. */
struct width {
	size_t columns;
	size_t most;
};

struct list {
	FILE *out;
	struct line line;
	struct time_text time;
	struct terminal terminal;
	struct packet_colours colours;
	struct columns *columns; /* NULL: the usual ones */
	bool is_json;
	struct width source, destination, protocol;
	struct address_texts addresses;
};

static int choose_columns(struct list *list, const struct options *options, struct error *reterr)
{
	const char *names = options->columns;

	if (!names && options->is_json)
		names = JSON_COLUMNS;
	return names ? columns_parse(names, &list->columns, reterr) : 0;
}

static struct width address_width(const struct terminal *terminal)
{
	struct width width = { LEAST_ADDRESS_COLUMNS, MOST_ADDRESS_COLUMNS };

	if (!terminal->columns || terminal->columns >= OTHER_COLUMNS + 2 * width.most)
		return width;
	width.most =
		terminal->columns < OTHER_COLUMNS ? 0 : (terminal->columns - OTHER_COLUMNS) / 2;
	if (width.most < width.columns)
		width.most = width.columns;
	return width;
}

static void close_list(void *state)
{
	struct list *list = state;

	if (!list)
		return;
	columns_free(list->columns);
	line_free(&list->line);
	free(list);
}

static int open_list(const struct options *options, FILE *out, void **ret_state,
		     struct error *reterr)
{
	struct list *list = calloc(1, sizeof(*list));
	int error;

	if (!list)
		return error_set(reterr, -ENOMEM, "out of memory");
	list->out = out;
	list->is_json = options->is_json;
	list->terminal = terminal_of(out, options->colour);
	list->time.form = options->time_form;
	list->source = list->destination = address_width(&list->terminal);
	list->protocol.most = MOST_PROTOCOL_COLUMNS;
	packet_colours_init(&list->colours);
	error = choose_columns(list, options, reterr);
	list->time.is_aligned = !list->columns;
	if (error)
		close_list(list);
	else
		*ret_state = list;
	return error;
}

/* Of the column that begins there. */
static void pad(struct list *list, size_t begin, struct width *width)
{
	size_t length = list->line.length - begin;

	if (length > width->columns)
		width->columns = length < width->most ? length : width->most;
	line_pad(&list->line, begin + width->columns + 1);
}

static void add_address(struct list *list, const struct address *address, struct width *width)
{
	size_t begin = list->line.length;

	address_texts_add(&list->addresses, address, &list->line);
	pad(list, begin, width);
}

static void add_protocol(struct list *list, const struct dissection *dissection)
{
	size_t begin = list->line.length;

	packet_add_protocol(dissection, &list->line);
	pad(list, begin, &list->protocol);
}

static void add_usual_columns(struct list *list, const struct dissection *dissection)
{
	const struct packet *packet = dissection->packet;
	struct line *line = &list->line;

	line_add_right(line, packet->number, NUMBER_COLUMNS);
	line_add_character(line, ' ');
	time_text_add(&list->time, packet, line);
	line_add_character(line, ' ');
	add_address(list, &dissection->flow.source, &list->source);
	line_add(line, "→ ");
	add_address(list, &dissection->flow.destination, &list->destination);
	add_protocol(list, dissection);
	line_add_right(line, packet->wire_bytes, LENGTH_COLUMNS);
	line_add_character(line, ' ');
	packet_add_info(dissection, line);
}

static int list_packet(void *state, const struct dissection *dissection)
{
	struct list *list = state;
	struct line *line = &list->line;
	const char *colours = NULL;
	size_t begin;

	if (list->is_json) {
		columns_add_json(list->columns, dissection, line);
		return line_write(line, list->out);
	}
	if (list->terminal.has_colours)
		colours = packet_colours_find(&list->colours, dissection);
	if (colours)
		line_add(line, colours);
	begin = line->length;
	if (list->columns)
		columns_add(list->columns, dissection, &list->time, line);
	else
		add_usual_columns(list, dissection);
	/* Tabs are as wide as the terminal wants. */
	if (list->terminal.columns && !list->columns)
		line_cut(line, begin, terminal_columns(list->out));
	if (colours)
		line_add(line, TERMINAL_PLAIN);
	return line_write(line, list->out);
}

static int finish_list(void *state, struct error *reterr)
{
	const struct list *list = state;

	(void)reterr;
	return fflush(list->out) ? -errno : 0;
}

/* Columns name fields, and so do the rules for colours. */
static bool is_brief_list(const void *state)
{
	const struct list *list = state;

	return !list->columns && !list->terminal.has_colours;
}

const struct view view_list = {
	.name = "list",
	.purpose = "a line for each packet",
	.open = open_list,
	.packet = list_packet,
	.finish = finish_list,
	.close = close_list,
	.is_brief = is_brief_list,
};
