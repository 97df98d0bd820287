/* SPDX-License-Identifier: GPL-2.0-only */
/* What the most urgent questions are comes first; a low terminal shows less. See panel_help.h. */
#include "panel_help.h"

static const struct {
	const char *key;
	const char *text;
} rows[] = {
	{ "q", "stop, as Ctrl-C does" },
	{ "p", "pause the display, and go on; the capture goes on anyway" },
	{ "t", "hosts and services alone, and back" },
	{ "f", "protocols alone, and back" },
	{ "s", "sort hosts by the next: packets/s, bits/s, packets, bytes" },
	{ "h", "this help, and back" },
	{ "", "" },
	{ "mean", "and peak: of the last minute, second by second" },
	{ "seen", "what came to the hook; matched: what passed the filter" },
	{ "flood?", "100 SYN/s and more, fewer than half with a SYN-ACK" },
	{ "... more", "protocols without a packet in the last minute, or" },
	{ "", "without room; the figures are their sum" },
	{ "TCP +3", "so many below it have no row; its figures have them" },
	{ "source", "and so on: of what passed the filter" },
	{ "others", "all that are not in the table; exact" },
};

void panel_add_help(struct panel_area *area)
{
	struct panel_line *line;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && i < area->height; i++) {
		line = panel_area_next(area);
		panel_line_add(line, PANEL_STRONG, " %s", rows[i].key);
		panel_line_pad(line, area->column + PANEL_LABEL_COLUMNS);
		panel_line_add(line, PANEL_PLAIN, "%s", rows[i].text);
	}
}
