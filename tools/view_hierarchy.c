/* SPDX-License-Identifier: GPL-2.0-only */
/* pktview hierarchy: packets and bytes of each path of layers, in the form of tshark's io,phs. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/dissector.h"
#include "line.h"
#include "view.h"

#define SECOND_NS 1000000000ull
#define MAXIMUM_NODES 4096
#define MAXIMUM_DEPTH (DISSECTION_LAYERS + 1)
#define MAXIMUM_INDENTED 15 /* tshark's: what is deeper has "..." in front */
#define COLUMN_COUNTS 41    /* tshark's, too */
#define COLUMN_SHARE 74

/* One protocol below one path. Links are indices; 0, the root, stands for none. */
struct node {
	const char *name; /* of the dissector: compared as a pointer */
	uint64_t packets;
	uint64_t bytes;
	uint16_t first_child;
	uint16_t last_child;
	uint16_t found; /* the child that the packet before went to */
	uint16_t sibling;
};

struct hierarchy {
	FILE *out;
	const struct options *options;
	struct line line;
	struct node nodes[MAXIMUM_NODES];
	uint16_t node_count;
	uint64_t left_out; /* packets that have more than there is room for */
	uint64_t first_ns, last_ns;
};

static int open_hierarchy(const struct options *options, FILE *out, void **ret_state,
			  struct error *reterr)
{
	struct hierarchy *hierarchy = calloc(1, sizeof(*hierarchy));

	if (!hierarchy)
		return error_set(reterr, -ENOMEM, "out of memory");
	hierarchy->out = out;
	hierarchy->options = options;
	hierarchy->node_count = 1;
	*ret_state = hierarchy;
	return 0;
}

/* 0: there is no room. */
static uint16_t add_child(struct hierarchy *hierarchy, uint16_t parent, const char *name)
{
	struct node *nodes = hierarchy->nodes;
	uint16_t child = hierarchy->node_count;

	if (child == MAXIMUM_NODES)
		return 0;
	hierarchy->node_count++;
	nodes[child].name = name;
	if (nodes[parent].last_child)
		nodes[nodes[parent].last_child].sibling = child;
	else
		nodes[parent].first_child = child;
	nodes[parent].last_child = child;
	return child;
}

static uint16_t find_child(struct hierarchy *hierarchy, uint16_t parent, const char *name)
{
	struct node *nodes = hierarchy->nodes;
	uint16_t child = nodes[parent].found;

	if (child && nodes[child].name == name)
		return child;
	for (child = nodes[parent].first_child; child; child = nodes[child].sibling)
		if (nodes[child].name == name)
			break;
	if (!child)
		child = add_child(hierarchy, parent, name);
	nodes[parent].found = child;
	return child;
}

static void count(struct node *node, const struct packet *packet)
{
	node->packets++;
	node->bytes += packet->wire_bytes;
}

/* What tshark has as protocols of their own. */
static const char *name_of_end(enum dissection_end end)
{
	static const char *const names[] = {
		[DISSECTION_TRUNCATED] = "_ws.short",
		[DISSECTION_MALFORMED] = "_ws.malformed",
		[DISSECTION_TOO_MUCH] = NULL,
	};

	return names[end];
}

/*
 * Extension headers of IPv6 stand in the layer before, AH too; quoted packets in the one that quotes
 * them, and what an echo carries in the echo.
 */
static bool is_counted(const struct dissection *dissection, unsigned int layer)
{
	const struct dissector *dissector = dissection->layers[layer].dissector, *before;

	if (dissection->quote && layer >= dissection->quote)
		return false;
	if (strchr(dissector->name, '.'))
		return false;
	if (layer == 0)
		return true;
	before = dissection->layers[layer - 1].dissector;
	if (dissector == &dissector_ah)
		return before != &dissector_ipv6 && !strchr(before->name, '.');
	return dissector != &dissector_payload ||
	       (before != &dissector_icmp && before != &dissector_icmpv6);
}

static int hierarchy_packet(void *state, const struct dissection *dissection)
{
	const struct packet *packet = dissection->packet;
	const char *end = name_of_end(dissection->end);
	struct hierarchy *hierarchy = state;
	unsigned int i = 0, length = dissection->layer_count + (end ? 1 : 0);
	uint16_t node = 0;

	if (!hierarchy->nodes[0].packets || packet->time_ns < hierarchy->first_ns)
		hierarchy->first_ns = packet->time_ns;
	if (packet->time_ns > hierarchy->last_ns)
		hierarchy->last_ns = packet->time_ns;
	count(&hierarchy->nodes[0], packet);
	for (; i < length; i++) {
		if (i < dissection->layer_count && !is_counted(dissection, i))
			continue;
		node = find_child(
			hierarchy, node,
			i < dissection->layer_count ? dissection->layers[i].dissector->name : end);
		if (!node)
			break;
		count(&hierarchy->nodes[node], packet);
	}
	hierarchy->left_out += i < length;
	return 0;
}

static double share_of(const struct hierarchy *hierarchy, const struct node *node)
{
	return 100.0 * (double)node->packets / (double)hierarchy->nodes[0].packets;
}

