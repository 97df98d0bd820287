/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * DNS over UDP and TCP (RFC 1035, section 4), mDNS (RFC 6762) and LLMNR (RFC 4795), which are made
 * like it: the message and its sections. What the records say is in dns_record.c.
 */
#include "dns.h"

#include "../line.h"

enum {
	LENGTH,
	ID,
	FLAGS,
	RESPONSE,
	OPCODE,
	AUTHORITATIVE,
	TRUNCATED,
	RECURSION_DESIRED,
	RECURSION_AVAILABLE,
	RESERVED,
	AUTHENTICATED,
	UNCHECKED,
	RESPONSE_CODE,
	CONFLICT,
	TENTATIVE,
	QUESTIONS,
	ANSWERS,
	AUTHORITIES,
	ADDITIONALS,
	ZONES,
	PREREQUISITES,
	UPDATES,
	UPDATE_ADDITIONALS,
	QUESTION_SECTION,
	ANSWER_SECTION,
	AUTHORITY_SECTION,
	ADDITIONAL_SECTION,
	QUERY_NAME,
	QUERY_NAME_LENGTH,
	QUERY_LABELS,
	QUERY_TYPE,
	QUERY_CLASS,
	QUERY_CLASS_BITS,
	QUERY_UNICAST,
	RECORD_NAME,
	RECORD_TYPE,
	RECORD_CLASS,
	RECORD_CLASS_BITS,
	RECORD_CACHE_FLUSH,
	RECORD_TTL,
	UDP_PAYLOAD_BITS,
	EXTENSION_CACHE_FLUSH,
	UDP_PAYLOAD,
	EXTENDED_CODE,
	VERSION,
	EXTENDED_FLAGS,
	EXTENDED_DO,
	EXTENDED_RESERVED,
	RECORD_LENGTH,
};

enum type {
	TYPE_OPT = 41,
	TYPE_SVCB = 64,
	TYPE_HTTPS = 65,
	TYPE_ANY = 255,
};

