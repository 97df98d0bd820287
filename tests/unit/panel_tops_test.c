/* SPDX-License-Identifier: GPL-2.0-only */
/* Hosts and services on the panel: where they stand, in which order, with which figures. */
#include <string.h>

#include "check.h"
#include "panel_figures.h"

static struct panel make_tops(unsigned int width, unsigned int height)
{
	struct panel panel = make_panel(width, height, ascii);

	panel.filter = "";
	add_tops();
	return panel;
}

/* Where the hosts are: sentence, size, view, what is in one line with the sources, what is below. */
static const struct {
	const char *sentence;
	unsigned int width, height;
	enum panel_view view;
	bool has_protocols;
	const char *beside[2]; /* the heading of the sources */
	const char *below;     /* somewhere behind it */
	const char *not_there;
} places[] = {
	{ "on 79 x 24 sources and services stand below the protocols",
	  79,
	  24,
	  PANEL_VIEW_BOTH,
	  true,
	  { " service " },
	  NULL,
	  " destination " },
	{ "on 79 x 50 so do destinations",
	  79,
	  50,
	  PANEL_VIEW_BOTH,
	  true,
	  { " service " },
	  " destination ",
	  NULL },
	{ "on 59 x 15 there is room for hosts alone",
	  59,
	  15,
	  PANEL_VIEW_BOTH,
	  false,
	  { " service " },
	  NULL,
	  " destination " },
	{ "on 119 x 30 they stand beside the protocols",
	  119,
	  30,
	  PANEL_VIEW_BOTH,
	  true,
	  { " protocol " },
	  " service ",
	  NULL },
	{ "on 199 x 50 they stand below the figures, protocols beside both",
	  199,
	  50,
	  PANEL_VIEW_BOTH,
	  true,
	  { " service " },
	  " destination ",
	  NULL },
	{ "hosts alone leave no protocols",
	  79,
	  24,
	  PANEL_VIEW_HOSTS,
	  false,
	  { " service " },
	  " destination ",
	  NULL },
	{ "on 199 columns hosts alone stand beside the figures",
	  199,
	  30,
	  PANEL_VIEW_HOSTS,
	  false,
	  { " packets/s       mean ", " service " },
	  " destination ",
	  NULL },
};

static void test_places(void)
{
	for (size_t i = 0; i < LENGTH(places); i++) {
		struct panel panel = make_tops(places[i].width, places[i].height);
		const struct panel_line *heading;
		bool is_right;

		panel.view = places[i].view;
		render(&panel);
		heading = find_line(" source ");
		is_right = heading && !strstr(text, " protocol ") == !places[i].has_protocols;
		for (size_t j = 0; j < 2 && places[i].beside[j]; j++)
			is_right = is_right && strstr(heading->text, places[i].beside[j]);
		if (places[i].below)
			is_right = is_right && strstr(strstr(text, " source "), places[i].below);
		if (places[i].not_there)
			is_right = is_right && !strstr(text, places[i].not_there);
		check(is_right, "%s", places[i].sentence);
		check_note("%s", text);
	}
}

static void test_protocols_alone(void)
{
	struct panel panel = make_tops(79, 50);

	panel.view = PANEL_VIEW_PROTOCOLS;
	check(strstr(render(&panel), " protocol ") && !find_line(" source "),
	      "protocols alone leave no hosts");
	panel = make_panel(79, 50, ascii);
	check(strstr(render(&panel), " protocol ") && !find_line(" source "),
	      "without --top there are no hosts");
	panel.view = PANEL_VIEW_HOSTS;
	check(strstr(render(&panel), "--top 10") != NULL,
	      "without --top who asks for hosts is told of it");
	check_note("%s", text);
	panel = make_tops(79, 50);
	panel.view = PANEL_VIEW_HOSTS;
	top_figures[TOP_SOURCES] = (struct top_figures){ 0 };
	check(strstr(render(&panel), "no packet has passed the filter") && !strstr(text, "--top"),
	      "where no packet has passed the filter that is told");
	check_note("%s", text);
}

static void test_figures(void)
{
	struct panel panel = make_tops(119, 40);

	panel.view = PANEL_VIEW_HOSTS;
	check(strstr(render(&panel),
		     "\n 203.0.113.250                               1,200   60.0% "),
	      "a host has its rate, and its share of all");
	check_note("%s", text);
	check(strstr(text, "\n others                                          5    0.2%") != NULL,
	      "what is not listed has a row of its own");
	panel.height = 24;
	check(strstr(render(&panel),
		     "\n others                                        100    5.0%"),
	      "what is listed and finds no room is among the others");
	check_note("%s", text);
	panel.width = 230;
	panel.height = 50;
	check(find_line(" 2001:db8:1234:5678:9abc:def0:1111:2222 ") != NULL,
	      "where there is room an IPv6 address is whole");
	panel.width = 79;
	check(strstr(render(&panel), " 2001:db8..111:2222 ") != NULL,
	      "where there is none its middle is left out");
	check_note("%s", text);
	panel.prefixes.ipv4_bits = 24;
	check(strstr(render(&panel), " 192.0.2.1/24 ") != NULL, "a network has its length");
	check_note("%s", text);
}

static const struct {
	enum top_order order;
	const char *name, *row;
} orders[] = {
	{ TOP_BY_RECENT_PACKETS, "packets/s", "\n 203.0.113.250           1,200   60.0% " },
	{ TOP_BY_RECENT_BYTES, "bits/s", "\n 203.0.113.250       8.00 Mb/s   62.5% " },
	{ TOP_BY_PACKETS, "packets", "\n 203.0.113.250         500,000   49.9% " },
	{ TOP_BY_BYTES, "bytes", "\n 203.0.113.250          400 MB   44.4% " },
};

static void test_orders(void)
{
	for (size_t i = 0; i < LENGTH(orders); i++) {
		struct panel panel = make_tops(79, 30);
		char rule[64];

		panel.order = orders[i].order;
		panel.has_keys = true;
		snprintf(rule, sizeof(rule), "  s by %s  ", orders[i].name);
		check(strstr(render(&panel), orders[i].row) && strstr(text, rule),
		      "sorted by %s that and the share of it are shown, and the order is named",
		      orders[i].name);
		check_note("%s", text);
	}
}

int main(void)
{
	test_places();
	test_protocols_alone();
	test_figures();
	test_orders();
	return check_finish();
}
