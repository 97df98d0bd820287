/* SPDX-License-Identifier: GPL-2.0-only */
/* The name service of NetBIOS: RFC 1002, section 4.2. It is made like DNS. */
#include "../line.h"
#include "dns.h"

enum {
	ID,
	FLAGS,
	RESPONSE,
	OPCODE,
	AUTHORITATIVE,
	TRUNCATED,
	RECURSION_DESIRED,
	RECURSION_AVAILABLE,
	BROADCAST,
	RESPONSE_CODE,
	QUESTIONS,
	ANSWERS,
	AUTHORITIES,
	ADDITIONALS,
	QUESTION_SECTION,
	ANSWER_SECTION,
	AUTHORITY_SECTION,
	ADDITIONAL_SECTION,
	NAME,
	TYPE,
	CLASS,
	TTL,
	DATA_LENGTH,
	NAME_FLAGS,
	NAME_IS_GROUP,
	NAME_OWNER,
	ADDRESS,
	DATA,
};

enum type {
	TYPE_NAME = 32,
	TYPE_STATUS = 33,
};

static const struct value_name opcode_names[] = {
	{ 0, "Name query" },
	{ 5, "Registration" },
	{ 6, "Release" },
	{ 7, "WACK" },
	{ 8, "Refresh" },
	{ 9, "Refresh (altcode)" },
	{ 15, "Multi-homed registration" },
	{ 0, NULL },
};

static const struct value_name code_names[] = {
	{ 0, "No error" },
	{ 1, "Request was invalidly formatted" },
	{ 2, "Problem with NAMESERVER, cannot process name" },
	{ 3, "Requested name does not exist" },
	{ 4, "Unsupported request error" },
	{ 5, "For policy reasons server will not register this name from this host" },
	{ 6, "Name is owned by another host" },
	{ 7, "Name in conflict error" },
	{ 0, NULL },
};

static const struct value_name type_names[] = {
	{ 1, "A" },  { 2, "NS" }, { 10, "NULL" }, { TYPE_NAME, "NB" }, { TYPE_STATUS, "NBSTAT" },
	{ 0, NULL },
};

static const struct value_name class_names[] = {
	{ 1, "IN" },
	{ 0, NULL },
};

static const struct value_name owner_names[] = {
	{ 0, "B-node" }, { 1, "P-node" }, { 2, "M-node" }, { 3, "H-node" }, { 0, NULL },
};