static const struct field_info fields[] = {
	[LENGTH] = { "dns.length", "Length", FIELD_NUMBER, 2 },
	[ID] = { "dns.id", "Transaction ID", FIELD_HEX, 2 },
	[FLAGS] = { "dns.flags", "Flags", FIELD_HEX, 2 },
	[RESPONSE] = { "dns.flags.response", "Response", FIELD_FLAG, 2, .mask = 0x8000 },
	[OPCODE] = { "dns.flags.opcode", "Opcode", FIELD_NUMBER, 2, .mask = 0x7800,
		     .values = dns_opcode_names },
	[AUTHORITATIVE] = { "dns.flags.authoritative", "Authoritative", FIELD_FLAG, 2,
			    .mask = 0x0400 },
	[TRUNCATED] = { "dns.flags.truncated", "Truncated", FIELD_FLAG, 2, .mask = 0x0200 },
	[RECURSION_DESIRED] = { "dns.flags.recdesired", "Recursion desired", FIELD_FLAG, 2,
				.mask = 0x0100 },
	[RECURSION_AVAILABLE] = { "dns.flags.recavail", "Recursion available", FIELD_FLAG, 2,
				  .mask = 0x0080 },
	[RESERVED] = { "dns.flags.z", "Z", FIELD_FLAG, 2, .mask = 0x0040 },
	[AUTHENTICATED] = { "dns.flags.authenticated", "Answer authenticated", FIELD_FLAG, 2,
			    .mask = 0x0020 },
	[UNCHECKED] = { "dns.flags.checkdisable", "Non-authenticated data", FIELD_FLAG, 2,
			.mask = 0x0010 },
	[RESPONSE_CODE] = { "dns.flags.rcode", "Reply code", FIELD_NUMBER, 2, .mask = 0x000f,
			    .values = dns_reply_code_names },
	[CONFLICT] = { "dns.flags.conflict", "Conflict", FIELD_FLAG, 2, .mask = 0x0400 },
	[TENTATIVE] = { "dns.flags.tentative", "Tentative", FIELD_FLAG, 2, .mask = 0x0100 },
	[QUESTIONS] = { "dns.count.queries", "Questions", FIELD_NUMBER, 2 },
	[ANSWERS] = { "dns.count.answers", "Answer RRs", FIELD_NUMBER, 2 },
	[AUTHORITIES] = { "dns.count.auth_rr", "Authority RRs", FIELD_NUMBER, 2 },
	[ADDITIONALS] = { "dns.count.add_rr", "Additional RRs", FIELD_NUMBER, 2 },
	[ZONES] = { "dns.count.zones", "Zones", FIELD_NUMBER, 2 },
	[PREREQUISITES] = { "dns.count.prerequisites", "Prerequisites", FIELD_NUMBER, 2 },
	[UPDATES] = { "dns.count.updates", "Updates", FIELD_NUMBER, 2 },
	[UPDATE_ADDITIONALS] = { "dns.count.add_rr", "Additional RRs", FIELD_NUMBER, 2 },
	[QUESTION_SECTION] = { "dns.queries", "Queries", FIELD_GROUP },
	[ANSWER_SECTION] = { "dns.answers", "Answers", FIELD_GROUP },
	[AUTHORITY_SECTION] = { "dns.authorities", "Authoritative nameservers", FIELD_GROUP },
	[ADDITIONAL_SECTION] = { "dns.additionals", "Additional records", FIELD_GROUP },
	[QUERY_NAME] = { "dns.qry.name", "Name", FIELD_NAME },
	[QUERY_NAME_LENGTH] = { "dns.qry.name.len", "Name Length", FIELD_NUMBER },
	[QUERY_LABELS] = { "dns.count.labels", "Label Count", FIELD_NUMBER },
	[QUERY_TYPE] = { "dns.qry.type", "Type", FIELD_NUMBER, 2, .values = dns_type_names },
	[QUERY_CLASS] = { "dns.qry.class", "Class", FIELD_HEX, 2, .values = dns_class_names },
	[QUERY_CLASS_BITS] = { "dns.qry.class", "Class", FIELD_HEX, 2, .mask = 0x7fff,
			       .values = dns_class_names },
	[QUERY_UNICAST] = { "dns.qry.qu", "\"QU\" question", FIELD_FLAG, 2, .mask = 0x8000 },
	[RECORD_NAME] = { "dns.resp.name", "Name", FIELD_NAME },
	[RECORD_TYPE] = { "dns.resp.type", "Type", FIELD_NUMBER, 2, .values = dns_type_names },
	[RECORD_CLASS] = { "dns.resp.class", "Class", FIELD_HEX, 2, .values = dns_class_names },
	[RECORD_CLASS_BITS] = { "dns.resp.class", "Class", FIELD_HEX, 2, .mask = 0x7fff,
				.values = dns_class_names },
	[RECORD_CACHE_FLUSH] = { "dns.resp.cache_flush", "Cache flush", FIELD_FLAG, 2,
				 .mask = 0x8000 },
	[RECORD_TTL] = { "dns.resp.ttl", "Time to live", FIELD_NUMBER, 4 },
	[UDP_PAYLOAD_BITS] = { "dns.rr.udp_payload_size", "UDP payload size", FIELD_NUMBER, 2,
			       .mask = 0x7fff },
	[EXTENSION_CACHE_FLUSH] = { "dns.resp.cache_flush", "Cache flush", FIELD_FLAG, 2,
				    .mask = 0x8000 },
	[UDP_PAYLOAD] = { "dns.rr.udp_payload_size", "UDP payload size", FIELD_NUMBER, 2 },
	[EXTENDED_CODE] = { "dns.resp.ext_rcode", "Higher bits in extended RCODE", FIELD_HEX, 1 },
	[VERSION] = { "dns.resp.edns0_version", "EDNS0 version", FIELD_NUMBER, 1 },
	[EXTENDED_FLAGS] = { "dns.resp.z", "Z", FIELD_HEX, 2 },
	[EXTENDED_DO] = { "dns.resp.z.do", "DO bit", FIELD_FLAG, 2, .mask = 0x8000 },
	[EXTENDED_RESERVED] = { "dns.resp.z.reserved", "Reserved", FIELD_HEX, 2, .mask = 0x7fff },
	[RECORD_LENGTH] = { "dns.resp.len", "Data length", FIELD_NUMBER, 2 },
};

/* The dissector whose layer is being made. */
static const struct dissector *present(const struct dissection *dissection)
{
	return dissection->layers[dissection->layer_count - 1].dissector;
}

static void add_flags(struct dissection *dissection, uint64_t flags)
{
	static const uint8_t shown[][10] = {
		{ RESPONSE, OPCODE, TRUNCATED, RECURSION_DESIRED, RESERVED, UNCHECKED },
		{ RESPONSE, OPCODE, AUTHORITATIVE, TRUNCATED, RECURSION_DESIRED,
		  RECURSION_AVAILABLE, RESERVED, AUTHENTICATED, UNCHECKED, RESPONSE_CODE },
		{ RESPONSE, OPCODE, CONFLICT, TRUNCATED, TENTATIVE },
		{ RESPONSE, OPCODE, CONFLICT, TRUNCATED, TENTATIVE, RESPONSE_CODE },
	};
	bool is_response = flags & fields[RESPONSE].mask;
	const uint8_t *which =
		shown[(present(dissection) == &dissector_llmnr ? 2 : 0) + is_response];

	for (size_t i = 0; i < sizeof(shown[0]) && which[i]; i++) {
		/* In a query it means something only where it is set: RFC 6840, section 5.7. */
		if (which[i] == UNCHECKED && !is_response && flags & fields[AUTHENTICATED].mask)
			dissection_add_bits(dissection, &fields[AUTHENTICATED], 1, flags);
		dissection_add_bits(dissection, &fields[which[i]], 1, flags);
	}
}

