/* SPDX-License-Identifier: GPL-2.0-only */
/* Values of fields as the detail, as tshark's fields and as JSON have them. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../tools/field_text.h"
#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static const uint8_t bytes[64] = { 0x0a, 0x00, 0x00, 0x01, 'a', 0x1b, '"', 'b' };

static const struct value_name names[] = { { 6, "TCP" }, { 0, NULL } };
static const struct value_name truths[] = { { 0, "Request" }, { 1, "Reply" }, { 0, NULL } };

static const struct field_info infos[] = {
	[0] = { "a", "Number", FIELD_NUMBER, 2, .unit = "bytes" },
	[1] = { "b", "Protocol", FIELD_NUMBER, 1, .values = names },
	[2] = { "c", "Protocol", FIELD_NUMBER, 1, .values = names },
	[3] = { "d", "Flags", FIELD_HEX, 2, .mask = 0x0fff },
	[4] = { "e", "Syn", FIELD_FLAG, 2, .mask = 0x0002 },
	[5] = { "f", "Response", FIELD_FLAG, 2, .mask = 0x8000, .values = truths },
	[6] = { "g", "Offset", FIELD_SIGNED, 4 },
	[7] = { "h", "Source", FIELD_IPV4 },
	[8] = { "i", "Text", FIELD_TEXT },
	[9] = { "j", "Data", FIELD_BYTES },
	[10] = { "k", "Options", FIELD_GROUP },
	[11] = { "l", "Name", FIELD_NAME },
	[12] = { "m", "Lease", FIELD_SECONDS, 4 },
	[13] = { "n", "Time", FIELD_UNIX, 4 },
	[14] = { "o", "Stamp", FIELD_NTP, 8 },
	[15] = { "p", "Stamp", FIELD_NTP, 8 },
	[16] = { "q", "Length", FIELD_NUMBER },
};

static const struct {
	struct field field;
	const char *description;
	const char *plain;
	const char *json;
} cases[] = {
	{ { .info = &infos[0], .data = bytes, .length = 2, .number = 20 },
	  "Number: 20 bytes",
	  "20",
	  "20" },
	{ { .info = &infos[1], .data = bytes, .length = 1, .number = 6 },
	  "Protocol: TCP (6)",
	  "6",
	  "6" },
	{ { .info = &infos[2], .data = bytes, .length = 1, .number = 7 }, "Protocol: 7", "7", "7" },
	{ { .info = &infos[3], .data = bytes, .length = 2, .number = 0x12 },
	  "Flags: 0x012",
	  "0x0012",
	  "18" },
	{ { .info = &infos[4], .data = bytes, .length = 2, .number = 1 }, "Syn: Set", "1", "true" },
	{ { .info = &infos[5], .data = bytes, .length = 2, .number = 0 },
	  "Response: Request",
	  "0",
	  "false" },
	{ { .info = &infos[6], .data = bytes, .length = 4, .number = (uint64_t)-5 },
	  "Offset: -5",
	  "-5",
	  "-5" },
	{ { .info = &infos[7], .data = bytes, .length = 4, .number = 0 },
	  "Source: 10.0.0.1",
	  "10.0.0.1",
	  "\"10.0.0.1\"" },
	{ { .info = &infos[8], .data = bytes + 4, .length = 4, .number = 0 },
	  "Text: a\\x1b\"b",
	  "a\\x1b\"b",
	  "\"a\\u001b\\\"b\"" },
	{ { .info = &infos[9], .data = bytes, .length = 4, .number = 0 },
	  "Data: 0a000001",
	  "0a000001",
	  "\"0a000001\"" },
	{ { .info = &infos[10], .data = bytes, .length = 4, .number = 0 }, "Options", "1", "true" },
	{ { .info = &infos[11], .data = bytes, .length = 4, .text = "a.example" },
	  "Name: a.example",
	  "a.example",
	  "\"a.example\"" },
	{ { .info = &infos[12], .data = bytes, .length = 4, .number = 3600 },
	  "Lease: 3600 seconds",
	  "3600",
	  "3600" },
	{ { .info = &infos[13], .data = bytes, .length = 4, .number = 1700000000 },
	  "Time: Nov 14, 2023 22:13:20.000000000 UTC",
	  "Nov 14, 2023 22:13:20.000000000 UTC",
	  "1700000000" },
	{ { .info = &infos[14], .data = bytes, .length = 8, .number = 0xe8fe6ff080000000 },
	  "Stamp: Nov 14, 2023 22:15:12.500000000 UTC",
	  "Nov 14, 2023 22:15:12.500000000 UTC",
	  "1700000112.500000000" },
	{ { .info = &infos[15], .data = bytes, .length = 8, .number = 0 },
	  "Stamp: (0)Jan  1, 1970 00:00:00.000000000 UTC",
	  "(0)Jan  1, 1970 00:00:00.000000000 UTC",
	  "null" },
	{ { .info = &infos[16], .data = bytes, .length = 0, .number = 5 },
	  "[Length: 5]",
	  "5",
	  "5" },
};

static void expect(struct line *line, const char *expected, const char *what)
{
	line_add_character(line, '\0');
	check(strcmp(line->text, expected) == 0, "%s: %s", what, expected);
	check_note("it is '%s'", line->text);
	line_clear(line);
}

static void test_forms(struct line *line)
{
	for (size_t i = 0; i < LENGTH(cases); i++) {
		field_add_description(&cases[i].field, line);
		expect(line, cases[i].description, "the detail has");
		field_add_plain(&cases[i].field, line);
		expect(line, cases[i].plain, "a column has");
		field_add_json(&cases[i].field, line);
		expect(line, cases[i].json, "JSON has");
	}
}

static void test_many_bytes(struct line *line)
{
	const struct field field = { .info = &infos[9], .data = bytes, .length = sizeof(bytes) };

	field_add_value(&field, line);
	check(line->length == 2 * 32 + 3 && memcmp(line->text + 64, "…", 3) == 0,
	      "the detail has the first 32 bytes, and says that there are more");
	line_clear(line);
	field_add_plain(&field, line);
	check(line->length == 2 * sizeof(bytes), "a column has all of them");
	line_clear(line);
}

int main(void)
{
	struct line line = { 0 };

	setenv("TZ", "UTC", 1);
	tzset();
	test_forms(&line);
	test_many_bytes(&line);
	line_free(&line);
	return check_finish();
}
