/* SPDX-License-Identifier: GPL-2.0-only */
/* Bodies of HTTP messages, by their content type. They are shown as they are. */
#include "http.h"

#include "../line.h"
#include "text_lines.h"

enum {
	TEXT,
	BYTES,
};

static const struct field_info fields[] = {
	[TEXT] = { "data-text-lines.text", "Text", FIELD_TEXT },
	[BYTES] = { "media.type", "Media", FIELD_BYTES },
};

/* RFC 9110, section 8.3.1. In their order: the first that a type begins with. */
static const struct {
	const char *type;
	const struct dissector *dissector;
} types[] = {
	{ "text/xml", &dissector_xml },
	{ "text/", &dissector_text },
	{ "application/x-javascript", &dissector_text },
	{ "application/javascript", &dissector_text },
	{ "application/x-www-form-urlencoded", &dissector_form },
	{ "application/json", &dissector_json },
	{ "application/xml", &dissector_xml },
	{ "application/soap+xml", &dissector_xml },
	{ "image/png", &dissector_png },
	{ "image/gif", &dissector_gif },
	{ "image/jpeg", &dissector_jpeg },
	{ "image/jpg", &dissector_jpeg },
	{ "multipart/", &dissector_multipart },
	{ "", &dissector_media },
};

const struct dissector *media_find(struct bytes content_type)
{
	if (!content_type.length)
		return NULL;
	for (size_t i = 0;; i++)
		if (text_begins(content_type, types[i].type))
			return types[i].dissector;
}

static int dissect_bytes(struct dissection *dissection, struct bytes *bytes)
{
	return dissection_add_bytes(dissection, bytes, bytes->length, &fields[BYTES], NULL);
}

static int dissect_text(struct dissection *dissection, struct bytes *bytes)
{
	if (dissection->layers[dissection->layer_count - 1].dissector == &dissector_xml)
		dissection_set_label(dissection, "HTTP/XML");
	if (dissection->layers[dissection->layer_count - 1].dissector == &dissector_json)
		dissection_set_label(dissection, "HTTP/JSON");
	/* RFC 1952, section 2.3.1: compressed text is none. */
	if (bytes->length >= 2 && bytes->data[0] == 0x1f && bytes->data[1] == 0x8b)
		return dissect_bytes(dissection, bytes);
	return dissection_add_bytes(dissection, bytes, bytes->length, &fields[TEXT], NULL);
}

/* "text/html" of "text/html; charset=UTF-8" */
static void describe_type(struct bytes type, struct line *line)
{
	size_t length = 0;

	while (length < type.length && type.data[length] != ';' && type.data[length] != ' ')
		length++;
	line_add_text(line, type.data, length);
}

/* "HTTP/1.1 200 OK  (text/html)" */
static void describe_media(const struct dissection *dissection, const struct layer *layer,
			   struct line *line)
{
	const struct layer *http = layer > dissection->layers ? layer - 1 : NULL;
	const struct dissector *dissector = layer->dissector;

	if (!http || http->dissector != &dissector_http)
		return;
	http->dissector->describe(dissection, http, line);
	if (dissector == &dissector_xml)
		return;
	line_add(line, dissector == &dissector_json ? ", JavaScript Object Notation (" : " (");
	if (dissector == &dissector_png)
		line_add(line, "PNG");
	else if (dissector == &dissector_gif)
		line_add_text(line, layer->data, layer->length < 6 ? layer->length : 6);
	else if (dissector == &dissector_jpeg)
		line_add(line, "JPEG JFIF image");
	else
		describe_type(http_header_content_type(dissection, http), line);
	line_add_character(line, ')');
}

const struct dissector dissector_text = {
	.name = "data-text-lines",
	.label = "HTTP",
	.title = "Line-based text data",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_text,
	.describe = describe_media,
};

const struct dissector dissector_form = {
	.name = "urlencoded-form",
	.label = "HTTP",
	.title = "HTML Form URL Encoded",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_text,
	.describe = describe_media,
};

const struct dissector dissector_json = {
	.name = "json",
	.label = "JSON",
	.title = "JavaScript Object Notation",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_text,
	.describe = describe_media,
};

const struct dissector dissector_xml = {
	.name = "xml",
	.label = "XML",
	.title = "eXtensible Markup Language",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_text,
	.describe = describe_media,
};

const struct dissector dissector_png = {
	.name = "png",
	.label = "HTTP",
	.title = "Portable Network Graphics",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_bytes,
	.describe = describe_media,
};

const struct dissector dissector_gif = {
	.name = "image-gif",
	.label = "HTTP",
	.title = "Compuserve GIF",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_bytes,
	.describe = describe_media,
};

const struct dissector dissector_jpeg = {
	.name = "image-jfif",
	.label = "HTTP",
	.title = "JPEG File Interchange Format",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_bytes,
	.describe = describe_media,
};

const struct dissector dissector_multipart = {
	.name = "mime_multipart",
	.label = "HTTP",
	.title = "MIME Multipart Media Encapsulation",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_bytes,
	.describe = describe_media,
};

const struct dissector dissector_media = {
	.name = "media",
	.label = "HTTP",
	.title = "Media Type",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_bytes,
	.describe = describe_media,
};
