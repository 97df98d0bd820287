/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures, and the panel that they make on terminals of every size. */
#include <string.h>

#include "check.h"
#include "panel_figures.h"

static const struct panel_style utf8_colours = { true, true };

/* The whole panel of a capture that goes well. */
static const struct {
	unsigned int width, height;
	const struct panel_style *style;
	const char *text;
} wholes[] = {
	/* clang-format off */
	{ 80, 24, &utf8,
	  " pktsieve  eth0  host 192.0.2.7 and tcp port 443                         0:00:24\n"
	  " ───────────────────────────────────────────────────────────────────────────────\n"
	  "             packets/s       mean       peak      bits/s       mean       peak\n"
	  " in              1,500        500      2,000   12.0 Mb/s  3.20 Mb/s  12.8 Mb/s\n"
	  " out               500          0          0    800 kb/s      0 b/s      0 b/s\n"
	  " seen            2,000        500      2,000   12.8 Mb/s  3.20 Mb/s  12.8 Mb/s\n"
	  "   1 min                                                          ···▃█ 2,000/s\n"
	  " matched           100         25        100    640 kb/s   160 kb/s   640 kb/s\n"
	  "   1 min                                                          ···▃█ 100/s\n"
	  " TCP /s    SYN        0  SYN-ACK        0  RST        0  FIN        0\n"
	  "\n"
	  " written   4,012 of 4,100 frames, 3.46 MB in /var/tmp/x.pcap\n"
	  " lost      0\n"
	  " ring      ████████························  25%  16.8 MB of 67.1 MB\n"
	  "\n"
	  " protocol              packets   share  packets/s  matched/s     bytes\n"
	  " Ethernet +1         1,002,000  100.0%      2,000        100    902 MB\n"
	  "   ARP                     100   <0.1%          0          0   6.00 kB\n"
	  "   IP                1,001,900  100.0%      2,000          0    902 MB\n"
	  "     TCP               801,500   80.0%      1,500          0    802 MB\n"
	  "       SYN                  12   <0.1%          0          0     720 B\n"
	  "       TLS             701,500   70.0%      1,500          0    752 MB\n"
	  "     UDP               200,400   20.0%        500          0    100 MB\n"
	  "       DNS             200,400   20.0%        500          0    100 MB\n" },
	{ 60, 20, &ascii,
	  " pktsieve  eth0  host 192.0.2.7 and tcp port 443     0:00:24\n"
	  " -----------------------------------------------------------\n"
	  "             packets/s       mean       peak      bits/s\n"
	  " in              1,500        500      2,000   12.0 Mb/s\n"
	  " out               500          0          0    800 kb/s\n"
	  " seen            2,000        500      2,000   12.8 Mb/s\n"
	  "   1 min                              ..@ 2,000/s peak\n"
	  " matched           100         25        100    640 kb/s\n"
	  "   1 min                              ..@ 100/s peak\n"
	  " TCP /s    SYN     0  SYN-ACK     0  RST     0  FIN     0\n"
	  "\n"
	  " written   4,012 of 4,100 frames, 3.46 MB in /var/tmp/x.pcap\n"
	  " lost      0\n"
	  " ring      ####...............  25%  16.8 MB of 67.1 MB\n"
	  "\n"
	  " protocol              packets   share  packets/s  matched/s\n"
	  " Ethernet            1,002,000  100.0%      2,000        100\n"
	  "   ARP                     100   <0.1%          0          0\n"
	  "   IPv4                992,000   99.0%      2,000          0\n"
	  "   IP +5             1,001,900  100.0%      2,000          0\n" },
	{ 32, 9, &ascii,
	  " pktsieve  eth0  host..  0:00:24\n"
	  "             packets/s\n"
	  " in              1,500\n"
	  " out               500\n"
	  " seen            2,000\n"
	  " matched           100\n"
	  " written   4,012 of 4,100 frames\n"
	  " lost      0\n"
	  " ring        25%  16.8 MB of 67.\n" },
	/* clang-format on */
};

static void test_wholes(void)
{
	for (size_t i = 0; i < LENGTH(wholes); i++) {
		struct panel panel =
			make_panel(wholes[i].width, wholes[i].height, *wholes[i].style);

		check(strcmp(render(&panel), wholes[i].text) == 0,
		      "%u columns, %u lines, %s: each line is as it should be", wholes[i].width,
		      wholes[i].height, wholes[i].style->is_utf8 ? "UTF-8" : "ASCII");
		check_note("it is:\n%s", text);
	}
}

