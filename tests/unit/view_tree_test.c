/* SPDX-License-Identifier: GPL-2.0-only */
/* What every dissector says of itself for the tree; the tree of a packet that is made here. */
#include <string.h>

#include "../../tools/dissect/registry.h"
#include "../../tools/tree.h"
#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static bool has_field(const struct dissector *dissector, const char *name, size_t length)
{
	for (size_t i = 0; i < dissector->field_count; i++)
		if (strlen(dissector->fields[i].name) == length &&
		    strncmp(dissector->fields[i].name, name, length) == 0)
			return true;
	return false;
}

/* Each name in braces is one of its fields. */
static void test_summaries(void)
{
	const struct dissector *dissector;
	unsigned int names = 0;

	for (size_t i = 0; (dissector = registry_dissector(i)); i++) {
		const char *at = dissector->summary, *end;

		for (; at && (at = strchr(at, '{')); at = end) {
			end = strchr(at, '}');
			if (!check(end && has_field(dissector, at + 1, (size_t)(end - at - 1)),
				   "%s has the fields of its summary '%s'", dissector->name,
				   dissector->summary))
				return;
			names++;
		}
	}
	check(names > 10, "summaries were looked at");
}

static const struct value_name versions[] = { { 4, "four" }, { 0, NULL } };

static const struct field_info infos[] = {
	{ "x.version", "Version", FIELD_NUMBER, 1, .mask = 0xf0, .values = versions },
	{ "x.length", "Length", FIELD_NUMBER, 1, .mask = 0x0f, .factor = 4, .unit = "bytes" },
	{ "x.flags", "Flags", FIELD_HEX, 2, .mask = 0x0fff },
	{ "x.flags.a", "A flag", FIELD_FLAG, 2, .mask = 0x0800 },
	{ "x.flags.b", "B flag", FIELD_FLAG, 2, .mask = 0x0001 },
	{ "x.missing", "Missing", FIELD_NUMBER, .bytes = 1, .mask = 0 },
};

static const struct dissector dissector = {
	.name = "x",
	.label = "X",
	.title = "Protocol X",
	.summary = ", Version: {x.version}, Missing: {x.missing}, Length: {x.length}!",
	DISSECTOR_FIELDS(infos),
};

static const uint8_t bytes[] = { 0x45, 0x08, 0x01 };

static const struct field fields[] = {
	{ .info = &infos[0], .data = bytes, .length = 1, .depth = 1, .number = 4 },
	{ .info = &infos[1], .data = bytes, .length = 1, .depth = 1, .number = 20 },
	{ .info = &infos[2], .data = bytes + 1, .length = 2, .depth = 1, .number = 0x801 },
	{ .info = &infos[3], .data = bytes + 1, .length = 2, .depth = 2, .number = 1 },
	{ .info = &infos[4], .data = bytes + 1, .length = 2, .depth = 2, .number = 1 },
};

static void test_tree(void)
{
	static const char *const rows[] = {
		"Protocol X, Version: four, Length: 20!",
		"    0100 .... = Version: four (4)",
		"    .... 0101 = Length: 20 bytes",
		"    .... 1000 0000 0001 = Flags: 0x801 (A flag, B flag)",
		"        1... .... .... = A flag: Set",
		"        .... .... ...1 = B flag: Set",
		"[Malformed Packet: X]",
	};
	const struct packet packet = { .number = 1, .bytes = { bytes, 3 }, .wire_bytes = 3 };
	struct dissection dissection = {
		.packet = &packet,
		.layers = { { .dissector = &dissector,
			      .label = "X",
			      .data = bytes,
			      .length = 3,
			      .header_bytes = 3,
			      .field_count = LENGTH(fields) } },
		.layer_count = 1,
		.fields = (struct field *)fields, /* which a tree only reads */
		.field_count = LENGTH(fields),
		.end = DISSECTION_MALFORMED,
	};
	struct line line = { 0 };
	struct tree tree;
	size_t row = 0;

	tree_begin(&tree, &dissection);
	while (tree_next(&tree, &line) != TREE_END) {
		line_add_character(&line, '\0');
		if (row > 0 || strncmp(line.text, "Protocol", 8) == 0) {
			check(row < LENGTH(rows) && strcmp(line.text, rows[row]) == 0,
			      "the tree has the row '%s'", row < LENGTH(rows) ? rows[row] : "");
			check_note("it is '%s'", line.text);
			row++;
		}
		line_clear(&line);
	}
	check(row == LENGTH(rows), "and no other behind its frame");
	line_free(&line);
}

int main(void)
{
	test_summaries();
	test_tree();
	return check_finish();
}
