/* SPDX-License-Identifier: GPL-2.0-only */
/* See line.h. Most of the time of a list goes into text, so the common things have no format. */
#include "line.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static const char hex_digits[] = "0123456789abcdef";

void line_free(struct line *line)
{
	free(line->text);
	*line = (struct line){ 0 };
}

void line_clear(struct line *line)
{
	line->length = 0;
}

char *line_grow(struct line *line, size_t count)
{
	size_t capacity = line->capacity ? line->capacity : 256;
	char *text;

	while (capacity - line->length < count)
		capacity *= 2;
	text = realloc(line->text, capacity);
	if (!text) {
		line->is_short_of_memory = true;
		return NULL;
	}
	line->text = text;
	line->capacity = capacity;
	return line->text + line->length;
}

void line_add_line(struct line *line, const struct line *more)
{
	line_add_characters(line, more->text, more->length);
	line->is_short_of_memory |= more->is_short_of_memory;
}

void line_print(struct line *line, const char *format, ...)
{
	va_list arguments;
	char text[512];
	int length;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length > 0)
		line_add_characters(line, text,
				    (size_t)length < sizeof(text) ? (size_t)length :
								    sizeof(text) - 1);
}

/* All numbers of two digits, one behind the other. */
static const char pairs[] = "00010203040506070809101112131415161718192021222324"
			    "25262728293031323334353637383940414243444546474849"
			    "50515253545556575859606162636465666768697071727374"
			    "75767778798081828384858687888990919293949596979899";

static unsigned int count_digits(uint64_t number)
{
	/* clang-format off */
	static const uint64_t powers[] = {
		1u, 10u, 100u, 1000u, 10000u, 100000u, 1000000u, 10000000u, 100000000u, 1000000000u,
		10000000000u, 100000000000u, 1000000000000u, 10000000000000u, 100000000000000u,
		1000000000000000u, 10000000000000000u, 100000000000000000u, 1000000000000000000u,
		10000000000000000000u,
	};
	/* clang-format on */
	/* 1233 / 4096 is a little more than log10(2); 0 has a digit, too. */
	unsigned int bits = 64u - (unsigned int)__builtin_clzll(number | 1);
	unsigned int least = bits * 1233 >> 12;

	return least + ((number | 1) >= powers[least]);
}

/* The last so many digits of a number. Most numbers need no division of 64 bits. */
static void write_digits(char *to, uint64_t number, unsigned int digits)
{
	uint32_t rest;

	for (; digits >= 2 && number > UINT32_MAX; digits -= 2, number /= 100)
		memcpy(to + digits - 2, pairs + 2 * (number % 100), 2);
	rest = (uint32_t)number;
	for (; digits >= 2; digits -= 2, rest /= 100)
		memcpy(to + digits - 2, pairs + 2 * (rest % 100), 2);
	if (digits)
		*to = (char)('0' + rest % 10);
}

void line_add_digits(struct line *line, uint64_t number, unsigned int digits)
{
	char *to = line_room(line, digits);

	if (!to)
		return;
	write_digits(to, number, digits);
	line->length += digits;
}

void line_add_number(struct line *line, uint64_t number)
{
	line_add_digits(line, number, count_digits(number));
}

void line_add_right(struct line *line, uint64_t number, unsigned int columns)
{
	unsigned int digits = count_digits(number);

	for (unsigned int i = digits; i < columns; i++)
		line_add_character(line, ' ');
	line_add_digits(line, number, digits);
}

void line_add_hex(struct line *line, uint64_t number, unsigned int count)
{
	char text[16];

	for (unsigned int i = 0; i < count; i++)
		text[i] = hex_digits[number >> 4 * (count - 1 - i) & 15];
	line_add_characters(line, text, count);
}

void line_pad(struct line *line, size_t column)
{
	static const char blank[] = "                ";
	size_t end = line->length < column ? column : line->length + 1;

	while (line->length < end) {
		size_t count = end - line->length;
		char *to = line_room(line, sizeof(blank));

		if (!to)
			return;
		/* More than is needed: to copy a known number of bytes is faster. */
		memcpy(to, blank, sizeof(blank));
		line->length += count < sizeof(blank) ? count : sizeof(blank) - 1;
	}
}

