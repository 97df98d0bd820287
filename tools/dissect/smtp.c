/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SMTP: RFC 5321, with AUTH (RFC 4954), BDAT (RFC 3030) and STARTTLS (RFC 3207). What a client sends
 * depends on what it sent before: that is in the notes of the conversation.
 */
#include <ctype.h>

#include "../line.h"
#include "../stream/streams.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	RESPONSE,
	RESPONSE_LINE,
	RESPONSE_CODE,
	RESPONSE_PARAMETER,
	REQUEST,
	COMMAND_LINE,
	COMMAND,
	PARAMETER,
	USERNAME,
	PASSWORD,
	MESSAGE,
};

static const struct field_info fields[] = {
	[RESPONSE] = { "smtp.rsp", "Response", FIELD_FLAG },
	[RESPONSE_LINE] = { "smtp.response", "Response", FIELD_TEXT },
	[RESPONSE_CODE] = { "smtp.response.code", "Response code", FIELD_NUMBER },
	[RESPONSE_PARAMETER] = { "smtp.rsp.parameter", "Response parameter", FIELD_TEXT },
	[REQUEST] = { "smtp.req", "Request", FIELD_FLAG },
	[COMMAND_LINE] = { "smtp.command_line", "Command Line", FIELD_TEXT },
	[COMMAND] = { "smtp.req.command", "Command", FIELD_TEXT },
	[PARAMETER] = { "smtp.req.parameter", "Request parameter", FIELD_TEXT },
	[USERNAME] = { "smtp.auth.username", "Username", FIELD_TEXT },
	[PASSWORD] = { "smtp.auth.password", "Password", FIELD_TEXT },
	[MESSAGE] = { "smtp.message", "Message", FIELD_BYTES },
};

/* What the client sends next: the lowest bits of the conversation's note. */
enum state {
	STATE_COMMANDS,
	STATE_DATA, /* a message, up to a line with a dot alone */
	STATE_BDAT, /* as many bytes as the note of the client's side says */
	STATE_USERNAME,
	STATE_PASSWORD,
};

#define STATE_MASK 7u
#define WANTS_TLS 8u    /* STARTTLS was sent: the next reply says whether it comes */
#define MATCHED_SHIFT 4 /* characters of "\r\n.\r\n" that the data ended in */
#define MATCHED_MASK (7u << MATCHED_SHIFT)
#define IN_RESPONSE 0x80u /* more lines of the same reply follow */

static const char end_of_data[] = "\r\n.\r\n";

static void set_state(uint32_t *note, enum state state)
{
	*note = (*note & ~(STATE_MASK | MATCHED_MASK)) | state;
	/* A message may be empty: what ended the command is the first line's end. */
	if (state == STATE_DATA)
		*note |= 2u << MATCHED_SHIFT;
}

/* How many of the bytes belong to the message, its end included. */
static size_t find_end(uint32_t *note, struct bytes bytes)
{
	unsigned int matched = (*note & MATCHED_MASK) >> MATCHED_SHIFT;
	size_t i = 0;

	while (i < bytes.length && matched < 5) {
		uint8_t byte = bytes.data[i++];

		if (byte == (uint8_t)end_of_data[matched])
			matched++;
		else
			matched = byte == '\r';
	}
	*note = (*note & ~MATCHED_MASK) | matched << MATCHED_SHIFT;
	if (matched == 5)
		set_state(note, STATE_COMMANDS);
	return i;
}

/* RFC 5321, section 4.5.1: commands have four letters, but for STARTTLS. */
static bool is_command(struct bytes line)
{
	for (size_t i = 0; i < 4; i++)
		if (i >= line.length || !isalpha(line.data[i]))
			return false;
	return line.length == 4 || line.data[4] == ' ' || text_begins(line, "STARTTLS");
}

