/* SPDX-License-Identifier: GPL-2.0-only */
/* Group membership: IGMPv1 (RFC 1112, appendix I), IGMPv2 (RFC 2236) and IGMPv3 (RFC 3376). */
#include "../line.h"
#include "dissector.h"

enum {
	VERSION,
	TYPE,
	RESPONSE_TIME,
	RESPONSE_EXPONENT,
	RESPONSE_MANTISSA,
	RESERVED,
	CHECKSUM,
	GROUP,
	QUERY_FLAGS,
	SUPPRESS,
	ROBUSTNESS,
	INTERVAL,
	SOURCE_COUNT,
	SOURCE,
	RECORD_COUNT,
	RECORD,
	RECORD_TYPE,
	AUXILIARY_WORDS,
	RECORD_SOURCE_COUNT,
	RECORD_GROUP,
	RECORD_SOURCE,
	AUXILIARY,
	DATA,
};

enum type {
	TYPE_QUERY = 0x11,
	TYPE_REPORT_1 = 0x12,
	TYPE_REPORT_2 = 0x16,
	TYPE_LEAVE = 0x17,
	TYPE_REPORT_3 = 0x22,
};

static const struct value_name type_names[] = {
	{ TYPE_QUERY, "Membership Query" },
	{ TYPE_REPORT_1, "Membership Report" },
	{ 0x13, "DVMRP Protocol" },
	{ 0x14, "PIM Routing Message" },
	{ TYPE_REPORT_2, "Membership Report" },
	{ TYPE_LEAVE, "Leave Group" },
	{ 0x1e, "Traceroute Response" },
	{ 0x1f, "Traceroute Query or Request" },
	{ TYPE_REPORT_3, "Membership Report" },
	{ 0, NULL },
};

