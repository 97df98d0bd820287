/* SPDX-License-Identifier: GPL-2.0-only */
/* The panel keeps to terminals of every size and style, whatever the figures are. */
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "panel_figures.h"

#define ANYTHING \
	"\x1b]0;title\x07 \x9b\x31m \xc3\xa9 \xe4\xb8\xad\xe6\x96\x87 \xe2\x80\xae \xff\n\r\t\x7f"

static const struct panel_style ascii_colours = { true, false }, utf8_colours = { true, true };

/* Counts by itself: no escape sequences, two columns for what is behind U+3000. */
static unsigned int columns_of(const char *line)
{
	unsigned int columns = 0;

	for (; *line; line++) {
		unsigned char byte = (unsigned char)*line;

		if (byte == '\x1b' && strchr(line, 'm'))
			line = strchr(line, 'm');
		else if ((byte & 0xc0) != 0x80)
			columns += byte >= 0xe3 ? 2 : 1;
	}
	return columns;
}

static bool is_control(unsigned char byte)
{
	return byte < 0x20 || byte == 0x7f;
}

/* What must not be in a line of such a style; NULL if nothing is wrong. */
static const char *find_fault(const char *line, struct panel_style style, unsigned int width)
{
	const unsigned char *byte = (const unsigned char *)line;

	if (columns_of(line) > width)
		return "a line is too long";
	for (; *byte; byte++) {
		if (*byte == '\x1b' && style.has_colours && byte[1] == '[' &&
		    byte[2 + strspn((const char *)byte + 2, "0123456789;")] == 'm')
			continue;
		if (is_control(*byte))
			return "there is a control character";
		if (*byte >= 0x80 && !style.is_utf8)
			return "there is more than ASCII";
		/* U+0080 to U+009F, which some terminals obey, and U+202E, which turns the rest. */
		if ((*byte == 0xc2 && byte[1] < 0xa0) || memcmp(byte, "\u202e", 3) == 0)
			return "there is a control character in UTF-8";
	}
	return NULL;
}

static const unsigned int widths[] = { 0,   1,   2,   5,   10,  11,  12,  23,   24,    35,
				       40,  59,  60,  79,  80,  81,  99,  100,  120,   149,
				       150, 169, 170, 200, 239, 240, 241, 1000, 100000 };
static const unsigned int heights[] = { 0,  1,  2,  3,  4,  5,  6,  7,  8,    9,     10,
					11, 12, 15, 17, 20, 24, 30, 50, 1000, 100000 };

/* Every size at once: the first fault is told. */
static void check_sizes(const char *what, const struct panel *given, struct panel_style style)
{
	struct panel panel = *given;
	const char *fault = NULL;
	unsigned int width = 0, height = 0;

	panel.style = style;
	for (size_t i = 0; i < LENGTH(widths) && !fault; i++) {
		for (size_t j = 0; j < LENGTH(heights) && !fault; j++) {
			panel.width = width = widths[i];
			panel.height = height = heights[j];
			panel_render(&panel, &screen);
			if (screen.count > height)
				fault = "there are too many lines";
			for (unsigned int line = 0; line < screen.count && !fault; line++)
				fault = find_fault(screen.lines[line].text, style, width);
		}
	}
	check(!fault, "%s: every size is kept to, %s colours, %s", what,
	      style.has_colours ? "with" : "without", style.is_utf8 ? "UTF-8" : "ASCII");
	check_note("%u x %u: %s", width, height, fault);
}

static void check_all_sizes(const char *what, const struct panel *panel)
{
	check_sizes(what, panel, ascii);
	check_sizes(what, panel, ascii_colours);
	check_sizes(what, panel, utf8);
	check_sizes(what, panel, utf8_colours);
}

static void test_sizes(void)
{
	struct panel panel = make_panel(80, 24, utf8);
	char long_text[5000];

	check_all_sizes("a usual capture", &panel);
	add_tops();
	panel.has_keys = true;
	check_all_sizes("a usual capture with hosts", &panel);
	panel.view = PANEL_VIEW_HOSTS;
	check_all_sizes("hosts alone", &panel);
	panel.view = PANEL_VIEW_PROTOCOLS;
	check_all_sizes("protocols alone", &panel);
	panel.shows_help = panel.is_paused = true;
	check_all_sizes("help, paused", &panel);
	panel = make_panel(80, 24, utf8);
	panel.packet_limit = panel.duration_ns = panel.notice_age_ns = UINT64_MAX;
	panel.interface_is_down = panel.has_keys = panel.is_paused = true;
	memset(&now, 0xff, sizeof(now));
	now.intake.is_conditional = now.intake.is_on = now.intake.has_memory = true;
	now.intake.condition = ANYTHING;
	history_add(&history, UINT64_MAX, &now.kernel);
	add_tops();
	memset(top_rows, 0xff, sizeof(top_rows));
	panel.file_bytes = UINT64_MAX;
	check_all_sizes("the largest figures", &panel);
	memset(&now, 0, sizeof(now));
	check_all_sizes("figures that went back", &panel);
	panel = make_panel(80, 24, utf8);
	panel.interface = panel.filter = panel.output = panel.notice = ANYTHING;
	now.intake.is_conditional = true;
	now.intake.condition = ANYTHING;
	check_all_sizes("names with control characters", &panel);
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	panel.interface = panel.filter = panel.output = panel.notice = long_text;
	now.intake.condition = long_text;
	check_all_sizes("long names", &panel);
	for (size_t i = 0; i + 3 < sizeof(long_text); i += 3)
		memcpy(long_text + i, "\xe4\xb8\xad", 3);
	check_all_sizes("long names of wide characters", &panel);
}

int main(void)
{
	test_sizes();
	return check_finish();
}