static void add_message(struct dissection *dissection, struct bytes *bytes, uint32_t *note)
{
	uint32_t *left = dissection->conversation ?
				 &dissection->conversation->side_note[dissection->side] :
				 NULL;
	struct bytes message;
	size_t length = bytes->length;

	if ((*note & STATE_MASK) == STATE_DATA) {
		length = find_end(note, *bytes);
	} else if ((*note & STATE_MASK) == STATE_BDAT) {
		length = left && *left < bytes->length ? *left : bytes->length;
		if (left)
			*left -= (uint32_t)length;
		if (!left || !*left)
			set_state(note, STATE_COMMANDS);
	}
	(void)bytes_take(bytes, length, &message);
	text_add(dissection, message, &fields[MESSAGE]);
}

static void begin_chunk(struct dissection *dissection, struct bytes parameter, uint32_t *note)
{
	struct conversation *conversation = dissection->conversation;
	uint64_t length;

	if (!conversation || !text_read_decimal(parameter, &length) || !length ||
	    length > UINT32_MAX)
		return;
	conversation->side_note[dissection->side] = (uint32_t)length;
	set_state(note, STATE_BDAT);
}

static void add_command(struct dissection *dissection, struct bytes line, struct bytes whole,
			uint32_t *note)
{
	struct bytes word, parameter = line;

	text_add(dissection, whole, &fields[COMMAND_LINE]);
	word = text_take_word(&parameter);
	dissection->depth++;
	text_add(dissection, word, &fields[COMMAND]);
	if (parameter.length)
		text_add(dissection, parameter, &fields[PARAMETER]);
	dissection->depth--;
	if (text_is(word, "DATA"))
		set_state(note, STATE_DATA);
	else if (text_is(word, "BDAT"))
		begin_chunk(dissection, parameter, note);
	else if (text_is(word, "STARTTLS"))
		*note |= WANTS_TLS;
	else if (text_is(word, "AUTH") && text_is(parameter, "LOGIN"))
		set_state(note, STATE_USERNAME);
	else if (text_is(word, "AUTH") && text_begins(parameter, "LOGIN "))
		set_state(note, STATE_PASSWORD);
}

/* What comes next of the message, or a line. Whether it is waited for. */
static bool add_part(struct dissection *dissection, struct bytes *bytes, uint32_t *note,
		     bool is_first)
{
	enum state state = *note & STATE_MASK;
	struct bytes rest = *bytes, line, whole;
	bool is_message = state == STATE_DATA || state == STATE_BDAT;

	if (!is_message && !text_take_line(&rest, &line, &whole) &&
	    dissection_wait(dissection, *bytes))
		return true;
	dissection_add_value(dissection, bytes_make(bytes->data, 0), &fields[REQUEST], 1);
	/* Where it is no command, the begin of a message was not seen. */
	if (is_message || (state == STATE_COMMANDS && is_first && !is_command(line))) {
		add_message(dissection, bytes, note);
		return false;
	}
	*bytes = rest;
	if (state == STATE_COMMANDS) {
		add_command(dissection, line, whole, note);
		return false;
	}
	text_add(dissection, line, &fields[state == STATE_USERNAME ? USERNAME : PASSWORD]);
	set_state(note, state == STATE_USERNAME ? STATE_PASSWORD : STATE_COMMANDS);
	return false;
}

static int dissect_request(struct dissection *dissection, struct bytes *bytes, uint32_t *note)
{
	bool is_first = true, is_waiting = false;

	while (!is_waiting && bytes->length && dissection->end == DISSECTION_WHOLE) {
		is_waiting = add_part(dissection, bytes, note, is_first);
		is_first = false;
	}
	return 0;
}

/* With pipelining (RFC 2920) replies to earlier commands come behind DATA, too. */
static void follow_reply(uint32_t *note, uint64_t code)
{
	enum state state = *note & STATE_MASK;
	bool is_login = state == STATE_USERNAME || state == STATE_PASSWORD;

	if (code == 354 && state != STATE_DATA)
		set_state(note, STATE_DATA);
	else if ((is_login && code / 100 != 3) || (state == STATE_DATA && code >= 400))
		set_state(note, STATE_COMMANDS);
}

