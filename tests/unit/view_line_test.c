/* SPDX-License-Identifier: GPL-2.0-only */
/* Text of packets on its way out: what is escaped, in text and in JSON; numbers, addresses, columns. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "../../tools/line.h"
#include "check.h"

static void expect(struct line *line, const char *expected, const char *sentence)
{
	check(line->length == strlen(expected) && memcmp(line->text, expected, line->length) == 0,
	      "%s", sentence);
	check_note("it is '%.*s'", (int)line->length, line->text);
	line_clear(line);
}

static void test_escapes(struct line *line)
{
	static const struct {
		const char *bytes;
		const char *text;
		const char *json;
		const char *sentence;
	} cases[] = {
		{ "plain", "plain", "\"plain\"", "what is printable stays" },
		{ "\x1b[31m", "\\x1b[31m", "\"\\u001b[31m\"", "an escape is no escape any more" },
		{ "a\r\n\tb", "a\\r\\n\\tb", "\"a\\r\\n\\tb\"",
		  "ends of lines and tabs have names" },
		{ "a\\n", "a\\\\n", "\"a\\\\n\"", "a backslash is told from what we escape" },
		{ "say \"a\"", "say \"a\"", "\"say \\\"a\\\"\"", "quotes end no string of JSON" },
		{ "\x7f", "\\x7f", "\"\\u007f\"", "delete is escaped" },
		{ "h\xc3\xa9", "h\xc3\xa9", "\"h\xc3\xa9\"", "UTF-8 stays" },
		{ "\xe6\x97\xa5", "\xe6\x97\xa5", "\"\xe6\x97\xa5\"",
		  "so does that of three bytes" },
		{ "\xc2\x9b", "\\xc2\\x9b", "\"\\u00c2\\u009b\"", "C1 controls are escaped" },
		{ "\xff\xfe", "\\xff\\xfe", "\"\\u00ff\\u00fe\"", "what is no UTF-8 is escaped" },
		{ "\xc3", "\\xc3", "\"\\u00c3\"", "so is a character that is cut off" },
		{ "\xc0\xaf", "\\xc0\\xaf", "\"\\u00c0\\u00af\"",
		  "one that is longer than it needs" },
		{ "\xed\xa0\x80", "\\xed\\xa0\\x80", "\"\\u00ed\\u00a0\\u0080\"", "a surrogate" },
		{ "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80", "\"\\u00f4\\u0090\\u0080\\u0080\"",
		  "what is beyond Unicode" },
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae", "\"\\u00e2\\u0080\\u00ae\"",
		  "marks that turn text around" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const uint8_t *bytes = (const uint8_t *)cases[i].bytes;
		char sentence[128];

		line_add_text(line, bytes, strlen(cases[i].bytes));
		snprintf(sentence, sizeof(sentence), "in text: %s", cases[i].sentence);
		expect(line, cases[i].text, sentence);
		line_add_json(line, bytes, strlen(cases[i].bytes));
		snprintf(sentence, sizeof(sentence), "in JSON: %s", cases[i].sentence);
		expect(line, cases[i].json, sentence);
	}
	line_add_text(line, (const uint8_t *)"a\0b", 3);
	expect(line, "a\\x00b", "a zero byte ends nothing");
}

/* Whatever the bytes are, nothing but what is printable comes out. */
static void test_all_bytes(struct line *line)
{
	bool is_clean = true;
	uint8_t bytes[3];

	for (unsigned int i = 0; i < 1u << 16; i++) {
		bytes[0] = (uint8_t)(i >> 8);
		bytes[1] = (uint8_t)i;
		bytes[2] = 0xbf;
		line_add_text(line, bytes, 3);
		line_add_json(line, bytes, 3);
		for (size_t j = 0; j < line->length; j++)
			is_clean =
				is_clean && (uint8_t)line->text[j] >= ' ' && line->text[j] != 0x7f;
		line_clear(line);
	}
	check(is_clean, "no control comes out, whatever three bytes go in");
}

