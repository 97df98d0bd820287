/* SPDX-License-Identifier: GPL-2.0-only */
/* See field_text.h. */
#include "field_text.h"

#include <inttypes.h>
#include <string.h>

#include "time_text.h"

#define BYTES_SHOWN 32
#define BYTES_MOST 65536 /* also where all are wanted */
#define SECOND_NS 1000000000ull
#define NTP_TO_UNIX_S 2208988800ull /* from 1900 to 1970 */

/* Digits of a hexadecimal number that is as wide as its field. */
static unsigned int hex_digits(const struct field_info *info)
{
	unsigned int bits =
		info->mask ? (unsigned int)__builtin_popcountll(info->mask) : 8u * info->bytes;

	return bits ? (bits + 3) / 4 : 1;
}

static void add_hex(uint64_t number, unsigned int digits, struct line *line)
{
	line_add(line, "0x");
	line_add_hex(line, number, digits);
}

static void add_bytes(const struct field *field, size_t most, struct line *line)
{
	size_t shown = field->length < most ? field->length : most;

	line_add_bytes(line, field->data, shown, '\0');
	if (shown < field->length)
		line_add(line, "…");
}

/* RFC 5905, section 6: what is before 1968 is of the era that began in 2036. */
static uint64_t ntp_to_ns(uint64_t ntp)
{
	uint64_t second = ntp >> 32, era = second & 0x80000000 ? 0 : 1ull << 32;

	return (second + era - NTP_TO_UNIX_S) * SECOND_NS + ((ntp & 0xffffffff) * SECOND_NS >> 32);
}

static void add_ntp(uint64_t ntp, struct line *line)
{
	if (ntp)
		time_text_add_utc(ntp_to_ns(ntp), line);
	else
		line_add(line, "(0)Jan  1, 1970 00:00:00.000000000 UTC");
}

/* Neither text nor a span of bytes: what looks the same wherever it is shown. */
static void add_common(const struct field *field, struct line *line)
{
	switch (field->info->type) {
	case FIELD_NUMBER:
	case FIELD_FLAG:
	case FIELD_HEX:
	case FIELD_SECONDS:
		line_add_number(line, field->number);
		break;
	case FIELD_SIGNED:
		line_print(line, "%" PRId64, (int64_t)field->number);
		break;
	case FIELD_MAC:
		line_add_mac(line, field->data);
		break;
	case FIELD_IPV4:
		line_add_ipv4(line, field->data);
		break;
	case FIELD_IPV6:
		line_add_ipv6(line, field->data);
		break;
	case FIELD_TEXT:
		line_add_text(line, field->data, field->length);
		break;
	case FIELD_NAME:
		line_add_text(line, (const uint8_t *)field->text, strlen(field->text));
		break;
	case FIELD_UNIX:
		time_text_add_local(field->number * SECOND_NS, line);
		break;
	case FIELD_NTP:
		add_ntp(field->number, line);
		break;
	case FIELD_GROUP:
	case FIELD_BYTES:
		break;
	}
}

void field_add_value(const struct field *field, struct line *line)
{
	if (field->info->type == FIELD_HEX)
		add_hex(field->number, hex_digits(field->info), line);
	else if (field->info->type == FIELD_BYTES)
		add_bytes(field, BYTES_SHOWN, line);
	else
		add_common(field, line);
}

void field_add_plain(const struct field *field, struct line *line)
{
	const struct field_info *info = field->info;

	if (info->type == FIELD_HEX)
		add_hex(field->number, info->bytes ? 2u * info->bytes : hex_digits(info), line);
	else if (info->type == FIELD_BYTES)
		add_bytes(field, BYTES_MOST, line);
	else if (info->type == FIELD_GROUP)
		line_add_character(line, '1');
	else
		add_common(field, line);
}

static void add_quoted(const struct field *field, struct line *line)
{
	line_add_character(line, '"');
	field_add_plain(field, line);
	line_add_character(line, '"');
}

void field_add_json(const struct field *field, struct line *line)
{
	switch (field->info->type) {
	case FIELD_GROUP:
		line_add(line, "true");
		break;
	case FIELD_FLAG:
		line_add(line, field->number ? "true" : "false");
		break;
	case FIELD_UNIX:
		line_add_number(line, field->number);
		break;
	case FIELD_NTP:
		if (field->number)
			time_text_add_epoch(ntp_to_ns(field->number), line);
		else
			line_add(line, "null");
		break;
	case FIELD_TEXT:
		line_add_json(line, field->data, field->length);
		break;
	case FIELD_NAME:
		line_add_json(line, (const uint8_t *)field->text, strlen(field->text));
		break;
	case FIELD_MAC:
	case FIELD_IPV4:
	case FIELD_IPV6:
	case FIELD_BYTES:
		add_quoted(field, line);
		break;
	default:
		add_common(field, line);
		break;
	}
}

static bool is_number(enum field_type type)
{
	return type == FIELD_NUMBER || type == FIELD_SIGNED || type == FIELD_HEX ||
	       type == FIELD_FLAG || type == FIELD_SECONDS || type == FIELD_UNIX ||
	       type == FIELD_NTP;
}

const char *field_meaning(const struct field *field)
{
	return field->info->values && is_number(field->info->type) ?
		       field_value_name(field->info, field->number) :
		       NULL;
}

/* Wireshark has brackets around what is in no byte of the packet. */
static bool is_concluded(const struct field *field)
{
	return !field->length && (is_number(field->info->type) || field->info->type == FIELD_NAME);
}

static void add_value_and_meaning(const struct field *field, struct line *line)
{
	const struct field_info *info = field->info;
	const char *meaning = field_meaning(field);

	if (info->type == FIELD_FLAG) {
		line_add(line, meaning ? meaning : field->number ? "Set" : "Not set");
		return;
	}
	if (meaning) {
		line_add(line, meaning);
		line_add(line, " (");
	}
	field_add_value(field, line);
	line_add(line, meaning ? ")" : "");
	if (info->unit) {
		line_add_character(line, ' ');
		line_add(line, info->unit);
	} else if (info->type == FIELD_SECONDS) {
		line_add(line, field->number == 1 ? " second" : " seconds");
	}
}

void field_add_description(const struct field *field, struct line *line)
{
	bool has_brackets = is_concluded(field);

	if (has_brackets)
		line_add_character(line, '[');
	line_add(line, field->info->label);
	if (field->info->type != FIELD_GROUP) {
		line_add(line, ": ");
		add_value_and_meaning(field, line);
	}
	if (has_brackets)
		line_add_character(line, ']');
}

void address_add(const struct address *address, struct line *line)
{
	switch (address->kind) {
	case ADDRESS_NONE:
		break;
	case ADDRESS_MAC:
		line_add_mac(line, address->bytes);
		break;
	case ADDRESS_IPV4:
		line_add_ipv4(line, address->bytes);
		break;
	case ADDRESS_IPV6:
		line_add_ipv6(line, address->bytes);
		break;
	}
}