/* "250-SIZE" is not the last line of a reply, "250 OK" is. */
static void add_response(struct dissection *dissection, struct bytes line, struct bytes whole,
			 uint32_t *note)
{
	struct bytes parameter = line, code_text;
	uint64_t code = 0;
	bool has_code = text_read_code(line, &code);

	if (!(*note & IN_RESPONSE))
		text_add(dissection, whole, &fields[RESPONSE_LINE]);
	dissection->depth++;
	if (has_code) {
		(void)bytes_take(&parameter, 3, &code_text);
		if (!(*note & IN_RESPONSE))
			dissection_add_value(dissection, code_text, &fields[RESPONSE_CODE], code);
		if (parameter.length)
			(void)bytes_skip(&parameter, 1);
	}
	text_add(dissection, parameter, &fields[RESPONSE_PARAMETER]);
	dissection->depth--;
	*note &= ~IN_RESPONSE;
	if (has_code && line.length > 3 && line.data[3] == '-')
		*note |= IN_RESPONSE;
	if (has_code)
		follow_reply(note, code);
}

static int dissect_response(struct dissection *dissection, struct bytes *bytes, uint32_t *note)
{
	struct conversation *conversation = dissection->conversation;
	bool is_first = true;

	while (bytes->length && dissection->end == DISSECTION_WHOLE) {
		struct bytes rest = *bytes, line, whole;

		if (!text_take_line(&rest, &line, &whole) && dissection_wait(dissection, *bytes))
			return 0;
		if (is_first)
			dissection_add_value(dissection, bytes_make(bytes->data, 0),
					     &fields[RESPONSE], 1);
		is_first = false;
		*bytes = rest;
		add_response(dissection, line, whole, note);
		if (!(*note & WANTS_TLS) || *note & IN_RESPONSE)
			continue;
		*note = 0;
		if (conversation && text_begins(line, "220")) {
			conversation->side_note[0] = conversation->side_note[1] = 0;
			conversation->dissector = &dissector_tls;
		}
	}
	return 0;
}

static int dissect_smtp(struct dissection *dissection, struct bytes *bytes)
{
	uint32_t nothing = 0;
	uint32_t *note = dissection->conversation ? &dissection->conversation->note : &nothing;

	return text_is_request(dissection) ? dissect_request(dissection, bytes, note) :
					     dissect_response(dissection, bytes, note);
}

static void describe_field(const struct field *field, struct line *line)
{
	struct bytes text, whole, rest = bytes_make(field->data, field->length);

	switch (field->info - fields) {
	case MESSAGE:
		line_add(line, "DATA fragment, ");
		line_add_number(line, field->length);
		line_add(line, field->length == 1 ? " byte" : " bytes");
		return;
	case USERNAME:
		line_add(line, "User: ");
		break;
	case PASSWORD:
		line_add(line, "Pass: ");
		break;
	}
	(void)text_take_line(&rest, &text, &whole);
	line_add_text(line, text.data, text.length);
}

/* "S: 250-example.com | PIPELINING | SIZE 10240000" */
static void describe_smtp(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *field = dissection->fields + layer->first_field;
	bool is_first = true, is_covered = false;

	for (unsigned int i = 0; i < layer->field_count; i++, field++) {
		bool is_response = field->info == &fields[RESPONSE_LINE];

		if (field->info == &fields[RESPONSE] || field->info == &fields[REQUEST] ||
		    field->info == &fields[RESPONSE_CODE] || field->info == &fields[COMMAND] ||
		    field->info == &fields[PARAMETER])
			continue;
		/* The first line of a reply has its parameter already. */
		if (field->info == &fields[RESPONSE_PARAMETER] && is_covered) {
			is_covered = false;
			continue;
		}
		is_covered = is_response;
		if (is_first)
			line_add(line, is_response || field->info == &fields[RESPONSE_PARAMETER] ?
					       "S: " :
					       "C: ");
		else
			line_add(line, " | ");
		is_first = false;
		describe_field(field, line);
	}
}

const struct dissector dissector_smtp = {
	.name = "smtp",
	.label = "SMTP",
	.title = "Simple Mail Transfer Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_smtp,
	.describe = describe_smtp,
};
