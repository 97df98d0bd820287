/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures, and the words that are made of them while a capture runs: a line, a status. */
#include <stdlib.h>
#include <string.h>

#include "../../user/report.h"
#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static char *line_of(const struct report_figures *before, const struct report_figures *now)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	report_print_line(before, now, 0, stream);
	fclose(stream);
	return text;
}

static char *status_of(const struct report_figures *figures)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	report_print_status(figures, stream);
	fclose(stream);
	return text;
}

/* The live line after `time_ms`, the reading before at `before_ms`, with so many more packets. */
static const struct {
	uint64_t before_ms, time_ms, seen, seen_bytes, matched, matched_bytes;
	uint64_t written, lost_ring, lost_copy, lost_write, used, ring;
	const char *line;
} lines[] = {
	{ 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	  "    1.0s  seen    0 pkt/s     0 b/s  matched    0 pkt/s     0 b/s\n" },
	{ 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000,
	  "    1.0s  seen    0 pkt/s     0 b/s  matched    0 pkt/s     0 b/s"
	  "  written 0  lost 0  ring 0%\n" },
	{ 1000, 3000, 24600, 1000000, 20, 125, 20, 0, 0, 0, 250, 1000,
	  "    3.0s  seen 12.3 kpkt/s 4.00 Mb/s  matched   10 pkt/s   500 b/s"
	  "  written 20  lost 0  ring 25%\n" },
	{ 60000, 60500, 1, 60, 1, 60, 1, 1, 20, 300, 1000, 1000,
	  "   60.5s  seen    2 pkt/s   960 b/s  matched    2 pkt/s   960 b/s"
	  "  written 1  lost 321  ring 100%\n" },
	{ 1000, 1000, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, "" },
};

static void test_lines(void)
{
	for (size_t i = 0; i < LENGTH(lines); i++) {
		const uint64_t start_ns = 5000000000;
		const struct traffic_counter some = { .packets = 1000, .bytes = 100000 };
		const uint64_t before_ns = start_ns + lines[i].before_ms * 1000000;
		struct report_figures before = { .time_ns = before_ns };
		struct report_figures now;
		struct traffic_counter *seen = now.kernel.seen.protocols;
		struct traffic_counter *matched = now.kernel.matched.protocols;
		char text[256] = "";
		FILE *out = fmemopen(text, sizeof(text), "w");

		before.kernel.seen.protocols[PROTOCOL_ETHERNET] = some;
		before.kernel.matched.protocols[PROTOCOL_ETHERNET] = some;
		now = before;
		now.time_ns = start_ns + lines[i].time_ms * 1000000;
		seen->packets += lines[i].seen;
		seen->bytes += lines[i].seen_bytes;
		matched->packets += lines[i].matched;
		matched->bytes += lines[i].matched_bytes;
		now.written = lines[i].written;
		now.kernel.frames.lost_ring = lines[i].lost_ring;
		now.kernel.frames.lost_copy = lines[i].lost_copy;
		now.lost_write = lines[i].lost_write;
		now.ring_used_bytes = lines[i].used;
		now.ring_bytes = lines[i].ring;
		report_print_line(&before, &now, start_ns, out);
		fclose(out);
		check(strcmp(text, lines[i].line) == 0, "a live line is: %.*s",
		      (int)strcspn(lines[i].line, "\n"),
		      *lines[i].line ? lines[i].line : "none, where no time has passed");
		check_note("it is: %s", text);
	}
}

static void test_before_hook(void)
{
	const struct report_figures figures = {
		.time_ns = 1000000000,
		.dropped_by_interface = 1,
		.dropped_by_softnet = 7,
	};
	struct report_figures earlier = { .dropped_by_interface = 1, .dropped_by_softnet = 4 };
	char *text = line_of(&earlier, &figures);

	check(strstr(text, "  before the hook +3\n"), "a line says what was lost since the last");
	check_note("%s", text);
	free(text);
	earlier.dropped_by_softnet = 7;
	text = line_of(&earlier, &figures);
	check(!strstr(text, "before the hook"), "a line does not repeat what was lost before");
	free(text);
}

static void test_status(void)
{
	struct report_figures figures = {
		.kernel.frames = { .matched = 1000000, .lost_ring = 1300, .lost_copy = 500 },
		.written = 990000,
	};
	char *text = status_of(&figures);

	check(strcmp(text, "pktsieve: 990000 packets captured, 1000000 packets received by "
			   "filter, 1800 packets dropped by kernel\n") == 0,
	      "the answer to SIGUSR1 is tcpdump's line");
	check_note("%s", text);
	free(text);
	figures = (struct report_figures){ .written = 1, .dropped_by_interface = 1 };
	text = status_of(&figures);
	check(strcmp(text, "pktsieve: 1 packet captured, 0 packets received by filter, 0 packets "
			   "dropped by kernel, 1 packet dropped by interface\n") == 0,
	      "the answer to SIGUSR1 says what the interface dropped");
	check_note("%s", text);
	free(text);
}

int main(void)
{
	test_lines();
	test_before_hook();
	test_status();
	return check_finish();
}
