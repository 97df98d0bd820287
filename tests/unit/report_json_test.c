/* SPDX-License-Identifier: GPL-2.0-only */
/* Strings of JSON, and the object that figures become. That it is one is Python's to say: stats_test.sh. */
#include "../../user/report_json.h"

#include <stdlib.h>
#include <string.h>

#include "../../user/json_text.h"
#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name, *text, *json;
} strings[] = {
	{ "a plain name", "eth0", "\"eth0\"" },
	{ "no name", NULL, "null" },
	{ "an empty expression", "", "\"\"" },
	{ "quotation marks and backslashes", "host \"a\\b\"", "\"host \\\"a\\\\b\\\"\"" },
	{ "line ends and tabs", "tcp\n\tor udp", "\"tcp\\n\\tor udp\"" },
	{ "control characters", "\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\"" },
	{ "UTF-8 of two, three and four bytes", "ü€😀", "\"ü€😀\"" },
	{ "a byte that is no UTF-8",
	  "a\xff"
	  "b",
	  "\"a\\ufffdb\"" },
	{ "a character that is cut off", "\xe2\x82", "\"\\ufffd\\ufffd\"" },
	{ "a longer form than needed", "\xc0\xaf", "\"\\ufffd\\ufffd\"" },
	{ "half of a surrogate pair", "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "what lies behind U+10FFFF", "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
};

static void test_strings(void)
{
	for (size_t i = 0; i < LENGTH(strings); i++) {
		char *text = NULL;
		size_t size;
		FILE *stream = open_memstream(&text, &size);

		json_put_string(strings[i].text, stream);
		fclose(stream);
		check(strcmp(text, strings[i].json) == 0, "a string of JSON: %s", strings[i].name);
		check_note("it is %s", text);
		free(text);
	}
}

static const struct report_figures start = {
	.time_ns = 1000000000,
	.wall_time_ns = 1700000000000000000,
};

static char *object_of(struct report_json report)
{
	char *text = NULL;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	report.start = &start;
	report.prefixes = &(struct top_prefixes){ 32, 128 };
	report_json_print(&report, stream);
	fclose(stream);
	return text;
}

static void check_has(const char *text, const char *part, const char *sentence)
{
	check(strstr(text, part), "%s", sentence);
	check_note("no %s in %s", part, text);
}

/* Figures of which no two are alike. */
static struct report_figures some_figures(void)
{
	struct report_figures figures = {
		.time_ns = 3500000000,
		.wall_time_ns = 1700000002500001234,
		.kernel.frames = {
			.seen = 100,
			.filtered_out = 50,
			.sampled_out = 3,
			.over_limit = 2,
			.matched = 45,
			.submitted = 40,
			.lost_ring = 4,
			.lost_copy = 1,
		},
		.written = 30,
		.lost_write = 5,
		.ring_bytes = 1 << 20,
	};
	const struct traffic_counter tcp = { .packets = 18446744073709551615u, .bytes = 7 };

	figures.kernel.seen.protocols[PROTOCOL_TCP_SYN_ACK] = tcp;
	figures.kernel.seen_by[DIRECTION_EGRESS].protocols[PROTOCOL_TCP_SYN_ACK] = tcp;
	return figures;
}

static void test_object(void)
{
	struct report_figures before = start, now = some_figures();
	char *text;

	before.time_ns = 3000000000;
	before.written = 10;
	before.kernel.frames.seen = 60;
	text = object_of((struct report_json){
		.interface = "a\"b", .filter = "", .before = &before, .now = &now });
	check(text[0] == '{' && strchr(text, '\n') == text + strlen(text) - 1,
	      "an object is one line");
	check_has(text, "{\"schema\":1,\"final\":false,\"time\":1700000002.500001,",
		  "an object begins with its schema, and has the time to microseconds");
	check_has(text,
		  "\"start_time\":1700000000.000000,\"elapsed_seconds\":2.500000,"
		  "\"interval_seconds\":0.500000,",
		  "it says for how long the capture runs, and how long ago the last one was");
	check_has(text, "\"interface\":\"a\\\"b\",\"filter\":\"\",\"output\":null,",
		  "names of others are escaped, and no file is null");
	check_has(text, "\"seen\":100,\"seen_delta\":40,\"filtered_out\":50,",
		  "a term of the accounting has its total and its delta");
	check_has(text, "\"written\":30,\"written_delta\":20,", "so has what is written");
	check_has(text, "\"waiting\":5,\"unaccounted\":null}",
		  "while it runs some frames wait, and nobody knows what is unaccounted for");
	check_has(text,
		  "\"protocols\":{\"tcp.syn_ack\":{\"out\":{\"seen\":{"
		  "\"packets\":18446744073709551615,\"bytes\":7,"
		  "\"packets_delta\":18446744073709551615,\"bytes_delta\":7},\"matched\":{"
		  "\"packets\":0,",
		  "protocols and directions with traffic are there, numbers are whole in 64 bits");
	check_has(text, "\"top\":null}", "without --top there are no busiest");
	free(text);
}

static void test_trigger(void)
{
	struct report_figures now = some_figures();
	struct report_json report = { .before = &start, .now = &now };
	char *text = object_of(report);

	check_has(text, ",\"trigger\":null,",
		  "where packets are always written nothing triggers it");
	free(text);
	now.intake = (struct report_intake){ .is_conditional = true, .condition = "pps > \"1\"" };
	text = object_of(report);
	check_has(text,
		  ",\"trigger\":{\"condition\":\"pps > \\\"1\\\"\",\"on\":false,"
		  "\"memory\":null},",
		  "a condition is there, and that it does not hold");
	free(text);
	now.intake = (struct report_intake){ .is_conditional = true,
					     .is_on = true,
					     .has_memory = true,
					     .kept_packets = 3,
					     .kept_bytes = 400,
					     .kept_maximum_bytes = 5000,
					     .kept_ns = 6000007000 };
	text = object_of(report);
	check_has(text,
		  ",\"trigger\":{\"condition\":null,\"on\":true,\"memory\":{\"packets\":3,"
		  "\"bytes\":400,\"maximum_bytes\":5000,\"seconds\":6.000007}},",
		  "so is what is kept in memory");
	free(text);
}

static void test_final(void)
{
	struct report_figures now = some_figures();
	char *text;

	now.discarded_at_stop = 4;
	text = object_of((struct report_json){
		.before = &start, .now = &now, .is_final = true, .is_complete = true });
	check_has(text, "{\"schema\":1,\"final\":true,", "the last object says that it is");
	check_has(text, "\"waiting\":1,\"unaccounted\":1}",
		  "it says how many frames the terms do not explain");
	free(text);
	now.discarded_at_stop = 5;
	text = object_of((struct report_json){
		.before = &start, .now = &now, .is_final = true, .is_complete = true });
	check_has(text, "\"waiting\":0,\"unaccounted\":0}", "none, if all is well");
	free(text);
}

/* An entry by its last byte, the same by packets and bytes. */
static struct top_row row_of(unsigned int number, uint64_t packets, uint64_t recent)
{
	struct top_row row = {
		.total = { .packets = packets, .bytes = packets * 100 },
		.recent = { .packets = recent, .bytes = recent * 100 },
	};
	const unsigned char address[16] = { [10] = 0xff, 0xff, 192, 0, 2, (unsigned char)number };

	memcpy(&row.key, address, sizeof(address));
	return row;
}

static void test_tops(void)
{
	struct top_row total[] = { row_of(1, 500, 1) }, recent[] = { row_of(2, 60, 50) };
	struct top_figures figures = {
		.all = { .packets = 1000, .bytes = 100000 },
		.recent = { .packets = 70, .bytes = 4000 },
		.forgotten = { .packets = 9, .bytes = 900 },
		.forgotten_keys = 3,
		.lists = {
			[TOP_BY_PACKETS] = { 1, total },
			[TOP_BY_BYTES] = { 1, total },
			[TOP_BY_RECENT_PACKETS] = { 1, recent },
			[TOP_BY_RECENT_BYTES] = { 1, recent },
		},
	};
	struct report_figures now = some_figures();
	struct report_json report = { .before = &start, .now = &now };
	char *text;

	for (enum top_table table = 0; table < TOP_TABLE_COUNT; table++)
		now.tops[table] = &figures;
	text = object_of(report);
	check_has(text,
		  "\"sources\":{\"packets\":1000,\"bytes\":100000,\"packets_delta\":70,"
		  "\"bytes_delta\":4000,\"rows\":[{\"name\":\"192.0.2.2\",\"packets\":60,"
		  "\"bytes\":6000,\"packets_delta\":50,\"bytes_delta\":5000}],",
		  "while it runs the busiest are those since the last line");
	check_has(text,
		  "\"others\":{\"packets\":940,\"bytes\":94000,\"packets_delta\":20,"
		  "\"bytes_delta\":0},\"forgotten\":{\"keys\":3,\"packets\":9,\"bytes\":900}}",
		  "others are the rest, and never less than nothing");
	free(text);
	report.is_final = true;
	text = object_of(report);
	check_has(text, "\"rows\":[{\"name\":\"192.0.2.1\",\"packets\":500,",
		  "in the end the busiest are those of the whole capture");
	free(text);
}

int main(void)
{
	test_strings();
	test_object();
	test_trigger();
	test_final();
	test_tops();
	return check_finish();
}
