/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ICMPv6: RFC 4443; neighbours: RFC 4861, options in icmpv6_options.c; listeners are in
 * icmpv6_listeners.c.
 */
#include "../line.h"
#include "icmpv6_listeners.h"
#include "icmpv6_options.h"
#include "registry.h"

enum {
	TYPE,
	CODE,
	CHECKSUM,
	RESERVED,
	IDENTIFIER,
	SEQUENCE,
	MTU,
	POINTER,
	HOP_LIMIT,
	ROUTER_FLAGS,
	ROUTER_MANAGED,
	ROUTER_OTHER,
	ROUTER_HOME,
	ROUTER_PREFERENCE,
	ROUTER_PROXY,
	ROUTER_RESERVED,
	ROUTER_LIFETIME,
	REACHABLE_TIME,
	RETRANSMISSION_TIMER,
	SOLICITATION_TARGET,
	ADVERTISEMENT_FLAGS,
	ADVERTISEMENT_ROUTER,
	ADVERTISEMENT_SOLICITED,
	ADVERTISEMENT_OVERRIDE,
	ADVERTISEMENT_RESERVED,
	ADVERTISEMENT_TARGET,
	REDIRECT_TARGET,
	REDIRECT_DESTINATION,
};

enum type {
	TYPE_UNREACHABLE = 1,
	TYPE_TOO_BIG = 2,
	TYPE_TIME_EXCEEDED = 3,
	TYPE_PARAMETER_PROBLEM = 4,
	TYPE_ECHO = 128,
	TYPE_ECHO_REPLY = 129,
	TYPE_ROUTER_SOLICITATION = 133,
	TYPE_ROUTER_ADVERTISEMENT = 134,
	TYPE_NEIGHBOR_SOLICITATION = 135,
	TYPE_NEIGHBOR_ADVERTISEMENT = 136,
	TYPE_REDIRECT = 137,
};

static const struct value_name type_names[] = {
	{ TYPE_UNREACHABLE, "Destination Unreachable" },
	{ TYPE_TOO_BIG, "Packet Too Big" },
	{ TYPE_TIME_EXCEEDED, "Time Exceeded" },
	{ TYPE_PARAMETER_PROBLEM, "Parameter Problem" },
	{ TYPE_ECHO, "Echo (ping) request" },
	{ TYPE_ECHO_REPLY, "Echo (ping) reply" },
	{ ICMPV6_LISTENER_QUERY, "Multicast Listener Query" },
	{ ICMPV6_LISTENER_REPORT, "Multicast Listener Report" },
	{ ICMPV6_LISTENER_DONE, "Multicast Listener Done" },
	{ TYPE_ROUTER_SOLICITATION, "Router Solicitation" },
	{ TYPE_ROUTER_ADVERTISEMENT, "Router Advertisement" },
	{ TYPE_NEIGHBOR_SOLICITATION, "Neighbor Solicitation" },
	{ TYPE_NEIGHBOR_ADVERTISEMENT, "Neighbor Advertisement" },
	{ TYPE_REDIRECT, "Redirect" },
	{ 138, "Router Renumbering" },
	{ 139, "Node Information Query" },
	{ 140, "Node Information Reply" },
	{ ICMPV6_LISTENER_REPORT_2, "Multicast Listener Report Message v2" },
	{ 144, "Home Agent Address Discovery Request" },
	{ 145, "Home Agent Address Discovery Reply" },
	{ 146, "Mobile Prefix Solicitation" },
	{ 147, "Mobile Prefix Advertisement" },
	{ 155, "RPL Control" },
	{ 160, "Extended Echo request" },
	{ 161, "Extended Echo reply" },
	{ 0, NULL },
};

static const struct value_name unreachable_names[] = {
	{ 0, "no route to destination" },
	{ 1, "Administratively prohibited" },
	{ 2, "Beyond scope of source address" },
	{ 3, "Address unreachable" },
	{ 4, "Port unreachable" },
	{ 5, "Source address failed ingress/egress policy" },
	{ 6, "Reject route to destination" },
	{ 7, "Error in Source Routing Header" },
	{ 0, NULL },
};

static const struct value_name time_names[] = {
	{ 0, "hop limit exceeded in transit" },
	{ 1, "fragment reassembly time exceeded" },
	{ 0, NULL },
};

