/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Records of TLS: RFC 8446, section 5. Several of them in a row are one layer. What a conversation
 * agreed on is in its note, and whether a side sends encrypted records in that of the side.
 */
#include "tls.h"

#include "../line.h"
#include "../stream/streams.h"

enum {
	RECORD,
	CONTENT_TYPE,
	OPAQUE_TYPE,
	VERSION,
	LENGTH,
	CHANGE_CIPHER,
	ALERT,
	ALERT_LEVEL,
	ALERT_DESCRIPTION,
	ENCRYPTED_ALERT,
	ENCRYPTED_HANDSHAKE,
	APPLICATION_DATA,
	HEARTBEAT,
	IGNORED,
};

enum content {
	CONTENT_CHANGE_CIPHER = 20,
	CONTENT_ALERT = 21,
	CONTENT_HANDSHAKE = 22,
	CONTENT_APPLICATION = 23,
	CONTENT_HEARTBEAT = 24,
};

#define HEADER_BYTES 5
#define MAXIMUM_BYTES (16384 + 2048) /* RFC 5246, section 6.2.3 */
#define VERSION_1_3 0x0304
#define SIDE_IS_ENCRYPTED 1u

static const struct value_name content_names[] = {
	{ CONTENT_CHANGE_CIPHER, "Change Cipher Spec" },
	{ CONTENT_ALERT, "Alert" },
	{ CONTENT_HANDSHAKE, "Handshake" },
	{ CONTENT_APPLICATION, "Application Data" },
	{ CONTENT_HEARTBEAT, "Heartbeat" },
	{ 0, NULL },
};

