/* SPDX-License-Identifier: GPL-2.0-only */
/* IRC: RFC 2812, section 2.3. */
#include "../line.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	REQUEST,
	REQUEST_PREFIX,
	REQUEST_COMMAND,
	REQUEST_PARAMETER,
	REQUEST_TRAILER,
	RESPONSE,
	RESPONSE_PREFIX,
	RESPONSE_COMMAND,
	RESPONSE_NUMBER,
	RESPONSE_PARAMETER,
	RESPONSE_TRAILER,
};

static const struct field_info fields[] = {
	[REQUEST] = { "irc.request", "Request", FIELD_TEXT },
	[REQUEST_PREFIX] = { "irc.request.prefix", "Prefix", FIELD_TEXT },
	[REQUEST_COMMAND] = { "irc.request.command", "Command", FIELD_TEXT },
	[REQUEST_PARAMETER] = { "irc.request.command_parameter", "Parameter", FIELD_TEXT },
	[REQUEST_TRAILER] = { "irc.request.trailer", "Trailer", FIELD_TEXT },
	[RESPONSE] = { "irc.response", "Response", FIELD_TEXT },
	[RESPONSE_PREFIX] = { "irc.response.prefix", "Prefix", FIELD_TEXT },
	[RESPONSE_COMMAND] = { "irc.response.command", "Command", FIELD_TEXT },
	[RESPONSE_NUMBER] = { "irc.response.num_command", "Command", FIELD_NUMBER },
	[RESPONSE_PARAMETER] = { "irc.response.command_parameter", "Parameter", FIELD_TEXT },
	[RESPONSE_TRAILER] = { "irc.response.trailer", "Trailer", FIELD_TEXT },
};

static void add_command(struct dissection *dissection, struct bytes word, bool is_request)
{
	uint64_t number;

	text_add(dissection, word, &fields[is_request ? REQUEST_COMMAND : RESPONSE_COMMAND]);
	if (!is_request && word.length == 3 && text_read_code(word, &number))
		dissection_add_value(dissection, word, &fields[RESPONSE_NUMBER], number);
}

static void add_line(struct dissection *dissection, struct bytes line, bool is_request)
{
	text_add(dissection, line, &fields[is_request ? REQUEST : RESPONSE]);
	dissection->depth++;
	while (line.length && line.data[0] == ' ')
		(void)bytes_skip(&line, 1);
	if (line.length && line.data[0] == ':') {
		(void)bytes_skip(&line, 1);
		text_add(dissection, text_take_word(&line),
			 &fields[is_request ? REQUEST_PREFIX : RESPONSE_PREFIX]);
	}
	add_command(dissection, text_take_word(&line), is_request);
	while (line.length && line.data[0] != ':')
		text_add(dissection, text_take_word(&line),
			 &fields[is_request ? REQUEST_PARAMETER : RESPONSE_PARAMETER]);
	if (!bytes_skip(&line, 1) && line.length)
		text_add(dissection, line,
			 &fields[is_request ? REQUEST_TRAILER : RESPONSE_TRAILER]);
	dissection->depth--;
}

static int dissect_irc(struct dissection *dissection, struct bytes *bytes)
{
	bool is_request = text_is_request(dissection);
	struct bytes line, whole;

	while (bytes->length && dissection->end == DISSECTION_WHOLE) {
		(void)text_take_line(bytes, &line, &whole);
		if (line.length)
			add_line(dissection, line, is_request);
	}
	return 0;
}

/* "Response (NOTICE) (376)" */
static void describe_irc(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *field = dissection->fields + layer->first_field;

	line_add(line, text_is_request(dissection) ? "Request" : "Response");
	for (unsigned int i = 0; i < layer->field_count; i++, field++) {
		if (field->info != &fields[REQUEST_COMMAND] &&
		    field->info != &fields[RESPONSE_COMMAND])
			continue;
		line_add(line, " (");
		line_add_text(line, field->data, field->length);
		line_add_character(line, ')');
	}
}

const struct dissector dissector_irc = {
	.name = "irc",
	.label = "IRC",
	.title = "Internet Relay Chat",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_irc,
	.describe = describe_irc,
};