/* 0: all packets are of the same moment. */
static double bits_per_second(const struct hierarchy *hierarchy, const struct node *node)
{
	uint64_t ns = hierarchy->last_ns - hierarchy->first_ns;

	return ns ? 8.0 * (double)node->bytes * SECOND_NS / (double)ns : 0;
}

static void add_rate(struct line *line, double rate)
{
	static const char *const units[] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" };
	unsigned int unit = 0;

	for (; rate >= 999.95 && unit < 4; unit++)
		rate /= 1000;
	line_print(line, "%6.*f %s", unit ? 1 : 0, rate, units[unit]);
}

static void add_row(const struct hierarchy *hierarchy, const struct node *node, unsigned int depth,
		    struct line *line)
{
	for (unsigned int i = 0; i < depth && i < MAXIMUM_INDENTED + 1; i++)
		line_add(line, "  ");
	line_add(line, depth > MAXIMUM_INDENTED + 1 ? "..." : "");
	line_add(line, node->name);
	line_pad(line, COLUMN_COUNTS);
	line_print(line, "frames:%" PRIu64 " bytes:%" PRIu64, node->packets, node->bytes);
	line_pad(line, COLUMN_SHARE);
	line_print(line, "%5.1f %%  ", share_of(hierarchy, node));
	if (hierarchy->last_ns > hierarchy->first_ns)
		add_rate(line, bits_per_second(hierarchy, node));
	else
		line_add_character(line, '-');
}

static void add_path(const struct hierarchy *hierarchy, const uint16_t *path, unsigned int depth,
		     struct line *line)
{
	line_add(line, ",\"path\":[");
	for (unsigned int i = 0; i <= depth; i++)
		line_print(line, "%s\"%s\"", i ? "," : "", hierarchy->nodes[path[i]].name);
	line_add_character(line, ']');
}

static void add_object(const struct hierarchy *hierarchy, const uint16_t *path, unsigned int depth,
		       struct line *line)
{
	const struct node *node = &hierarchy->nodes[path[depth]];

	line_print(line, "{\"name\":\"%s\"", node->name);
	add_path(hierarchy, path, depth, line);
	line_print(line, ",\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"share\":%.6f",
		   node->packets, node->bytes, share_of(hierarchy, node) / 100);
	if (hierarchy->last_ns > hierarchy->first_ns)
		line_print(line, ",\"bits_per_second\":%.1f", bits_per_second(hierarchy, node));
	else
		line_add(line, ",\"bits_per_second\":null");
	line_add_character(line, '}');
}

/* Depth first: a parent, then its children in the order in which they came. */
static int show_nodes(struct hierarchy *hierarchy)
{
	const struct node *nodes = hierarchy->nodes;
	uint16_t path[MAXIMUM_DEPTH] = { nodes[0].first_child };
	unsigned int depth = 0;
	int error = 0;

	while (path[0] && !error) {
		if (hierarchy->options->is_json)
			add_object(hierarchy, path, depth, &hierarchy->line);
		else
			add_row(hierarchy, &nodes[path[depth]], depth, &hierarchy->line);
		error = line_write(&hierarchy->line, hierarchy->out);
		if (nodes[path[depth]].first_child) {
			path[depth + 1] = nodes[path[depth]].first_child;
			depth++;
			continue;
		}
		while (depth && !nodes[path[depth]].sibling)
			depth--;
		path[depth] = nodes[path[depth]].sibling;
	}
	return error;
}

static int show_border(struct hierarchy *hierarchy)
{
	for (int i = 0; i < 67; i++)
		line_add_character(&hierarchy->line, '=');
	return line_write(&hierarchy->line, hierarchy->out);
}

static int show_table(struct hierarchy *hierarchy)
{
	struct line *line = &hierarchy->line;
	int error;

	line_add_character(line, '\n');
	error = show_border(hierarchy);
	line_add(line, "Protocol Hierarchy Statistics\nFilter: ");
	line_add_text(line, (const uint8_t *)hierarchy->options->expression,
		      strlen(hierarchy->options->expression));
	line_add_character(line, '\n');
	if (!error)
		error = line_write(line, hierarchy->out);
	if (!error)
		error = show_nodes(hierarchy);
	if (!error && hierarchy->left_out) {
		line_print(
			line,
			"(%" PRIu64
			" packets have layers that are not counted: there are more than %d paths)",
			hierarchy->left_out, MAXIMUM_NODES - 1);
		error = line_write(line, hierarchy->out);
	}
	return error ? error : show_border(hierarchy);
}

static int finish_hierarchy(void *state, struct error *reterr)
{
	struct hierarchy *hierarchy = state;
	int error = hierarchy->options->is_json ? show_nodes(hierarchy) : show_table(hierarchy);

	(void)reterr;
	if (!error && fflush(hierarchy->out))
		error = -errno;
	return error;
}

static void close_hierarchy(void *state)
{
	struct hierarchy *hierarchy = state;

	if (hierarchy)
		line_free(&hierarchy->line);
	free(hierarchy);
}

static bool is_brief_hierarchy(const void *state)
{
	(void)state;
	return true;
}

const struct view view_hierarchy = {
	.name = "hierarchy",
	.purpose = "packets and bytes of each protocol",
	.open = open_hierarchy,
	.packet = hierarchy_packet,
	.finish = finish_hierarchy,
	.close = close_hierarchy,
	.is_brief = is_brief_hierarchy,
};