static void test_numbers(struct line *line)
{
	static const uint8_t ipv4[] = { 192, 0, 2, 255 };
	static const uint8_t ipv6[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 };

	line_add_number(line, 0);
	line_add_character(line, ' ');
	line_add_number(line, UINT64_MAX);
	expect(line, "0 18446744073709551615", "numbers of up to 64 bits");
	line_add_hex(line, 0x12, 3);
	expect(line, "012", "a hexadecimal number has the digits that were asked for");
	line_add_ipv4(line, ipv4);
	expect(line, "192.0.2.255", "an IPv4 address");
	line_add_ipv6(line, ipv6);
	expect(line, "2001:db8::1", "an IPv6 address, in its short form");
	line_add_bytes(line, ipv4, 3, ':');
	expect(line, "c0:00:02", "bytes with separators");
	line_add_bytes(line, ipv4, 0, ':');
	expect(line, "", "no bytes");
}

/* Groups that are often 0, in all places, beside those of libc. */
static void test_ipv6_addresses(struct line *line)
{
	uint32_t random = 1;
	bool is_same = true;

	for (unsigned int i = 0; i < 200000 && is_same; i++) {
		char text[INET6_ADDRSTRLEN];
		uint8_t bytes[16] = { 0 };

		for (unsigned int j = 0; j < 16; j++) {
			random = random * 1664525 + 1013904223;
			if (i >> (j / 2) & 1)
				bytes[j] = (uint8_t)(random >> 24 & (random & 0x100 ? 0xff : 0x0f));
			if (i % 16 == 15 && (j == 10 || j == 11))
				bytes[j] = 0xff;
		}
		line_add_ipv6(line, bytes);
		inet_ntop(AF_INET6, bytes, text, sizeof(text));
		is_same =
			line->length == strlen(text) && memcmp(line->text, text, line->length) == 0;
		line_clear(line);
	}
	check(is_same, "IPv6 addresses are those of inet_ntop()");
}

static void test_columns(struct line *line)
{
	line_add(line, "ab");
	line_pad(line, 4);
	line_add(line, "c");
	expect(line, "ab  c", "padding goes up to a column");
	line_add(line, "abcd");
	line_pad(line, 2);
	line_add(line, "e");
	expect(line, "abcd e", "what is too wide has one space behind it");
	line_add(line, "a\xe2\x86\x92z");
	check(line_count_columns(line, 0) == 3, "an arrow takes one column");
	line_cut(line, 0, 2);
	expect(line, "a\xe2\x86\x92", "a cut is between characters");
	line_add(line, "\xe6\x97\xa5\xe6\x9c\xac");
	check(line_count_columns(line, 0) == 4, "characters of East Asia take two");
	line_cut(line, 0, 3);
	expect(line, "\xe6\x97\xa5", "one that fits by half is cut off");
	line_add(line, "12345");
	line_cut(line, 2, 2);
	expect(line, "1234", "columns count from where they are said to begin");
}

/* Longer than any first allocation. */
static void test_growth(struct line *line)
{
	for (int i = 0; i < 100000; i++)
		line_add_character(line, (char)('0' + i % 10));
	check(line->length == 100000 && line->text[99999] == '9', "a line grows as it must");
	line_clear(line);
}

static void test_write(struct line *line)
{
	FILE *full = fopen("/dev/full", "w");
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	line_add(line, "one");
	check(out && line_write(line, out) == 0, "a line is written");
	check(out && fflush(out) == 0 && strcmp(text, "one\n") == 0, "with its end");
	check(line->length == 0, "then it is empty");
	if (out)
		fclose(out);
	free(text);
	for (int i = 0; i < 100000; i++)
		line_add(line, "more than a buffer");
	check(full && line_write(line, full) < 0, "an output that fails is an error");
	if (full)
		fclose(full);
}

int main(void)
{
	struct line line = { 0 };

	test_escapes(&line);
	test_all_bytes(&line);
	test_numbers(&line);
	test_ipv6_addresses(&line);
	test_columns(&line);
	test_growth(&line);
	test_write(&line);
	line_free(&line);
	return check_finish();
}