/* What is on the panel and what is not, of a usual capture with some of its figures changed. */
static const struct {
	const char *sentence;
	uint64_t lost_ring, lost_write, lost_copy, late, by_interface, by_softnet;
	uint64_t packet_limit, duration_s;
	struct report_intake intake;
	const char *there[5];
	const char *not_there[4];
} cases[] = {
	{ .sentence = "a capture without loss says so, and gives no advice",
	  .there = { " lost      0\n" },
	  .not_there = { "-B", "disk", "unseen", "late" } },
	{ .sentence = "without --when and --before nothing is said of them",
	  .not_there = { " when ", " memory " } },
	{ .sentence = "of --when what is waited for is told",
	  .intake = { .is_conditional = true, .condition = "tcp.syn > 50000/s" },
	  .there = { " when      waits for tcp.syn > 50000/s\n" },
	  .not_there = { " memory " } },
	{ .sentence = "while --when holds that is told",
	  .intake = { .is_conditional = true, .is_on = true, .condition = "pps > 1" },
	  .there = { " when      written now: pps > 1\n" },
	  .not_there = { " memory " } },
	{ .sentence = "of --before the memory is told",
	  .intake = { .is_conditional = true,
		      .has_memory = true,
		      .kept_packets = 12345,
		      .kept_ns = 10240000000,
		      .kept_bytes = 34 << 20,
		      .kept_maximum_bytes = 256 << 20 },
	  .there = { " when      waits for SIGUSR2\n",
		     " memory    12,345 frames of 10.2 s, 35.7 MB of 268 MB\n" } },
	{ .sentence = "a full ring is told with what helps",
	  .lost_ring = 41,
	  .there = { " lost      41 (1.00%), now 41/s: ring 41\n", "-B", "-s", "filter more" },
	  .not_there = { "disk", "report this", "card" } },
	{ .sentence = "a failed write is told with what helps",
	  .lost_write = 4100,
	  .there = { " lost      4,100 (100%)", "write error 4,100\n", "free the disk" },
	  .not_there = { "-B", "report this", "card" } },
	{ .sentence = "packets that could not be copied are told",
	  .lost_copy = 1,
	  .there = { "not copied 1\n", "report this" },
	  .not_there = { "-B", "disk" } },
	{ .sentence = "all losses stand beside each other, each with its advice",
	  .lost_ring = 1,
	  .lost_write = 2,
	  .lost_copy = 3,
	  .there = { " lost      6 (0.15%), now 6/s: ring 1, write error 2, not copied 3\n", "-B",
		     "disk", "report this" } },
	{ .sentence = "what the network card dropped is told apart from the ring",
	  .by_interface = 12,
	  .there = { " unseen    card 12\n", "not pktsieve's ring", " lost      0\n" },
	  .not_there = { "backlogs", "-B" } },
	{ .sentence = "what the CPUs dropped is told apart from the ring",
	  .by_softnet = 1234,
	  .there = { " unseen    backlogs of all interfaces 1,234\n", "not pktsieve's ring" },
	  .not_there = { "card 1", "-B" } },
	{ .sentence = "packets behind younger ones are told",
	  .late = 3,
	  .there = { " late      3 behind", " lost      0\n" } },
	{ .sentence = "without limits there is no progress", .not_there = { "to -c", "time" } },
	{ .sentence = "of -c there is a bar",
	  .packet_limit = 8024,
	  .there = { " to -c     ################................  50%  4,012 of 8,024\n" },
	  .not_there = { "time" } },
	{ .sentence = "of --duration there is a bar",
	  .duration_s = 96,
	  .there = { " time      ########........................  25%  0:00:24 of 0:01:36\n" },
	  .not_there = { "to -c" } },
	{ .sentence = "progress beyond its end is a full bar",
	  .packet_limit = 1,
	  .there = { " to -c     ################################ 100%  4,012 of 1\n" } },
};

static void test_cases(void)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		struct panel panel = make_panel(80, 50, ascii);
		const char *missing = NULL, *wrong = NULL;

		now.kernel.frames.lost_ring = cases[i].lost_ring;
		now.kernel.frames.lost_copy = cases[i].lost_copy;
		now.lost_write = cases[i].lost_write;
		now.late = cases[i].late;
		now.intake = cases[i].intake;
		now.dropped_by_interface = cases[i].by_interface;
		now.dropped_by_softnet = cases[i].by_softnet;
		panel.packet_limit = cases[i].packet_limit;
		panel.duration_ns = cases[i].duration_s * SECOND;
		render(&panel);
		for (size_t j = 0; j < LENGTH(cases[i].there) && cases[i].there[j]; j++)
			missing = strstr(text, cases[i].there[j]) ? missing : cases[i].there[j];
		for (size_t j = 0; j < LENGTH(cases[i].not_there) && cases[i].not_there[j]; j++)
			wrong = strstr(text, cases[i].not_there[j]) ? cases[i].not_there[j] : wrong;
		check(!missing && !wrong, "%s", cases[i].sentence);
		check_note("%s '%s':\n%s", missing ? "there is no" : "there is",
			   missing ? missing : wrong, text);
	}
}

