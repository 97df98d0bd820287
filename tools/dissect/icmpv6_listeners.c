/* SPDX-License-Identifier: GPL-2.0-only */
/* See icmpv6_listeners.h. */
#include "icmpv6_listeners.h"

enum {
	RESERVED,
	RESPONSE_DELAY,
	RESPONSE_CODE,
	GROUP,
	QUERY_FLAGS,
	QUERY_SUPPRESS,
	QUERY_ROBUSTNESS,
	QUERY_RESERVED,
	QUERY_INTERVAL,
	SOURCE_COUNT,
	SOURCE,
	RECORD_COUNT,
	RECORD,
	RECORD_TYPE,
	RECORD_AUXILIARY_WORDS,
	RECORD_SOURCE_COUNT,
	RECORD_GROUP,
	RECORD_SOURCE,
	RECORD_AUXILIARY,
};

static const struct value_name record_names[] = {
	{ 1, "Include" },
	{ 2, "Exclude" },
	{ 3, "Changed to include" },
	{ 4, "Changed to exclude" },
	{ 5, "Allow new sources" },
	{ 6, "Block old sources" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[RESERVED] = { "icmpv6.reserved", "Reserved", FIELD_BYTES },
	[RESPONSE_DELAY] = { "icmpv6.mld.maximum_response_delay", "Maximum Response Delay [ms]",
			     FIELD_NUMBER, 2 },
	[RESPONSE_CODE] = { "icmpv6.mld.maximum_response_code", "Maximum Response Code",
			    FIELD_NUMBER, 2 },
	[GROUP] = { "icmpv6.mld.multicast_address", "Multicast Address", FIELD_IPV6 },
	[QUERY_FLAGS] = { "icmpv6.mld.flag", "Flags", FIELD_HEX, 1 },
	[QUERY_SUPPRESS] = { "icmpv6.mld.flag.s", "Suppress Router-Side Processing", FIELD_FLAG, 1,
			     .mask = 0x08 },
	[QUERY_ROBUSTNESS] = { "icmpv6.mld.flag.qrv", "QRV (Querier's Robustness Variable)",
			       FIELD_NUMBER, 1, .mask = 0x07 },
	[QUERY_RESERVED] = { "icmpv6.mld.flag.reserved", "Reserved", FIELD_NUMBER, 1,
			     .mask = 0xf0 },
	[QUERY_INTERVAL] = { "icmpv6.mld.qqi", "QQIC (Querier's Query Interval Code)", FIELD_NUMBER,
			     1 },
	[SOURCE_COUNT] = { "icmpv6.mld.nb_sources", "Number of Sources", FIELD_NUMBER, 2 },
	[SOURCE] = { "icmpv6.mld.source_address", "Source Address", FIELD_IPV6 },
	[RECORD_COUNT] = { "icmpv6.mldr.nb_mcast_records", "Number of Multicast Address Records",
			   FIELD_NUMBER, 2 },
	[RECORD] = { "icmpv6.mldr.mar", "Multicast Address Record", FIELD_GROUP },
	[RECORD_TYPE] = { "icmpv6.mldr.mar.record_type", "Record Type", FIELD_NUMBER, 1,
			  .values = record_names },
	[RECORD_AUXILIARY_WORDS] = { "icmpv6.mldr.mar.aux_data_len", "Aux Data Len", FIELD_NUMBER,
				     1 },
	[RECORD_SOURCE_COUNT] = { "icmpv6.mldr.mar.nb_sources", "Number of Sources", FIELD_NUMBER,
				  2 },
	[RECORD_GROUP] = { "icmpv6.mldr.mar.multicast_address", "Multicast Address", FIELD_IPV6 },
	[RECORD_SOURCE] = { "icmpv6.mldr.mar.source_address", "Source Address", FIELD_IPV6 },
	[RECORD_AUXILIARY] = { "icmpv6.mldr.mar.auxiliary_data", "Auxiliary Data", FIELD_BYTES },
};

const struct field_table icmpv6_listeners_table = FIELD_TABLE(fields);

static int add_reserved(struct dissection *dissection, struct bytes *bytes, size_t length)
{
	return dissection_add_bytes(dissection, bytes, length, &fields[RESERVED], NULL);
}

/* RFC 3810, section 5.1: longer than that of RFC 2710. */
static int dissect_query(struct dissection *dissection, struct bytes *bytes)
{
	bool is_second = bytes->length > 20;
	uint64_t numbers[2], flags;

	if (dissection_add_number(dissection, bytes,
				  &fields[is_second ? RESPONSE_CODE : RESPONSE_DELAY], NULL) ||
	    add_reserved(dissection, bytes, 2) ||
	    dissection_add_fields(dissection, bytes, &fields[GROUP], 1, NULL))
		return -ENODATA;
	if (!is_second)
		return 0;
	if (dissection_add_number(dissection, bytes, &fields[QUERY_FLAGS], &flags))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[QUERY_SUPPRESS], 3, flags);
	if (dissection_add_fields(dissection, bytes, &fields[QUERY_INTERVAL], 2, numbers))
		return -ENODATA;
	for (uint64_t i = 0; i < numbers[1]; i++)
		if (dissection_add_fields(dissection, bytes, &fields[SOURCE], 1, NULL))
			return -ENODATA;
	return 0;
}

static int dissect_record(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[4];

	if (dissection_add_fields(dissection, bytes, &fields[RECORD_TYPE], 4, numbers))
		return -ENODATA;
	for (uint64_t i = 0; i < numbers[2]; i++)
		if (dissection_add_fields(dissection, bytes, &fields[RECORD_SOURCE], 1, NULL))
			return -ENODATA;
	return numbers[1] ? dissection_add_bytes(dissection, bytes, numbers[1] * 4,
						 &fields[RECORD_AUXILIARY], NULL) :
			    0;
}

/* RFC 3810, section 5.2 */
static int dissect_report(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t count;

	if (add_reserved(dissection, bytes, 2) ||
	    dissection_add_number(dissection, bytes, &fields[RECORD_COUNT], &count))
		return -ENODATA;
	return dissection_add_groups(dissection, bytes, &fields[RECORD], count, dissect_record);
}

int icmpv6_listeners_dissect(struct dissection *dissection, struct bytes *bytes, uint64_t type)
{
	if (type == ICMPV6_LISTENER_QUERY)
		return dissect_query(dissection, bytes);
	if (type == ICMPV6_LISTENER_REPORT_2)
		return dissect_report(dissection, bytes);
	/* RFC 2710, section 3: report and done */
	if (dissection_add_number(dissection, bytes, &fields[RESPONSE_DELAY], NULL) ||
	    add_reserved(dissection, bytes, 2))
		return -ENODATA;
	return dissection_add_fields(dissection, bytes, &fields[GROUP], 1, NULL);
}
