/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * HTTP/1: RFC 9112; also SSDP, which is made like it. A message is taken apart when its header, and what
 * its body is known to be, are there. What is no message is the continuation of one.
 */
#include "http.h"

#include "../line.h"
#include "../stream/streams.h"
#include "text_lines.h"

enum {
	REQUEST,
	RESPONSE,
	FIRST_LINE,
	METHOD,
	URI,
	REQUEST_VERSION,
	RESPONSE_VERSION,
	CODE,
	PHRASE,
	CHUNK_SIZE,
	CHUNK_DATA,
	FILE_DATA,
	CONTINUATION,
};

static const struct field_info fields[] = {
	[REQUEST] = { "http.request", "Request", FIELD_FLAG },
	[RESPONSE] = { "http.response", "Response", FIELD_FLAG },
	[FIRST_LINE] = { "http.first_line", "First line", FIELD_TEXT },
	[METHOD] = { "http.request.method", "Request Method", FIELD_TEXT },
	[URI] = { "http.request.uri", "Request URI", FIELD_TEXT },
	[REQUEST_VERSION] = { "http.request.version", "Request Version", FIELD_TEXT },
	[RESPONSE_VERSION] = { "http.response.version", "Response Version", FIELD_TEXT },
	[CODE] = { "http.response.code", "Status Code", FIELD_NUMBER },
	[PHRASE] = { "http.response.phrase", "Response Phrase", FIELD_TEXT },
	[CHUNK_SIZE] = { "http.chunk_size", "Chunk size", FIELD_NUMBER, .unit = "octets" },
	[CHUNK_DATA] = { "http.chunk_data", "Chunk data", FIELD_BYTES },
	[FILE_DATA] = { "http.file_data", "File Data", FIELD_TEXT },
	[CONTINUATION] = { "http.continuation", "Continuation", FIELD_BYTES },
};

#define MAXIMUM_CHUNKS 1024

/* In the note of a conversation: the last request was for the header alone. */
#define NOTE_HEAD 1u
/* There was a message before. */
#define NOTE_MESSAGE 2u

/* What is known of a message before it is taken apart. */
struct message {
	bool is_request;
	bool is_whole; /* its header */
	uint64_t code;
	struct bytes first; /* line, without its end */
	size_t header_bytes;
	struct http_headers headers;
};

static const char *const begins[] = {
	"HTTP",         "GET ",      "POST ",   "HEAD ",   "PUT ",      "DELETE ",    "OPTIONS ",
	"TRACE ",       "CONNECT ",  "PATCH ",  "NOTIFY ", "M-SEARCH ", "SUBSCRIBE ", "PROPFIND ",
	"PROPPATCH ",   "MKCOL ",    "COPY ",   "MOVE ",   "LOCK ",     "UNLOCK ",    "REPORT ",
	"UNSUBSCRIBE ", "CCM_POST ", "SEARCH ", "MERGE ",
};

