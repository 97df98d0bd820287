/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures, and the words that are made of them at the end: the summary and its parts. */

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "report_summary.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define MIB (1u << 20)

/* A capture in which every frame is accounted for, and no two terms are alike. */
static struct report_figures balanced(void)
{
	return (struct report_figures){
		.kernel.frames = {
			.seen = 1000111,
			.filtered_out = 111,
			.matched = 1000000,
			.submitted = 998200,
			.lost_ring = 1300,
			.lost_copy = 500,
		},
		.written = 990000,
		.lost_write = 8123,
		.discarded_at_stop = 77,
		.late = 12,
		.ring_bytes = MIB,
	};
}

/* The line that starts so, or NULL; it ends at its newline. */
static const char *find_line(const char *text, const char *start)
{
	while (*text) {
		if (strncmp(text, start, strlen(start)) == 0)
			return text;
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return NULL;
}

static const struct {
	uint64_t written, matched, lost_ring, lost_copy;
	const char *lines;
} tcpdump_lines[] = {
	{ 0, 0, 0, 0,
	  "0 packets captured\n0 packets received by filter\n0 packets dropped by kernel\n" },
	{ 1, 1, 0, 0,
	  "1 packet captured\n1 packet received by filter\n0 packets dropped by kernel\n" },
	{ 1, 2, 1, 0,
	  "1 packet captured\n2 packets received by filter\n1 packet dropped by kernel\n" },
	{ 1, 2, 0, 1,
	  "1 packet captured\n2 packets received by filter\n1 packet dropped by kernel\n" },
	{ 2, 4, 1, 1,
	  "2 packets captured\n4 packets received by filter\n2 packets dropped by kernel\n" },
	{ 11, 21, 10, 0,
	  "11 packets captured\n21 packets received by filter\n10 packets dropped by kernel\n" },
	{ 10000000000, 10000000001, 1, 0,
	  "10000000000 packets captured\n10000000001 packets received by filter\n"
	  "1 packet dropped by kernel\n" },
};

static void test_tcpdump_lines(void)
{
	for (size_t i = 0; i < LENGTH(tcpdump_lines); i++) {
		struct report_figures figures = {
			.kernel.frames = {
				.matched = tcpdump_lines[i].matched,
				.lost_ring = tcpdump_lines[i].lost_ring,
				.lost_copy = tcpdump_lines[i].lost_copy,
			},
			.written = tcpdump_lines[i].written,
			.ring_bytes = MIB,
		};
		char *text = summary_of(&figures, true);

		check(strncmp(text, tcpdump_lines[i].lines, strlen(tcpdump_lines[i].lines)) == 0,
		      "the summary begins as tcpdump's, in grammar: %" PRIu64 " captured, %" PRIu64
		      " received, %" PRIu64 " dropped",
		      tcpdump_lines[i].written, tcpdump_lines[i].matched,
		      tcpdump_lines[i].lost_ring + tcpdump_lines[i].lost_copy);
		check_note("it begins: %.120s", text);
		free(text);
	}
}

struct term {
	const char *name;
	uint64_t count;
};

static const struct term file_terms[] = {
	{ "seen", 1000111 },         { "filtered out", 111 },       { "matched", 1000000 },
	{ "written", 990000 },       { "of these late", 12 },       { "lost: ring full", 1300 },
	{ "lost: not copied", 500 }, { "lost: write error", 8123 }, { "discarded at stop", 77 },
};

static const struct term count_terms[] = {
	{ "seen", 500 },
	{ "filtered out", 100 },
	{ "matched", 400 },
	{ "counted only", 400 },
};

/* The accounting has exactly these terms, one per line, in this order. */
static void check_terms(const char *text, const struct term *terms, size_t count, const char *when)
{
	const char *line = strstr(text, "\naccounting (frames):\n");

	if (!check(line, "%s: there is an accounting", when))
		return;
	line += strlen("\naccounting (frames):\n");
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(terms[i].name), spaces;
		char *end;

		spaces = strncmp(line, "  ", 2) == 0 && !strncmp(line + 2, terms[i].name, length) ?
				 strspn(line + 2 + length, " ") :
				 0;
		check(spaces > 0 &&
			      strtoull(line + 2 + length + spaces, &end, 10) == terms[i].count &&
			      *end == '\n',
		      "%s: line %zu is '%s' with %" PRIu64, when, i + 1, terms[i].name,
		      terms[i].count);
		check_note("the line is '%.*s'", (int)strcspn(line, "\n"), line);
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	check(*line == '\0' || *line == '\n', "%s: behind the terms is nothing", when);
	check_note("there is '%.*s'", (int)strcspn(line, "\n"), line);
}

static void test_accounting(void)
{
	struct report_figures figures = balanced();
	const struct report_figures counting = {
		.kernel.frames = {
			.seen = 500,
			.filtered_out = 100,
			.matched = 400,
			.counted_only = 400,
		},
	};
	char *text = summary_of(&figures, true);

	check_terms(text, file_terms, LENGTH(file_terms), "with a file");
	free(text);
	text = summary_of(&counting, true);
	check_terms(text, count_terms, LENGTH(count_terms), "without a file");
	check(strncmp(text, "0 packets captured\n400 packets received by filter\n", 49) == 0,
	      "without a file nothing is captured, but received");
	free(text);
}

/* One term is changed; what the accounting then lacks. */
#define FRAMES(name) offsetof(struct report_figures, kernel.frames.name)
static const struct {
	const char *name;
	size_t offset;
	int64_t change;
	const char *said;
} imbalances[] = {
	{ "seen", FRAMES(seen), 1, "  +1 frames " },
	{ "seen", FRAMES(seen), -1, "  -1 frames " },
	{ "seen", FRAMES(seen), 123456789012, "  +123456789012 frames " },
	{ "filtered out", FRAMES(filtered_out), 1, "  -1 frames " },
	{ "filtered out", FRAMES(filtered_out), -7, "  +7 frames " },
	{ "sampled out", FRAMES(sampled_out), 2, "  -2 frames " },
	{ "over limit", FRAMES(over_limit), 2, "  -2 frames " },
	{ "matched", FRAMES(matched), 1, "  -1 frames " },
	{ "counted only", FRAMES(counted_only), 3, "  -3 frames " },
	{ "lost: ring full", FRAMES(lost_ring), 1, "  -1 frames " },
	{ "lost: ring full", FRAMES(lost_ring), -1300, "  +1300 frames " },
	{ "lost: not copied", FRAMES(lost_copy), -1, "  +1 frames " },
	{ "written", offsetof(struct report_figures, written), 1, "  -1 frames " },
	{ "written", offsetof(struct report_figures, written), -1, "  +1 frames " },
	{ "lost: write error", offsetof(struct report_figures, lost_write), -23, "  +23 frames " },
	{ "discarded at stop", offsetof(struct report_figures, discarded_at_stop), 4,
	  "  -4 frames " },
};

static void test_imbalances(void)
{
	for (size_t i = 0; i < LENGTH(imbalances); i++) {
		struct report_figures figures = balanced();
		uint64_t *term = (uint64_t *)((char *)&figures + imbalances[i].offset);
		const char *line;
		char *text;

		*term += (uint64_t)imbalances[i].change;
		text = summary_of(&figures, true);
		line = find_line(text, imbalances[i].said);
		check(line && strstr(line, "not accounted for") && strstr(line, "bug"),
		      "'%s' changed by %+" PRId64 " is said:%s", imbalances[i].name,
		      imbalances[i].change, imbalances[i].said);
		check_note("%s", text);
		free(text);
		text = summary_of(&figures, false);
		check(!strstr(text, "not accounted for") && strstr(text, "still running"),
		      "'%s' changed by %+" PRId64 " is no bug while the programs run",
		      imbalances[i].name, imbalances[i].change);
		free(text);
	}
}

static void test_balance(void)
{
	struct report_figures figures = balanced();
	char *text;

	text = summary_of(&figures, true);
	check(!strstr(text, "accounted") && !strstr(text, "bug") && !strstr(text, "running"),
	      "a sum that is right is not talked about");
	free(text);
	figures.kernel.frames.sampled_out = 5;
	figures.kernel.frames.over_limit = 6;
	figures.kernel.frames.seen += 11;
	text = summary_of(&figures, true);
	check(!strstr(text, "accounted"), "frames that were sampled out or over a limit count");
	free(text);
}

static const struct {
	enum protocol protocol;
	const char *row;
} rows[] = {
	{ PROTOCOL_ETHERNET, "  Ethernet " },
	{ PROTOCOL_ARP, "    ARP " },
	{ PROTOCOL_IPV4, "    IPv4 " },
	{ PROTOCOL_ETHERNET_OTHER, "    other " },
	{ PROTOCOL_IP, "    IP " },
	{ PROTOCOL_ICMP, "      ICMP " },
	{ PROTOCOL_IP_OTHER, "      other " },
	{ PROTOCOL_FRAGMENT, "      fragments " },
	{ PROTOCOL_TCP, "      TCP " },
	{ PROTOCOL_TCP_SYN, "        SYN " },
	{ PROTOCOL_TCP_TLS, "        TLS " },
	{ PROTOCOL_TCP_POSTGRESQL, "        PostgreSQL " },
	{ PROTOCOL_TCP_OTHER, "        other " },
	{ PROTOCOL_UDP, "      UDP " },
	{ PROTOCOL_UDP_DNS, "        DNS " },
	{ PROTOCOL_UDP_OTHER, "        other " },
};

/* The rows of the table of protocols: the first, and how many. */
static const char *find_protocols(const char *text, unsigned int *ret_count)
{
	const char *first = strstr(text, "\nprotocols (on the wire):\n"), *line;

	*ret_count = 0;
	if (!first)
		return "";
	first += strlen("\nprotocols (on the wire):\n");
	first += strcspn(first, "\n") + 1; /* the names of the columns */
	for (line = first; *line && *line != '\n'; line += strcspn(line, "\n") + 1)
		++*ret_count;
	return first;
}

static void test_protocol(enum protocol protocol, const char *row)
{
	struct report_figures figures = {};
	unsigned long long seen, seen_bytes, matched, matched_bytes;
	unsigned int count, wanted = protocol == PROTOCOL_ETHERNET ? 1 : 2;
	const char *line;
	char *text;

	figures.kernel.seen.protocols[PROTOCOL_ETHERNET].packets = 99;
	figures.kernel.seen.protocols[protocol] =
		(struct traffic_counter){ .packets = 12, .bytes = 3456 };
	figures.kernel.matched.protocols[protocol] =
		(struct traffic_counter){ .packets = 7, .bytes = 890 };
	text = summary_of(&figures, true);
	line = find_protocols(text, &count);
	if (protocol != PROTOCOL_ETHERNET && count == wanted)
		line += strcspn(line, "\n") + 1;
	check(count == wanted && strncmp(line, row, strlen(row)) == 0,
	      "of Ethernet frames with protocol %d alone the table shows '%s' alone", protocol,
	      row);
	check_note("%u rows: '%.40s'", count, line);
	check(sscanf(line + strlen(row), "%llu %llu %llu %llu", &seen, &seen_bytes, &matched,
		     &matched_bytes) == 4 &&
		      seen == 12 && seen_bytes == 3456 && matched == 7 && matched_bytes == 890,
	      "the row '%s' has packets and bytes, seen and matched", row);
	free(text);
}

static void test_protocols(void)
{
	struct report_figures figures = {};
	unsigned int count;
	char *text;

	for (size_t i = 0; i < LENGTH(rows); i++)
		test_protocol(rows[i].protocol, rows[i].row);
	text = summary_of(&figures, true);
	check(!strstr(text, "protocols"), "without packets there is no table of protocols");
	free(text);
	figures.kernel.seen.protocols[PROTOCOL_ETHERNET].packets = 1;
	figures.kernel.seen.protocols[PROTOCOL_TCP].bytes = 1;
	figures.kernel.matched.protocols[PROTOCOL_UDP].packets = 1;
	text = summary_of(&figures, true);
	find_protocols(text, &count);
	check(count == 1, "a protocol of which no packet was seen is not shown");
	free(text);
}

/* All at once: each below its parent, two further in, in columns. */
static void test_all_protocols(void)
{
	struct report_figures figures = {};
	size_t indent[PROTOCOL_COUNT], width = 0, wrong = 0;
	unsigned int count;
	const char *line;
	char *text;

	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++)
		figures.kernel.seen.protocols[protocol].packets = protocol + 1;
	text = summary_of(&figures, true);
	line = find_protocols(text, &count);
	check(count == PROTOCOL_COUNT, "all protocols with packets are shown");
	for (enum protocol protocol = 0; count == PROTOCOL_COUNT && protocol < PROTOCOL_COUNT;
	     protocol++, line += strcspn(line, "\n") + 1) {
		enum protocol parent = counters_protocol_parent(protocol);
		const char *label = counters_protocol_label(protocol);

		indent[protocol] = strspn(line, " ");
		width = width ? width : strcspn(line, "\n");
		wrong += parent > protocol || strcspn(line, "\n") != width ||
			 strncmp(line + indent[protocol], label, strlen(label)) != 0 ||
			 indent[protocol] != (parent == protocol ? 2 : indent[parent] + 2);
	}
	check(wrong == 0, "a protocol stands below its parent, two further in, in equal columns");
	check_note("%zu rows do not", wrong);
	free(text);
}

