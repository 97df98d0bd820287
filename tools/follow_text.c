/* SPDX-License-Identifier: GPL-2.0-only */
/* See follow_text.h. */
#include "follow_text.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "terminal.h"
#include "time_text.h"

#define ROW_BYTES 16

/* As Wireshark has them. */
#define CLIENT_COLOUR "\033[31m"
#define SERVER_COLOUR "\033[34m"

static bool is_client(const struct follow_text *text, unsigned int side)
{
	return side == text->client;
}

/* Writes what is in the line, which need not end there. */
static int put(struct follow_text *text)
{
	struct line *line = &text->line;
	bool is_short = line->is_short_of_memory;
	size_t length = line->length;

	if (fwrite(line->text, 1, length, text->out) != length)
		return errno ? -errno : -EIO;
	line_clear(line);
	return is_short ? -ENOMEM : 0;
}

static void begin_line(struct follow_text *text, unsigned int side)
{
	if (text->has_colours)
		line_add(&text->line, is_client(text, side) ? CLIENT_COLOUR : SERVER_COLOUR);
	else
		line_add(&text->line, is_client(text, side) ? ">" : "<");
}

static void end_line(struct follow_text *text)
{
	if (text->has_return)
		line_add(&text->line, "\\r");
	if (text->has_colours)
		line_add(&text->line, TERMINAL_PLAIN);
	line_add_character(&text->line, '\n');
	text->has_return = false;
	text->is_begun = false;
}

static void begin_text(struct follow_text *text, unsigned int side)
{
	if (text->is_begun && text->begun_side != side)
		end_line(text);
	if (text->is_begun)
		return;
	begin_line(text, side);
	if (!text->has_colours)
		line_add_character(&text->line, ' ');
	text->is_begun = true;
	text->begun_side = side;
}

/* Tabs are no danger to a terminal. */
static void add_words(struct line *line, const uint8_t *data, size_t length)
{
	while (length > 0) {
		const uint8_t *tab = memchr(data, '\t', length);
		size_t before = tab ? (size_t)(tab - data) : length;

		line_add_text(line, data, before);
		if (tab)
			line_add_character(line, '\t');
		data += before + !!tab;
		length -= before + !!tab;
	}
}

/* A line feed ends a line, with or without a carriage return before it. */
static void add_ascii(struct follow_text *text, unsigned int side, struct bytes bytes)
{
	while (bytes.length > 0) {
		const uint8_t *feed = memchr(bytes.data, '\n', bytes.length);
		size_t length = feed ? (size_t)(feed - bytes.data) : bytes.length;

		begin_text(text, side);
		if (text->has_return && length > 0)
			line_add(&text->line, "\\r");
		if (length > 0)
			text->has_return = bytes.data[length - 1] == '\r';
		add_words(&text->line, bytes.data, length > 0 ? length - text->has_return : 0);
		bytes_skip_padding(&bytes, length + !!feed);
		if (!feed)
			break;
		text->has_return = false;
		end_line(text);
	}
}

static void add_hex_row(struct follow_text *text, unsigned int side, uint64_t offset,
			struct bytes row)
{
	struct line *line = &text->line;

	if (text->has_colours)
		begin_line(text, side);
	if (!is_client(text, side))
		line_add_character(line, '\t');
	line_add_hex(line, offset, 8);
	line_add_character(line, ' ');
	for (size_t i = 0; i < ROW_BYTES; i++) {
		line_add(line, i == ROW_BYTES / 2 ? "  " : " ");
		if (i < row.length)
			line_add_hex(line, row.data[i], 2);
		else
			line_add(line, "  ");
	}
	line_add(line, "  ");
	for (size_t i = 0; i < row.length; i++) {
		if (i == ROW_BYTES / 2)
			line_add_character(line, ' ');
		line_add_character(
			line, row.data[i] >= ' ' && row.data[i] <= '~' ? (char)row.data[i] : '.');
	}
	end_line(text);
}