static const struct value_name parameter_names[] = {
	{ 0, "erroneous header field encountered" },
	{ 1, "unrecognized Next Header type encountered" },
	{ 2, "unrecognized IPv6 option encountered" },
	{ 3, "IPv6 First Fragment has incomplete IPv6 Header Chain" },
	{ 0, NULL },
};

static const struct value_name preference_names[] = {
	{ 0, "Medium" }, { 1, "High" }, { 2, "Reserved" }, { 3, "Low" }, { 0, NULL },
};

static const struct field_info fields[] = {
	[TYPE] = { "icmpv6.type", "Type", FIELD_NUMBER, 1, .values = type_names },
	[CODE] = { "icmpv6.code", "Code", FIELD_NUMBER, 1 },
	[CHECKSUM] = { "icmpv6.checksum", "Checksum", FIELD_HEX, 2 },
	[RESERVED] = { "icmpv6.reserved", "Reserved", FIELD_BYTES },
	[IDENTIFIER] = { "icmpv6.echo.identifier", "Identifier", FIELD_HEX, 2 },
	[SEQUENCE] = { "icmpv6.echo.sequence_number", "Sequence", FIELD_NUMBER, 2 },
	[MTU] = { "icmpv6.mtu", "MTU", FIELD_NUMBER, 4 },
	[POINTER] = { "icmpv6.pointer", "Pointer", FIELD_NUMBER, 4 },
	[HOP_LIMIT] = { "icmpv6.nd.ra.cur_hop_limit", "Cur hop limit", FIELD_NUMBER, 1 },
	[ROUTER_FLAGS] = { "icmpv6.nd.ra.flag", "Flags", FIELD_HEX, 1 },
	[ROUTER_MANAGED] = { "icmpv6.nd.ra.flag.m", "Managed address configuration", FIELD_FLAG, 1,
			     .mask = 0x80 },
	[ROUTER_OTHER] = { "icmpv6.nd.ra.flag.o", "Other configuration", FIELD_FLAG, 1,
			   .mask = 0x40 },
	[ROUTER_HOME] = { "icmpv6.nd.ra.flag.h", "Home Agent", FIELD_FLAG, 1, .mask = 0x20 },
	[ROUTER_PREFERENCE] = { "icmpv6.nd.ra.flag.prf", "Prf (Default Router Preference)",
				FIELD_NUMBER, 1, .mask = 0x18, .values = preference_names },
	[ROUTER_PROXY] = { "icmpv6.nd.ra.flag.p", "Proxy", FIELD_FLAG, 1, .mask = 0x04 },
	[ROUTER_RESERVED] = { "icmpv6.nd.ra.flag.rsv", "Reserved", FIELD_NUMBER, 1, .mask = 0x03 },
	[ROUTER_LIFETIME] = { "icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", FIELD_NUMBER,
			      2 },
	[REACHABLE_TIME] = { "icmpv6.nd.ra.reachable_time", "Reachable time (ms)", FIELD_NUMBER,
			     4 },
	[RETRANSMISSION_TIMER] = { "icmpv6.nd.ra.retrans_timer", "Retrans timer (ms)", FIELD_NUMBER,
				   4 },
	[SOLICITATION_TARGET] = { "icmpv6.nd.ns.target_address", "Target Address", FIELD_IPV6 },
	[ADVERTISEMENT_FLAGS] = { "icmpv6.nd.na.flag", "Flags", FIELD_HEX, 4 },
	[ADVERTISEMENT_ROUTER] = { "icmpv6.nd.na.flag.r", "Router", FIELD_FLAG, 4,
				   .mask = 0x80000000 },
	[ADVERTISEMENT_SOLICITED] = { "icmpv6.nd.na.flag.s", "Solicited", FIELD_FLAG, 4,
				      .mask = 0x40000000 },
	[ADVERTISEMENT_OVERRIDE] = { "icmpv6.nd.na.flag.o", "Override", FIELD_FLAG, 4,
				     .mask = 0x20000000 },
	[ADVERTISEMENT_RESERVED] = { "icmpv6.nd.na.flag.rsv", "Reserved", FIELD_NUMBER, 4,
				     .mask = 0x1fffffff },
	[ADVERTISEMENT_TARGET] = { "icmpv6.nd.na.target_address", "Target Address", FIELD_IPV6 },
	[REDIRECT_TARGET] = { "icmpv6.nd.rd.target_address", "Target Address", FIELD_IPV6 },
	[REDIRECT_DESTINATION] = { "icmpv6.rd.na.destination_address", "Destination Address",
				   FIELD_IPV6 },
};