/* The advice is cut nowhere, also at 60 columns with a margin; the loss is red. */
static void test_advice(void)
{
	struct panel panel = make_panel(59, 50, utf8_colours);
	const struct panel_line *line;

	render(&panel);
	line = find_line("lost");
	check(line && !strstr(line->text, "31m"), "no loss is not red");
	now.kernel.frames.lost_ring = now.kernel.frames.lost_copy = now.lost_write = 1;
	now.dropped_by_interface = 1;
	render(&panel);
	line = find_line("lost");
	check(line && strstr(line->text, "\x1b[1;31m1") == NULL &&
		      strstr(line->text, "\x1b[1;31m3"),
	      "a loss is red");
	for (unsigned int i = 0, sentences = 0; i <= screen.count; i++) {
		const char *end =
			i < screen.count ? strstr(screen.lines[i].text, ".\x1b[0m") : NULL;

		sentences += end != NULL;
		if (i == screen.count)
			check(sentences == 4, "each advice is whole on 60 columns");
	}
	check_note("%s", text);
	panel.style = ascii;
	check(!strchr(render(&panel), '\x1b'), "without colours there is no escape sequence");
}

/* What has to be there, from the first height on and above. */
static const struct {
	unsigned int height;
	const char *part;
} kept[] = {
	{ 1, " lost " }, { 3, " in " },   { 3, " out " },   { 4, " matched " }, { 5, " pktsieve " },
	{ 6, " -B" },    { 9, " seen " }, { 10, " ring " }, { 17, " to -c " },
};

static void test_heights(void)
{
	for (size_t i = 0; i < LENGTH(kept); i++) {
		unsigned int missing_at = 0;

		for (unsigned int height = kept[i].height; height <= 60; height++) {
			struct panel panel = make_panel(80, height, ascii);

			now.kernel.frames.lost_ring = 1;
			panel.packet_limit = 10000;
			if (!strstr(render(&panel), kept[i].part))
				missing_at = height;
		}
		check(!missing_at, "'%s' is there from %u lines on", kept[i].part, kept[i].height);
		check_note("not with %u lines", missing_at);
	}
}

/* TCP flags a second, and whether they are called a flood. */
static const struct {
	const char *sentence;
	uint64_t syn, syn_ack;
	bool sees_one_direction;
	const char *there;
	bool is_flood;
} flags[] = {
	{ "flags are told by the second", 1234, 1200, false,
	  " TCP /s    SYN    1,234  SYN-ACK    1,200  RST        0  FIN        0\n", false },
	{ "many SYN without an answer are a sign of a flood", 50000, 20, false,
	  " flood?    50.0k SYN/s, 20 SYN-ACK/s: 99% unanswered\n", true },
	{ "few are none", 99, 0, false, " SYN       99 ", false },
	{ "so are many of which half are answered", 5000, 2500, false, " SYN    5,000 ", false },
	{ "fewer than half is one", 5000, 2499, false, ": 50% unanswered\n", true },
	{ "where answers are not seen nothing is said of them", 50000, 0, true, " SYN   50,000 ",
	  false },
};

static void test_flags(void)
{
	for (size_t i = 0; i < LENGTH(flags); i++) {
		struct panel panel = make_panel(80, 24, ascii);

		now.kernel.seen.protocols[PROTOCOL_TCP_SYN].packets += flags[i].syn;
		now.kernel.seen.protocols[PROTOCOL_TCP_SYN_ACK].packets += flags[i].syn_ack;
		panel.sees_both_directions = !flags[i].sees_one_direction;
		check(strstr(render(&panel), flags[i].there) &&
			      !strstr(text, "flood?") == !flags[i].is_flood,
		      "%s", flags[i].sentence);
		check_note("%s", text);
	}
}

/* The last minute: so many columns, what stands in them. */
static void test_spark(void)
{
	struct panel panel = make_panel(80, 24, ascii);
	struct counters_totals totals = { 0 };

	panel.filter = "";
	history_start(&history, 0, &totals);
	check(!strstr(render(&panel), "1 min"), "before the first second there is no spark line");
	for (uint64_t i = 1; i <= 60; i++) {
		totals.seen.protocols[PROTOCOL_ETHERNET].packets += i * 100;
		history_add(&history, i * SECOND, &totals);
	}
	check(strstr(render(&panel), "  1 min   :::::::-------========+++++++"
				     "********%%%%%%%########@@@@@@@@ 6,000/s\n") != NULL,
	      "each second of the last minute is a column, as high as its share of the peak");
	check_note("%s", text);
	panel.width = 50;
	check(strstr(render(&panel), "  1 min   :::----====+++****%%%%####@@@@ 6,000/s") != NULL,
	      "where there is no room for a minute, a column is two seconds");
	check_note("%s", text);
}

