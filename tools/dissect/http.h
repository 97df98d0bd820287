/* SPDX-License-Identifier: GPL-2.0-only */
/* Parts of HTTP/1: http.c has messages, http_header.c their headers, media.c their bodies. */
#pragma once

#include "dissector.h"

/* What the headers of a message say of its body. */
struct http_headers {
	bool has_length;
	bool is_chunked;
	bool is_upgrade;
	uint64_t length;
	struct bytes content_type;
};

/* Looks at one line of a header. */
void http_header_read(struct bytes line, struct http_headers *headers);
/* Adds its fields; `whole` has its end, too. */
void http_header_add(struct dissection *dissection, struct bytes line, struct bytes whole,
		     bool is_request);
/* The value of the content type of a layer; length 0: it says nothing of it. */
struct bytes http_header_content_type(const struct dissection *dissection,
				      const struct layer *layer);

/* Whether a message may begin here. */
bool http_is_message(struct bytes bytes);

/* Who understands a body of this type. */
const struct dissector *media_find(struct bytes content_type);

extern const struct field_table http_header_table;
