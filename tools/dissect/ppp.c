/* SPDX-License-Identifier: GPL-2.0-only */
/* PPP: RFC 1661, section 2; its control protocols share one form (section 5). */
#include "../line.h"
#include "dissector.h"

enum {
	ADDRESS,
	CONTROL,
	PROTOCOL,
	SHORT_PROTOCOL,
};

enum {
	CODE,
	IDENTIFIER,
	LENGTH,
	OPTION_TYPE,
	OPTION_LENGTH,
	OPTION_DATA,
	MAGIC_NUMBER,
	DATA,
};

static const struct value_name protocol_names[] = {
	{ 0x0021, "Internet Protocol version 4" },
	{ 0x0057, "Internet Protocol version 6" },
	{ 0x00fd, "Compressed datagram" },
	{ 0x0281, "MPLS Unicast" },
	{ 0x8021, "Internet Protocol Control Protocol" },
	{ 0x8057, "IPv6 Control Protocol" },
	{ 0x80fd, "Compression Control Protocol" },
	{ 0xc021, "Link Control Protocol" },
	{ 0xc023, "Password Authentication Protocol" },
	{ 0xc223, "Challenge Handshake Authentication Protocol" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[ADDRESS] = { "ppp.address", "Address", FIELD_HEX, 1 },
	[CONTROL] = { "ppp.control", "Control", FIELD_HEX, 1 },
	[PROTOCOL] = { "ppp.protocol", "Protocol", FIELD_HEX, 2, .values = protocol_names },
	[SHORT_PROTOCOL] = { "ppp.protocol", "Protocol", FIELD_HEX, 1, .values = protocol_names },
};

/* RFC 1661, section 5 */
static const struct value_name code_names[] = {
	{ 0, "Vendor Specific" },
	{ 1, "Configuration Request" },
	{ 2, "Configuration Ack" },
	{ 3, "Configuration Nak" },
	{ 4, "Configuration Reject" },
	{ 5, "Termination Request" },
	{ 6, "Termination Ack" },
	{ 7, "Code Reject" },
	{ 8, "Protocol Reject" },
	{ 9, "Echo Request" },
	{ 10, "Echo Reply" },
	{ 11, "Discard Request" },
	{ 12, "Identification" },
	{ 13, "Time Remaining" },
	{ 14, "Reset-Request" },
	{ 15, "Reset-Ack" },
	{ 0, NULL },
};

#define CONTROL_FIELDS(protocol)                                                             \
	{                                                                                    \
		[CODE] = { "ppp.code", "Code", FIELD_NUMBER, 1, .values = code_names },      \
		[IDENTIFIER] = { "ppp.identifier", "Identifier", FIELD_NUMBER, 1 },          \
		[LENGTH] = { "ppp.length", "Length", FIELD_NUMBER, 2 },                      \
		[OPTION_TYPE] = { protocol ".opt.type", "Type", FIELD_NUMBER, 1 },           \
		[OPTION_LENGTH] = { protocol ".opt.length", "Length", FIELD_NUMBER, 1 },     \
		[OPTION_DATA] = { protocol ".opt.data", "Data", FIELD_BYTES },               \
		[MAGIC_NUMBER] = { protocol ".magic_number", "Magic Number", FIELD_HEX, 4 }, \
		[DATA] = { protocol ".data", "Data", FIELD_BYTES },                          \
	}

static const struct field_info lcp_fields[] = CONTROL_FIELDS("lcp");
static const struct field_info ipcp_fields[] = CONTROL_FIELDS("ipcp");
static const struct field_info ipv6cp_fields[] = CONTROL_FIELDS("ipv6cp");

static const struct dissector *find_protocol(uint64_t protocol)
{
	switch (protocol) {
	case 0x0021:
		return &dissector_ipv4;
	case 0x0057:
		return &dissector_ipv6;
	case 0x0281:
		return &dissector_mpls;
	case 0x8021:
		return &dissector_ipcp;
	case 0x8057:
		return &dissector_ipv6cp;
	case 0xc021:
		return &dissector_lcp;
	default:
		return NULL;
	}
}

static int dissect_ppp(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t protocol;
	bool is_short;

	/* RFC 1662, section 3.1: left out where the peers agreed on it. */
	if (bytes->length >= 2 && bytes->data[0] == 0xff && bytes->data[1] == 0x03)
		dissection_add_fields(dissection, bytes, &fields[ADDRESS], 2, NULL);
	is_short = bytes->length > 0 && bytes->data[0] & 1;
	if (dissection_add_number(dissection, bytes, &fields[is_short ? SHORT_PROTOCOL : PROTOCOL],
				  &protocol))
		return -ENODATA;
	dissection_next(dissection, find_protocol(protocol), *bytes);
	return 0;
}

static int dissect_options(struct dissection *dissection, struct bytes *bytes,
			   const struct field_info *infos)
{
	while (bytes->length > 0) {
		uint64_t numbers[2];

		if (dissection_add_fields(dissection, bytes, &infos[OPTION_TYPE], 2, numbers) ||
		    numbers[1] < 2)
			return -ENODATA;
		if (numbers[1] > 2 && dissection_add_bytes(dissection, bytes, numbers[1] - 2,
							   &infos[OPTION_DATA], NULL))
			return -ENODATA;
	}
	return 0;
}

static int dissect_control(struct dissection *dissection, struct bytes *bytes,
			   const struct field_info *infos)
{
	uint64_t numbers[3];

	if (dissection_add_fields(dissection, bytes, &infos[CODE], 3, numbers) || numbers[2] < 4)
		return -ENODATA;
	dissection_limit(dissection, bytes, numbers[2] - 4);
	if (numbers[0] >= 1 && numbers[0] <= 4)
		return dissect_options(dissection, bytes, infos);
	if (numbers[0] >= 9 && numbers[0] <= 11 &&
	    dissection_add_number(dissection, bytes, &infos[MAGIC_NUMBER], NULL))
		return -ENODATA;
	return bytes->length ?
		       dissection_add_bytes(dissection, bytes, bytes->length, &infos[DATA], NULL) :
		       0;
}

static int dissect_lcp(struct dissection *dissection, struct bytes *bytes)
{
	return dissect_control(dissection, bytes, lcp_fields);
}

static int dissect_ipcp(struct dissection *dissection, struct bytes *bytes)
{
	return dissect_control(dissection, bytes, ipcp_fields);
}

static int dissect_ipv6cp(struct dissection *dissection, struct bytes *bytes)
{
	return dissect_control(dissection, bytes, ipv6cp_fields);
}

static void describe_ppp(const struct dissection *dissection, const struct layer *layer,
			 struct line *line)
{
	const struct field *protocol = dissection_find(dissection, layer, &fields[PROTOCOL]);
	const char *name = protocol ? field_value_name(&fields[PROTOCOL], protocol->number) : NULL;

	if (name)
		line_add(line, name);
	else if (protocol)
		line_print(line, "PPP protocol 0x%04x", (unsigned int)protocol->number);
}

/* The code is the first field of each. */
static void describe_control(const struct dissection *dissection, const struct layer *layer,
			     struct line *line)
{
	const struct field *code = &dissection->fields[layer->first_field];
	const char *name = NULL;

	if (layer->field_count > 0)
		name = field_value_name(code->info, code->number);
	line_add(line, name ? name : "Unknown");
}

const struct dissector dissector_ppp = {
	.name = "ppp",
	.label = "PPP",
	.title = "Point-to-Point Protocol",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_ppp,
	.describe = describe_ppp,
};

const struct dissector dissector_lcp = {
	.name = "lcp",
	.label = "PPP LCP",
	.title = "PPP Link Control Protocol",
	DISSECTOR_FIELDS(lcp_fields),
	.dissect = dissect_lcp,
	.describe = describe_control,
};

const struct dissector dissector_ipcp = {
	.name = "ipcp",
	.label = "PPP IPCP",
	.title = "PPP IP Control Protocol",
	DISSECTOR_FIELDS(ipcp_fields),
	.dissect = dissect_ipcp,
	.describe = describe_control,
};

const struct dissector dissector_ipv6cp = {
	.name = "ipv6cp",
	.label = "PPP IPV6CP",
	.title = "PPP IPv6 Control Protocol",
	DISSECTOR_FIELDS(ipv6cp_fields),
	.dissect = dissect_ipv6cp,
	.describe = describe_control,
};
