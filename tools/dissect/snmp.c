/* SPDX-License-Identifier: GPL-2.0-only */
/* SNMP: RFC 1157 and RFC 3416; messages of versions 1 and 2c in their BER (ITU-T X.690). */
#include <inttypes.h>
#include <stdio.h>

#include "../line.h"
#include "dissector.h"

enum {
	VERSION,
	COMMUNITY,
	PDU,
	REQUEST_ID,
	ERROR_STATUS,
	ERROR_INDEX,
	BINDINGS,
	NAME,
	VALUE_INTEGER,
	VALUE_UNSIGNED,
	VALUE_TICKS,
	VALUE_OID,
	VALUE_IPV4,
	VALUE_BYTES,
	SECURED,
};

enum tag {
	TAG_INTEGER = 0x02,
	TAG_BYTES = 0x04,
	TAG_OID = 0x06,
	TAG_SEQUENCE = 0x30,
	TAG_IPV4 = 0x40,
	TAG_COUNTER = 0x41,
	TAG_GAUGE = 0x42,
	TAG_TICKS = 0x43,
	TAG_COUNTER_64 = 0x46,
	TAG_PDU = 0xa0, /* the lowest of them */
};

#define PDU_TRAP 4
#define PDU_LAST 8
#define VERSION_3 3
#define OID_TEXT_BYTES 512

static const struct value_name version_names[] = {
	{ 0, "version-1" }, { 1, "v2c" }, { 2, "v2u" }, { VERSION_3, "snmpv3" }, { 0, NULL },
};

static const struct value_name pdu_names[] = {
	{ 0, "get-request" },   { 1, "get-next-request" },
	{ 2, "get-response" },  { 3, "set-request" },
	{ PDU_TRAP, "trap" },   { 5, "getBulkRequest" },
	{ 6, "informRequest" }, { 7, "snmpV2-trap" },
	{ PDU_LAST, "report" }, { 0, NULL },
};

static const struct value_name error_names[] = {
	{ 0, "noError" },  { 1, "tooBig" }, { 2, "noSuchName" }, { 3, "badValue" },
	{ 4, "readOnly" }, { 5, "genErr" }, { 0, NULL },
};

static const struct field_info fields[] = {
	[VERSION] = { "snmp.version", "version", FIELD_NUMBER, .values = version_names },
	[COMMUNITY] = { "snmp.community", "community", FIELD_TEXT },
	[PDU] = { "snmp.data", "data", FIELD_NUMBER, .values = pdu_names },
	[REQUEST_ID] = { "snmp.request_id", "request-id", FIELD_SIGNED },
	[ERROR_STATUS] = { "snmp.error_status", "error-status", FIELD_NUMBER,
			   .values = error_names },
	[ERROR_INDEX] = { "snmp.error_index", "error-index", FIELD_SIGNED },
	[BINDINGS] = { "snmp.variable_bindings", "variable-bindings", FIELD_GROUP },
	[NAME] = { "snmp.name", "Object Name", FIELD_NAME },
	[VALUE_INTEGER] = { "snmp.value.int", "Value (Integer32)", FIELD_SIGNED },
	[VALUE_UNSIGNED] = { "snmp.value.u32", "Value (Unsigned32)", FIELD_NUMBER },
	[VALUE_TICKS] = { "snmp.value.timeticks", "Value (Timeticks)", FIELD_NUMBER },
	[VALUE_OID] = { "snmp.value.oid", "Value (OID)", FIELD_NAME },
	[VALUE_IPV4] = { "snmp.value.ipv4", "Value (IpAddress)", FIELD_IPV4, 4 },
	[VALUE_BYTES] = { "snmp.value.octets", "Value (OctetString)", FIELD_BYTES },
	[SECURED] = { "snmp.msgSecurityParameters", "Message of version 3", FIELD_BYTES },
};

/* X.690, section 8.1: a tag of one byte, a length, and so many bytes. */
static int take_element(struct bytes *bytes, uint8_t *ret_tag, struct bytes *ret_content)
{
	uint8_t first, byte;
	size_t length;

	if (bytes_read_u8(bytes, ret_tag) || bytes_read_u8(bytes, &first))
		return -ENODATA;
	length = first;
	if (first & 0x80) {
		if ((first & 0x7f) > 4)
			return -ENODATA;
		length = 0;
		for (int i = 0; i < (first & 0x7f); i++) {
			if (bytes_read_u8(bytes, &byte))
				return -ENODATA;
			length = length << 8 | byte;
		}
	}
	return bytes_take(bytes, length, ret_content);
}

static int64_t read_integer(struct bytes content)
{
	uint64_t number = content.length && content.data[0] & 0x80 ? UINT64_MAX : 0;

	for (size_t i = 0; i < content.length; i++)
		number = number << 8 | content.data[i];
	return (int64_t)number;
}

static int add_integer(struct dissection *dissection, struct bytes *bytes, unsigned int which,
		       int64_t *ret_number)
{
	struct bytes content;
	uint8_t tag;

	if (take_element(bytes, &tag, &content) || tag != TAG_INTEGER)
		return -ENODATA;
	*ret_number = read_integer(content);
	dissection_add_value(dissection, content, &fields[which], (uint64_t)*ret_number);
	return 0;
}

