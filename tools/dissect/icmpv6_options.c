/* SPDX-License-Identifier: GPL-2.0-only */
/* See icmpv6_options.h; numbers: https://www.iana.org/assignments/icmpv6-parameters. */
#include "icmpv6_options.h"

#include "field.h"

enum {
	OPTION,
	TYPE,
	LENGTH,
	SOURCE_MAC,
	TARGET_MAC,
	SOURCE_ADDRESS,
	TARGET_ADDRESS,
	PREFIX_LENGTH,
	PREFIX_FLAGS,
	PREFIX_ON_LINK,
	PREFIX_AUTONOMOUS,
	PREFIX_ROUTER,
	PREFIX_RESERVED,
	PREFIX_VALID,
	PREFIX_PREFERRED,
	PREFIX,
	RESERVED,
	MTU,
	SERVERS_LIFETIME,
	SERVER,
	NONCE,
	VALUE,
};

enum type {
	TYPE_SOURCE_ADDRESS = 1,
	TYPE_TARGET_ADDRESS = 2,
	TYPE_PREFIX = 3,
	TYPE_MTU = 5,
	TYPE_NONCE = 14,   /* RFC 3971, section 5.3.2 */
	TYPE_SERVERS = 25, /* RFC 8106, section 5.1 */
};

static const struct value_name type_names[] = {
	{ TYPE_SOURCE_ADDRESS, "Source link-layer address" },
	{ TYPE_TARGET_ADDRESS, "Target link-layer address" },
	{ TYPE_PREFIX, "Prefix information" },
	{ 4, "Redirected header" },
	{ TYPE_MTU, "MTU" },
	{ 7, "Advertisement Interval" },
	{ 8, "Home Agent Information" },
	{ 11, "CGA" },
	{ 12, "RSA Signature" },
	{ 13, "Timestamp" },
	{ TYPE_NONCE, "Nonce" },
	{ 24, "Route Information" },
	{ TYPE_SERVERS, "Recursive DNS Server" },
	{ 26, "RA Flags Extension" },
	{ 31, "DNS Search List Option" },
	{ 37, "DHCP Captive-Portal" },
	{ 38, "PREF64 Option" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[OPTION] = { "icmpv6.opt", "ICMPv6 Option", FIELD_GROUP },
	[TYPE] = { "icmpv6.opt.type", "Type", FIELD_NUMBER, 1, .values = type_names },
	[LENGTH] = { "icmpv6.opt.length", "Length", FIELD_NUMBER, 1 },
	[SOURCE_MAC] = { "icmpv6.opt.src_linkaddr", "Source Link-layer address", FIELD_MAC },
	[TARGET_MAC] = { "icmpv6.opt.target_linkaddr", "Target Link-layer address", FIELD_MAC },
	[SOURCE_ADDRESS] = { "icmpv6.opt.src_linkaddr", "Source Link-layer address", FIELD_BYTES },
	[TARGET_ADDRESS] = { "icmpv6.opt.target_linkaddr", "Target Link-layer address",
			     FIELD_BYTES },
	[PREFIX_LENGTH] = { "icmpv6.opt.prefix.length", "Prefix Length", FIELD_NUMBER, 1 },
	[PREFIX_FLAGS] = { "icmpv6.opt.prefix.flag", "Flag", FIELD_HEX, 1 },
	[PREFIX_ON_LINK] = { "icmpv6.opt.prefix.flag.l", "On-link flag(L)", FIELD_FLAG, 1,
			     .mask = 0x80 },
	[PREFIX_AUTONOMOUS] = { "icmpv6.opt.prefix.flag.a",
				"Autonomous address-configuration flag(A)", FIELD_FLAG, 1,
				.mask = 0x40 },
	[PREFIX_ROUTER] = { "icmpv6.opt.prefix.flag.r", "Router address flag(R)", FIELD_FLAG, 1,
			    .mask = 0x20 },
	[PREFIX_RESERVED] = { "icmpv6.opt.prefix.flag.reserved", "Reserved", FIELD_NUMBER, 1,
			      .mask = 0x1f },
	[PREFIX_VALID] = { "icmpv6.opt.prefix.valid_lifetime", "Valid Lifetime", FIELD_NUMBER, 4 },
	[PREFIX_PREFERRED] = { "icmpv6.opt.prefix.preferred_lifetime", "Preferred Lifetime",
			       FIELD_NUMBER, 4 },
	[PREFIX] = { "icmpv6.opt.prefix", "Prefix", FIELD_IPV6 },
	[RESERVED] = { "icmpv6.opt.reserved", "Reserved", FIELD_BYTES },
	[MTU] = { "icmpv6.opt.mtu", "MTU", FIELD_NUMBER, 4 },
	[SERVERS_LIFETIME] = { "icmpv6.opt.rdnss.lifetime", "Lifetime", FIELD_NUMBER, 4 },
	[SERVER] = { "icmpv6.opt.rdnss", "Recursive DNS Servers", FIELD_IPV6 },
	[NONCE] = { "icmpv6.opt.nonce", "Nonce", FIELD_BYTES },
	[VALUE] = { "icmpv6.opt.value", "Value", FIELD_BYTES },
};

#define MAC_BYTES 6

static int add_rest(struct dissection *dissection, struct bytes *value, unsigned int which)
{
	return value->length ? dissection_add_bytes(dissection, value, value->length,
						    &fields[which], NULL) :
			       0;
}

static int add_reserved(struct dissection *dissection, struct bytes *value, size_t length)
{
	return dissection_add_bytes(dissection, value, length, &fields[RESERVED], NULL);
}

/* RFC 4861, section 4.6.2 */
static int dissect_prefix(struct dissection *dissection, struct bytes *value)
{
	uint64_t numbers[2];

	if (dissection_add_fields(dissection, value, &fields[PREFIX_LENGTH], 2, numbers))
		return -ENODATA;
	dissection_add_bits(dissection, &fields[PREFIX_ON_LINK], 4, numbers[1]);
	if (dissection_add_fields(dissection, value, &fields[PREFIX_VALID], 2, NULL) ||
	    add_reserved(dissection, value, 4))
		return -ENODATA;
	return dissection_add_fields(dissection, value, &fields[PREFIX], 1, NULL);
}

static int dissect_servers(struct dissection *dissection, struct bytes *value)
{
	if (add_reserved(dissection, value, 2) ||
	    dissection_add_number(dissection, value, &fields[SERVERS_LIFETIME], NULL))
		return -ENODATA;
	while (value->length >= 16)
		if (dissection_add_fields(dissection, value, &fields[SERVER], 1, NULL))
			return -ENODATA;
	return 0;
}

static int dissect_value(struct dissection *dissection, uint64_t type, struct bytes *value)
{
	switch (type) {
	case TYPE_SOURCE_ADDRESS:
		return add_rest(dissection, value,
				value->length == MAC_BYTES ? SOURCE_MAC : SOURCE_ADDRESS);
	case TYPE_TARGET_ADDRESS:
		return add_rest(dissection, value,
				value->length == MAC_BYTES ? TARGET_MAC : TARGET_ADDRESS);
	case TYPE_PREFIX:
		return dissect_prefix(dissection, value);
	case TYPE_MTU:
		return add_reserved(dissection, value, 2) ?
			       -ENODATA :
			       dissection_add_number(dissection, value, &fields[MTU], NULL);
	case TYPE_SERVERS:
		return dissect_servers(dissection, value);
	case TYPE_NONCE:
		return add_rest(dissection, value, NONCE);
	}
	return add_rest(dissection, value, VALUE);
}

/* The length is in units of 8 bytes, with type and length. */
static int dissect_option(struct dissection *dissection, struct bytes *bytes)
{
	uint64_t numbers[2];
	struct bytes value;

	if (dissection_add_fields(dissection, bytes, &fields[TYPE], 2, numbers) || !numbers[1] ||
	    bytes_take(bytes, numbers[1] * 8 - 2, &value))
		return -ENODATA;
	return dissect_value(dissection, numbers[0], &value);
}

int icmpv6_options_dissect(struct dissection *dissection, struct bytes *bytes)
{
	return dissection_add_groups(dissection, bytes, &fields[OPTION], DISSECTION_UNTIL_END,
				     dissect_option);
}

const struct field *icmpv6_options_find_link_address(const struct dissection *dissection,
						     const struct layer *layer)
{
	const struct field *field = dissection_find(dissection, layer, &fields[SOURCE_MAC]);

	return field ? field : dissection_find(dissection, layer, &fields[TARGET_MAC]);
}

const struct field_table icmpv6_options_table = FIELD_TABLE(fields);