static int add_reserved(struct dissection *dissection, struct bytes *bytes, size_t length)
{
	return dissection_add_bytes(dissection, bytes, length, &fields[RESERVED], NULL);
}

static int dissect_error(struct dissection *dissection, struct bytes *bytes, uint64_t type)
{
	int error;

	if (type == TYPE_TOO_BIG)
		error = dissection_add_number(dissection, bytes, &fields[MTU], NULL);
	else if (type == TYPE_PARAMETER_PROBLEM)
		error = dissection_add_number(dissection, bytes, &fields[POINTER], NULL);
	else
		error = add_reserved(dissection, bytes, 4);
	if (error)
		return error;
	if (bytes->length > 0 && bytes->data[0] >> 4 == 6)
		dissection_next_quoted(dissection, &dissector_ipv6, *bytes);
	else
		dissection_next(dissection, NULL, *bytes);
	return 0;
}

static int dissect_router(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[2];

	if (dissection_add_fields(dissection, bytes, &fields[HOP_LIMIT], 2, numbers))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[ROUTER_MANAGED],
			    ROUTER_RESERVED - ROUTER_MANAGED + 1, numbers[1]);
	return dissection_add_fields(dissection, bytes, &fields[ROUTER_LIFETIME], 3, NULL);
}

/* What precedes the options. */
static int dissect_neighbor(struct dissection *dissection, struct bytes *bytes, uint64_t type)
{
	uint64_t flags;

	switch (type) {
	case TYPE_ROUTER_SOLICITATION:
		return add_reserved(dissection, bytes, 4);
	case TYPE_ROUTER_ADVERTISEMENT:
		return dissect_router(dissection, bytes);
	case TYPE_NEIGHBOR_SOLICITATION:
		return add_reserved(dissection, bytes, 4) ?
			       -ENODATA :
			       dissection_add_fields(dissection, bytes,
						     &fields[SOLICITATION_TARGET], 1, NULL);
	case TYPE_NEIGHBOR_ADVERTISEMENT:
		if (dissection_add_number(dissection, bytes, &fields[ADVERTISEMENT_FLAGS], &flags))
			return -ENODATA;
		dissection_add_bits(dissection, &fields[ADVERTISEMENT_ROUTER], 4, flags);
		return dissection_add_fields(dissection, bytes, &fields[ADVERTISEMENT_TARGET], 1,
					     NULL);
	default:
		return add_reserved(dissection, bytes, 4) ?
			       -ENODATA :
			       dissection_add_fields(dissection, bytes, &fields[REDIRECT_TARGET], 2,
						     NULL);
	}
}

static int dissect_body(struct dissection *dissection, struct bytes *bytes, uint64_t type)
{
	switch (type) {
	case TYPE_UNREACHABLE:
	case TYPE_TOO_BIG:
	case TYPE_TIME_EXCEEDED:
	case TYPE_PARAMETER_PROBLEM:
		return dissect_error(dissection, bytes, type);
	case TYPE_ECHO:
	case TYPE_ECHO_REPLY:
		if (dissection_add_fields(dissection, bytes, &fields[IDENTIFIER], 2, NULL))
			return -ENODATA;
		dissection_next(dissection, NULL, *bytes);
		return 0;
	case ICMPV6_LISTENER_QUERY:
	case ICMPV6_LISTENER_REPORT:
	case ICMPV6_LISTENER_DONE:
	case ICMPV6_LISTENER_REPORT_2:
		return icmpv6_listeners_dissect(dissection, bytes, type);
	case TYPE_ROUTER_SOLICITATION:
	case TYPE_ROUTER_ADVERTISEMENT:
	case TYPE_NEIGHBOR_SOLICITATION:
	case TYPE_NEIGHBOR_ADVERTISEMENT:
	case TYPE_REDIRECT:
		return dissect_neighbor(dissection, bytes, type) ?
			       -ENODATA :
			       icmpv6_options_dissect(dissection, bytes);
	}
	dissection_next(dissection, NULL, *bytes);
	return 0;
}

static int dissect_icmpv6(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[3];

	if (dissection_add_fields(dissection, bytes, &fields[TYPE], 3, numbers))
		return -ENODATA;
	return dissect_body(dissection, bytes, numbers[0]);
}