static int dissect_question(struct dissection *dissection, struct bytes message,
			    struct bytes *bytes)
{
	bool is_multicast = present(dissection) == &dissector_mdns;
	struct bytes place = *bytes;
	struct dns_name name;
	int error;

	if (dns_read_name(message, bytes, &name))
		return -ENODATA;
	place.length = (size_t)(bytes->data - place.data);
	dissection_add_name(dissection, place, &fields[QUERY_NAME], name.text);
	dissection->depth++;
	dissection_add_value(dissection, place, &fields[QUERY_NAME_LENGTH], name.length);
	dissection_add_value(dissection, place, &fields[QUERY_LABELS], name.labels);
	error = dissection_add_number(dissection, bytes, &fields[QUERY_TYPE], NULL);
	if (!error)
		error = is_multicast ? dissection_add_parts(dissection, bytes,
							    &fields[QUERY_CLASS_BITS], 2, NULL) :
				       dissection_add_number(dissection, bytes,
							     &fields[QUERY_CLASS], NULL);
	dissection->depth--;
	return error;
}

/* RFC 6891, section 6.1.2: it has a size, a code and flags where others have class and TTL. */
static int dissect_extension(struct dissection *dissection, struct bytes *bytes,
			     uint64_t *ret_length)
{
	bool is_multicast = present(dissection) == &dissector_mdns;
	uint64_t numbers[3];

	if (is_multicast ?
		    dissection_add_parts(dissection, bytes, &fields[UDP_PAYLOAD_BITS], 2, NULL) :
		    dissection_add_number(dissection, bytes, &fields[UDP_PAYLOAD], NULL))
		return -ENODATA;
	if (dissection_add_fields(dissection, bytes, &fields[EXTENDED_CODE], 3, numbers))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[EXTENDED_DO], 2, numbers[2]);
	return dissection_add_number(dissection, bytes, &fields[RECORD_LENGTH], ret_length);
}

static int dissect_class(struct dissection *dissection, struct bytes *bytes, uint64_t *ret_length)
{
	bool is_multicast = present(dissection) == &dissector_mdns;

	if (is_multicast ?
		    dissection_add_parts(dissection, bytes, &fields[RECORD_CLASS_BITS], 2, NULL) :
		    dissection_add_number(dissection, bytes, &fields[RECORD_CLASS], NULL))
		return -ENODATA;
	if (dissection_add_number(dissection, bytes, &fields[RECORD_TTL], NULL))
		return -ENODATA;
	return dissection_add_number(dissection, bytes, &fields[RECORD_LENGTH], ret_length);
}

static int dissect_data(struct dissection *dissection, struct bytes message, uint64_t type,
			struct bytes *data)
{
	switch (type) {
	case TYPE_OPT:
		return dns_options_dissect(dissection, data);
	case TYPE_SVCB:
	case TYPE_HTTPS:
		return data->length ? dns_service_dissect(dissection, message, data) : 0;
	default:
		/* Without data in updates: RFC 2136, section 2.4. */
		return data->length ?
			       dns_record_dissect(dissection, message, (uint16_t)type, data) :
			       0;
	}
}

static int dissect_record(struct dissection *dissection, struct bytes message, struct bytes *bytes)
{
	uint64_t type, length;
	struct bytes data;
	int error;

	if (dns_add_name(dissection, message, bytes, &fields[RECORD_NAME]))
		return -ENODATA;
	dissection->depth++;
	error = dissection_add_number(dissection, bytes, &fields[RECORD_TYPE], &type);
	if (!error)
		error = type == TYPE_OPT ? dissect_extension(dissection, bytes, &length) :
					   dissect_class(dissection, bytes, &length);
	if (!error)
		error = bytes_take(bytes, length, &data);
	if (!error)
		error = dissect_data(dissection, message, type, &data);
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
		error = section == QUESTION_SECTION ? dissect_question(dissection, message, bytes) :
						      dissect_record(dissection, message, bytes);
	dissection_leave(dissection, group, bytes->data);
	return error;
}

static int dissect_message(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes message = *bytes;
	uint64_t flags, counts[4];
	bool is_update;

	if (dissection_add_number(dissection, bytes, &fields[ID], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[FLAGS], &flags))
		return -ENODATA;
	add_flags(dissection, flags);
	is_update = (flags & fields[OPCODE].mask) >> 11 == DNS_OPCODE_UPDATE;
	if (dissection_add_fields(dissection, bytes, &fields[is_update ? ZONES : QUESTIONS], 4,
				  counts))
		return -ENODATA;
	for (unsigned int i = 0; i < 4; i++)
		if (dissect_section(dissection, message, bytes, QUESTION_SECTION + i, counts[i]))
			return -ENODATA;
	return 0;
}