static const struct {
	const char *name;
	uint64_t lost_ring, lost_copy, lost_write, discarded;
	bool is_full;
} losses[] = {
	{ "nothing", 0, 0, 0, 0, false },
	{ "one frame in a full ring", 1, 0, 0, 0, true },
	{ "frames in a full ring and others", 10, 5, 3, 2, true },
	{ "frames that were not copied", 0, 5, 0, 0, false },
	{ "frames that were not written", 0, 0, 5, 0, false },
	{ "frames discarded at the stop", 0, 0, 0, 5, false },
};

static void test_loss(void)
{
	for (size_t i = 0; i < LENGTH(losses); i++) {
		struct report_figures figures = {
			.kernel.frames = {
				.lost_ring = losses[i].lost_ring,
				.lost_copy = losses[i].lost_copy,
			},
			.lost_write = losses[i].lost_write,
			.discarded_at_stop = losses[i].discarded,
			.written = 1000,
			.ring_bytes = MIB,
		};
		char *text;

		figures.kernel.frames.matched = 1000 + losses[i].lost_ring + losses[i].lost_copy +
						losses[i].lost_write + losses[i].discarded;
		figures.kernel.frames.seen = figures.kernel.frames.matched;
		text = summary_of(&figures, true);
		if (losses[i].is_full)
			check(strstr(text, "\nLoss: the rings were full") && strstr(text, "-B") &&
				      strstr(text, "-s"),
			      "%s lost: it says that rings were full, and what helps",
			      losses[i].name);
		else
			check(!strstr(text, "rings were full"),
			      "%s lost: it does not say that rings were full", losses[i].name);
		check_note("%s", text);
		free(text);
	}
}

