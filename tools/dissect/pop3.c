/* SPDX-License-Identifier: GPL-2.0-only */
/* POP3: RFC 1939. */
#include "../line.h"
#include "../stream/streams.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	REQUEST,
	REQUEST_COMMAND,
	REQUEST_PARAMETER,
	REQUEST_DATA,
	RESPONSE,
	RESPONSE_INDICATOR,
	RESPONSE_DESCRIPTION,
	RESPONSE_DATA,
	FRAGMENT,
};

static const struct field_info fields[] = {
	[REQUEST] = { "pop.request", "Request", FIELD_TEXT },
	[REQUEST_COMMAND] = { "pop.request.command", "Request command", FIELD_TEXT },
	[REQUEST_PARAMETER] = { "pop.request.parameter", "Request parameter", FIELD_TEXT },
	[REQUEST_DATA] = { "pop.request.data", "Data", FIELD_TEXT },
	[RESPONSE] = { "pop.response", "Response", FIELD_TEXT },
	[RESPONSE_INDICATOR] = { "pop.response.indicator", "Response indicator", FIELD_TEXT },
	[RESPONSE_DESCRIPTION] = { "pop.response.description", "Response description", FIELD_TEXT },
	[RESPONSE_DATA] = { "pop.response.data", "Data", FIELD_TEXT },
	[FRAGMENT] = { "pop.data.fragment", "DATA fragment", FIELD_BYTES },
};

#define WANTS_TLS 1u /* in the note of the conversation: RFC 2595, section 4 */

static void add_first_line(struct dissection *dissection, struct bytes line, struct bytes whole,
			   bool is_request)
{
	struct conversation *conversation = dissection->conversation;
	struct bytes word;

	text_add(dissection, whole, &fields[is_request ? REQUEST : RESPONSE]);
	word = text_take_word(&line);
	dissection->depth++;
	text_add(dissection, word, &fields[is_request ? REQUEST_COMMAND : RESPONSE_INDICATOR]);
	if (line.length)
		text_add(dissection, line,
			 &fields[is_request ? REQUEST_PARAMETER : RESPONSE_DESCRIPTION]);
	dissection->depth--;
	if (!conversation)
		return;
	if (is_request) {
		conversation->note = text_is(word, "STLS") ? WANTS_TLS : 0;
	} else if (conversation->note & WANTS_TLS) {
		conversation->note = 0;
		if (text_is(word, "+OK"))
			conversation->dissector = &dissector_tls;
	}
}

static int dissect_pop3(struct dissection *dissection, struct bytes *bytes)
{
	bool is_request = text_is_request(dissection);
	struct bytes line, whole;

	if (!is_request && !text_begins(*bytes, "+OK") && !text_begins(*bytes, "-ERR"))
		return dissection_add_bytes(dissection, bytes, bytes->length, &fields[FRAGMENT],
					    NULL);
	(void)text_take_line(bytes, &line, &whole);
	add_first_line(dissection, line, whole, is_request);
	while (bytes->length && dissection->end == DISSECTION_WHOLE) {
		(void)text_take_line(bytes, &line, &whole);
		text_add(dissection, whole, &fields[is_request ? REQUEST_DATA : RESPONSE_DATA]);
	}
	return 0;
}

/* "S: +OK 2 320" */
static void describe_pop3(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *field = &dissection->fields[layer->first_field];
	struct bytes rest, text, whole;

	if (!layer->field_count)
		return;
	line_add(line, field->info == &fields[REQUEST] ? "C: " : "S: ");
	if (field->info == &fields[FRAGMENT]) {
		line_add(line, "DATA fragment, ");
		line_add_number(line, field->length);
		line_add(line, field->length == 1 ? " byte" : " bytes");
		return;
	}
	rest = bytes_make(field->data, field->length);
	(void)text_take_line(&rest, &text, &whole);
	line_add_text(line, text.data, text.length);
}

const struct dissector dissector_pop3 = {
	.name = "pop",
	.label = "POP",
	.title = "Post Office Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_pop3,
	.describe = describe_pop3,
};
