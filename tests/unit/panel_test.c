/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures, and the panel that they make on terminals of every size. */
#include "../../user/panel.h"

#include <stdlib.h>
#include <string.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000000ull
#define ANYTHING \
	"\x1b]0;title\x07 \x9b\x31m \xc3\xa9 \xe4\xb8\xad\xe6\x96\x87 \xe2\x80\xae \xff\n\r\t\x7f"

static const struct panel_style ascii = { false, false }, utf8 = { false, true };
static const struct panel_style ascii_colours = { true, false }, utf8_colours = { true, true };

static struct report_figures before, now;
static struct panel_screen screen;
static char text[PANEL_MAXIMUM_LINES * PANEL_LINE_BYTES];

/* What was seen up to the reading before, and since then. */
static const struct {
	enum protocol protocol;
	uint64_t packets, bytes, more_packets, more_bytes;
} seen[] = {
	{ PROTOCOL_ETHERNET, 1000000, 900000000, 2000, 1600000 },
	{ PROTOCOL_ARP, 100, 6000, 0, 0 },
	{ PROTOCOL_IPV4, 990000, 890000000, 2000, 1600000 },
	{ PROTOCOL_IP, 999900, 899994000, 2000, 1600000 },
	{ PROTOCOL_TCP, 800000, 800000000, 1500, 1500000 },
	{ PROTOCOL_TCP_SYN, 12, 720, 0, 0 },
	{ PROTOCOL_TCP_TLS, 700000, 750000000, 1500, 1500000 },
	{ PROTOCOL_UDP, 199900, 99994000, 500, 100000 },
	{ PROTOCOL_UDP_DNS, 199900, 99994000, 500, 100000 },
};

/* A capture that goes well, 24 s after its start, the reading before one second ago. */
static struct panel make_panel(unsigned int width, unsigned int height, struct panel_style style)
{
	before = now = (struct report_figures){ .time_ns = 128 * SECOND, .ring_bytes = 64 << 20 };
	for (size_t i = 0; i < LENGTH(seen); i++) {
		before.kernel.seen.protocols[seen[i].protocol] =
			(struct traffic_counter){ seen[i].packets, seen[i].bytes };
		now.kernel.seen.protocols[seen[i].protocol] =
			(struct traffic_counter){ seen[i].packets + seen[i].more_packets,
						  seen[i].bytes + seen[i].more_bytes };
	}
	before.kernel.seen_by[DIRECTION_INGRESS].protocols[PROTOCOL_ETHERNET] = (struct traffic_counter){ 700000, 800000000 };
	now.kernel.seen_by[DIRECTION_INGRESS].protocols[PROTOCOL_ETHERNET] = (struct traffic_counter){ 701500, 801500000 };
	before.kernel.seen_by[DIRECTION_EGRESS].protocols[PROTOCOL_ETHERNET] = (struct traffic_counter){ 300000, 100000000 };
	now.kernel.seen_by[DIRECTION_EGRESS].protocols[PROTOCOL_ETHERNET] = (struct traffic_counter){ 300500, 100100000 };
	before.kernel.matched.protocols[PROTOCOL_ETHERNET] =
		(struct traffic_counter){ 4000, 3200000 };
	now.kernel.matched.protocols[PROTOCOL_ETHERNET] = (struct traffic_counter){ 4100, 3280000 };
	now.kernel.frames.matched = 4100;
	now.time_ns = 129 * SECOND;
	now.written = 4012;
	now.ring_used_bytes = 16 << 20;
	return (struct panel){
		.interface = "eth0",
		.filter = "host 192.0.2.7 and tcp port 443",
		.output = "/var/tmp/x.pcap",
		.start_ns = 105 * SECOND,
		.file_bytes = 3456789,
		.before = &before,
		.now = &now,
		.width = width,
		.height = height,
		.style = style,
	};
}

