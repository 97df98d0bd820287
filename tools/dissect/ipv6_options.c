/* SPDX-License-Identifier: GPL-2.0-only */
/* See ipv6_options.h; numbers: https://www.iana.org/assignments/ipv6-parameters. */
#include "ipv6_options.h"

#include "field.h"

enum {
	OPTION,
	TYPE,
	TYPE_ACTION,
	TYPE_CHANGE,
	TYPE_REST,
	LENGTH,
	PADDING,
	TUNNEL_LIMIT,
	ROUTER_ALERT,
	JUMBO,
	HOME_ADDRESS,
	UNKNOWN,
};

enum type {
	TYPE_PAD_1 = 0,
	TYPE_PAD_N = 1,
	TYPE_TUNNEL_LIMIT = 4,    /* RFC 2473, section 4.1.1 */
	TYPE_ROUTER_ALERT = 5,    /* RFC 2711 */
	TYPE_JUMBO = 0xc2,        /* RFC 2675 */
	TYPE_HOME_ADDRESS = 0xc9, /* RFC 6275, section 6.3 */
};

static const struct value_name type_names[] = {
	{ TYPE_PAD_1, "Pad1" },
	{ TYPE_PAD_N, "PadN" },
	{ TYPE_TUNNEL_LIMIT, "Tunnel Encapsulation Limit" },
	{ TYPE_ROUTER_ALERT, "Router Alert" },
	{ 7, "CALIPSO" },
	{ 8, "SMF_DPD" },
	{ 15, "Performance and Diagnostic Metrics" },
	{ 38, "Quick-Start" },
	{ 48, "Path MTU Option" },
	{ 49, "IOAM Option" },
	{ 99, "RPL Option" },
	{ 109, "MPL Option" },
	{ 138, "Endpoint Identification" },
	{ 139, "ILNP Nonce" },
	{ 140, "Line-Identification Option" },
	{ TYPE_JUMBO, "Jumbo Payload" },
	{ TYPE_HOME_ADDRESS, "Home Address" },
	{ 238, "IP_DFF" },
	{ 0, NULL },
};

static const struct value_name action_names[] = {
	{ 0, "Skip and continue" },
	{ 1, "Discard" },
	{ 2, "Discard and send ICMP Parameter Problem, Code 2 to source address" },
	{ 3, "Discard and send ICMP, if not multicast" },
	{ 0, NULL },
};

static const struct value_name alert_names[] = {
	{ 0, "MLD" },
	{ 1, "RSVP" },
	{ 2, "Active Network" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[OPTION] = { "ipv6.opt", "IPv6 Option", FIELD_GROUP },
	[TYPE] = { "ipv6.opt.type", "Type", FIELD_HEX, 1, .values = type_names },
	[TYPE_ACTION] = { "ipv6.opt.type.action", "Action", FIELD_NUMBER, 1, .mask = 0xc0,
			  .values = action_names },
	[TYPE_CHANGE] = { "ipv6.opt.type.change", "May Change", FIELD_FLAG, 1, .mask = 0x20 },
	[TYPE_REST] = { "ipv6.opt.type.rest", "Low-Order Bits", FIELD_HEX, 1, .mask = 0x1f },
	[LENGTH] = { "ipv6.opt.length", "Length", FIELD_NUMBER, 1 },
	[PADDING] = { "ipv6.opt.padn", "PadN", FIELD_BYTES },
	[TUNNEL_LIMIT] = { "ipv6.opt.tel", "Tunnel Encapsulation Limit", FIELD_NUMBER, 1 },
	[ROUTER_ALERT] = { "ipv6.opt.router_alert", "Router Alert", FIELD_NUMBER, 2,
			   .values = alert_names },
	[JUMBO] = { "ipv6.opt.jumbo", "Payload Length", FIELD_NUMBER, 4 },
	[HOME_ADDRESS] = { "ipv6.opt.mipv6.home_address", "MIPv6 Home Address", FIELD_IPV6 },
	[UNKNOWN] = { "ipv6.opt.unknown", "Unknown Option Payload", FIELD_BYTES },
};

static int dissect_value(struct dissection *dissection, uint64_t type, struct bytes *value)
{
	unsigned int which = UNKNOWN;

	switch (type) {
	case TYPE_TUNNEL_LIMIT:
		return dissection_add_number(dissection, value, &fields[TUNNEL_LIMIT], NULL);
	case TYPE_ROUTER_ALERT:
		return dissection_add_number(dissection, value, &fields[ROUTER_ALERT], NULL);
	case TYPE_JUMBO:
		return dissection_add_number(dissection, value, &fields[JUMBO], NULL);
	case TYPE_HOME_ADDRESS:
		if (dissection_add_fields(dissection, value, &fields[HOME_ADDRESS], 1, NULL))
			return -ENODATA;
		/* Where the host is away from home, the packet is still of that address. */
		dissection->flow.source = (struct address){ ADDRESS_IPV6, value->data - 16 };
		return 0;
	case TYPE_PAD_N:
		which = PADDING;
	}
	return dissection_add_bytes(dissection, value, value->length, &fields[which], NULL);
}

static int dissect_option(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t type, length;
	struct bytes value;

	if (dissection_add_number(dissection, bytes, &fields[TYPE], &type))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[TYPE_ACTION], 3, type);
	if (type == TYPE_PAD_1)
		return 0;
	if (dissection_add_number(dissection, bytes, &fields[LENGTH], &length) ||
	    bytes_take(bytes, length, &value))
		return -ENODATA;
	/* One whose value is too short for it is passed over. */
	(void)dissect_value(dissection, type, &value);
	return 0;
}

int ipv6_options_dissect(struct dissection *dissection, struct bytes *bytes)
{
	return dissection_add_groups(dissection, bytes, &fields[OPTION], DISSECTION_UNTIL_END,
				     dissect_option);
}

const struct field_table ipv6_options_table = FIELD_TABLE(fields);
