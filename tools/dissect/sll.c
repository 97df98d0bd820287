/* SPDX-License-Identifier: GPL-2.0-only */
/* Linux "cooked" captures: LINKTYPE_LINUX_SLL and LINKTYPE_LINUX_SLL2 of libpcap. */
#include "../line.h"
#include "registry.h"

enum {
	PACKET_TYPE,
	HARDWARE_TYPE,
	ADDRESS_LENGTH,
	SOURCE_MAC,
	SOURCE_IPV4,
	SOURCE_OTHER,
	UNUSED,
	ETHERTYPE,
	GRE_TYPE,
	LINUX_TYPE,
	INTERFACE,
	SHORT_PACKET_TYPE,
	SHORT_ADDRESS_LENGTH,
	TRAILER,
};

/* linux/if_arp.h */
enum {
	HARDWARE_GRE = 778,
	HARDWARE_NETLINK = 824,
};

#define ADDRESS_BYTES 8

static const struct value_name packet_type_names[] = {
	{ 0, "Unicast to us" },           { 1, "Broadcast" },  { 2, "Multicast" },
	{ 3, "Unicast to another host" }, { 4, "Sent by us" }, { 0, NULL },
};

static const struct value_name hardware_names[] = {
	{ 1, "Ethernet" },
	{ 512, "PPP" },
	{ 519, "Raw IP" },
	{ 768, "IPIP tunnel" },
	{ 772, "Loopback" },
	{ 776, "sit0 device - IPv6-in-IPv4" },
	{ 778, "GRE over IP" },
	{ 824, "Netlink" },
	{ 65534, "zero header length" },
	{ 0, NULL },
};

/* linux/if_ether.h: what is below 0x600 */
static const struct value_name linux_type_names[] = {
	{ 1, "Raw 802.3" },
	{ 4, "LLC" },
	{ 12, "CAN" },
	{ 0, NULL },
};

static const struct field_info fields[] = {
	[PACKET_TYPE] = { "sll.pkttype", "Packet type", FIELD_NUMBER, 2,
			  .values = packet_type_names },
	[HARDWARE_TYPE] = { "sll.hatype", "Link-layer address type", FIELD_NUMBER, 2,
			    .values = hardware_names },
	[ADDRESS_LENGTH] = { "sll.halen", "Link-layer address length", FIELD_NUMBER, 2 },
	[SOURCE_MAC] = { "sll.src.eth", "Source", FIELD_MAC },
	[SOURCE_IPV4] = { "sll.src.ipv4", "Source", FIELD_IPV4 },
	[SOURCE_OTHER] = { "sll.src.other", "Source", FIELD_BYTES },
	[UNUSED] = { "sll.unused", "Unused", FIELD_BYTES },
	[ETHERTYPE] = { "sll.etype", "Protocol", FIELD_HEX, 2, .values = registry_ethertypes },
	[GRE_TYPE] = { "sll.gretype", "Protocol", FIELD_HEX, 2, .values = registry_ethertypes },
	[LINUX_TYPE] = { "sll.ltype", "Protocol", FIELD_HEX, 2, .values = linux_type_names },
	[INTERFACE] = { "sll.ifindex", "Interface index", FIELD_NUMBER, 4 },
	[SHORT_PACKET_TYPE] = { "sll.pkttype", "Packet type", FIELD_NUMBER, 1,
				.values = packet_type_names },
	[SHORT_ADDRESS_LENGTH] = { "sll.halen", "Link-layer address length", FIELD_NUMBER, 1 },
	[TRAILER] = { "sll.trailer", "Trailer", FIELD_BYTES },
};

/* The address has a fixed place, whatever its length. */
static int add_source(struct dissection *dissection, struct bytes *bytes, uint64_t length)
{
	struct bytes place, source;

	if (bytes_take(bytes, ADDRESS_BYTES, &place))
		return -ENODATA;
	if (length > ADDRESS_BYTES)
		length = ADDRESS_BYTES;
	if (length == 6) {
		dissection_add_bytes(dissection, &place, 6, &fields[SOURCE_MAC], &source);
		dissection->flow.source = (struct address){ ADDRESS_MAC, source.data };
	} else if (length == 4) {
		dissection_add_bytes(dissection, &place, 4, &fields[SOURCE_IPV4], &source);
		dissection->flow.source = (struct address){ ADDRESS_IPV4, source.data };
	} else if (length > 0) {
		dissection_add_bytes(dissection, &place, length, &fields[SOURCE_OTHER], NULL);
	}
	if (place.length > 0)
		dissection_add_bytes(dissection, &place, place.length, &fields[UNUSED], NULL);
	return 0;
}

static int add_protocol(struct dissection *dissection, struct bytes *bytes, uint64_t hardware,
			const struct dissector **ret_next)
{
	struct bytes look = *bytes;
	uint16_t type;

	if (bytes_read_be16(&look, &type))
		return -ENODATA;
	*ret_next = NULL;
	if (hardware == HARDWARE_GRE) {
		*ret_next = registry_find_ethertype(type);
		return dissection_add_number(dissection, bytes, &fields[GRE_TYPE], NULL);
	}
	if (hardware == HARDWARE_NETLINK || type < 1536) {
		*ret_next = type == 4 && hardware != HARDWARE_NETLINK ? &dissector_llc : NULL;
		return dissection_add_number(dissection, bytes, &fields[LINUX_TYPE], NULL);
	}
	*ret_next = registry_find_ethertype(type);
	return dissection_add_number(dissection, bytes, &fields[ETHERTYPE], NULL);
}

static int dissect_sll(struct dissection *dissection, struct bytes *bytes)
{
	const struct dissector *next;
	uint64_t numbers[3];

	if (dissection_add_fields(dissection, bytes, &fields[PACKET_TYPE], 3, numbers) ||
	    add_source(dissection, bytes, numbers[2]) ||
	    add_protocol(dissection, bytes, numbers[1], &next))
		return -ENODATA;
	dissection_next(dissection, next, *bytes);
	return 0;
}

static int dissect_sll2(struct dissection *dissection, struct bytes *bytes)
{
	const struct dissector *next;
	uint64_t hardware, length;
	struct bytes type, reserved;

	/* The type stands first, but says what comes last. */
	type = *bytes;
	if (bytes->length < 10)
		return -ENODATA;
	hardware = (uint64_t)bytes->data[8] << 8 | bytes->data[9];
	if (add_protocol(dissection, &type, hardware, &next))
		return -ENODATA;
	*bytes = type;
	if (bytes_take(bytes, 2, &reserved) ||
	    dissection_add_number(dissection, bytes, &fields[INTERFACE], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[HARDWARE_TYPE], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[SHORT_PACKET_TYPE], NULL) ||
	    dissection_add_number(dissection, bytes, &fields[SHORT_ADDRESS_LENGTH], &length) ||
	    add_source(dissection, bytes, length))
		return -ENODATA;
	dissection_next(dissection, next, *bytes);
	return 0;
}

static void add_trailer(struct dissection *dissection, struct bytes trailer)
{
	dissection_add_bytes(dissection, &trailer, trailer.length, &fields[TRAILER], NULL);
}

const struct dissector dissector_sll = {
	.name = "sll",
	.label = "SLL",
	.title = "Linux cooked capture v1",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_sll,
	.add_trailer = add_trailer,
};

const struct dissector dissector_sll2 = {
	.name = "sll",
	.label = "SLL",
	.title = "Linux cooked capture v2",
	DISSECTOR_FIELDS(fields),
	.dissect = dissect_sll2,
	.add_trailer = add_trailer,
};
