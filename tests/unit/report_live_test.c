/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures, and the words that are made of them while a capture runs: a row, a status. */
#include <stdlib.h>
#include <string.h>

#include "../../user/report_lines.h"
#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* A row as it is written when so many stand above it. */
static char *row_of(const struct report_figures *before, const struct report_figures *now,
		    unsigned int row_number)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	report_lines_print(before, now, row_number, stream);
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

#define HEAD                                                                               \
	"time                    seen/s   bit/s match/s   bit/s     SYN/s SYN-ACK/s      " \
	"written       lost  ring\n"

/* The row after `time_ms`, the reading before at `before_ms`, with so many more packets. */
static const struct {
	uint64_t before_ms, time_ms, seen, seen_bytes, matched, matched_bytes, syn, syn_ack;
	uint64_t written, lost_ring, lost_copy, lost_write, used, ring;
	const char *row;
} rows[] = {
	{ 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	  "1970-01-01T00:00:01.0Z       0       0       0       0         0         0"
	  "            -          -     -\n" },
	{ 0, 1000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1000,
	  "1970-01-01T00:00:01.0Z       0       0       0       0         0         0"
	  "            0          0    0%\n" },
	{ 1000, 3000, 24600, 1000000, 20, 125, 300000, 10, 20, 0, 0, 0, 250, 1000,
	  "1970-01-01T00:00:03.0Z   12.3k   4.00M      10     500      150k         5"
	  "           20          0   25%\n" },
	{ 60000, 60500, 1, 60, 1, 60, 0, 0, 1, 1, 20, 300, 1000, 1000,
	  "1970-01-01T00:01:00.5Z       2     960       2     960         0         0"
	  "            1        321  100%\n" },
	{ 1000, 1000, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, "" },
};

static void test_rows(void)
{
	for (size_t i = 0; i < LENGTH(rows); i++) {
		const struct traffic_counter some = { .packets = 1000, .bytes = 100000 };
		struct report_figures before = { .time_ns = rows[i].before_ms * 1000000 };
		struct report_figures now;
		struct traffic_counter *seen = now.kernel.seen.protocols;
		struct traffic_counter *matched = now.kernel.matched.protocols;
		char *text;

		before.kernel.seen.protocols[PROTOCOL_ETHERNET] = some;
		before.kernel.matched.protocols[PROTOCOL_ETHERNET] = some;
		now = before;
		now.time_ns = rows[i].time_ms * 1000000;
		now.wall_time_ns = (int64_t)now.time_ns;
		seen[PROTOCOL_ETHERNET].packets += rows[i].seen;
		seen[PROTOCOL_ETHERNET].bytes += rows[i].seen_bytes;
		seen[PROTOCOL_TCP_SYN].packets = rows[i].syn;
		seen[PROTOCOL_TCP_SYN_ACK].packets = rows[i].syn_ack;
		matched[PROTOCOL_ETHERNET].packets += rows[i].matched;
		matched[PROTOCOL_ETHERNET].bytes += rows[i].matched_bytes;
		now.written = rows[i].written;
		now.kernel.frames.lost_ring = rows[i].lost_ring;
		now.kernel.frames.lost_copy = rows[i].lost_copy;
		now.lost_write = rows[i].lost_write;
		now.ring_used_bytes = rows[i].used;
		now.ring_bytes = rows[i].ring;
		text = row_of(&before, &now, 1);
		check(strcmp(text, rows[i].row) == 0, "a row is: %.*s",
		      (int)strcspn(rows[i].row, "\n"),
		      *rows[i].row ? rows[i].row : "none, where no time has passed");
		check_note("it is: %s", text);
		free(text);
	}
}

static void test_heads(void)
{
	const struct report_figures before = {}, now = { .time_ns = 1, .wall_time_ns = 1 };
	unsigned int heads = 0, alone = 0;

	for (unsigned int i = 0; i < 41; i++) {
		char *text = row_of(&before, &now, i);
		bool has_head = strncmp(text, HEAD, strlen(HEAD)) == 0;

		heads += has_head && i % 20 == 0;
		alone += !has_head && strncmp(text, "1970-", 5) == 0;
		free(text);
	}
	check(heads == 3 && alone == 38,
	      "41 rows have a head three times: the first, and every 20");
	check_note("%u heads, %u rows without", heads, alone);
}

static void test_before_hook(void)
{
	const struct report_figures figures = {
		.time_ns = 1000000000,
		.dropped_by_interface = 1,
		.dropped_by_softnet = 7,
	};
	struct report_figures earlier = { .dropped_by_interface = 1, .dropped_by_softnet = 4 };
	char *text = row_of(&earlier, &figures, 0);

	check(strstr(text, "  before the hook +3\n"), "a row says what was lost since the last");
	check_note("%s", text);
	free(text);
	earlier.dropped_by_softnet = 7;
	text = row_of(&earlier, &figures, 0);
	check(!strstr(text, "before the hook"), "a row does not repeat what was lost before");
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
	test_rows();
	test_heads();
	test_before_hook();
	test_status();
	return check_finish();
}