static const struct field_info fields[] = {
	[ID] = { "nbns.id", "Transaction ID", FIELD_HEX, 2 },
	[FLAGS] = { "nbns.flags", "Flags", FIELD_HEX, 2 },
	[RESPONSE] = { "nbns.flags.response", "Response", FIELD_FLAG, 2, .mask = 0x8000 },
	[OPCODE] = { "nbns.flags.opcode", "Opcode", FIELD_NUMBER, 2, .mask = 0x7800,
		     .values = opcode_names },
	[AUTHORITATIVE] = { "nbns.flags.authoritative", "Authoritative", FIELD_FLAG, 2,
			    .mask = 0x0400 },
	[TRUNCATED] = { "nbns.flags.truncated", "Truncated", FIELD_FLAG, 2, .mask = 0x0200 },
	[RECURSION_DESIRED] = { "nbns.flags.recdesired", "Recursion desired", FIELD_FLAG, 2,
				.mask = 0x0100 },
	[RECURSION_AVAILABLE] = { "nbns.flags.recavail", "Recursion available", FIELD_FLAG, 2,
				  .mask = 0x0080 },
	[BROADCAST] = { "nbns.flags.broadcast", "Broadcast", FIELD_FLAG, 2, .mask = 0x0010 },
	[RESPONSE_CODE] = { "nbns.flags.rcode", "Reply code", FIELD_NUMBER, 2, .mask = 0x000f,
			    .values = code_names },
	[QUESTIONS] = { "nbns.count.queries", "Questions", FIELD_NUMBER, 2 },
	[ANSWERS] = { "nbns.count.answers", "Answer RRs", FIELD_NUMBER, 2 },
	[AUTHORITIES] = { "nbns.count.auth_rr", "Authority RRs", FIELD_NUMBER, 2 },
	[ADDITIONALS] = { "nbns.count.add_rr", "Additional RRs", FIELD_NUMBER, 2 },
	[QUESTION_SECTION] = { "nbns.queries", "Queries", FIELD_GROUP },
	[ANSWER_SECTION] = { "nbns.answers", "Answers", FIELD_GROUP },
	[AUTHORITY_SECTION] = { "nbns.authorities", "Authoritative nameservers", FIELD_GROUP },
	[ADDITIONAL_SECTION] = { "nbns.additionals", "Additional records", FIELD_GROUP },
	[NAME] = { "nbns.name", "Name", FIELD_NAME },
	[TYPE] = { "nbns.type", "Type", FIELD_NUMBER, 2, .values = type_names },
	[CLASS] = { "nbns.class", "Class", FIELD_NUMBER, 2, .values = class_names },
	[TTL] = { "nbns.ttl", "Time to live", FIELD_NUMBER, 4 },
	[DATA_LENGTH] = { "nbns.data_length", "Data length", FIELD_NUMBER, 2 },
	[NAME_FLAGS] = { "nbns.nb_flags", "Name flags", FIELD_HEX, 2 },
	[NAME_IS_GROUP] = { "nbns.nb_flags.group", "Name type", FIELD_FLAG, 2, .mask = 0x8000 },
	[NAME_OWNER] = { "nbns.nb_flags.ont", "ONT", FIELD_NUMBER, 2, .mask = 0x6000,
			 .values = owner_names },
	[ADDRESS] = { "nbns.addr", "Addr", FIELD_IPV4, 4 },
	[DATA] = { "nbns.data", "Data", FIELD_BYTES },
};

#define ENCODED_BYTES 32 /* two letters for each of 16 bytes, of which the last is the kind */

/* RFC 1001, section 14.1. Returns the bytes of text; 0: it is none of these. */
static size_t decode(const struct dns_name *name, char text[128])
{
	size_t length = 0, last;
	uint8_t bytes[ENCODED_BYTES / 2];

	if (name->length < ENCODED_BYTES)
		return 0;
	for (size_t i = 0; i < ENCODED_BYTES; i += 2) {
		uint8_t high = (uint8_t)(name->text[i] - 'A');
		uint8_t low = (uint8_t)(name->text[i + 1] - 'A');

		if (high > 15 || low > 15)
			return 0;
		bytes[i / 2] = (uint8_t)(high << 4 | low);
	}
	for (last = sizeof(bytes) - 1; last > 0 && bytes[last - 1] == ' ';)
		last--;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		bool is_kind = i == sizeof(bytes) - 1;

		if (i >= last && !is_kind)
			continue;
		if (!is_kind && bytes[i] >= ' ' && bytes[i] < 0x7f) {
			text[length++] = (char)bytes[i];
			continue;
		}
		text[length++] = '<';
		text[length++] = "0123456789abcdef"[bytes[i] >> 4];
		text[length++] = "0123456789abcdef"[bytes[i] & 15];
		text[length++] = '>';
	}
	text[length] = '\0';
	return length;
}

static int add_name(struct dissection *dissection, struct bytes message, struct bytes *bytes)
{
	struct bytes place = *bytes;
	struct dns_name name;
	char text[128];

	if (dns_read_name(message, bytes, &name))
		return -ENODATA;
	place.length = (size_t)(bytes->data - place.data);
	dissection_add_name(dissection, place, &fields[NAME],
			    decode(&name, text) ? text : name.text);
	return 0;
}

