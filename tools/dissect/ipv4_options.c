/* SPDX-License-Identifier: GPL-2.0-only */
/* See ipv4_options.h; numbers: https://www.iana.org/assignments/ip-parameters. */
#include "ipv4_options.h"

#include "field.h"

enum {
	TYPE,
	TYPE_COPY,
	TYPE_CLASS,
	TYPE_NUMBER,
	LENGTH,
	POINTER,
	RECORDED_ROUTE,
	EMPTY_ROUTE,
	SOURCE_ROUTE,
	STREAM,
	ROUTER_ALERT,
	OVERFLOW,
	TIMESTAMP_FLAG,
	TIMESTAMP,
	TIMESTAMP_ADDRESS,
	MTU,
	VALUE,
};

enum type {
	TYPE_END = 0,
	TYPE_NO_OPERATION = 1,
	TYPE_RECORD_ROUTE = 7,
	TYPE_MTU_PROBE = 11,
	TYPE_MTU_REPLY = 12,
	TYPE_TIMESTAMP = 68,
	TYPE_SECURITY = 130,
	TYPE_LOOSE_ROUTE = 131,
	TYPE_EXTENDED_SECURITY = 133,
	TYPE_COMMERCIAL_SECURITY = 134,
	TYPE_STREAM = 136,
	TYPE_STRICT_ROUTE = 137,
	TYPE_ROUTER_ALERT = 148,
};

static const struct value_name type_names[] = {
	{ TYPE_END, "End of Options List (EOL)" },
	{ TYPE_NO_OPERATION, "No Operation (NOP)" },
	{ TYPE_RECORD_ROUTE, "Record Route" },
	{ TYPE_MTU_PROBE, "MTU Probe" },
	{ TYPE_MTU_REPLY, "MTU Reply" },
	{ TYPE_TIMESTAMP, "Time Stamp" },
	{ TYPE_SECURITY, "Security" },
	{ TYPE_LOOSE_ROUTE, "Loose Source Route" },
	{ TYPE_EXTENDED_SECURITY, "Extended Security" },
	{ TYPE_COMMERCIAL_SECURITY, "Commercial IP Security Option" },
	{ TYPE_STREAM, "Stream ID" },
	{ TYPE_STRICT_ROUTE, "Strict Source Route" },
	{ TYPE_ROUTER_ALERT, "Router Alert" },
	{ 0, NULL },
};

static const struct value_name class_names[] = {
	{ 0, "Control" },
	{ 2, "Debugging and measurement" },
	{ 0, NULL },
};

static const struct value_name timestamp_names[] = {
	{ 0, "Time stamps only" },
	{ 1, "Time stamp and address" },
	{ 3, "Time stamps for prespecified addresses" },
	{ 0, NULL },
};

