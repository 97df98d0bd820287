/* SPDX-License-Identifier: GPL-2.0-only */
/* ICMP: RFC 792; router discovery: RFC 1256; address masks: RFC 950; extended echo: RFC 8335. */
#include "icmp_extensions.h"

#include "../line.h"
#include "registry.h"

enum {
	TYPE,
	CODE,
	CHECKSUM,
	UNUSED,
	IDENTIFIER,
	IDENTIFIER_LITTLE,
	SEQUENCE,
	SEQUENCE_LITTLE,
	ORIGINATE,
	RECEIVE,
	TRANSMIT,
	MASK,
	MTU,
	GATEWAY,
	POINTER,
	ADDRESS_COUNT,
	ADDRESS_WORDS,
	LIFETIME,
	ROUTER,
	PREFERENCE,
	EXTENDED_SEQUENCE,
	EXTENDED_LOCAL,
	REMAINDER,
};

enum type {
	TYPE_ECHO_REPLY = 0,
	TYPE_UNREACHABLE = 3,
	TYPE_SOURCE_QUENCH = 4,
	TYPE_REDIRECT = 5,
	TYPE_ECHO = 8,
	TYPE_ROUTER_ADVERTISEMENT = 9,
	TYPE_ROUTER_SOLICITATION = 10,
	TYPE_TIME_EXCEEDED = 11,
	TYPE_PARAMETER_PROBLEM = 12,
	TYPE_TIMESTAMP = 13,
	TYPE_TIMESTAMP_REPLY = 14,
	TYPE_INFORMATION = 15,
	TYPE_INFORMATION_REPLY = 16,
	TYPE_MASK = 17,
	TYPE_MASK_REPLY = 18,
	TYPE_EXTENDED_ECHO = 42,
	TYPE_EXTENDED_ECHO_REPLY = 43,
};

/* What follows the name in the list stands in a column. */
#define NAME_COLUMNS 20

#define CODE_FRAGMENTATION_NEEDED 4

static const struct value_name type_names[] = {
	{ TYPE_ECHO_REPLY, "Echo (ping) reply" },
	{ TYPE_UNREACHABLE, "Destination unreachable" },
	{ TYPE_SOURCE_QUENCH, "Source quench (flow control)" },
	{ TYPE_REDIRECT, "Redirect" },
	{ 6, "Alternate host address" },
	{ TYPE_ECHO, "Echo (ping) request" },
	{ TYPE_ROUTER_ADVERTISEMENT, "Router advertisement" },
	{ TYPE_ROUTER_SOLICITATION, "Router solicitation" },
	{ TYPE_TIME_EXCEEDED, "Time-to-live exceeded" },
	{ TYPE_PARAMETER_PROBLEM, "Parameter problem" },
	{ TYPE_TIMESTAMP, "Timestamp request" },
	{ TYPE_TIMESTAMP_REPLY, "Timestamp reply" },
	{ TYPE_INFORMATION, "Information request" },
	{ TYPE_INFORMATION_REPLY, "Information reply" },
	{ TYPE_MASK, "Address mask request" },
	{ TYPE_MASK_REPLY, "Address mask reply" },
	{ 30, "Traceroute" },
	{ TYPE_EXTENDED_ECHO, "Extended Echo request" },
	{ TYPE_EXTENDED_ECHO_REPLY, "Extended Echo reply" },
	{ 0, NULL },
};

static const struct value_name unreachable_names[] = {
	{ 0, "Network unreachable" },
	{ 1, "Host unreachable" },
	{ 2, "Protocol unreachable" },
	{ 3, "Port unreachable" },
	{ CODE_FRAGMENTATION_NEEDED, "Fragmentation needed" },
	{ 5, "Source route failed" },
	{ 6, "Destination network unknown" },
	{ 7, "Destination host unknown" },
	{ 8, "Source host isolated" },
	{ 9, "Network administratively prohibited" },
	{ 10, "Host administratively prohibited" },
	{ 11, "Network unreachable for TOS" },
	{ 12, "Host unreachable for TOS" },
	{ 13, "Communication administratively filtered" },
	{ 14, "Host precedence violation" },
	{ 15, "Precedence cutoff in effect" },
	{ 0, NULL },
};

