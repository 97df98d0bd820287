/* SPDX-License-Identifier: GPL-2.0-only */
/* See tcp_notes.h. */
#include "tcp_notes.h"

#include "../line.h"
#include "dissector.h"

enum {
	NOTES = TCP_NOTE_COUNT, /* the notes themselves stand before, by the number of the bit */
	DUPLICATE_NUMBER,
	DUPLICATE_OF,
};

static const struct field_info fields[] = {
	{ "tcp.analysis.reused_ports",
	  "A new tcp session is started with the same ports as an earlier session in this trace",
	  FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.retransmission", "This frame is a (suspected) retransmission", FIELD_GROUP,
	  .bytes = 0 },
	{ "tcp.analysis.fast_retransmission", "This frame is a (suspected) fast retransmission",
	  FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.spurious_retransmission",
	  "This frame is a (suspected) spurious retransmission", FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.out_of_order", "This frame is a (suspected) out-of-order segment",
	  FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.lost_segment", "Previous segment(s) not captured (common at capture start)",
	  FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.ack_lost_segment",
	  "ACKed segment that wasn't captured (common at capture start)", FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.window_update", "TCP window update", FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.window_full", "TCP window specified by the receiver is now completely full",
	  FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.keep_alive", "TCP keep-alive segment", FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.keep_alive_ack", "ACK to a TCP keep-alive segment", FIELD_GROUP,
	  .bytes = 0 },
	{ "tcp.analysis.duplicate_ack", "This is a TCP duplicate ack", FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.zero_window_probe", "TCP Zero Window Probe", FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.zero_window", "TCP Zero Window segment", FIELD_GROUP, .bytes = 0 },
	{ "tcp.analysis.zero_window_probe_ack", "ACK to a TCP Zero Window Probe", FIELD_GROUP,
	  .bytes = 0 },
	[NOTES] = { "tcp.analysis.flags", "TCP Analysis Flags", FIELD_GROUP, .bytes = 0 },
	[DUPLICATE_NUMBER] = { "tcp.analysis.duplicate_ack_num", "Duplicate ACK #", FIELD_NUMBER },
	[DUPLICATE_OF] = { "tcp.analysis.duplicate_ack_frame", "Duplicate to the ACK in frame",
			   FIELD_NUMBER },
};

void tcp_notes_add(struct dissection *dissection, struct bytes place)
{
	const struct tcp_findings *found = &dissection->tcp;
	unsigned int notes;

	if (!found->notes)
		return;
	place.length = 0;
	notes = dissection_enter(dissection, &place, &fields[NOTES]);
	for (unsigned int i = 0; i < TCP_NOTE_COUNT; i++)
		if (found->notes & 1u << i)
			dissection_add_value(dissection, place, &fields[i], 0);
	dissection_leave(dissection, notes, place.data);
	if (found->notes & TCP_NOTE_DUPLICATE_ACK) {
		dissection_add_value(dissection, place, &fields[DUPLICATE_NUMBER],
				     found->duplicate);
		dissection_add_value(dissection, place, &fields[DUPLICATE_OF], found->duplicate_of);
	}
}

void tcp_notes_describe(const struct dissection *dissection, struct line *line)
{
	const struct tcp_findings *found = &dissection->tcp;

	for (unsigned int i = TCP_NOTE_COUNT; found->notes && i > 0; i--) {
		if (!(found->notes & 1u << (i - 1)))
			continue;
		line_add_character(line, '[');
		line_add(line, tcp_note_names[i - 1]);
		if (1u << (i - 1) == TCP_NOTE_DUPLICATE_ACK) {
			line_add_character(line, ' ');
			line_add_number(line, found->duplicate_of);
			line_add_character(line, '#');
			line_add_number(line, found->duplicate);
		}
		line_add(line, "] ");
	}
}

const struct field_table tcp_notes_table = FIELD_TABLE(fields);
