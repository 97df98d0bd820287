/* SPDX-License-Identifier: GPL-2.0-only */
/* FTP: RFC 959; its control connection, and what its data connection carries as it is. */
#include "../line.h"
#include "dissector.h"
#include "text_lines.h"

enum {
	REQUEST,
	RESPONSE,
	LINE,
	RESPONSE_CODE,
	RESPONSE_ARGUMENT,
	COMMAND,
	ARGUMENT,
};

static const struct field_info fields[] = {
	[REQUEST] = { "ftp.request", "Request", FIELD_FLAG },
	[RESPONSE] = { "ftp.response", "Response", FIELD_FLAG },
	[LINE] = { "ftp.line", "Line", FIELD_TEXT },
	[RESPONSE_CODE] = { "ftp.response.code", "Response code", FIELD_NUMBER },
	[RESPONSE_ARGUMENT] = { "ftp.response.arg", "Response arg", FIELD_TEXT },
	[COMMAND] = { "ftp.request.command", "Request command", FIELD_TEXT },
	[ARGUMENT] = { "ftp.request.arg", "Request arg", FIELD_TEXT },
};

enum {
	DATA,
};

static const struct field_info data_fields[] = {
	[DATA] = { "ftp-data.data", "Data", FIELD_BYTES },
};

static void add_line(struct dissection *dissection, struct bytes line, struct bytes whole,
		     bool is_request)
{
	struct bytes code_text;
	uint64_t code;

	text_add(dissection, whole, &fields[LINE]);
	dissection->depth++;
	if (is_request) {
		text_add(dissection, text_take_word(&line), &fields[COMMAND]);
	} else if (text_read_code(line, &code)) {
		(void)bytes_take(&line, 3, &code_text);
		dissection_add_value(dissection, code_text, &fields[RESPONSE_CODE], code);
		bytes_skip_padding(&line, 1);
	}
	if (line.length)
		text_add(dissection, line, &fields[is_request ? ARGUMENT : RESPONSE_ARGUMENT]);
	dissection->depth--;
}

static int dissect_ftp(struct dissection *dissection, struct bytes *bytes)
{
	bool is_request = text_is_request(dissection);
	struct bytes line, whole;

	if (!bytes->length)
		return 0;
	dissection_add_value(dissection, bytes_make(bytes->data, 0), &fields[REQUEST], is_request);
	dissection_add_value(dissection, bytes_make(bytes->data, 0), &fields[RESPONSE],
			     !is_request);
	(void)text_take_line(bytes, &line, &whole);
	add_line(dissection, line, whole, is_request);
	while (bytes->length && dissection->end == DISSECTION_WHOLE) {
		(void)text_take_line(bytes, &line, &whole);
		text_add(dissection, whole, &fields[LINE]);
	}
	return 0;
}

/* "Response: 220 Welcome" */
static void describe_ftp(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *request = dissection_find(dissection, layer, &fields[REQUEST]);
	const struct field *first = dissection_find(dissection, layer, &fields[LINE]);
	struct bytes rest, text, whole;

	if (!request || !first)
		return;
	line_add(line, request->number ? "Request: " : "Response: ");
	rest = bytes_make(first->data, first->length);
	(void)text_take_line(&rest, &text, &whole);
	line_add_text(line, text.data, text.length);
}

static int dissect_data(struct dissection *dissection, struct bytes *bytes)
{
	return dissection_add_bytes(dissection, bytes, bytes->length, &data_fields[DATA], NULL);
}

static void describe_data(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	(void)dissection;
	line_add(line, "FTP Data: ");
	line_add_number(line, layer->length);
	line_add(line, " bytes");
}

const struct dissector dissector_ftp = {
	.name = "ftp",
	.label = "FTP",
	.title = "File Transfer Protocol (FTP)",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_ftp,
	.describe = describe_ftp,
};

const struct dissector dissector_ftp_data = {
	.name = "ftp-data",
	.label = "FTP-DATA",
	.title = "FTP Data",
	DISSECTOR_FIELDS(data_fields),
	.dissect = dissect_data,
	.describe = describe_data,
};