/* X.690, section 8.19: numbers of 7 bits a byte, of which the first one is two. */
static void add_oid(struct dissection *dissection, struct bytes content, unsigned int which)
{
	char text[OID_TEXT_BYTES] = "";
	uint64_t number = 0;
	int length = 0;
	bool is_first = true;

	for (size_t i = 0; i < content.length && length < OID_TEXT_BYTES - 48; i++) {
		number = number << 7 | (content.data[i] & 0x7f);
		if (content.data[i] & 0x80)
			continue;
		if (is_first) {
			uint64_t top = number < 80 ? number / 40 : 2;

			length = snprintf(text, sizeof(text), "%" PRIu64 ".%" PRIu64, top,
					  number - top * 40);
		} else {
			length += snprintf(text + length, sizeof(text) - (size_t)length,
					   ".%" PRIu64, number);
		}
		is_first = false;
		number = 0;
	}
	dissection_add_name(dissection, content, &fields[which], text);
}

static void add_value(struct dissection *dissection, uint8_t tag, struct bytes content)
{
	switch (tag) {
	case TAG_INTEGER:
		dissection_add_value(dissection, content, &fields[VALUE_INTEGER],
				     (uint64_t)read_integer(content));
		break;
	case TAG_COUNTER:
	case TAG_GAUGE:
	case TAG_TICKS:
	case TAG_COUNTER_64:
		dissection_add_value(dissection, content,
				     &fields[tag == TAG_TICKS ? VALUE_TICKS : VALUE_UNSIGNED],
				     (uint64_t)read_integer(content));
		break;
	case TAG_OID:
		add_oid(dissection, content, VALUE_OID);
		break;
	case TAG_IPV4:
		if (content.length == 4)
			dissection_add_value(dissection, content, &fields[VALUE_IPV4], 0);
		break;
	case TAG_BYTES:
		(void)dissection_add_bytes(dissection, &content, content.length,
					   &fields[VALUE_BYTES], NULL);
		break;
	}
}

static int dissect_bindings(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes bindings, binding, content;
	unsigned int group;
	int error = 0;
	uint8_t tag;

	if (take_element(bytes, &tag, &bindings) || tag != TAG_SEQUENCE)
		return -ENODATA;
	group = dissection_enter(dissection, &bindings, &fields[BINDINGS]);
	while (!error && bindings.length && dissection->end == DISSECTION_WHOLE) {
		error = take_element(&bindings, &tag, &binding);
		if (!error)
			error = take_element(&binding, &tag, &content);
		if (error || tag != TAG_OID)
			break;
		add_oid(dissection, content, NAME);
		error = take_element(&binding, &tag, &content);
		if (!error)
			add_value(dissection, tag, content);
	}
	dissection_leave(dissection, group, bindings.data);
	return error;
}

static int dissect_pdu(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes pdu;
	int64_t number;
	uint8_t tag;

	if (take_element(bytes, &tag, &pdu) || tag < TAG_PDU || tag > TAG_PDU + PDU_LAST)
		return -ENODATA;
	dissection_add_value(dissection, pdu, &fields[PDU], (uint64_t)(tag - TAG_PDU));
	/* The trap of version 1 is made otherwise. */
	if (tag == TAG_PDU + PDU_TRAP)
		return 0;
	for (unsigned int i = REQUEST_ID; i <= ERROR_INDEX; i++)
		if (add_integer(dissection, &pdu, i, &number))
			return -ENODATA;
	return dissect_bindings(dissection, &pdu);
}

static int dissect_snmp(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes message, community;
	int64_t version;
	uint8_t tag;

	if (take_element(bytes, &tag, &message) || tag != TAG_SEQUENCE ||
	    add_integer(dissection, &message, VERSION, &version))
		return -ENODATA;
	if (version == VERSION_3)
		return dissection_add_bytes(dissection, &message, message.length, &fields[SECURED],
					    NULL);
	if (take_element(&message, &tag, &community) || tag != TAG_BYTES)
		return -ENODATA;
	(void)dissection_add_bytes(dissection, &community, community.length, &fields[COMMUNITY],
				   NULL);
	return dissect_pdu(dissection, &message);
}

/* "get-request 1.3.6.1.2.1.1.5.0 1.3.6.1.2.1.1.6.0" */
static void describe_snmp(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *field = dissection->fields + layer->first_field;
	const struct field *pdu = dissection_find(dissection, layer, &fields[PDU]);

	if (pdu)
		line_add(line, field_value_name(pdu->info, pdu->number));
	for (unsigned int i = 0; i < layer->field_count; i++, field++) {
		if (field->info != &fields[NAME])
			continue;
		line_add_character(line, ' ');
		line_add_text(line, (const uint8_t *)field->text, strlen(field->text));
	}
}

const struct dissector dissector_snmp = {
	.name = "snmp",
	.label = "SNMP",
	.title = "Simple Network Management Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_snmp,
	.describe = describe_snmp,
};