static const struct value_name redirect_names[] = {
	{ 0, "Redirect for network" },
	{ 1, "Redirect for host" },
	{ 2, "Redirect for TOS and network" },
	{ 3, "Redirect for TOS and host" },
	{ 0, NULL },
};

static const struct value_name time_names[] = {
	{ 0, "Time to live exceeded in transit" },
	{ 1, "Fragment reassembly time exceeded" },
	{ 0, NULL },
};

static const struct value_name parameter_names[] = {
	{ 0, "Pointer indicates the error" },
	{ 1, "Required option missing" },
	{ 2, "Bad length" },
	{ 0, NULL },
};

static const struct value_name router_names[] = {
	{ 0, "Normal router advertisement" },
	{ 16, "Does not route common traffic" },
	{ 0, NULL },
};

static const struct value_name extended_names[] = {
	{ 0, "No error" },
	{ 0, NULL },
};

static const struct value_name extended_reply_names[] = {
	{ 0, "No error" },
	{ 1, "Malformed Query" },
	{ 2, "No Such Interface" },
	{ 3, "No Such Table Entry" },
	{ 4, "Multiple Interfaces Satisfy Query" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[TYPE] = { "icmp.type", "Type", FIELD_NUMBER, 1, .values = type_names },
	[CODE] = { "icmp.code", "Code", FIELD_NUMBER, 1 },
	[CHECKSUM] = { "icmp.checksum", "Checksum", FIELD_HEX, 2 },
	[UNUSED] = { "icmp.unused", "Unused", FIELD_BYTES },
	[IDENTIFIER] = { "icmp.ident", "Identifier (BE)", FIELD_NUMBER, 2 },
	[IDENTIFIER_LITTLE] = { "icmp.ident_le", "Identifier (LE)", FIELD_NUMBER, 2 },
	[SEQUENCE] = { "icmp.seq", "Sequence Number (BE)", FIELD_NUMBER, 2 },
	[SEQUENCE_LITTLE] = { "icmp.seq_le", "Sequence Number (LE)", FIELD_NUMBER, 2 },
	[ORIGINATE] = { "icmp.originate_timestamp", "Originate Timestamp", FIELD_NUMBER, 4 },
	[RECEIVE] = { "icmp.receive_timestamp", "Receive Timestamp", FIELD_NUMBER, 4 },
	[TRANSMIT] = { "icmp.transmit_timestamp", "Transmit Timestamp", FIELD_NUMBER, 4 },
	[MASK] = { "icmp.address_mask", "Address Mask", FIELD_IPV4 },
	[MTU] = { "icmp.mtu", "MTU of next hop", FIELD_NUMBER, 2 },
	[GATEWAY] = { "icmp.redir_gw", "Gateway Address", FIELD_IPV4 },
	[POINTER] = { "icmp.pointer", "Pointer", FIELD_NUMBER, 1 },
	[ADDRESS_COUNT] = { "icmp.num_addrs", "Number of addresses", FIELD_NUMBER, 1 },
	[ADDRESS_WORDS] = { "icmp.addr_entry_size", "Address entry size", FIELD_NUMBER, 1 },
	[LIFETIME] = { "icmp.lifetime", "Lifetime", FIELD_NUMBER, 2, .unit = "seconds" },
	[ROUTER] = { "icmp.router_address", "Router address", FIELD_IPV4 },
	[PREFERENCE] = { "icmp.pref_level", "Preference level", FIELD_NUMBER, 4 },
	[EXTENDED_SEQUENCE] = { "icmp.ext.echo.seq", "Sequence Number", FIELD_NUMBER, 1 },
	[EXTENDED_LOCAL] = { "icmp.ext.echo.req.local", "Local bit", FIELD_FLAG, 1, .mask = 0x01 },
	[REMAINDER] = { "icmp.data", "Data", FIELD_BYTES },
};

/* Systems disagree on the byte order of what only they read themselves: both are shown. */
static int add_identifier(struct dissection *dissection, struct bytes *bytes)
{
	for (unsigned int which = IDENTIFIER; which <= SEQUENCE; which += 2) {
		struct bytes again = *bytes;

		if (dissection_add_number(dissection, bytes, &fields[which], NULL) ||
		    dissection_add_little_number(dissection, &again, &fields[which + 1], NULL))
			return -ENODATA;
	}
	return 0;
}

static int dissect_routers(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[3];

	if (dissection_add_fields(dissection, bytes, &fields[ADDRESS_COUNT], 3, numbers))
		return -ENODATA;
	for (uint64_t i = 0; i < numbers[0] && numbers[1] == 2; i++)
		if (dissection_add_fields(dissection, bytes, &fields[ROUTER], 2, NULL))
			return -ENODATA;
	/* RFC 5944, section 2.1: extensions of mobility agents */
	return bytes->length ? dissection_add_bytes(dissection, bytes, bytes->length,
						    &fields[REMAINDER], NULL) :
			       0;
}

/* The packet that the message is about, or as much as was sent back of it. */
static int quote(struct dissection *dissection, struct bytes *bytes)
{
	dissection_next_quoted(dissection, &dissector_ipv4, *bytes);
	return 0;
}

static int dissect_error(struct dissection *dissection, struct bytes *bytes, uint64_t type,
			 uint64_t code)
{
	size_t unused = 4, length = 0;

	if (type == TYPE_REDIRECT) {
		if (dissection_add_fields(dissection, bytes, &fields[GATEWAY], 1, NULL))
			return -ENODATA;
		return quote(dissection, bytes);
	}
	if (type == TYPE_PARAMETER_PROBLEM) {
		if (dissection_add_number(dissection, bytes, &fields[POINTER], NULL))
			return -ENODATA;
		unused = 3;
	}
	/* RFC 4884, section 4: in units of 4 bytes, in the second byte of four */
	if (type != TYPE_SOURCE_QUENCH && bytes->length >= unused && unused > 2)
		length = bytes->data[unused - 3] * 4u;
	/* RFC 1191, section 4 */
	if (type == TYPE_UNREACHABLE && code == CODE_FRAGMENTATION_NEEDED)
		unused = 2;
	if (dissection_add_bytes(dissection, bytes, unused, &fields[UNUSED], NULL))
		return -ENODATA;
	if (unused == 2 && dissection_add_number(dissection, bytes, &fields[MTU], NULL))
		return -ENODATA;
	if (type != TYPE_SOURCE_QUENCH)
		icmp_extensions_dissect(dissection, bytes, length);
	return quote(dissection, bytes);
}

static int dissect_body(struct dissection *dissection, struct bytes *bytes, uint64_t type,
			uint64_t code)
{
	switch (type) {
	case TYPE_UNREACHABLE:
	case TYPE_SOURCE_QUENCH:
	case TYPE_REDIRECT:
	case TYPE_TIME_EXCEEDED:
	case TYPE_PARAMETER_PROBLEM:
		return dissect_error(dissection, bytes, type, code);
	case TYPE_ECHO:
	case TYPE_ECHO_REPLY:
		if (add_identifier(dissection, bytes))
			return -ENODATA;
		dissection_next(dissection, NULL, *bytes);
		return 0;
	case TYPE_INFORMATION:
	case TYPE_INFORMATION_REPLY:
		return add_identifier(dissection, bytes);
	case TYPE_TIMESTAMP:
	case TYPE_TIMESTAMP_REPLY:
		return add_identifier(dissection, bytes) ?
			       -ENODATA :
			       dissection_add_fields(dissection, bytes, &fields[ORIGINATE], 3,
						     NULL);
	case TYPE_MASK:
	case TYPE_MASK_REPLY:
		return add_identifier(dissection, bytes) ?
			       -ENODATA :
			       dissection_add_fields(dissection, bytes, &fields[MASK], 1, NULL);
	case TYPE_ROUTER_ADVERTISEMENT:
		return dissect_routers(dissection, bytes);
	case TYPE_ROUTER_SOLICITATION:
		return dissection_add_bytes(dissection, bytes, 4, &fields[UNUSED], NULL);
	case TYPE_EXTENDED_ECHO:
	case TYPE_EXTENDED_ECHO_REPLY:
		if (dissection_add_number(dissection, bytes, &fields[IDENTIFIER], NULL))
			return -ENODATA;
		return dissection_add_fields(dissection, bytes, &fields[EXTENDED_SEQUENCE], 2,
					     NULL);
	}
	return 0;
}

static int dissect_icmp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[3];

	if (dissection_add_fields(dissection, bytes, &fields[TYPE], 3, numbers))
		return -ENODATA;
	return dissect_body(dissection, bytes, numbers[0], numbers[1]);
}

