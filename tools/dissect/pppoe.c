/* SPDX-License-Identifier: GPL-2.0-only */
/* PPP over Ethernet: RFC 2516, section 4; discovery with its tags, and the session. */
#include "../line.h"
#include "dissector.h"

enum {
	VERSION,
	TYPE,
	CODE,
	SESSION,
	LENGTH,
	TAGS,
	TAG_SERVICE_NAME,
	TAG_AC_NAME,
	TAG_HOST_UNIQUE,
	TAG_AC_COOKIE,
	TAG_VENDOR_ID,
	TAG_VENDOR_DATA,
	TAG_RELAY_SESSION,
	TAG_MAXIMUM_PAYLOAD,
	TAG_SERVICE_NAME_ERROR,
	TAG_AC_SYSTEM_ERROR,
	TAG_GENERIC_ERROR,
	TAG_UNKNOWN,
};

static const struct value_name code_names[] = {
	{ 0x00, "Session Data" },
	{ 0x07, "Active Discovery Offer (PADO)" },
	{ 0x09, "Active Discovery Initiation (PADI)" },
	{ 0x0a, "Active Discovery Session-Grant (PADG)" },
	{ 0x0b, "Active Discovery Session-Credit Response (PADC)" },
	{ 0x0c, "Active Discovery Quality (PADQ)" },
	{ 0x19, "Active Discovery Request (PADR)" },
	{ 0x65, "Active Discovery Session-confirmation (PADS)" },
	{ 0xa7, "Active Discovery Terminate (PADT)" },
	{ 0xd3, "Active Discovery Message (PADM)" },
	{ 0xd4, "Active Discovery Network (PADN)" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[VERSION] = { "pppoe.version", "Version", FIELD_NUMBER, 1, .mask = 0xf0 },
	[TYPE] = { "pppoe.type", "Type", FIELD_NUMBER, 1, .mask = 0x0f },
	[CODE] = { "pppoe.code", "Code", FIELD_HEX, 1, .values = code_names },
	[SESSION] = { "pppoe.session_id", "Session ID", FIELD_HEX, 2 },
	[LENGTH] = { "pppoe.payload_length", "Payload Length", FIELD_NUMBER, 2 },
	[TAGS] = { "pppoed.tags", "PPPoE Tags", FIELD_GROUP },
	[TAG_SERVICE_NAME] = { "pppoed.tags.service_name", "Service-Name", FIELD_TEXT },
	[TAG_AC_NAME] = { "pppoed.tags.ac_name", "AC-Name", FIELD_TEXT },
	[TAG_HOST_UNIQUE] = { "pppoed.tags.host_uniq", "Host-Uniq", FIELD_BYTES },
	[TAG_AC_COOKIE] = { "pppoed.tags.ac_cookie", "AC-Cookie", FIELD_BYTES },
	[TAG_VENDOR_ID] = { "pppoed.tags.vendor_id", "Vendor id", FIELD_NUMBER, 4 },
	[TAG_VENDOR_DATA] = { "pppoed.tags.vendor_unspecified", "Vendor unspecified", FIELD_BYTES },
	[TAG_RELAY_SESSION] = { "pppoed.tags.relay_session_id", "Relay-Session-Id", FIELD_BYTES },
	[TAG_MAXIMUM_PAYLOAD] = { "pppoed.tags.max_payload", "PPP-Max-Payload", FIELD_BYTES },
	[TAG_SERVICE_NAME_ERROR] = { "pppoed.tags.service_name_error", "Service-Name-Error",
				     FIELD_TEXT },
	[TAG_AC_SYSTEM_ERROR] = { "pppoed.tags.ac_system_error", "AC-System-Error", FIELD_TEXT },
	[TAG_GENERIC_ERROR] = { "pppoed.tags.generic_error", "Generic-Error", FIELD_TEXT },
	[TAG_UNKNOWN] = { "pppoed.tag.unknown_data", "Unknown Data", FIELD_BYTES },
};

/* RFC 2516, appendix A */
static unsigned int field_of_tag(uint16_t tag)
{
	switch (tag) {
	case 0x0101:
		return TAG_SERVICE_NAME;
	case 0x0102:
		return TAG_AC_NAME;
	case 0x0103:
		return TAG_HOST_UNIQUE;
	case 0x0104:
		return TAG_AC_COOKIE;
	case 0x0105:
		return TAG_VENDOR_DATA;
	case 0x0110:
		return TAG_RELAY_SESSION;
	case 0x0120:
		return TAG_MAXIMUM_PAYLOAD;
	case 0x0201:
		return TAG_SERVICE_NAME_ERROR;
	case 0x0202:
		return TAG_AC_SYSTEM_ERROR;
	case 0x0203:
		return TAG_GENERIC_ERROR;
	default:
		return TAG_UNKNOWN;
	}
}

/* 1 where a tag says that it is the last one. */
static int dissect_tag(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes value;
	uint16_t tag, length;

	if (bytes_read_be16(bytes, &tag) || bytes_read_be16(bytes, &length) ||
	    bytes_take(bytes, length, &value))
		return -ENODATA;
	if (tag == 0)
		return 1;
	if (length == 0)
		return 0;
	if (tag == 0x0105 &&
	    dissection_add_number(dissection, &value, &fields[TAG_VENDOR_ID], NULL))
		return -ENODATA;
	return value.length ? dissection_add_bytes(dissection, &value, value.length,
						   &fields[field_of_tag(tag)], NULL) :
			      0;
}

static int dissect_header(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[3];

	if (dissection_add_parts(dissection, bytes, &fields[VERSION], 2, NULL) ||
	    dissection_add_fields(dissection, bytes, &fields[CODE], 3, numbers))
		return -ENODATA;
	/* It counts what the layers within it do not show, and is often wrong. */
	if (numbers[2] < bytes->length)
		bytes->length = numbers[2];
	return 0;
}

static int dissect_discovery(struct dissection *dissection, struct bytes *bytes)
{
	unsigned int group;
	int error = 0;

	if (dissect_header(dissection, bytes))
		return -ENODATA;
	group = dissection_enter(dissection, bytes, &fields[TAGS]);
	while (!error && bytes->length > 0)
		error = dissect_tag(dissection, bytes);
	dissection_leave(dissection, group, bytes->data);
	return error < 0 ? error : 0;
}

static int dissect_session(struct dissection *dissection, struct bytes *bytes)
{
	if (dissect_header(dissection, bytes))
		return -ENODATA;
	dissection_next(dissection, &dissector_ppp, *bytes);
	return 0;
}

static void describe_pppoe(const struct dissection *dissection, const struct layer *layer,
			   struct line *line)
{
	const struct field *code = dissection_find(dissection, layer, &fields[CODE]);
	const struct field *name = dissection_find(dissection, layer, &fields[TAG_AC_NAME]);
	const char *text = code ? field_value_name(&fields[CODE], code->number) : NULL;

	line_add(line, text ? text : "Unknown");
	if (!name)
		return;
	line_add(line, " AC-Name='");
	line_add_text(line, name->data, name->length);
	line_add_character(line, '\'');
}

const struct dissector dissector_pppoed = {
	.name = "pppoed",
	.label = "PPPoED",
	.title = "PPP-over-Ethernet Discovery",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_discovery,
	.describe = describe_pppoe,
};

const struct dissector dissector_pppoes = {
	.name = "pppoes",
	.label = "PPPoES",
	.title = "PPP-over-Ethernet Session",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_session,
	.describe = describe_pppoe,
};