static void test_state(void)
{
	struct panel panel = make_panel(80, 24, utf8);

	panel.is_paused = true;
	check(strstr(render(&panel), "  display paused  0:00:24\n") != NULL,
	      "that the display is paused is shown");
	panel.is_paused = false;
	panel.notice = "interface 'eth1' has gone";
	panel.notice_age_ns = 75 * SECOND;
	check(strstr(render(&panel), "\n notice    interface 'eth1' has gone  0:01:15 ago\n") !=
		      NULL,
	      "the last notice is shown, and how old it is");
	check_note("%s", text);
	check(!strstr(text, " q stop "), "without a keyboard no keys are shown");
	panel.has_keys = true;
	check(strstr(render(&panel),
		     " q stop  p pause  t hosts  f protocols  s by packets/s  h help\n"),
	      "with a keyboard its keys are");
	panel.shows_help = true;
	now.kernel.frames.lost_ring = 1;
	check(strstr(render(&panel), "\n p         pause the display") &&
		      strstr(text, " lost      1 "),
	      "help leaves what was lost on the screen");
	check_note("%s", text);
}

static const struct {
	const char *sentence;
	const char *interface, *filter, *output;
	bool is_down;
	const char *there;
} names[] = {
	{ "without a filter every packet is captured", "eth0", "", "x", false, "  every packet " },
	{ "an interface that is down is told", "eth0", "", "x", true, " eth0 (down) " },
	{ "an interface that is up is not", "eth0", "", "x", false, " eth0  every" },
	{ "without -w nothing is written", "eth0", "", NULL, false,
	  " written   nothing: without -w" },
	{ "an escape sequence in a name is none", "eth0", "\x1b[31mred", "x", false, " ?[31mred " },
	{ "one control byte for a sequence is no character", "e\x9b", "", "x", false,
	  " e?  every" },
	{ "the same in UTF-8 is none either", "e\xc2\x9b", "", "x", false, " e?  every" },
	{ "letters of UTF-8 stay", "eth0", "", "caf\xc3\xa9", false, " in caf\xc3\xa9\n" },
	{ "a sequence that is too long is no character", "e\xc1\xa1", "", "x", false,
	  " e??  every" },
	{ "a sequence without its end is none", "e\xe4\xb8", "", "x", false, " e??  every" },
	{ "what turns the direction is not shown", "e\xe2\x80\xaex", "", "x", false,
	  " e?x  every" },
	{ "a long file name keeps its end", "eth0", "",
	  "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/end.pcap",
	  false,
	  "\xe2\x80\xa6"
	  "aaaaaaaaaaaaaaaaaaaaaaaaa/end.pcap\n" },
	{ "a letter of two columns counts as two", "\xe4\xb8\xad", "", NULL, false,
	  " pktsieve  \xe4\xb8\xad  every packet                                              "
	  "0:00:24\n" },
	{ "a long filter loses its end", "eth0",
	  "host 192.0.2.1 or host 192.0.2.2 or host 192.0.2.3 or host 192.0.2.4 or host 192.0.2.5",
	  "x", false, " or host 192.0.2.3 or\xe2\x80\xa6  0:00:24\n" },
};

static void test_names(void)
{
	for (size_t i = 0; i < LENGTH(names); i++) {
		struct panel panel = make_panel(80, 24, utf8);

		panel.interface = names[i].interface;
		panel.filter = names[i].filter;
		panel.output = names[i].output;
		panel.interface_is_down = names[i].is_down;
		check(strstr(render(&panel), names[i].there) != NULL, "%s", names[i].sentence);
		check_note("%s", text);
	}
}

static const struct {
	uint64_t elapsed_s;
	const char *shown;
} times[] = {
	{ 0, "  0:00:00\n" },           { 59, "  0:00:59\n" },     { 60, "  0:01:00\n" },
	{ 3723, "  1:02:03\n" },        { 86399, "  23:59:59\n" }, { 86400, "  1d 0:00:00\n" },
	{ 987654, "  11d 10:20:54\n" },
};

static void test_times(void)
{
	for (size_t i = 0; i < LENGTH(times); i++) {
		struct panel panel = make_panel(80, 24, utf8);

		panel.start_ns = 0;
		now.time_ns = times[i].elapsed_s * SECOND;
		check(strstr(render(&panel), times[i].shown) != NULL,
		      "after %lu seconds the time is %.*s", (unsigned long)times[i].elapsed_s,
		      (int)strcspn(times[i].shown, "\n"), times[i].shown);
		check_note("%s", text);
	}
}

int main(void)
{
	test_wholes();
	test_cases();
	test_advice();
	test_heights();
	test_flags();
	test_spark();
	test_state();
	test_names();
	test_times();
	return check_finish();
}