/* All lines in one text, each with its newline. */
static const char *render(const struct panel *panel)
{
	char *end = text;

	*end = '\0';
	panel_render(panel, &screen);
	for (unsigned int i = 0; i < screen.count; i++)
		end = stpcpy(stpcpy(end, screen.lines[i].text), "\n");
	return text;
}

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
				       150, 160, 199, 200, 239, 240, 241, 1000, 100000 };
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
	panel.packet_limit = panel.duration_ns = UINT64_MAX;
	panel.interface_is_down = true;
	memset(&now, 0xff, sizeof(now));
	panel.file_bytes = UINT64_MAX;
	check_all_sizes("the largest figures", &panel);
	memset(&now, 0, sizeof(now));
	check_all_sizes("figures that went back", &panel);
	panel = make_panel(80, 24, utf8);
	panel.interface = panel.filter = panel.output = ANYTHING;
	check_all_sizes("names with control characters", &panel);
	memset(long_text, 'x', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	panel.interface = panel.filter = panel.output = long_text;
	check_all_sizes("long names", &panel);
	for (size_t i = 0; i + 3 < sizeof(long_text); i += 3)
		memcpy(long_text + i, "\xe4\xb8\xad", 3);
	check_all_sizes("long names of wide characters", &panel);
}

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
	  "                  packets/s          bits/s         packets           bytes\n"
	  " in                   1,500       12.0 Mb/s         701,500          802 MB\n"
	  " out                    500        800 kb/s         300,500          100 MB\n"
	  " seen                 2,000       12.8 Mb/s       1,002,000          902 MB\n"
	  " matched                100        640 kb/s           4,100         3.28 MB\n"
	  "\n"
	  " written   4,012 of 4,100 frames, 3.46 MB in /var/tmp/x.pcap\n"
	  " lost      0\n"
	  " ring      ████████························  25%  16.8 MB of 67.1 MB\n"
	  "\n"
	  " protocol              packets   share            packets/s     bits/s     bytes\n"
	  " Ethernet            1,002,000  100.0%  ████████      2,000  12.8 Mb/s    902 MB\n"
	  "   ARP                     100   <0.1%  ▏                 0      0 b/s   6.00 kB\n"
	  "   IPv4                992,000   99.0%  ███████▉      2,000  12.8 Mb/s    892 MB\n"
	  "   IP                1,001,900  100.0%  ███████▉      2,000  12.8 Mb/s    902 MB\n"
	  "     TCP               801,500   80.0%  ██████▍       1,500  12.0 Mb/s    802 MB\n"
	  "       SYN                  12   <0.1%  ▏                 0      0 b/s     720 B\n"
	  "       TLS             701,500   70.0%  █████▌        1,500  12.0 Mb/s    752 MB\n"
	  "     UDP               200,400   20.0%  █▌              500   800 kb/s    100 MB\n"
	  "       DNS             200,400   20.0%  █▌              500   800 kb/s    100 MB\n" },
	{ 60, 20, &ascii,
	  " pktsieve  eth0  host 192.0.2.7 and tcp port 443     0:00:24\n"
	  " -----------------------------------------------------------\n"
	  "              packets/s      bits/s     packets       bytes\n"
	  " in               1,500   12.0 Mb/s     701,500      802 MB\n"
	  " out                500    800 kb/s     300,500      100 MB\n"
	  " seen             2,000   12.8 Mb/s   1,002,000      902 MB\n"
	  " matched            100    640 kb/s       4,100     3.28 MB\n"
	  "\n"
	  " written   4,012 of 4,100 frames, 3.46 MB in /var/tmp/x.pcap\n"
	  " lost      0\n"
	  " ring      ####...............  25%  16.8 MB of 67.1 MB\n"
	  "\n"
	  " protocol              packets   share  packets/s     bytes\n"
	  " Ethernet            1,002,000  100.0%      2,000    902 MB\n"
	  "   IPv4                992,000   99.0%      2,000    892 MB\n"
	  "   IP                1,001,900  100.0%      2,000    902 MB\n"
	  "     TCP               801,500   80.0%      1,500    802 MB\n"
	  "       TLS             701,500   70.0%      1,500    752 MB\n"
	  "     UDP               200,400   20.0%        500    100 MB\n"
	  " and 3 more with fewer packets\n" },
	{ 32, 9, &ascii,
	  " pktsieve  eth0  host..  0:00:24\n"
	  "                       packets/s\n"
	  " in                        1,500\n"
	  " out                         500\n"
	  " seen                      2,000\n"
	  " matched                     100\n"
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
	const char *there[5];
	const char *not_there[4];
} cases[] = {
	{ .sentence = "a capture without loss says so, and gives no advice",
	  .there = { " lost      0\n" },
	  .not_there = { "-B", "disk", "unseen", "late" } },
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

/* A line that holds the text; NULL if there is none. */
static const struct panel_line *find_line(const char *part)
{
	for (unsigned int i = 0; i < screen.count; i++)
		if (strstr(screen.lines[i].text, part))
			return &screen.lines[i];
	return NULL;
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
	{ 1, " lost " },    { 3, " in " },       { 3, " out " },
	{ 4, " matched " }, { 5, " pktsieve " }, { 6, " -B" },
	{ 9, " ring " },    { 10, " to -c " },   { 11, " seen " },
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

static void test_tree(void)
{
	struct panel panel = make_panel(80, 19, ascii);
	const char *tree = strstr(render(&panel), " protocol ");

	check(tree && strstr(tree, "\n Ethernet ") && strstr(tree, "\n   IP ") &&
		      strstr(tree, "\n     TCP ") && strstr(tree, "\n       TLS ") &&
		      !strstr(tree, "UDP") && strstr(tree, "\n and 4 more with fewer packets\n"),
	      "with little room the protocols with the most packets stay, with their parents");
	check_note("%s", text);
	panel.height = 50;
	tree = strstr(render(&panel), " protocol ");
	check(tree && strstr(tree, " 0.0%") == NULL && strstr(tree, " <0.1%"),
	      "a share that is more than nothing is never shown as 0");
	check(tree && !strstr(tree, "ICMP"), "a protocol without packets is not shown");
	now.kernel.seen.protocols[PROTOCOL_ETHERNET].packets = 0;
	check(!strstr(render(&panel), "protocol"), "without packets there are no protocols");
	panel = make_panel(80, 50, ascii);
	panel.before = &now;
	check(strstr(render(&panel),
		     "\n in                       -               -         701,500 ") &&
		      strstr(text, "\n Ethernet            1,002,000  100.0%  ########          -  "
				   "        - "),
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
	panel.width = 120;
	render(&panel);
	line = find_line(" bits/s ");
	check(line && !strstr(line->text, " protocol "),
	      "on 120 columns the protocols stand below");
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
	test_sizes();
	test_wholes();
	test_cases();
	test_advice();
	test_heights();
	test_tree();
	test_two_panes();
	test_names();
	test_times();
	return check_finish();
}