static const struct value_name level_names[] = {
	{ 1, "Warning" },
	{ 2, "Fatal" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[RECORD] = { "tls.record", "TLS Record Layer", FIELD_GROUP },
	[CONTENT_TYPE] = { "tls.record.content_type", "Content Type", FIELD_NUMBER, 1,
			   .values = content_names },
	[OPAQUE_TYPE] = { "tls.record.opaque_type", "Opaque Type", FIELD_NUMBER, 1,
			  .values = content_names },
	[VERSION] = { "tls.record.version", "Version", FIELD_HEX, 2, .values = tls_version_names },
	[LENGTH] = { "tls.record.length", "Length", FIELD_NUMBER, 2 },
	[CHANGE_CIPHER] = { "tls.change_cipher_spec", "Change Cipher Spec Message", FIELD_GROUP },
	[ALERT] = { "tls.alert_message", "Alert Message", FIELD_GROUP },
	[ALERT_LEVEL] = { "tls.alert_message.level", "Level", FIELD_NUMBER, 1,
			  .values = level_names },
	[ALERT_DESCRIPTION] = { "tls.alert_message.desc", "Description", FIELD_NUMBER, 1,
				.values = tls_alert_names },
	[ENCRYPTED_ALERT] = { "tls.alert_message", "Encrypted Alert", FIELD_GROUP },
	[ENCRYPTED_HANDSHAKE] = { "tls.handshake", "Encrypted Handshake Message", FIELD_GROUP },
	[APPLICATION_DATA] = { "tls.app_data", "Encrypted Application Data", FIELD_BYTES },
	[HEARTBEAT] = { "tls.heartbeat_message", "Heartbeat Message", FIELD_GROUP },
	[IGNORED] = { "tls.ignored_unknown", "Ignored Unknown Record", FIELD_GROUP },
};

bool tls_is_record(struct bytes bytes)
{
	uint8_t type, major, minor;
	uint16_t length;

	return !bytes_read_u8(&bytes, &type) && !bytes_read_u8(&bytes, &major) &&
	       !bytes_read_u8(&bytes, &minor) && !bytes_read_be16(&bytes, &length) &&
	       type >= CONTENT_CHANGE_CIPHER && type <= CONTENT_HEARTBEAT && major == 3 &&
	       minor <= 4 && length > 0 && length <= MAXIMUM_BYTES;
}

static bool is_encrypted(const struct dissection *dissection)
{
	const struct conversation *conversation = dissection->conversation;

	return conversation && conversation->side_note[dissection->side] & SIDE_IS_ENCRYPTED;
}

static bool is_1_3(const struct dissection *dissection)
{
	const struct conversation *conversation = dissection->conversation;

	return conversation &&
	       (conversation->note == VERSION_1_3 || conversation->note >> 8 == 0x7f);
}

/* A group for bytes that say nothing. */
static void add_opaque(struct dissection *dissection, struct bytes *content, unsigned int which)
{
	unsigned int group = dissection_enter(dissection, content, &fields[which]);

	bytes_skip_padding(content, content->length);
	dissection_leave(dissection, group, content->data);
}

static int dissect_alert(struct dissection *dissection, struct bytes *content)
{
	unsigned int group;
	int error;

	if (content->length != 2 || is_encrypted(dissection)) {
		add_opaque(dissection, content, ENCRYPTED_ALERT);
		return 0;
	}
	group = dissection_enter(dissection, content, &fields[ALERT]);
	error = dissection_add_fields(dissection, content, &fields[ALERT_LEVEL], 2, NULL);
	dissection_leave(dissection, group, content->data);
	return error;
}

/* One that has a plausible header, or it is encrypted. */
static int dissect_handshake(struct dissection *dissection, struct bytes *content)
{
	struct conversation *conversation = dissection->conversation;
	struct bytes peek = *content;
	uint32_t length = 0;
	uint16_t version = 0;
	uint8_t type;
	int error;

	if (is_encrypted(dissection) || bytes_read_u8(&peek, &type) ||
	    bytes_read_be24(&peek, &length) || type > 25 || length > 1u << 18) {
		add_opaque(dissection, content, ENCRYPTED_HANDSHAKE);
		return 0;
	}
	error = tls_handshake_dissect(dissection, content, &version);
	if (conversation && version)
		conversation->note = version;
	return error;
}

static int dissect_content(struct dissection *dissection, uint64_t type, struct bytes *content)
{
	switch (type) {
	case CONTENT_CHANGE_CIPHER:
		add_opaque(dissection, content, CHANGE_CIPHER);
		if (dissection->conversation && !is_1_3(dissection))
			dissection->conversation->side_note[dissection->side] |= SIDE_IS_ENCRYPTED;
		return 0;
	case CONTENT_ALERT:
		return dissect_alert(dissection, content);
	case CONTENT_HANDSHAKE:
		return dissect_handshake(dissection, content);
	case CONTENT_HEARTBEAT:
		add_opaque(dissection, content, HEARTBEAT);
		return 0;
	default:
		return dissection_add_bytes(dissection, content, content->length,
					    &fields[APPLICATION_DATA], NULL);
	}
}

static int dissect_record(struct dissection *dissection, struct bytes *bytes, uint16_t *version)
{
	unsigned int group = dissection_enter(dissection, bytes, &fields[RECORD]);
	bool is_opaque = bytes->data[0] == CONTENT_APPLICATION && is_1_3(dissection);
	uint64_t type, record_version, length;
	struct bytes content;
	int error;

	error = dissection_add_number(dissection, bytes,
				      &fields[is_opaque ? OPAQUE_TYPE : CONTENT_TYPE], &type);
	if (!error)
		error = dissection_add_number(dissection, bytes, &fields[VERSION], &record_version);
	if (!error)
		error = dissection_add_number(dissection, bytes, &fields[LENGTH], &length);
	if (!error) {
		bool is_cut = length > bytes->length;

		*version = (uint16_t)record_version;
		content = *bytes;
		bytes_skip_padding(bytes, length);
		content.length -= bytes->length;
		error = dissect_content(dissection, type, &content);
		if (is_cut)
			error = -ENODATA;
	}
	dissection_leave(dissection, group, bytes->data);
	return error;
}

static void set_label(struct dissection *dissection, uint16_t record_version)
{
	static const struct value_name labels[] = {
		{ 0x0300, "SSLv3" },   { 0x0301, "TLSv1" },   { 0x0302, "TLSv1.1" },
		{ 0x0303, "TLSv1.2" }, { 0x0304, "TLSv1.3" }, { 0, NULL },
	};
	const struct conversation *conversation = dissection->conversation;
	uint16_t version =
		conversation && conversation->note ? (uint16_t)conversation->note : record_version;

	if (version >> 8 == 0x7f)
		version = VERSION_1_3;
	for (const struct value_name *label = labels; label->text; label++)
		if (label->value == version)
			dissection_set_label(dissection, label->text);
}

static int dissect_tls(struct dissection *dissection, struct bytes *bytes)
{
	const struct conversation *conversation = dissection->conversation;
	uint16_t version = 0;
	int error = 0;

	/* Another protocol on a port of TLS. A record that was cut to less than its header may be one. */
	if (bytes->length >= HEADER_BYTES && !tls_is_record(*bytes) &&
	    !(conversation && conversation->note))
		return -EPROTO;
	while (!error && bytes->length && dissection->end == DISSECTION_WHOLE) {
		struct bytes peek = *bytes;
		uint16_t length;

		if (bytes->length < HEADER_BYTES) {
			if (dissection_wait(dissection, *bytes))
				break;
		} else if (!tls_is_record(*bytes)) {
			add_opaque(dissection, bytes, IGNORED);
			break;
		} else if (!bytes_skip(&peek, HEADER_BYTES - 2) &&
			   !bytes_read_be16(&peek, &length) && length > peek.length &&
			   dissection_wait_for(dissection, *bytes,
					       HEADER_BYTES + (uint64_t)length)) {
			break;
		}
		error = dissect_record(dissection, bytes, &version);
	}
	set_label(dissection, version);
	return error;
}

static const char *describe_field(const struct field *field)
{
	switch (field->info - fields) {
	case CHANGE_CIPHER:
		return "Change Cipher Spec";
	case APPLICATION_DATA:
		return "Application Data";
	case ENCRYPTED_ALERT:
	case ENCRYPTED_HANDSHAKE:
	case IGNORED:
		return field->info->label;
	case HEARTBEAT:
		return "Heartbeat";
	default:
		return NULL;
	}
}

static void describe_alert(const struct field *level, const struct field *description,
			   struct line *line)
{
	const char *level_name = field_value_name(level->info, level->number);
	const char *name = field_value_name(description->info, description->number);

	line_add(line, "Alert (Level: ");
	line_add(line, level_name ? level_name : "Unknown");
	line_add(line, ", Description: ");
	line_add(line, name ? name : "Unknown");
	line_add_character(line, ')');
}

/* "Server Hello, Certificate, Server Hello Done" */
static void describe_tls(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *field = dissection->fields + layer->first_field;
	size_t begin = line->length;

	for (unsigned int i = 0; i < layer->field_count; i++) {
		bool is_own = field[i].info >= fields && field[i].info <= &fields[IGNORED];
		const char *name =
			is_own ? describe_field(&field[i]) : tls_handshake_name(&field[i]);
		bool is_alert = is_own && field[i].info == &fields[ALERT_LEVEL] &&
				i + 1 < layer->field_count;

		if (!name && !is_alert)
			continue;
		if (line->length > begin)
			line_add(line, ", ");
		if (is_alert)
			describe_alert(&field[i], &field[i + 1], line);
		else
			line_add(line, name);
	}
}

const struct dissector dissector_tls = {
	.name = "tls",
	.label = "TLS",
	.title = "Transport Layer Security",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_tls,
	.describe = describe_tls,
};