static const struct value_name *find_code_names(uint64_t type)
{
	switch (type) {
	case TYPE_UNREACHABLE:
		return unreachable_names;
	case TYPE_REDIRECT:
		return redirect_names;
	case TYPE_TIME_EXCEEDED:
		return time_names;
	case TYPE_PARAMETER_PROBLEM:
		return parameter_names;
	case TYPE_ROUTER_ADVERTISEMENT:
		return router_names;
	case TYPE_EXTENDED_ECHO:
		return extended_names;
	case TYPE_EXTENDED_ECHO_REPLY:
		return extended_reply_names;
	default:
		return NULL;
	}
}

static void describe_code(const struct value_name *names, uint64_t code, struct line *line)
{
	const struct field_info info = { .values = names };
	const char *name = field_value_name(&info, code);

	line_add(line, " (");
	line_add(line, name ? name : "Unknown code: ");
	if (!name)
		line_add_number(line, code);
	line_add_character(line, ')');
}

/* "id=0x0003, seq=4/1024, ttl=255" */
static void describe_echo(const struct dissection *dissection, const struct layer *layer,
			  const struct field *sequence, struct line *line)
{
	const struct field *identifier = dissection_find(dissection, layer, &fields[IDENTIFIER]);
	const struct field *little = dissection_find(dissection, layer, &fields[SEQUENCE_LITTLE]);

	line_add(line, " id=0x");
	line_add_hex(line, identifier->number, 4);
	line_add(line, ", seq=");
	line_add_number(line, sequence->number);
	line_add_character(line, '/');
	line_add_number(line, little->number);
	if (dissection->flow.source.kind != ADDRESS_IPV4)
		return;
	line_add(line, ", ttl=");
	line_add_number(line, dissection->flow.hop_limit);
}

static void describe_icmp(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *type = dissection_find(dissection, layer, &fields[TYPE]);
	const struct field *code = dissection_find(dissection, layer, &fields[CODE]);
	const struct field *sequence = dissection_find(dissection, layer, &fields[SEQUENCE_LITTLE]);
	const char *name = type ? field_value_name(&fields[TYPE], type->number) : NULL;
	size_t begin = line->length;

	if (!type || !code)
		return;
	if (dissection_find(dissection, layer, &fields[REMAINDER]))
		name = "Mobile IP Advertisement";
	line_add(line, name ? name : "Unknown ICMP (obsolete or malformed?)");
	if (line->length < begin + NAME_COLUMNS)
		line_pad(line, begin + NAME_COLUMNS);
	if (find_code_names(type->number)) {
		describe_code(find_code_names(type->number), code->number, line);
	} else if (sequence) {
		describe_echo(dissection, layer,
			      dissection_find(dissection, layer, &fields[SEQUENCE]), line);
	}
}

const struct dissector dissector_icmp = {
	.name = "icmp",
	.label = "ICMP",
	.title = "Internet Control Message Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_icmp,
	.describe = describe_icmp,
};