static void describe_code(const struct value_name *names, uint64_t code, struct line *line)
{
	const struct field_info info = { .values = names };
	const char *name = field_value_name(&info, code);

	if (name)
		line_print(line, " (%s)", name);
	else
		line_print(line, " (Unknown (%u))", (unsigned int)code);
}

static void describe_echo(const struct dissection *dissection, const struct layer *layer,
			  struct line *line)
{
	const struct field *identifier = dissection_find(dissection, layer, &fields[IDENTIFIER]);
	const struct field *sequence = dissection_find(dissection, layer, &fields[SEQUENCE]);

	if (!identifier || !sequence)
		return;
	line_add(line, " id=0x");
	line_add_hex(line, identifier->number, 4);
	line_add(line, ", seq=");
	line_add_number(line, sequence->number);
	if (dissection->flow.source.kind != ADDRESS_IPV6)
		return;
	line_add(line, ", hop limit=");
	line_add_number(line, dissection->flow.hop_limit);
}

static void describe_link_address(const struct dissection *dissection, const struct layer *layer,
				  const char *before, struct line *line)
{
	const struct field *mac = icmpv6_options_find_link_address(dissection, layer);

	if (!mac)
		return;
	line_add(line, before);
	line_add_mac(line, mac->data);
}

/* "Neighbor Advertisement 2001:db8:1::2 (rtr, sol, ovr) is at 00:11:25:82:95:b5" */
static void describe_advertisement(const struct dissection *dissection, const struct layer *layer,
				   struct line *line)
{
	const struct field *flags =
		dissection_find(dissection, layer, &fields[ADVERTISEMENT_FLAGS]);
	const struct field *target =
		dissection_find(dissection, layer, &fields[ADVERTISEMENT_TARGET]);
	static const char *const names[] = { "rtr", "sol", "ovr" };
	const char *before = " (";

	if (!flags || !target)
		return;
	line_add_character(line, ' ');
	line_add_ipv6(line, target->data);
	for (unsigned int i = 0; i < 3; i++) {
		if (!(flags->number & 0x80000000u >> i))
			continue;
		line_add(line, before);
		line_add(line, names[i]);
		before = ", ";
	}
	if (before[0] == ',')
		line_add_character(line, ')');
	describe_link_address(dissection, layer, " is at ", line);
}

static void describe_body(const struct dissection *dissection, const struct layer *layer,
			  uint64_t type, uint64_t code, struct line *line)
{
	const struct field *target =
		dissection_find(dissection, layer, &fields[SOLICITATION_TARGET]);

	switch (type) {
	case TYPE_UNREACHABLE:
		describe_code(unreachable_names, code, line);
		break;
	case TYPE_TIME_EXCEEDED:
		describe_code(time_names, code, line);
		break;
	case TYPE_PARAMETER_PROBLEM:
		describe_code(parameter_names, code, line);
		break;
	case TYPE_ECHO:
	case TYPE_ECHO_REPLY:
		describe_echo(dissection, layer, line);
		break;
	case TYPE_NEIGHBOR_SOLICITATION:
		if (target) {
			line_add(line, " for ");
			line_add_ipv6(line, target->data);
		}
		describe_link_address(dissection, layer, " from ", line);
		break;
	case TYPE_ROUTER_SOLICITATION:
	case TYPE_ROUTER_ADVERTISEMENT:
		describe_link_address(dissection, layer, " from ", line);
		break;
	case TYPE_NEIGHBOR_ADVERTISEMENT:
		describe_advertisement(dissection, layer, line);
		break;
	case TYPE_REDIRECT:
		describe_link_address(dissection, layer, " is at ", line);
		break;
	}
}

static void describe_icmpv6(const struct dissection *dissection, const struct layer *layer,
			    struct line *line)
{
	const struct field *type = dissection_find(dissection, layer, &fields[TYPE]);
	const struct field *code = dissection_find(dissection, layer, &fields[CODE]);
	const char *name = type ? field_value_name(&fields[TYPE], type->number) : NULL;

	if (!type || !code)
		return;
	if (!name) {
		line_print(line, "Unknown (%u)", (unsigned int)type->number);
		return;
	}
	line_add(line, name);
	describe_body(dissection, layer, type->number, code->number, line);
}

const struct dissector dissector_icmpv6 = {
	.name = "icmpv6",
	.label = "ICMPv6",
	.title = "Internet Control Message Protocol v6",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_icmpv6,
	.describe = describe_icmpv6,
};