/* Of a character that somebody found to be printable: most of East Asia, and pictures, take two. */
static unsigned int columns_of(uint32_t character)
{
	return (character >= 0x1100 && character < 0x1160) ||
			       (character >= 0x2e80 && character < 0xa4d0) ||
			       (character >= 0xac00 && character < 0xd7a4) ||
			       (character >= 0xf900 && character < 0xfb00) ||
			       (character >= 0xfe30 && character < 0xfe70) ||
			       (character >= 0xff00 && character < 0xff61) ||
			       (character >= 0xffe0 && character < 0xffe7) ||
			       (character >= 0x1f300 && character < 0x1fb00) ||
			       character >= 0x20000 ?
		       2 :
		       1;
}

/* The character that the text at `at` begins with; *ret_length: of its bytes. */
static uint32_t character_at(const struct line *line, size_t at, size_t *ret_length)
{
	uint8_t first = (uint8_t)line->text[at];
	size_t length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t character = length == 1 ? first : first & (0x7fu >> length);

	for (size_t i = 1; i < length && at + i < line->length; i++)
		character = character << 6 | ((uint8_t)line->text[at + i] & 0x3f);
	*ret_length = length;
	return character;
}

/* Up to `most` columns; *ret_end: behind the last character that fits. */
static size_t count_columns(const struct line *line, size_t begin, size_t most, size_t *ret_end)
{
	size_t columns = 0, at = begin, length;

	while (at < line->length) {
		unsigned int more = columns_of(character_at(line, at, &length));

		if (columns + more > most)
			break;
		columns += more;
		at += length;
	}
	*ret_end = at < line->length ? at : line->length;
	return columns;
}

size_t line_count_columns(const struct line *line, size_t begin)
{
	size_t end;

	return count_columns(line, begin, SIZE_MAX, &end);
}

void line_cut(struct line *line, size_t begin, size_t columns)
{
	size_t end;

	(void)count_columns(line, begin, columns, &end);
	line->length = end;
}

void line_add_mac(struct line *line, const uint8_t bytes[6])
{
	line_add_bytes(line, bytes, 6, ':');
}

static char *write_octet(char *to, uint8_t octet)
{
	if (octet < 10) {
		*to = (char)('0' + octet);
		return to + 1;
	}
	if (octet >= 100)
		*to++ = (char)('0' + octet / 100);
	memcpy(to, pairs + 2 * (octet % 100), 2);
	return to + 2;
}

void line_add_ipv4(struct line *line, const uint8_t bytes[4])
{
	char *to = line_room(line, INET_ADDRSTRLEN);

	if (!to)
		return;
	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*to++ = '.';
		to = write_octet(to, bytes[i]);
	}
	line->length = (size_t)(to - line->text);
}

/* The longest run of groups that are 0, of two at least; the first of several. */
static int find_zeros(const uint16_t groups[8], int *ret_count)
{
	int longest = 1, begin = -1;

	for (int i = 0, count = 0; i < 8; i++) {
		count = groups[i] ? 0 : count + 1;
		if (count > longest) {
			longest = count;
			begin = i + 1 - count;
		}
	}
	*ret_count = begin < 0 ? 0 : longest;
	return begin;
}

static char *write_group(char *to, uint16_t group)
{
	for (int shift = group >> 12 ? 12 :
			 group >> 8  ? 8 :
			 group >> 4  ? 4 :
				       0;
	     shift >= 0; shift -= 4)
		*to++ = hex_digits[group >> shift & 15];
	return to;
}

