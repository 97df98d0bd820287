/* SPDX-License-Identifier: GPL-2.0-only */
/* See json_text.h. */
#include "json_text.h"

#include "base/text.h"

/* RFC 8259, section 7: quotation mark, reverse solidus and control characters are escaped. */
static void put_ascii(unsigned char character, FILE *out)
{
	if (character == '"' || character == '\\')
		fprintf(out, "\\%c", character);
	else if (character == '\n')
		fputs("\\n", out);
	else if (character == '\t')
		fputs("\\t", out);
	else if (character < ' ' || character == 0x7f)
		fprintf(out, "\\u%04x", character);
	else
		putc(character, out);
}

void json_put_string(const char *text, FILE *out)
{
	if (!text) {
		fputs("null", out);
		return;
	}
	putc('"', out);
	while (*text) {
		size_t length = text_utf8_length(text);

		if (length == 0)
			fputs("\\ufffd", out);
		else if (length == 1)
			put_ascii((unsigned char)*text, out);
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
	putc('"', out);
}