static int add_hex(struct follow_text *text, const struct tcp_stream_chunk *chunk)
{
	struct bytes rest = chunk->bytes, row;
	int error = 0;

	while (!error && rest.length > 0) {
		uint64_t offset = chunk->offset + (uint64_t)(rest.data - chunk->bytes.data);
		size_t length = rest.length < ROW_BYTES ? rest.length : ROW_BYTES;

		if (bytes_take(&rest, length, &row))
			break;
		add_hex_row(text, chunk->side, offset, row);
		error = put(text);
	}
	return error;
}

static void add_gap(struct follow_text *text, const struct tcp_stream_chunk *chunk)
{
	if (text->form == FOLLOW_ASCII) {
		if (text->is_begun)
			end_line(text);
		begin_line(text, chunk->side);
		/* No text that was sent stands so close to the sign of its side. */
		line_add(&text->line, text->has_colours ? TERMINAL_REVERSE : "!");
	} else if (text->form == FOLLOW_HEX && !is_client(text, chunk->side)) {
		line_add_character(&text->line, '\t');
	}
	line_print(&text->line, "[%" PRIu64 " bytes missing in capture file]", chunk->missing);
	if (text->form != FOLLOW_RAW)
		end_line(text);
}

/* How long a character of UTF-8 (RFC 3629) is that begins here; 0: it is none. */
static size_t character_length(struct bytes bytes)
{
	uint8_t first = bytes.data[0];
	size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if ((first >= 0x80 && first < 0xc2) || first > 0xf4 || length > bytes.length)
		return 0;
	if ((first == 0xe0 && bytes.data[1] < 0xa0) || (first == 0xed && bytes.data[1] > 0x9f) ||
	    (first == 0xf0 && bytes.data[1] < 0x90) || (first == 0xf4 && bytes.data[1] > 0x8f))
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((bytes.data[i] & 0xc0) != 0x80)
			return 0;
	return length;
}

static bool is_text(struct bytes bytes)
{
	while (bytes.length > 0) {
		size_t length = character_length(bytes);
		uint8_t first = bytes.data[0];

		if (!length || first == 0x7f || (first < ' ' && !strchr("\t\r\n", first)) || !first)
			return false;
		bytes_skip_padding(&bytes, length);
	}
	return true;
}

static void add_json(struct follow_text *text, const struct tcp_stream_chunk *chunk)
{
	struct line *line = &text->line;

	line_print(line, "{\"stream\":%" PRIu32 ",\"protocol\":\"%s\",\"number\":%" PRIu64 ",",
		   text->stream, text->protocol, chunk->packet);
	line_add(line, "\"time\":");
	time_text_add_epoch(chunk->time_ns, line);
	line_print(line, ",\"from\":\"%s\",\"offset\":%" PRIu64 ",",
		   is_client(text, chunk->side) ? "client" : "server", chunk->offset);
	if (chunk->missing) {
		line_print(line, "\"missing\":%" PRIu64, chunk->missing);
	} else if (is_text(chunk->bytes)) {
		line_print(line, "\"length\":%zu,\"text\":", chunk->bytes.length);
		line_add_json(line, chunk->bytes.data, chunk->bytes.length);
	} else {
		line_print(line, "\"length\":%zu,\"data\":\"", chunk->bytes.length);
		line_add_bytes(line, chunk->bytes.data, chunk->bytes.length, '\0');
		line_add_character(line, '"');
	}
	line_add(line, "}\n");
}

static int add_raw(struct follow_text *text, struct bytes bytes)
{
	if (fwrite(bytes.data, 1, bytes.length, text->out) != bytes.length)
		return errno ? -errno : -EIO;
	return 0;
}

int follow_text_add(struct follow_text *text, const struct tcp_stream_chunk *chunk)
{
	if (chunk->missing)
		text->gaps++;
	text->missing += chunk->missing;
	if (text->is_json)
		add_json(text, chunk);
	else if (chunk->missing)
		add_gap(text, chunk);
	else if (text->form == FOLLOW_RAW)
		return add_raw(text, chunk->bytes);
	else if (text->form == FOLLOW_HEX)
		return add_hex(text, chunk);
	else
		add_ascii(text, chunk->side, chunk->bytes);
	return put(text);
}

int follow_text_finish(struct follow_text *text)
{
	int error = 0;

	if (text->is_begun) {
		end_line(text);
		error = put(text);
	}
	if (!error && fflush(text->out))
		error = -errno;
	return error;
}