/* RFC 5952, sections 4 and 5: where there is an IPv4 address in it, that is shown as such. */
void line_add_ipv6(struct line *line, const uint8_t bytes[16])
{
	char *to = line_room(line, INET6_ADDRSTRLEN);
	uint16_t groups[8];
	int zeros, count;

	if (!to)
		return;
	for (int i = 0; i < 8; i++)
		groups[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
	zeros = find_zeros(groups, &count);
	if (zeros == 0 && (count == 6 || (count == 5 && groups[5] == 0xffff))) {
		line_add(line, count == 6 ? "::" : "::ffff:");
		line_add_ipv4(line, bytes + 12);
		return;
	}
	for (int i = 0; i < 8; i++) {
		if (i == zeros) {
			*to++ = ':';
			i += count - 1;
		} else {
			if (i > 0)
				*to++ = ':';
			to = write_group(to, groups[i]);
		}
	}
	if (zeros + count == 8)
		*to++ = ':';
	line->length = (size_t)(to - line->text);
}

void line_add_bytes(struct line *line, const uint8_t *data, size_t length, char separator)
{
	char *to = line_room(line, 3 * length);

	if (!to)
		return;
	for (size_t i = 0; i < length; i++) {
		if (i && separator)
			*to++ = separator;
		*to++ = hex_digits[data[i] >> 4];
		*to++ = hex_digits[data[i] & 15];
	}
	line->length = (size_t)(to - line->text);
}

/*
 * The length of the printable character at the beginning, in UTF-8 (RFC 3629): 0 where there is
 * none. C1 controls, which some terminals obey, and marks that turn the direction of text are not.
 */
static size_t printable(const uint8_t *data, size_t length)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t count = data[0] < 0x80 ? 1 :
		       data[0] < 0xc2 ? 0 :
		       data[0] < 0xe0 ? 2 :
		       data[0] < 0xf0 ? 3 :
		       data[0] < 0xf5 ? 4 :
					0;
	uint32_t character;

	if (count <= 1)
		return count && data[0] >= 0x20 && data[0] != 0x7f;
	if (count > length)
		return 0;
	character = data[0] & (0x7fu >> count);
	for (size_t i = 1; i < count; i++) {
		if ((data[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (data[i] & 0x3f);
	}
	if (character < least[count] || character > 0x10ffff || character < 0xa0 ||
	    (character >= 0xd800 && character < 0xe000) ||
	    (character >= 0x200b && character <= 0x200f) ||
	    (character >= 0x2028 && character <= 0x202e) ||
	    (character >= 0x2060 && character <= 0x206f) || character == 0xfeff)
		return 0;
	return count;
}

static void add_escaped(struct line *line, uint8_t byte, const char *format)
{
	static const char names[] = { ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't' };

	if (byte < sizeof(names) && names[byte]) {
		line_add_character(line, '\\');
		line_add_character(line, names[byte]);
		return;
	}
	line_add(line, format);
	line_add_hex(line, byte, 2);
}

static void add_text(struct line *line, const uint8_t *data, size_t length, bool is_json)
{
	size_t plain = 0, at = 0;

	/* No text may have no address, from which nothing can be counted. */
	if (length == 0)
		return;
	while (at < length) {
		size_t count = printable(data + at, length - at);

		if (count && data[at] != '\\' && !(is_json && data[at] == '"')) {
			at += count;
			continue;
		}
		line_add_characters(line, (const char *)data + plain, at - plain);
		if (count) {
			line_add_character(line, '\\');
			line_add_character(line, (char)data[at]);
		} else {
			add_escaped(line, data[at], is_json ? "\\u00" : "\\x");
		}
		plain = ++at;
	}
	line_add_characters(line, (const char *)data + plain, length - plain);
}

void line_add_text(struct line *line, const uint8_t *data, size_t length)
{
	add_text(line, data, length, false);
}

void line_add_json(struct line *line, const uint8_t *data, size_t length)
{
	line_add_character(line, '"');
	add_text(line, data, length, true);
	line_add_character(line, '"');
}

int line_write(struct line *line, FILE *out)
{
	bool is_whole = !line->is_short_of_memory;
	size_t written;

	line_add_character(line, '\n');
	/* No other thread writes: a lock for each line would cost as much as a field of it. */
	written = fwrite_unlocked(line->text, 1, line->length, out);
	is_whole = is_whole && written == line->length;
	line_clear(line);
	line->is_short_of_memory = false;
	return is_whole ? 0 : errno ? -errno : -EIO;
}
