/* SPDX-License-Identifier: GPL-2.0-only */
/* IMAP: RFC 9051. Lines, and the tags by which a reply belongs to a command. */
#include "../line.h"
#include "../stream/streams.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	IS_REQUEST,
	LINE,
	REQUEST,
	REQUEST_TAG,
	TAG,
	REQUEST_COMMAND,
	COMMAND,
	RESPONSE,
	RESPONSE_TAG,
	RESPONSE_STATUS,
	RESPONSE_COMMAND,
	LITERAL,
};

static const struct field_info fields[] = {
	[IS_REQUEST] = { "imap.isrequest", "Request", FIELD_FLAG },
	[LINE] = { "imap.line", "Line", FIELD_TEXT },
	[REQUEST] = { "imap.request", "Request", FIELD_TEXT },
	[REQUEST_TAG] = { "imap.request_tag", "Request Tag", FIELD_TEXT },
	[TAG] = { "imap.tag", "Tag", FIELD_TEXT },
	[REQUEST_COMMAND] = { "imap.request.command", "Request Command", FIELD_TEXT },
	[COMMAND] = { "imap.command", "Command", FIELD_TEXT },
	[RESPONSE] = { "imap.response", "Response", FIELD_TEXT },
	[RESPONSE_TAG] = { "imap.response_tag", "Response Tag", FIELD_TEXT },
	[RESPONSE_STATUS] = { "imap.response.status", "Response Status", FIELD_TEXT },
	[RESPONSE_COMMAND] = { "imap.response.command", "Response Command", FIELD_TEXT },
	[LITERAL] = { "imap.literal", "Literal", FIELD_BYTES },
};

#define WANTS_TLS 1u /* in the note of the conversation: RFC 9051, section 6.2.1 */

static void add_request(struct dissection *dissection, struct bytes line)
{
	struct bytes tag, command;

	text_add(dissection, line, &fields[REQUEST]);
	tag = text_take_word(&line);
	text_add(dissection, tag, &fields[REQUEST_TAG]);
	text_add(dissection, tag, &fields[TAG]);
	if (!line.length)
		return;
	command = text_take_word(&line);
	text_add(dissection, command, &fields[REQUEST_COMMAND]);
	text_add(dissection, command, &fields[COMMAND]);
	if (dissection->conversation && text_is(command, "STARTTLS"))
		dissection->conversation->note = WANTS_TLS;
}

/* Those with a tag end a command; what follows a literal looks the same. */
static void add_response(struct dissection *dissection, struct bytes line)
{
	struct conversation *conversation = dissection->conversation;
	struct bytes tag, status, command;

	text_add(dissection, line, &fields[RESPONSE]);
	tag = text_take_word(&line);
	text_add(dissection, tag, &fields[RESPONSE_TAG]);
	text_add(dissection, tag, &fields[TAG]);
	status = text_take_word(&line);
	if (!status.length)
		return;
	text_add(dissection, status, &fields[RESPONSE_STATUS]);
	command = text_take_word(&line);
	if (command.length) {
		text_add(dissection, command, &fields[RESPONSE_COMMAND]);
		text_add(dissection, command, &fields[COMMAND]);
	}
	if (!conversation || !(conversation->note & WANTS_TLS))
		return;
	conversation->note = 0;
	conversation->side_note[0] = conversation->side_note[1] = 0;
	if (text_is(status, "OK"))
		conversation->dissector = &dissector_tls;
}

/* RFC 9051, section 4.3: "{3}" at the end of a line, or "{3+}": so many bytes follow as they are. */
static uint32_t read_literal(struct bytes line)
{
	size_t begin = line.length;
	uint64_t length;

	if (!line.length || line.data[line.length - 1] != '}')
		return 0;
	while (begin > 0 && line.data[begin - 1] != '{')
		begin--;
	if (!begin || bytes_skip(&line, begin) || !text_read_decimal(line, &length) ||
	    length > UINT32_MAX)
		return 0;
	return (uint32_t)length;
}

static void add_literal(struct dissection *dissection, struct bytes *bytes, uint32_t *left)
{
	struct bytes literal;

	(void)bytes_take(bytes, *left < bytes->length ? *left : bytes->length, &literal);
	*left -= (uint32_t)literal.length;
	text_add(dissection, literal, &fields[LITERAL]);
}

static void add_line(struct dissection *dissection, struct bytes line, struct bytes whole,
		     bool is_request)
{
	text_add(dissection, whole, &fields[LINE]);
	if (!line.length || line.data[0] == '*' || line.data[0] == '+')
		return;
	dissection->depth++;
	if (is_request)
		add_request(dissection, line);
	else
		add_response(dissection, line);
	dissection->depth--;
}

static int dissect_imap(struct dissection *dissection, struct bytes *bytes)
{
	struct conversation *conversation = dissection->conversation;
	bool is_request = text_is_request(dissection), is_first = true;
	/* What is left of a literal stays in the note of the side. */
	uint32_t nothing = 0;
	uint32_t *left = conversation ? &conversation->side_note[dissection->side] : &nothing;

	while (bytes->length && dissection->end == DISSECTION_WHOLE) {
		struct bytes rest = *bytes, line, whole;

		if (!*left && !text_take_line(&rest, &line, &whole) &&
		    dissection_wait(dissection, *bytes))
			return 0;
		if (is_first)
			dissection_add_value(dissection, bytes_make(bytes->data, 0),
					     &fields[IS_REQUEST], is_request);
		is_first = false;
		if (*left) {
			add_literal(dissection, bytes, left);
			continue;
		}
		*bytes = rest;
		add_line(dissection, line, whole, is_request);
		*left = read_literal(line);
	}
	return 0;
}

/* "Response: a0000 OK CAPABILITY completed.": the line with a tag, else the first. */
static void describe_imap(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *is_request = dissection_find(dissection, layer, &fields[IS_REQUEST]);
	const struct field *status = dissection_find(dissection, layer, &fields[RESPONSE_STATUS]);
	const struct field *first = dissection_find(dissection, layer, &fields[LINE]);
	struct bytes rest, text, whole;

	if (!is_request)
		return;
	if (!first)
		first = dissection_find(dissection, layer, &fields[LITERAL]);
	/* Its line is three fields before it: line, tag, and tag again. */
	if (status)
		first = status - 3;
	if (!first)
		return;
	line_add(line, is_request->number ? "Request: " : "Response: ");
	rest = bytes_make(first->data, first->length);
	(void)text_take_line(&rest, &text, &whole);
	line_add_text(line, text.data, text.length);
}

const struct dissector dissector_imap = {
	.name = "imap",
	.label = "IMAP",
	.title = "Internet Message Access Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_imap,
	.describe = describe_imap,
};