/* RFC 1035, section 4.2.2: behind two bytes of length; another one may follow at once. */
static int dissect_over_tcp(struct dissection *dissection, struct bytes *bytes)
{
	struct bytes peek = *bytes, message;
	uint16_t there;
	uint64_t length;

	if (bytes_read_be16(&peek, &there) ? dissection_wait(dissection, *bytes) :
	    there > peek.length ? dissection_wait_for(dissection, *bytes, 2 + (uint64_t)there) :
				  false)
		return 0;
	if (dissection_add_number(dissection, bytes, &fields[LENGTH], &length))
		return -ENODATA;
	message = *bytes;
	bytes_skip_padding(bytes, length);
	message.length -= bytes->length;
	if (bytes->length)
		dissection_next(dissection, &dissector_dns, *bytes);
	return dissect_message(dissection, &message);
}

static int dissect_dns(struct dissection *dissection, struct bytes *bytes)
{
	const struct layer *below = dissection->layer_count > 1 ?
					    &dissection->layers[dissection->layer_count - 2] :
					    NULL;

	if (below && below->dissector != &dissector_udp)
		return dissect_over_tcp(dissection, bytes);
	return dissect_message(dissection, bytes);
}

/* "A" of "A (Host Address)". */
static void describe_type(uint64_t type, struct line *line)
{
	const char *name = field_value_name(&fields[RECORD_TYPE], type);

	if (type == TYPE_ANY) {
		line_add(line, "ANY");
	} else if (!name) {
		line_add(line, "Unknown (");
		line_add_number(line, type);
		line_add_character(line, ')');
	}
	for (; type != TYPE_ANY && name && *name && *name != ' '; name++)
		line_add_character(line, *name);
}

static void describe_name(const char *name, struct line *line)
{
	line_add_character(line, ' ');
	line_add_text(line, (const uint8_t *)name, strlen(name));
}

static void describe_header(const struct dissection *dissection, const struct layer *layer,
			    struct line *line)
{
	const struct field *id = dissection_find(dissection, layer, &fields[ID]);
	const struct field *flags = dissection_find(dissection, layer, &fields[FLAGS]);
	uint64_t opcode = flags ? (flags->number & fields[OPCODE].mask) >> 11 : 0;
	const char *name = field_value_name(&fields[OPCODE], opcode);
	uint64_t code = flags ? flags->number & fields[RESPONSE_CODE].mask : 0;

	if (!flags)
		return;
	if (name)
		line_add(line, name);
	else
		line_print(line, "Unknown operation (%u)", (unsigned int)opcode);
	line_add(line, flags->number & fields[RESPONSE].mask ? " response 0x" : " 0x");
	line_add_hex(line, id->number, 4);
	if (!(flags->number & fields[RESPONSE].mask) || !code)
		return;
	name = field_value_name(&fields[RESPONSE_CODE], code);
	line_add_character(line, ' ');
	if (name)
		line_add(line, name);
	else
		line_print(line, "Unknown error (%u)", (unsigned int)code);
}

/* "Standard query response 0x8185 A www.example.org CNAME example.org A 192.0.2.1" */
static void describe_dns(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *field = dissection->fields + layer->first_field;
	const char *name = "";

	describe_header(dissection, layer, line);
	for (unsigned int i = 0; i < layer->field_count; i++, field++) {
		if (field->info == &fields[QUERY_NAME]) {
			name = field->text;
		} else if (field->info == &fields[QUERY_TYPE]) {
			line_add_character(line, ' ');
			describe_type(field->number, line);
			describe_name(name, line);
		} else if (field->info == &fields[QUERY_UNICAST]) {
			line_add(line, field->number ? ", \"QU\" question" : ", \"QM\" question");
		} else if (field->info == &fields[RECORD_TYPE]) {
			line_add_character(line, ' ');
			describe_type(field->number, line);
		} else if (field->info == &fields[RECORD_CACHE_FLUSH]) {
			line_add(line, field->number ? ", cache flush" : "");
		} else {
			dns_record_describe(field, line);
		}
	}
}

const struct dissector dissector_dns = {
	.name = "dns",
	.label = "DNS",
	.title = "Domain Name System",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_dns,
	.describe = describe_dns,
};

const struct dissector dissector_mdns = {
	.name = "mdns",
	.label = "MDNS",
	.title = "Multicast Domain Name System",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_dns,
	.describe = describe_dns,
};

const struct dissector dissector_llmnr = {
	.name = "llmnr",
	.label = "LLMNR",
	.title = "Link-local Multicast Name Resolution",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_dns,
	.describe = describe_dns,
};
