/* SPDX-License-Identifier: GPL-2.0-only */
/* Headers of HTTP/1: RFC 9110, section 5. See http.h. */
#include "http.h"

#include "text_lines.h"

enum {
	HOST,
	USER_AGENT,
	ACCEPT,
	ACCEPT_ENCODING,
	ACCEPT_LANGUAGE,
	AUTHORIZATION,
	CACHE_CONTROL,
	CONNECTION,
	CONTENT_ENCODING,
	CONTENT_LENGTH,
	CONTENT_TYPE,
	COOKIE,
	DATE,
	LAST_MODIFIED,
	LOCATION,
	PROXY_AUTHENTICATE,
	PROXY_AUTHORIZATION,
	REFERER,
	SERVER,
	SET_COOKIE,
	TRANSFER_ENCODING,
	UPGRADE,
	AUTHENTICATE,
	FORWARDED_FOR,
	KNOWN_COUNT,
	LENGTH_NUMBER = KNOWN_COUNT,
	REQUEST_LINE,
	RESPONSE_LINE,
};

static const struct field_info fields[] = {
	[HOST] = { "http.host", "Host", FIELD_TEXT },
	[USER_AGENT] = { "http.user_agent", "User-Agent", FIELD_TEXT },
	[ACCEPT] = { "http.accept", "Accept", FIELD_TEXT },
	[ACCEPT_ENCODING] = { "http.accept_encoding", "Accept-Encoding", FIELD_TEXT },
	[ACCEPT_LANGUAGE] = { "http.accept_language", "Accept-Language", FIELD_TEXT },
	[AUTHORIZATION] = { "http.authorization", "Authorization", FIELD_TEXT },
	[CACHE_CONTROL] = { "http.cache_control", "Cache-Control", FIELD_TEXT },
	[CONNECTION] = { "http.connection", "Connection", FIELD_TEXT },
	[CONTENT_ENCODING] = { "http.content_encoding", "Content-Encoding", FIELD_TEXT },
	[CONTENT_LENGTH] = { "http.content_length_header", "Content-Length", FIELD_TEXT },
	[CONTENT_TYPE] = { "http.content_type", "Content-Type", FIELD_TEXT },
	[COOKIE] = { "http.cookie", "Cookie", FIELD_TEXT },
	[DATE] = { "http.date", "Date", FIELD_TEXT },
	[LAST_MODIFIED] = { "http.last_modified", "Last-Modified", FIELD_TEXT },
	[LOCATION] = { "http.location", "Location", FIELD_TEXT },
	[PROXY_AUTHENTICATE] = { "http.proxy_authenticate", "Proxy-Authenticate", FIELD_TEXT },
	[PROXY_AUTHORIZATION] = { "http.proxy_authorization", "Proxy-Authorization", FIELD_TEXT },
	[REFERER] = { "http.referer", "Referer", FIELD_TEXT },
	[SERVER] = { "http.server", "Server", FIELD_TEXT },
	[SET_COOKIE] = { "http.set_cookie", "Set-Cookie", FIELD_TEXT },
	[TRANSFER_ENCODING] = { "http.transfer_encoding", "Transfer-Encoding", FIELD_TEXT },
	[UPGRADE] = { "http.upgrade", "Upgrade", FIELD_TEXT },
	[AUTHENTICATE] = { "http.www_authenticate", "WWW-Authenticate", FIELD_TEXT },
	[FORWARDED_FOR] = { "http.x_forwarded_for", "X-Forwarded-For", FIELD_TEXT },
	[LENGTH_NUMBER] = { "http.content_length", "Content length", FIELD_NUMBER },
	[REQUEST_LINE] = { "http.request.line", "Request line", FIELD_TEXT },
	[RESPONSE_LINE] = { "http.response.line", "Response line", FIELD_TEXT },
};

/* The name of a header is the label of its field; KNOWN_COUNT: none of those. */
static unsigned int split(struct bytes line, struct bytes *ret_value)
{
	const uint8_t *colon = line.length ? memchr(line.data, ':', line.length) : NULL;
	struct bytes name;

	if (!colon || bytes_take(&line, (size_t)(colon - line.data), &name) || bytes_skip(&line, 1))
		return KNOWN_COUNT;
	while (line.length && (line.data[0] == ' ' || line.data[0] == '\t'))
		(void)bytes_skip(&line, 1);
	*ret_value = line;
	for (unsigned int i = 0; i < KNOWN_COUNT; i++)
		if (text_is(name, fields[i].label))
			return i;
	return KNOWN_COUNT;
}

void http_header_read(struct bytes line, struct http_headers *headers)
{
	struct bytes value;

	switch (split(line, &value)) {
	case CONTENT_LENGTH:
		headers->has_length = text_read_decimal(value, &headers->length);
		break;
	case CONTENT_TYPE:
		headers->content_type = value;
		break;
	case TRANSFER_ENCODING:
		headers->is_chunked = text_begins(value, "chunked");
		break;
	case UPGRADE:
		headers->is_upgrade = true;
		break;
	}
}

void http_header_add(struct dissection *dissection, struct bytes line, struct bytes whole,
		     bool is_request)
{
	struct bytes value;
	unsigned int which = split(line, &value);
	uint64_t length;

	if (which < KNOWN_COUNT)
		text_add(dissection, value, &fields[which]);
	dissection->depth++;
	if (which == CONTENT_LENGTH && text_read_decimal(value, &length))
		dissection_add_value(dissection, value, &fields[LENGTH_NUMBER], length);
	dissection->depth--;
	text_add(dissection, whole, &fields[is_request ? REQUEST_LINE : RESPONSE_LINE]);
}

struct bytes http_header_content_type(const struct dissection *dissection,
				      const struct layer *layer)
{
	const struct field *field = dissection_find(dissection, layer, &fields[CONTENT_TYPE]);

	return field ? bytes_make(field->data, field->length) : (struct bytes){ 0 };
}

const struct field_table http_header_table = FIELD_TABLE(fields);
