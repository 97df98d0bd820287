/* SPDX-License-Identifier: GPL-2.0-only */
/* Protocols on the panel: which have a row, what is folded, and the figures of that. */
#include <string.h>

#include "check.h"
#include "panel_figures.h"

/* The tree as lines of names, in a terminal of so many lines. */
static const char *names(const struct panel *given, unsigned int height)
{
	static char result[4096];
	struct panel panel = *given;
	char *end = result;
	const char *line;

	panel.height = height;
	panel.view = PANEL_VIEW_PROTOCOLS;
	line = strstr(render(&panel), " protocol ");
	*end = '\0';
	for (line = line ? strchr(line, '\n') + 1 : ""; *line; line = strchr(line, '\n') + 1) {
		memcpy(end, line, 18);
		for (end += 18; end[-1] == ' '; end--)
			;
		end = stpcpy(end, "|");
	}
	return result;
}

/* Lines of the terminal, and the rows that fit below the figures (12 lines and an empty one). */
static const struct {
	unsigned int height;
	const char *names;
} foldings[] = {
	{ 50,
	  " Ethernet|   ARP|   IPv4|   IP|     TCP|       SYN|       TLS|     UDP|       DNS|" },
	{ 24,
	  " Ethernet|   ARP|   IPv4|   IP|     TCP|       SYN|       TLS|     UDP|       DNS|" },
	{ 22, " Ethernet +1|   ARP|   IP|     TCP|       SYN|       TLS|     UDP|       DNS|" },
	{ 21, " Ethernet +1|   ARP|   IP|     TCP +1|       TLS|     UDP|       DNS|" },
	{ 20, " Ethernet +1|   ARP|   IP|     TCP +1|       TLS|     UDP +1|" },
	{ 19, " Ethernet +1|   ARP|   IP|     TCP +2|     UDP +1|" },
	{ 18, " Ethernet|   ARP|   IPv4|   IP +5|" },
	{ 16, " Ethernet +1|   ARP|   IP +5|" },
};

static void test_folding(void)
{
	struct panel panel = make_panel(80, 24, ascii);

	panel.filter = "";
	for (size_t i = 0; i < LENGTH(foldings); i++) {
		const char *shown = names(&panel, foldings[i].height);

		check(strcmp(shown, foldings[i].names) == 0,
		      "on %u lines the protocols with the most packets have a row, each below its "
		      "parent",
		      foldings[i].height);
		check_note("%s\n%s", shown, text);
	}
}

/* A minute after all of what was seen, some goes on. */
static void go_on_for_a_minute(const enum protocol *protocols, size_t count)
{
	history_start(&history, 0, &now.kernel);
	for (uint64_t i = 1; i <= HISTORY_SECONDS; i++) {
		for (size_t j = 0; j < count; j++)
			now.kernel.seen.protocols[protocols[j]].packets += 10;
		history_add(&history, i * SECOND, &now.kernel);
	}
}

static void test_quiet(void)
{
	static const enum protocol active[] = { PROTOCOL_ETHERNET, PROTOCOL_IPV4, PROTOCOL_IP,
						PROTOCOL_TCP, PROTOCOL_TCP_TLS };
	struct panel panel = make_panel(80, 50, ascii);
	const char *shown;

	panel.filter = "";
	now.kernel.seen.protocols[PROTOCOL_TCP_SSH] = (struct traffic_counter){ 500, 50000 };
	now.kernel.seen.protocols[PROTOCOL_TCP_HTTP] = (struct traffic_counter){ 700, 70000 };
	go_on_for_a_minute(active, LENGTH(active));
	shown = names(&panel, 50);
	check(strcmp(shown, " Ethernet|   ARP|   IPv4|   IP|     TCP|       TLS|       ... 3 more|"
			    "     UDP +1|") == 0,
	      "what was quiet for a minute is folded");
	check_note("%s", shown);
	check(strstr(text, "       ... 3 more        1,200    0.1%") != NULL,
	      "what is folded has its sum, in which no packet is twice");
	check_note("%s", text);
	now.kernel.seen.protocols[PROTOCOL_UDP].packets++;
	now.kernel.seen.protocols[PROTOCOL_UDP_DNS].packets++;
	check(strstr(names(&panel, 50), "     UDP|       DNS|") != NULL,
	      "what is not quiet any more comes back");
	go_on_for_a_minute(active, 0);
	check(strcmp(names(&panel, 50), " Ethernet +10|") == 0,
	      "where all is quiet the first row stays, and says what it has below it");
	check_note("%s", text);
}

static void test_figures(void)
{
	struct panel panel = make_panel(80, 50, ascii);
	const char *tree = strstr(render(&panel), " protocol ");

	check(tree && strstr(tree, " 0.0%") == NULL && strstr(tree, " <0.1%"),
	      "a share that is more than nothing is never shown as 0");
	check(tree && !strstr(tree, "ICMP"), "a protocol without packets is not shown");
	check(strstr(tree, "\n Ethernet            1,002,000  100.0%      2,000        100 ") !=
		      NULL,
	      "with a filter seen and matched stand side by side");
	check_note("%s", text);
	panel.filter = "";
	check(!strstr(render(&panel), "matched"), "without a filter nothing is called matched");
	now.kernel.seen.protocols[PROTOCOL_ETHERNET].packets = 0;
	check(!strstr(render(&panel), "protocol"), "without packets there are no protocols");
	panel = make_panel(80, 50, ascii);
	panel.before = &now;
	check(strstr(render(&panel),
		     "\n in                  -        500      2,000           - ") &&
		      strstr(text,
			     "\n Ethernet            1,002,000  100.0%          -          -  "),
	      "where no time has passed rates are not known");
	check_note("%s", text);
}

/* Beside each other: the tree's heading stands in the line of the other one. */
static void test_two_panes(void)
{
	struct panel panel = make_panel(200, 24, ascii);
	const struct panel_line *line;

	render(&panel);
	line = find_line(" bits/s ");
	check(line && strstr(line->text, " protocol "),
	      "on 200 columns the protocols stand beside");
	check_note("%s", text);
	panel.width = 150;
	render(&panel);
	line = find_line(" bits/s ");
	check(line && !strstr(line->text, " protocol "),
	      "on 150 columns the protocols stand below");
}

int main(void)
{
	test_folding();
	test_quiet();
	test_figures();
	test_two_panes();
	return check_finish();
}
