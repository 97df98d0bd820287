/* SPDX-License-Identifier: GPL-2.0-only */
/* See packet_text.h. */
#include "packet_text.h"

#include "dissect/dissector.h"
#include "dissect/tcp_notes.h"
#include "field_text.h"

void packet_add_source(const struct dissection *dissection, struct line *line)
{
	address_add(&dissection->flow.source, line);
}

void packet_add_destination(const struct dissection *dissection, struct line *line)
{
	address_add(&dissection->flow.destination, line);
}

void packet_add_protocol(const struct dissection *dissection, struct line *line)
{
	const struct layer *layer = dissection_main_layer(dissection);

	if (layer)
		line_add(line, layer->label);
}

void packet_add_info(const struct dissection *dissection, struct line *line)
{
	static const char *const ends[] = {
		[DISSECTION_TRUNCATED] = " [Packet size limited during capture]",
		[DISSECTION_MALFORMED] = " [Malformed Packet]",
		[DISSECTION_TOO_MUCH] = " [More than pktview keeps of a packet]",
	};
	const struct layer *layer = dissection_main_layer(dissection);

	tcp_notes_describe(dissection, line);
	if (layer && layer->dissector->describe)
		layer->dissector->describe(dissection, layer, line);
	else if (layer)
		line_add(line, layer->dissector->title);
	/* Where a message is there, too, the list speaks of that. */
	if (dissection->is_segment && layer && layer->dissector == &dissector_tcp)
		line_add(line, " [TCP segment of a reassembled PDU]");
	if (dissection->end != DISSECTION_WHOLE)
		line_add(line, ends[dissection->end]);
}