static const struct value_name alert_names[] = {
	{ 0, "Router shall examine packet" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[TYPE] = { "ip.opt.type", "Type", FIELD_NUMBER, 1, .values = type_names },
	[TYPE_COPY] = { "ip.opt.type.copy", "Copy on fragmentation", FIELD_FLAG, 1, .mask = 0x80 },
	[TYPE_CLASS] = { "ip.opt.type.class", "Class", FIELD_NUMBER, 1, .mask = 0x60,
			 .values = class_names },
	[TYPE_NUMBER] = { "ip.opt.type.number", "Number", FIELD_NUMBER, 1, .mask = 0x1f },
	[LENGTH] = { "ip.opt.len", "Length", FIELD_NUMBER, 1 },
	[POINTER] = { "ip.opt.ptr", "Pointer", FIELD_NUMBER, 1 },
	[RECORDED_ROUTE] = { "ip.rec_rt", "Recorded Route", FIELD_IPV4 },
	[EMPTY_ROUTE] = { "ip.empty_rt", "Empty Route", FIELD_IPV4 },
	[SOURCE_ROUTE] = { "ip.src_rt", "Source Route", FIELD_IPV4 },
	[STREAM] = { "ip.opt.sid", "Stream Identifier", FIELD_NUMBER, 2 },
	[ROUTER_ALERT] = { "ip.opt.ra", "Router Alert", FIELD_NUMBER, 2, .values = alert_names },
	[OVERFLOW] = { "ip.opt.overflow", "Overflow", FIELD_NUMBER, 1, .mask = 0xf0 },
	[TIMESTAMP_FLAG] = { "ip.opt.flag", "Flag", FIELD_HEX, 1, .mask = 0x0f,
			     .values = timestamp_names },
	[TIMESTAMP] = { "ip.opt.time_stamp", "Time stamp", FIELD_NUMBER, 4 },
	[TIMESTAMP_ADDRESS] = { "ip.opt.time_stamp_addr", "Address", FIELD_IPV4 },
	[MTU] = { "ip.opt.mtu", "MTU", FIELD_NUMBER, 2 },
	[VALUE] = { "ip.opt.data", "Data", FIELD_BYTES },
};

/* RFC 791, section 3.1: a pointer, counted from the option's begin, then addresses. */
static int dissect_route(struct dissection *dissection, struct bytes *value, unsigned int which)
{
	uint64_t pointer, at = 4;

	if (dissection_add_number(dissection, value, &fields[POINTER], &pointer))
		return -ENODATA;
	for (; value->length >= 4; at += 4)
		if (dissection_add_fields(dissection, value,
					  &fields[at < pointer ? RECORDED_ROUTE : which], 1, NULL))
			return -ENODATA;
	return 0;
}

static int dissect_timestamps(struct dissection *dissection, struct bytes *value)
{
	bool has_addresses;
	uint64_t flags;

	if (dissection_add_number(dissection, value, &fields[POINTER], NULL) ||
	    dissection_add_parts(dissection, value, &fields[OVERFLOW], 2, &flags))
		return -ENODATA;
	has_addresses = (flags & 15) == 1 || (flags & 15) == 3;
	while (value->length >= (has_addresses ? 8 : 4)) {
		if (has_addresses &&
		    dissection_add_fields(dissection, value, &fields[TIMESTAMP_ADDRESS], 1, NULL))
			return -ENODATA;
		if (dissection_add_number(dissection, value, &fields[TIMESTAMP], NULL))
			return -ENODATA;
	}
	return 0;
}

static int dissect_value(struct dissection *dissection, uint64_t type, struct bytes *value)
{
	switch (type) {
	case TYPE_RECORD_ROUTE:
		return dissect_route(dissection, value, EMPTY_ROUTE);
	case TYPE_LOOSE_ROUTE:
	case TYPE_STRICT_ROUTE:
		return dissect_route(dissection, value, SOURCE_ROUTE);
	case TYPE_TIMESTAMP:
		return dissect_timestamps(dissection, value);
	case TYPE_STREAM:
		return dissection_add_number(dissection, value, &fields[STREAM], NULL);
	case TYPE_ROUTER_ALERT:
		return dissection_add_number(dissection, value, &fields[ROUTER_ALERT], NULL);
	case TYPE_MTU_PROBE:
	case TYPE_MTU_REPLY:
		return dissection_add_number(dissection, value, &fields[MTU], NULL);
	}
	return value->length ? dissection_add_bytes(dissection, value, value->length,
						    &fields[VALUE], NULL) :
			       0;
}

static int dissect_option(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t type, length;
	struct bytes value;

	if (dissection_add_number(dissection, bytes, &fields[TYPE], &type))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[TYPE_COPY], 3, type);
	if (type == TYPE_END)
		return -ENODATA;
	if (type == TYPE_NO_OPERATION)
		return 0;
	if (dissection_add_number(dissection, bytes, &fields[LENGTH], &length) || length < 2 ||
	    bytes_take(bytes, length - 2, &value))
		return -ENODATA;
	return dissect_value(dissection, type, &value);
}

void ipv4_options_dissect(struct dissection *dissection, struct bytes *bytes)
{
	int error = 0;

	while (!error && bytes->length)
		error = dissect_option(dissection, bytes);
}

const struct field_table ipv4_options_table = FIELD_TABLE(fields);
