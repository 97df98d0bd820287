/* SPDX-License-Identifier: GPL-2.0-only */
/* The text for Prometheus, and how it gets from writer to keeper. That Prometheus takes it: prometheus_test.sh. */
#include "../../user/metrics.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/metrics_page.h"
#include "check.h"

static struct metrics metrics_of(const char *interface)
{
	static const struct top_prefixes prefixes = { 32, 128 };

	return (struct metrics){
		.interface = interface,
		.prefixes = &prefixes,
		.start_time_ns = 1700000000000001999,
	};
}

/* To be freed. */
static char *text_of(struct metrics *metrics, const struct report_figures *figures, bool is_running)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	metrics_print(metrics, figures, is_running, stream);
	fclose(stream);
	return text;
}

static void check_has(const char *text, const char *line, const char *sentence)
{
	check(strstr(text, line), "%s", sentence);
	check_note("there is no %s", line);
}

static bool ends_with(const char *text, const char *end)
{
	return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

static void test_text(void)
{
	struct metrics metrics = metrics_of("eth0");
	struct report_figures figures = {
		.wall_time_ns = 1700000002500000000,
		.written = 5,
		.dropped_by_interface = 6,
		.dropped_by_softnet = 7,
	};
	struct traffic_counters *seen = &figures.kernel.seen_by[DIRECTION_EGRESS];
	struct traffic_counters *matched = &figures.kernel.matched_by[DIRECTION_EGRESS];
	char *text;

	seen->protocols[PROTOCOL_TCP_SYN_ACK].packets = UINT64_MAX;
	matched->protocols[PROTOCOL_TCP_SYN_ACK].packets = 9007199254740993;
	figures.kernel.frames_by[DIRECTION_INGRESS].over_limit = 8;
	text = text_of(&metrics, &figures, true);
	check_has(text,
		  "# HELP pktsieve_packets_total Packets on the wire; a packet counts for each "
		  "protocol that fits.\n# TYPE pktsieve_packets_total counter\n"
		  "# UNIT pktsieve_packets packets\npktsieve_packets_total{",
		  "a family has its help, type and unit before its samples");
	check_has(text,
		  "\npktsieve_packets_total{interface=\"eth0\",direction=\"out\","
		  "protocol=\"tcp.syn_ack\",verdict=\"matched\"} 9007199254740993\n",
		  "numbers behind 2^53 are whole");
	check_has(text, "protocol=\"tcp.syn_ack\",verdict=\"filtered_out\"} 18437736874454810622\n",
		  "verdicts are disjoint: what is not matched was filtered out");
	check_has(text, "direction=\"in\",protocol=\"lldp\",verdict=\"matched\"} 0\n",
		  "a protocol that never came begins at 0");
	check_has(text,
		  "\npktsieve_frames_total{interface=\"eth0\",direction=\"in\","
		  "verdict=\"over_limit\"} 8\n",
		  "frames have the verdicts of the accounting");
	check_has(text,
		  "\npktsieve_matched_frames_total{interface=\"eth0\",outcome=\"written\"} 5\n",
		  "matched frames have an outcome");
	check_has(text, "{interface=\"eth0\",where=\"softnet\"} 7\n",
		  "what is lost before the hook is there");
	check_has(text,
		  "\n# TYPE pktsieve_start_time_seconds gauge\n# UNIT pktsieve_start_time_seconds "
		  "seconds\npktsieve_start_time_seconds{interface=\"eth0\"} 1700000000.000001\n",
		  "a time is in seconds");
	check(!strstr(text, "pktsieve_top_"), "without --top there are no hosts");
	check(ends_with(text, "\npktsieve_running{interface=\"eth0\"" METRICS_END_RUNNING),
	      "the text ends with whether the capture runs");
	check_note("it ends %s", text + strlen(text) - 60);
	free(text);
	text = text_of(&metrics, &figures, false);
	check(ends_with(text, METRICS_END_STOPPED), "and with that it does not any more");
	free(text);
}

static void test_trigger(void)
{
	struct metrics metrics = metrics_of("eth0");
	struct report_figures figures = { .intake = { .is_conditional = true,
						      .is_on = true,
						      .has_memory = true,
						      .kept_packets = 3,
						      .kept_bytes = 400 } };
	char *text = text_of(&metrics, &figures, true);

	check_has(text, "\npktsieve_trigger_on{interface=\"eth0\"} 1\n",
		  "whether a condition holds is there");
	check_has(text, "\npktsieve_memory_bytes{interface=\"eth0\"} 400\n",
		  "so is what is kept in memory");
	free(text);
}

static void test_label(void)
{
	struct metrics metrics = metrics_of("a\"b\\c\nd\xff\u00fc");
	struct report_figures figures = {};
	char *text = text_of(&metrics, &figures, true);

	check_has(text, "pktsieve_running{interface=\"a\\\"b\\\\c\\nd\ufffd\u00fc\"} 1\n",
		  "the value of a label is escaped");
	free(text);
}

static void test_monotonic(void)
{
	struct metrics metrics = metrics_of("eth0");
	struct report_figures figures = { .written = 100 };
	struct traffic_counter *seen = figures.kernel.seen_by[DIRECTION_INGRESS].protocols;
	struct traffic_counter *matched = figures.kernel.matched_by[DIRECTION_INGRESS].protocols;
	const char *line = "direction=\"in\",protocol=\"ethernet\",verdict=\"filtered_out\"} ";
	char *text;

	seen[PROTOCOL_ETHERNET] = (struct traffic_counter){ .packets = 50, .bytes = 5000 };
	free(text_of(&metrics, &figures, true));
	/* More was matched meanwhile than was seen when that was read, and a flush failed. */
	matched[PROTOCOL_ETHERNET] = (struct traffic_counter){ .packets = 51, .bytes = 1000 };
	figures.written = 90;
	text = text_of(&metrics, &figures, true);
	check(strtoull(strstr(text, line) + strlen(line), NULL, 10) == 50,
	      "a difference of counters never becomes less");
	check_has(text, "outcome=\"written\"} 100\n", "nor does what was written");
	free(text);
	seen[PROTOCOL_ETHERNET].packets = 200;
	text = text_of(&metrics, &figures, true);
	check(strtoull(strstr(text, line) + strlen(line), NULL, 10) == 149,
	      "it goes on when it is more");
	free(text);
}

static struct top_row row_of(unsigned int port, uint64_t packets)
{
	return (struct top_row){
		.key.low = TOP_SERVICE_KEY(17, port),
		.total = { .packets = packets, .bytes = packets * 10 },
	};
}

static void test_tops(void)
{
	struct metrics metrics = metrics_of("eth0");
	struct top_row by_packets[] = { row_of(53, 70), row_of(123, 20) };
	struct top_row by_bytes[] = { row_of(123, 20), row_of(53, 70) };
	struct top_row recent[] = { row_of(11211, 5) };
	struct top_figures services = {
		.all.packets = 100,
		.forgotten.packets = 3,
		.lists = {
			[TOP_BY_PACKETS] = { 2, by_packets },
			[TOP_BY_BYTES] = { 2, by_bytes },
			[TOP_BY_RECENT_PACKETS] = { 1, recent },
			[TOP_BY_RECENT_BYTES] = { 1, recent },
		},
	};
	struct top_figures hosts = {};
	struct report_figures figures = { .tops = { &hosts, &hosts, &services } };
	char *text = text_of(&metrics, &figures, true);

	check_has(text,
		  "# UNIT pktsieve_top_service_packets packets\n"
		  "pktsieve_top_service_packets_total{interface=\"eth0\",service=\"udp/53\"} 70\n"
		  "pktsieve_top_service_packets_total{interface=\"eth0\",service=\"udp/123\"} 20\n"
		  "pktsieve_top_service_packets_total{interface=\"eth0\",service=\"udp/11211\"} 5\n"
		  "#",
		  "who is busy now or of all is there once");
	check_has(text, "service=\"udp/123\"} 200\n", "bytes have a family of their own");
	check_has(text, "{interface=\"eth0\",role=\"service\"} 100\n",
		  "so has what all of them have together");
	free(text);
}

static void test_page(void)
{
	struct metrics_page *page = metrics_page_new();
	char *text = NULL;
	size_t length;

	if (!check(page, "there is memory for the text"))
		return;
	check(metrics_page_take(&page->live, &text, &length) == -EAGAIN, "at first there is none");
	check(!metrics_page_put(&page->live, "first", 5) &&
		      metrics_page_put(&page->live, "second", 6) == -EAGAIN,
	      "a text that is not taken yet is not written over");
	check(!metrics_page_put(&page->last, "last", 4), "there is room for the last one");
	check(!metrics_page_take(&page->live, &text, &length) && length == 5 &&
		      memcmp(text, "first", 5) == 0,
	      "the keeper takes a copy");
	free(text);
	check(!metrics_page_put(&page->live, "second", 6), "then there is room again");
	check(metrics_page_put(&page->last, page->live.text, METRICS_TEXT_BYTES + 1) == -EFBIG,
	      "what is too long is refused");
	page->last.bytes = METRICS_TEXT_BYTES + 1;
	check(metrics_page_take(&page->last, &text, &length) == -EPROTO,
	      "the keeper does not believe a length that cannot be");
	metrics_page_free(page);
}

int main(void)
{
	test_text();
	test_trigger();
	test_label();
	test_monotonic();
	test_tops();
	test_page();
	return check_finish();
}