/* Mostly the first byte says no. */
bool http_is_message(struct bytes bytes)
{
	for (size_t i = 0; bytes.length && i < sizeof(begins) / sizeof(begins[0]); i++)
		if (bytes.data[0] == (uint8_t)begins[i][0] && bytes.length >= strlen(begins[i]) &&
		    memcmp(bytes.data, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

/* Whether these few bytes may become one. */
static bool is_message_begin(struct bytes bytes)
{
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (bytes.length < strlen(begins[i]) &&
		    memcmp(bytes.data, begins[i], bytes.length) == 0)
			return true;
	return false;
}

static void read_message(struct bytes bytes, struct message *message)
{
	size_t all = bytes.length;
	struct bytes line, whole;

	*message = (struct message){ 0 };
	message->is_whole = text_take_line(&bytes, &message->first, &whole);
	message->is_request = !text_begins(message->first, "HTTP");
	if (!message->is_request) {
		line = message->first;
		(void)text_take_word(&line);
		(void)text_read_decimal(line, &message->code);
	}
	message->header_bytes = all - bytes.length;
	while (message->is_whole) {
		message->is_whole = text_take_line(&bytes, &line, &whole);
		message->header_bytes = all - bytes.length;
		if (!line.length)
			break;
		http_header_read(line, &message->headers);
	}
}

/* The next chunk: RFC 9112, section 7.1. 0, or -ENODATA where it is not all there. */
static int take_chunk(struct bytes *bytes, struct bytes *ret_data)
{
	struct bytes rest = *bytes, line, whole;
	uint64_t size = 0;
	size_t digits = 0;

	if (!text_take_line(&rest, &line, &whole))
		return -ENODATA;
	for (; digits < line.length && digits < 15; digits++) {
		uint8_t digit = line.data[digits];

		if (digit >= '0' && digit <= '9')
			size = size * 16 + (digit - '0');
		else if ((digit | 0x20) >= 'a' && (digit | 0x20) <= 'f')
			size = size * 16 + ((digit | 0x20) - 'a' + 10);
		else
			break;
	}
	if (!digits || bytes_take(&rest, size, ret_data))
		return -ENODATA;
	/* The last one may have more lines behind it; an empty one ends all. */
	do {
		if (!text_take_line(&rest, &line, &whole))
			return -ENODATA;
	} while (!size && line.length);
	*bytes = rest;
	return 0;
}

/* Whether the chunks are there to the last, and so many that they can be shown. */
static bool has_all_chunks(struct bytes bytes, size_t *ret_bytes)
{
	size_t all = bytes.length;
	struct bytes data;

	for (unsigned int i = 0; i < MAXIMUM_CHUNKS; i++) {
		if (take_chunk(&bytes, &data))
			return false;
		if (!data.length) {
			*ret_bytes = all - bytes.length;
			return true;
		}
	}
	return false;
}

/* RFC 9112, section 6.3. */
static bool has_body(const struct dissection *dissection, const struct message *message)
{
	const struct conversation *conversation = dissection->conversation;

	if (message->is_request)
		return message->headers.is_chunked ||
		       (message->headers.has_length && message->headers.length);
	return message->code >= 200 && message->code != 204 && message->code != 304 &&
	       !(conversation && conversation->note & NOTE_HEAD);
}

/* Whether the rest of the message is waited for; else ret_body is how much of the bytes is body. */
static bool wait_for_body(struct dissection *dissection, struct bytes bytes,
			  const struct message *message, size_t *ret_body)
{
	const struct http_headers *headers = &message->headers;
	struct bytes body = bytes;

	*ret_body = 0;
	(void)bytes_skip(&body, message->header_bytes);
	if (!has_body(dissection, message))
		return false;
	if (headers->is_chunked) {
		if (has_all_chunks(body, ret_body))
			return false;
		*ret_body = body.length;
		return dissection_wait(dissection, bytes);
	}
	if (headers->has_length) {
		*ret_body = headers->length < body.length ? headers->length : body.length;
		return headers->length > body.length &&
		       dissection_wait_for(dissection, bytes,
					   message->header_bytes + headers->length);
	}
	*ret_body = body.length;
	return dissection_wait_until_end(dissection, bytes);
}

static void add_request(struct dissection *dissection, struct bytes line)
{
	struct conversation *conversation = dissection->conversation;
	struct bytes method = text_take_word(&line);
	struct bytes version = { 0 };

	if (conversation)
		conversation->note = NOTE_MESSAGE | (text_is(method, "HEAD") ? NOTE_HEAD : 0);
	text_add(dissection, method, &fields[METHOD]);
	for (size_t i = line.length; i > 0 && !version.data; i--)
		if (line.data[i - 1] == ' ')
			version = bytes_make(line.data + i, line.length - i);
	if (version.data)
		line.length -= version.length + 1;
	text_add(dissection, line, &fields[URI]);
	if (version.data)
		text_add(dissection, version, &fields[REQUEST_VERSION]);
}

static void add_response(struct dissection *dissection, struct bytes line)
{
	uint64_t code;
	struct bytes word;

	text_add(dissection, text_take_word(&line), &fields[RESPONSE_VERSION]);
	word = text_take_word(&line);
	if (text_read_decimal(word, &code))
		dissection_add_value(dissection, word, &fields[CODE], code);
	if (line.length)
		text_add(dissection, line, &fields[PHRASE]);
}

static void add_header(struct dissection *dissection, struct bytes header,
		       const struct message *message)
{
	struct bytes line, whole;

	(void)text_take_line(&header, &line, &whole);
	text_add(dissection, whole, &fields[FIRST_LINE]);
	dissection->depth++;
	if (message->is_request)
		add_request(dissection, line);
	else
		add_response(dissection, line);
	dissection->depth--;
	while (header.length) {
		(void)text_take_line(&header, &line, &whole);
		if (line.length)
			http_header_add(dissection, line, whole, message->is_request);
	}
	dissection_add_value(dissection, bytes_make(header.data, 0),
			     &fields[message->is_request ? REQUEST : RESPONSE], 1);
}

/* The first chunk is all of the body that is taken further apart. */
static struct bytes add_chunks(struct dissection *dissection, struct bytes body)
{
	struct bytes first = { 0 }, data;

	while (body.length && !take_chunk(&body, &data)) {
		dissection_add_value(dissection, data, &fields[CHUNK_SIZE], data.length);
		if (!data.length)
			break;
		text_add(dissection, data, &fields[CHUNK_DATA]);
		if (!first.length)
			first = data;
	}
	return first;
}

static int dissect_message(struct dissection *dissection, struct bytes *bytes)
{
	struct message message;
	struct bytes header, body;
	size_t body_bytes;

	read_message(*bytes, &message);
	if (!message.is_whole && dissection_wait(dissection, *bytes))
		return 0;
	if (wait_for_body(dissection, *bytes, &message, &body_bytes))
		return 0;
	(void)bytes_take(bytes, message.header_bytes, &header);
	(void)bytes_take(bytes, body_bytes, &body);
	/* RFC 9112, section 2.2: some end a body with an empty line more. */
	while (bytes->length && (bytes->data[0] == '\r' || bytes->data[0] == '\n'))
		(void)bytes_skip(bytes, 1);
	add_header(dissection, header, &message);
	if (message.headers.is_chunked)
		body = add_chunks(dissection, body);
	if (message.code == 101 || (!message.is_request && !message.code))
		dissection_next(dissection, NULL, *bytes);
	else if (bytes->length)
		dissection_next(dissection, &dissector_http, *bytes);
	else if (body.length)
		dissection_next(dissection, media_find(message.headers.content_type), body);
	if (body.length && bytes->length)
		text_add(dissection, body, &fields[FILE_DATA]);
	return 0;
}

static int dissect_http(struct dissection *dissection, struct bytes *bytes)
{
	struct conversation *conversation = dissection->conversation;

	if (http_is_message(*bytes)) {
		if (conversation)
			conversation->note |= NOTE_MESSAGE;
		return dissect_message(dissection, bytes);
	}
	if (is_message_begin(*bytes) && dissection_wait(dissection, *bytes))
		return 0;
	if (!conversation || !(conversation->note & NOTE_MESSAGE))
		return -EPROTO;
	return dissection_add_bytes(dissection, bytes, bytes->length, &fields[CONTINUATION], NULL);
}

static void describe_layer(const struct dissection *dissection, const struct layer *layer,
			   struct line *line)
{
	const struct field *first = dissection_find(dissection, layer, &fields[FIRST_LINE]);
	struct bytes text, whole, rest;

	if (!first) {
		line_add(line, "Continuation");
		return;
	}
	rest = bytes_make(first->data, first->length);
	(void)text_take_line(&rest, &text, &whole);
	line_add_text(line, text.data, text.length);
	line_add_character(line, ' ');
}

/* All messages of the packet: "GET / HTTP/1.1 " */
static void describe_http(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	for (const struct layer *each = dissection->layers; each <= layer; each++)
		if (each->dissector == layer->dissector)
			describe_layer(dissection, each, line);
}

const struct dissector dissector_http = {
	.name = "http",
	.label = "HTTP",
	.title = "Hypertext Transfer Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_http,
	.describe = describe_http,
};

const struct dissector dissector_ssdp = {
	.name = "ssdp",
	.label = "SSDP",
	.title = "Simple Service Discovery Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_http,
	.describe = describe_http,
};
