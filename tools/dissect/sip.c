/* SPDX-License-Identifier: GPL-2.0-only */
/* SIP: RFC 3261, section 7; over UDP, and over TCP with a length that says where a message ends. */
#include "../line.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	REQUEST_LINE,
	METHOD,
	URI,
	STATUS_LINE,
	STATUS_CODE,
	VIA,
	FROM,
	TO,
	CALL_ID,
	SEQUENCE,
	CONTACT,
	MAX_FORWARDS,
	USER_AGENT,
	SERVER,
	EXPIRES,
	ALLOW,
	CONTENT_TYPE,
	CONTENT_LENGTH,
	OTHER,
	BODY,
};

static const struct field_info fields[] = {
	[REQUEST_LINE] = { "sip.Request-Line", "Request-Line", FIELD_TEXT },
	[METHOD] = { "sip.Method", "Method", FIELD_TEXT },
	[URI] = { "sip.r-uri", "Request-URI", FIELD_TEXT },
	[STATUS_LINE] = { "sip.Status-Line", "Status-Line", FIELD_TEXT },
	[STATUS_CODE] = { "sip.Status-Code", "Status-Code", FIELD_NUMBER },
	[VIA] = { "sip.Via", "Via", FIELD_TEXT },
	[FROM] = { "sip.From", "From", FIELD_TEXT },
	[TO] = { "sip.To", "To", FIELD_TEXT },
	[CALL_ID] = { "sip.Call-ID", "Call-ID", FIELD_TEXT },
	[SEQUENCE] = { "sip.CSeq", "CSeq", FIELD_TEXT },
	[CONTACT] = { "sip.Contact", "Contact", FIELD_TEXT },
	[MAX_FORWARDS] = { "sip.Max-Forwards", "Max-Forwards", FIELD_TEXT },
	[USER_AGENT] = { "sip.User-Agent", "User-Agent", FIELD_TEXT },
	[SERVER] = { "sip.Server", "Server", FIELD_TEXT },
	[EXPIRES] = { "sip.Expires", "Expires", FIELD_TEXT },
	[ALLOW] = { "sip.Allow", "Allow", FIELD_TEXT },
	[CONTENT_TYPE] = { "sip.Content-Type", "Content-Type", FIELD_TEXT },
	[CONTENT_LENGTH] = { "sip.Content-Length", "Content-Length", FIELD_TEXT },
	[OTHER] = { "sip.msg_hdr", "Message Header", FIELD_TEXT },
	[BODY] = { "sip.msg_body", "Message Body", FIELD_TEXT },
};

/* RFC 3261, section 7.3.3: some have a name of one letter, too. */
static const struct {
	const char *letter;
	uint8_t field;
} letters[] = {
	{ "v", VIA },
	{ "f", FROM },
	{ "t", TO },
	{ "i", CALL_ID },
	{ "m", CONTACT },
	{ "c", CONTENT_TYPE },
	{ "l", CONTENT_LENGTH },
};

static unsigned int find_header(struct bytes name)
{
	for (unsigned int i = VIA; i < OTHER; i++)
		if (text_is(name, fields[i].label))
			return i;
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++)
		if (text_is(name, letters[i].letter))
			return letters[i].field;
	return OTHER;
}

static void add_header(struct dissection *dissection, struct bytes line, uint64_t *length)
{
	const uint8_t *colon = line.length ? memchr(line.data, ':', line.length) : NULL;
	struct bytes name, value = line;
	unsigned int which = OTHER;

	if (colon && !bytes_take(&value, (size_t)(colon - line.data), &name)) {
		while (name.length && name.data[name.length - 1] == ' ')
			name.length--;
		which = find_header(name);
	}
	if (which == OTHER) {
		text_add(dissection, line, &fields[OTHER]);
		return;
	}
	(void)bytes_skip(&value, 1);
	while (value.length && value.data[0] == ' ')
		(void)bytes_skip(&value, 1);
	text_add(dissection, value, &fields[which]);
	if (which == CONTENT_LENGTH)
		(void)text_read_decimal(value, length);
	if (which == CONTENT_TYPE && text_begins(value, "application/sdp"))
		dissection_set_label(dissection, "SIP/SDP");
}

static void add_first_line(struct dissection *dissection, struct bytes line)
{
	bool is_status = text_begins(line, "SIP/");
	uint64_t code;
	struct bytes word;

	text_add(dissection, line, &fields[is_status ? STATUS_LINE : REQUEST_LINE]);
	dissection->depth++;
	word = text_take_word(&line);
	if (!is_status)
		text_add(dissection, word, &fields[METHOD]);
	word = text_take_word(&line);
	if (!is_status)
		text_add(dissection, word, &fields[URI]);
	else if (text_read_decimal(word, &code))
		dissection_add_value(dissection, word, &fields[STATUS_CODE], code);
	dissection->depth--;
}

/* Whether the header ends here, or in a segment that is waited for. */
static bool waits_for_header(struct dissection *dissection, struct bytes bytes)
{
	struct bytes all = bytes, line, whole;

	while (text_take_line(&bytes, &line, &whole))
		if (!line.length)
			return false;
	return dissection_wait(dissection, all);
}

static int dissect_sip(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes line, whole;
	uint64_t length = bytes->length;

	if (waits_for_header(dissection, *bytes))
		return 0;
	(void)text_take_line(bytes, &line, &whole);
	add_first_line(dissection, line);
	while (bytes->length && line.length && dissection->end == DISSECTION_WHOLE) {
		(void)text_take_line(bytes, &line, &whole);
		if (line.length)
			add_header(dissection, line, &length);
	}
	if (!bytes->length)
		return 0;
	return dissection_add_bytes(dissection, bytes,
				    length < bytes->length ? length : bytes->length, &fields[BODY],
				    NULL);
}

static unsigned int count_contacts(const struct dissection *dissection, const struct layer *layer)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < layer->field_count; i++)
		count += dissection->fields[layer->first_field + i].info == &fields[CONTACT];
	return count;
}

/* "Request: REGISTER sip:192.0.2.1  (1 binding) | " */
static void describe_sip(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *method = dissection_find(dissection, layer, &fields[METHOD]);
	const struct field *uri = dissection_find(dissection, layer, &fields[URI]);
	const struct field *status = dissection_find(dissection, layer, &fields[STATUS_LINE]);
	const struct field *sequence = dissection_find(dissection, layer, &fields[SEQUENCE]);
	unsigned int contacts = count_contacts(dissection, layer);
	struct bytes text = { 0 };

	if (method && uri) {
		text = bytes_make(method->data, method->length);
		line_add(line, "Request: ");
		line_add_text(line, text.data, text.length);
		line_add_character(line, ' ');
		line_add_text(line, uri->data, uri->length);
	} else if (status) {
		text = bytes_make(status->data, status->length);
		(void)text_take_word(&text);
		line_add(line, "Status: ");
		line_add_text(line, text.data, text.length);
		text = sequence ? bytes_make(sequence->data, sequence->length) :
				  (struct bytes){ 0 };
		(void)text_take_word(&text);
		line_add(line, " (");
		line_add_text(line, text.data, text.length);
		line_add_character(line, ')');
	}
	if (text_is(text, "REGISTER") && contacts)
		line_print(line, "  (%u binding%s)", contacts, contacts == 1 ? "" : "s");
	line_add(line, " | ");
}

const struct dissector dissector_sip = {
	.name = "sip",
	.label = "SIP",
	.title = "Session Initiation Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_sip,
	.describe = describe_sip,
};