static const struct value_name record_names[] = {
	{ 1, "Mode Is Include" },
	{ 2, "Mode Is Exclude" },
	{ 3, "Change To Include Mode" },
	{ 4, "Change To Exclude Mode" },
	{ 5, "Allow New Sources" },
	{ 6, "Block Old Sources" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[VERSION] = { "igmp.version", "IGMP Version", FIELD_NUMBER },
	[TYPE] = { "igmp.type", "Type", FIELD_HEX, 1, .values = type_names },
	[RESPONSE_TIME] = { "igmp.max_resp", "Max Resp Time", FIELD_NUMBER, 1 },
	[RESPONSE_EXPONENT] = { "igmp.max_resp.exp", "Exponent", FIELD_HEX, 1, .mask = 0x70 },
	[RESPONSE_MANTISSA] = { "igmp.max_resp.mant", "Mantissa", FIELD_HEX, 1, .mask = 0x0f },
	[RESERVED] = { "igmp.reserved", "Reserved", FIELD_BYTES },
	[CHECKSUM] = { "igmp.checksum", "Checksum", FIELD_HEX, 2 },
	[GROUP] = { "igmp.maddr", "Multicast Address", FIELD_IPV4 },
	[QUERY_FLAGS] = { "igmp.flags", "Flags", FIELD_HEX, 1 },
	[SUPPRESS] = { "igmp.s", "S", FIELD_FLAG, 1, .mask = 0x08 },
	[ROBUSTNESS] = { "igmp.qrv", "QRV", FIELD_NUMBER, 1, .mask = 0x07 },
	[INTERVAL] = { "igmp.qqic", "QQIC", FIELD_NUMBER, 1 },
	[SOURCE_COUNT] = { "igmp.num_src", "Num Src", FIELD_NUMBER, 2 },
	[SOURCE] = { "igmp.saddr", "Source Address", FIELD_IPV4 },
	[RECORD_COUNT] = { "igmp.num_grp_recs", "Num Group Records", FIELD_NUMBER, 2 },
	[RECORD] = { "igmp.record", "Group Record", FIELD_GROUP },
	[RECORD_TYPE] = { "igmp.record_type", "Record Type", FIELD_NUMBER, 1,
			  .values = record_names },
	[AUXILIARY_WORDS] = { "igmp.aux_data_len", "Aux Data Len", FIELD_NUMBER, 1 },
	[RECORD_SOURCE_COUNT] = { "igmp.num_src", "Num Src", FIELD_NUMBER, 2 },
	[RECORD_GROUP] = { "igmp.maddr", "Multicast Address", FIELD_IPV4 },
	[RECORD_SOURCE] = { "igmp.saddr", "Source Address", FIELD_IPV4 },
	[AUXILIARY] = { "igmp.aux_data", "Aux Data", FIELD_BYTES },
	[DATA] = { "igmp.data", "Data", FIELD_BYTES },
};

/* 0: of no version that is known. A query is told by its length (RFC 3376, section 7.1). */
static unsigned int version_of(struct bytes bytes)
{
	switch (bytes.length > 1 ? bytes.data[0] : 0) {
	case TYPE_QUERY:
		return bytes.length >= 12 ? 3 : bytes.data[1] ? 2 : 1;
	case TYPE_REPORT_1:
		return 1;
	case TYPE_REPORT_2:
	case TYPE_LEAVE:
		return 2;
	case TYPE_REPORT_3:
		return 3;
	default:
		return 0;
	}
}

static int add_sources(struct dissection *dissection, struct bytes *bytes, uint64_t count,
		       unsigned int which)
{
	for (uint64_t i = 0; i < count; i++)
		if (dissection_add_fields(dissection, bytes, &fields[which], 1, NULL))
			return -ENODATA;
	return 0;
}

/* RFC 3376, section 4.1 */
static int dissect_query(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t flags, numbers[2];

	if (dissection_add_number(dissection, bytes, &fields[QUERY_FLAGS], &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[SUPPRESS], 2, flags);
	if (dissection_add_fields(dissection, bytes, &fields[INTERVAL], 2, numbers))
		return -ENODATA;
	return add_sources(dissection, bytes, numbers[1], SOURCE);
}

static int dissect_record(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[4];

	if (dissection_add_fields(dissection, bytes, &fields[RECORD_TYPE], 4, numbers) ||
	    add_sources(dissection, bytes, numbers[2], RECORD_SOURCE))
		return -ENODATA;
	return numbers[1] ? dissection_add_bytes(dissection, bytes, numbers[1] * 4,
						 &fields[AUXILIARY], NULL) :
			    0;
}

/* RFC 3376, section 4.2 */
static int dissect_report(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t count;

	if (dissection_add_bytes(dissection, bytes, 2, &fields[RESERVED], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[RECORD_COUNT], &count))
		return -ENODATA;
	return dissection_add_groups(dissection, bytes, &fields[RECORD], count, dissect_record);
}

/* Tenths of a second; RFC 3376, section 4.1.1: from 128 on with an exponent. */
static int add_response_time(struct dissection *dissection, struct bytes *bytes,
			     unsigned int version)
{
	struct bytes place;
	uint64_t code;

	if (bytes_take(bytes, 1, &place))
		return -ENODATA;
	code = place.data[0];
	if (version < 3 || code < 128) {
		dissection_add_value(dissection, place, &fields[RESPONSE_TIME], code);
		return 0;
	}
	dissection_add_value(dissection, place, &fields[RESPONSE_TIME],
			     ((code & 15) | 16) << ((code >> 4 & 7) + 3));
	dissection_add_bits(dissection, &fields[RESPONSE_EXPONENT], 2, code);
	return 0;
}

static int dissect_igmp(struct dissection *dissection, struct bytes *bytes)
{
	static const char *const labels[] = { "IGMP", "IGMPv1", "IGMPv2", "IGMPv3" };
	unsigned int version = version_of(*bytes);
	uint64_t type;

	dissection_set_label(dissection, labels[version]);
	if (version)
		dissection_add_value(dissection, bytes_make(bytes->data, 0), &fields[VERSION],
				     version);
	if (dissection_add_number(dissection, bytes, &fields[TYPE], &type))
		return -ENODATA;
	if (!version)
		return bytes->length ? dissection_add_bytes(dissection, bytes, bytes->length,
							    &fields[DATA], NULL) :
				       0;
	if (version == 1 || type == TYPE_REPORT_3 ?
		    dissection_add_bytes(dissection, bytes, 1, &fields[RESERVED], NULL) :
		    add_response_time(dissection, bytes, version))
		return -ENODATA;
	if (dissection_add_number(dissection, bytes, &fields[CHECKSUM], NULL))
		return -ENODATA;
	if (type == TYPE_REPORT_3)
		return dissect_report(dissection, bytes);
	if (dissection_add_fields(dissection, bytes, &fields[GROUP], 1, NULL))
		return -ENODATA;
	return version == 3 ? dissect_query(dissection, bytes) : 0;
}

static void add_address(const struct field *field, const char *before, struct line *line)
{
	line_add(line, before);
	line_add_ipv4(line, field->data);
}

static bool is_zero(const struct field *address)
{
	return !(address->data[0] | address->data[1] | address->data[2] | address->data[3]);
}

/* "source {10.0.0.1}", or "sources" and the second word for several. */
static void add_listed(const struct field *source, const struct field *end,
		       const struct field_info *info, const char *one, const char *several,
		       struct line *line)
{
	bool has_several = source + 1 < end && source[1].info == info;

	line_add(line, has_several ? several : one);
	for (const char *before = " {"; source < end && source->info == info; source++) {
		add_address(source, before, line);
		before = ", ";
	}
	line_add_character(line, '}');
}

/* "Join group 225.1.1.5 for source {10.0.0.1}": the record begins at the field. */
static void describe_record(const struct field *record, const struct field *end, struct line *line)
{
	const struct field *group = record + 4, *source = record + 5;
	const struct field_info *info = &fields[RECORD_SOURCE];
	uint64_t type = record[1].number;
	bool has_sources = source < end && source->info == info;
	bool is_include = type == 1 || type == 3, is_exclude = type == 2 || type == 4;

	if (is_include && !has_sources) {
		add_address(group, "Leave group ", line);
	} else if (is_include) {
		add_address(group, "Join group ", line);
		add_listed(source, end, info, " for source", " for sources in", line);
	} else if (is_exclude && !has_sources) {
		add_address(group, "Join group ", line);
		line_add(line, " for any sources");
	} else if (is_exclude) {
		add_address(group, "Join group ", line);
		add_listed(source, end, info, ", for source not", ", for sources not in", line);
	} else {
		add_address(group, "Group ", line);
		if (has_sources && type == 5)
			add_listed(source, end, info, ", new source", ", new sources", line);
		else if (has_sources && type == 6)
			add_listed(source, end, info, ", block source", ", block sources", line);
	}
}

static void describe_records(const struct dissection *dissection, const struct layer *layer,
			     struct line *line)
{
	const struct field *first = &dissection->fields[layer->first_field];
	const struct field *end = first + layer->field_count;

	for (const struct field *field = first; field < end; field++) {
		/* The group's address is the last of what each record has. */
		if (field->info != &fields[RECORD] || end - field < 5)
			continue;
		line_add(line, " / ");
		describe_record(field, end, line);
	}
}

static void describe_sources(const struct dissection *dissection, const struct layer *layer,
			     struct line *line)
{
	const struct field *source = dissection_find(dissection, layer, &fields[SOURCE]);
	const struct field *end = &dissection->fields[layer->first_field + layer->field_count];

	if (source)
		add_listed(source, end, &fields[SOURCE], ", source", ", sources", line);
}

static void describe_group(const struct field *group, uint64_t type, struct line *line)
{
	if (type == TYPE_QUERY && is_zero(group))
		line_add(line, ", general");
	else if (type == TYPE_QUERY)
		add_address(group, ", specific for group ", line);
	else
		add_address(group, type == TYPE_LEAVE ? " " : " group ", line);
}

static void describe_igmp(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *type = dissection_find(dissection, layer, &fields[TYPE]);
	const struct field *group = dissection_find(dissection, layer, &fields[GROUP]);
	const struct field *version = dissection_find(dissection, layer, &fields[VERSION]);
	const char *name = type ? field_value_name(&fields[TYPE], type->number) : NULL;

	if (!type)
		return;
	if (!name || !version) {
		line_print(line, "Unknown Type:0x%02x", (unsigned int)type->number);
		return;
	}
	line_add(line, name);
	if (type->number == TYPE_REPORT_3)
		describe_records(dissection, layer, line);
	else if (group && version->number > 1)
		describe_group(group, type->number, line);
	if (type->number == TYPE_QUERY)
		describe_sources(dissection, layer, line);
}

const struct dissector dissector_igmp = {
	.name = "igmp",
	.label = "IGMP",
	.title = "Internet Group Management Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_igmp,
	.describe = describe_igmp,
};
