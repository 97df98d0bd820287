/* SPDX-License-Identifier: GPL-2.0-only */
/* See text_lines.h. */
#include "text_lines.h"

#include <ctype.h>
#include <strings.h>

#define MAXIMUM_DIGITS 18

bool text_take_line(struct bytes *bytes, struct bytes *ret_line, struct bytes *ret_whole)
{
	const uint8_t *end = bytes->length ? memchr(bytes->data, '\n', bytes->length) : NULL;
	size_t length = end ? (size_t)(end - bytes->data) + 1 : bytes->length;

	(void)bytes_take(bytes, length, ret_whole);
	*ret_line = *ret_whole;
	if (end)
		ret_line->length--;
	if (ret_line->length && ret_line->data[ret_line->length - 1] == '\r')
		ret_line->length--;
	return end;
}

struct bytes text_take_word(struct bytes *bytes)
{
	struct bytes word = *bytes;
	size_t length = 0;

	while (length < bytes->length && bytes->data[length] != ' ')
		length++;
	word.length = length;
	(void)bytes_skip(bytes, length);
	while (bytes->length && bytes->data[0] == ' ')
		(void)bytes_skip(bytes, 1);
	return word;
}

bool text_begins(struct bytes text, const char *word)
{
	size_t length = strlen(word);

	return text.length >= length && strncasecmp((const char *)text.data, word, length) == 0;
}

bool text_is(struct bytes text, const char *word)
{
	return text.length == strlen(word) && text_begins(text, word);
}

bool text_read_decimal(struct bytes text, uint64_t *ret_number)
{
	uint64_t number = 0;
	size_t i;

	for (i = 0; i < text.length && isdigit(text.data[i]); i++) {
		if (i == MAXIMUM_DIGITS)
			return false;
		number = number * 10 + (text.data[i] - '0');
	}
	if (i)
		*ret_number = number;
	return i;
}

bool text_read_code(struct bytes text, uint64_t *ret_code)
{
	if (text.length < 3 || !isdigit(text.data[0]) || !isdigit(text.data[1]) ||
	    !isdigit(text.data[2]) ||
	    (text.length > 3 && text.data[3] != ' ' && text.data[3] != '-'))
		return false;
	text.length = 3;
	return text_read_decimal(text, ret_code);
}

void text_add(struct dissection *dissection, struct bytes text, const struct field_info *info)
{
	(void)dissection_add_bytes(dissection, &text, text.length, info, NULL);
}

bool text_is_request(const struct dissection *dissection)
{
	return dissection->flow.destination_port <= dissection->flow.source_port;
}