static int dissect_data(struct dissection *dissection, uint64_t type, struct bytes *data)
{
	uint64_t flags;

	if (type != TYPE_NAME)
		return data->length ? dissection_add_bytes(dissection, data, data->length,
							   &fields[DATA], NULL) :
				      0;
	while (data->length) {
		if (dissection_add_number(dissection, data, &fields[NAME_FLAGS], &flags))
			return -ENODATA;
		dissection_add_bits(dissection, &fields[NAME_IS_GROUP], 2, flags);
		if (dissection_add_bytes(dissection, data, 4, &fields[ADDRESS], NULL))
			return -ENODATA;
	}
	return 0;
}

static int dissect_record(struct dissection *dissection, struct bytes message, struct bytes *bytes,
			  bool is_question)
{
	uint64_t numbers[4];
	struct bytes data;
	int error;

	if (add_name(dissection, message, bytes))
		return -ENODATA;
	dissection->depth++;
	error = dissection_add_fields(dissection, bytes, &fields[TYPE], is_question ? 2 : 4,
				      numbers);
	if (!error && !is_question)
		error = bytes_take(bytes, numbers[3], &data) ||
					dissect_data(dissection, numbers[0], &data) ?
				-ENODATA :
				0;
	dissection->depth--;
	return error;
}

static int dissect_section(struct dissection *dissection, struct bytes message, struct bytes *bytes,
			   unsigned int section, uint64_t count)
{
	unsigned int group;
	int error = 0;

	if (!count)
		return 0;
	group = dissection_enter(dissection, bytes, &fields[section]);
	for (uint64_t i = 0; i < count && !error && dissection->end == DISSECTION_WHOLE; i++)
		error = dissect_record(dissection, message, bytes, section == QUESTION_SECTION);
	dissection_leave(dissection, group, bytes->data);
	return error;
}

static int dissect_nbns(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes message = *bytes;
	uint64_t flags, counts[4];

	if (dissection_add_number(dissection, bytes, &fields[ID], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	for (unsigned int i = RESPONSE; i <= RESPONSE_CODE; i++) {
		bool is_of_responses =
			i == AUTHORITATIVE || i == RECURSION_AVAILABLE || i == RESPONSE_CODE;

		if (!is_of_responses || flags & fields[RESPONSE].mask)
			dissection_add_bits(dissection, &fields[i], 1, flags);
	}
	if (dissection_add_fields(dissection, bytes, &fields[QUESTIONS], 4, counts))
		return -ENODATA;
	for (unsigned int i = 0; i < 4; i++)
		if (dissect_section(dissection, message, bytes, QUESTION_SECTION + i, counts[i]))
			return -ENODATA;
	return 0;
}

/* "Name query response NB SERVER<20> 192.0.2.1" */
static void describe_nbns(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *opcode = dissection_find(dissection, layer, &fields[OPCODE]);
	const struct field *response = dissection_find(dissection, layer, &fields[RESPONSE]);
	const struct field *name = dissection_find(dissection, layer, &fields[NAME]);
	const struct field *type = dissection_find(dissection, layer, &fields[TYPE]);
	const struct field *address = dissection_find(dissection, layer, &fields[ADDRESS]);
	const char *text;

	if (!opcode || !response)
		return;
	text = field_value_name(opcode->info, opcode->number);
	line_add(line, text ? text : "Unknown operation");
	if (response->number)
		line_add(line, " response");
	if (!name || !type)
		return;
	text = field_value_name(type->info, type->number);
	line_add_character(line, ' ');
	line_add(line, text ? text : "Unknown");
	line_add_character(line, ' ');
	line_add_text(line, (const uint8_t *)name->text, strlen(name->text));
	if (response->number && address) {
		line_add_character(line, ' ');
		line_add_ipv4(line, address->data);
	}
}

const struct dissector dissector_nbns = {
	.name = "nbns",
	.label = "NBNS",
	.title = "NetBIOS Name Service",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_nbns,
	.describe = describe_nbns,
};