/* Zero is not talked about; the fourth line is tcpdump's, the block ours. */
static void test_before_hook(void)
{
	static const char block[] = "\nbefore the hook (not in the figures above):\n";
	struct report_figures figures = balanced();
	char *text = summary_of(&figures, true);

	check(!strstr(text, "by interface") && !strstr(text, "before the hook"),
	      "what was not lost before the hook is not talked about");
	free(text);
	figures.dropped_by_softnet = 7;
	text = summary_of(&figures, true);
	check(!strstr(text, "by interface") && strstr(text, block) &&
		      find_line(text, "  dropped by softnet              7  (on all interfaces"),
	      "drops in the backlog have a line, and are no interface's");
	check_note("%s", text);
	free(text);
	figures.dropped_by_interface = 1;
	text = summary_of(&figures, true);
	check(find_line(text, "1 packet dropped by interface\n") && strstr(text, block) &&
		      strstr(text, block) > strstr(text, "accounting (frames)") &&
		      find_line(text, "  dropped by interface            1\n"),
	      "drops by the interface have tcpdump's line and one below the accounting");
	check_note("%s", text);
	check(!strstr(text, "not accounted"), "the accounting does not know of them");
	free(text);
}

static void test_clock_steps(void)
{
	struct report_figures figures = balanced();
	char *text = summary_of(&figures, true);

	check(!strstr(text, "clock"), "a clock that was not set is not talked about");
	free(text);
	figures.clock_steps = 3;
	text = summary_of(&figures, true);
	check(find_line(text, "  clock steps                     3\n"),
	      "the steps of the wall clock have a line");
	check_note("%s", text);
	free(text);
}

int main(void)
{
	test_tcpdump_lines();
	test_accounting();
	test_imbalances();
	test_balance();
	test_protocols();
	test_all_protocols();
	test_loss();
	test_before_hook();
	test_clock_steps();
	return check_finish();
}
