/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libFuzzer's target: an input is one packet. Its first byte is the link type, the second how many
 * bytes more than these the packet had; the rest is the packet. What it consists of is looked at
 * as views do.
 */
#include <stdlib.h>

#include "../../tools/dissect/dissector.h"
#include "../../tools/field_text.h"
#include "../../tools/line.h"
#include "view_checks.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void describe(const struct dissection *dissection, struct line *line, FILE *out)
{
	for (unsigned int i = 0; i < dissection->layer_count; i++) {
		const struct layer *layer = &dissection->layers[i];

		if (layer->dissector->describe)
			layer->dissector->describe(dissection, layer, line);
		line_write(line, out);
	}
	for (unsigned int i = 0; i < dissection->field_count; i++) {
		field_add_value(&dissection->fields[i], line);
		field_add_description(&dissection->fields[i], line);
		line_write(line, out);
	}
	address_add(&dissection->flow.source, line);
	address_add(&dissection->flow.destination, line);
	line_write(line, out);
}

/* LINKTYPE_: Ethernet, NULL, RAW, LINUX_SLL, LINUX_SLL2, and one that nobody has. */
static uint32_t link_type(uint8_t choice)
{
	static const uint32_t types[] = { 1, 0, 101, 113, 276, 9999 };

	return types[choice % (sizeof(types) / sizeof(types[0]))];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct dissection dissection;
	static struct line line;
	static FILE *out;
	struct packet packet = { .number = 1, .time_ns = 1 };

	if (size < 2)
		return 0;
	if (!out) {
		out = checked_output();
		if (dissection_init(&dissection))
			abort();
	}
	packet.link_type = link_type(data[0]);
	packet.bytes = bytes_make(data + 2, size - 2);
	packet.wire_bytes = (uint32_t)(size - 2) + data[1];
	dissection_run(&dissection, &packet);
	check_dissection(&dissection);
	describe(&dissection, &line, out);
	return 0;
}
