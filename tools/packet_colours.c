/* SPDX-License-Identifier: GPL-2.0-only */
/* See packet_colours.h. */
#include "packet_colours.h"

#include "dissect/registry.h"
#include "terminal.h"

#define ANY 0, UINT64_MAX
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#define DARK_RED TERMINAL_COLOURS(210, 235)
#define DARK_YELLOW TERMINAL_COLOURS(229, 235)
#define DARK_GREEN TERMINAL_COLOURS(155, 235)
#define CREAM TERMINAL_COLOURS(235, 230)
#define PINK TERMINAL_COLOURS(235, 225)
#define RED_YELLOW TERMINAL_COLOURS(229, 124)
#define RED_WHITE TERMINAL_COLOURS(255, 124)
#define GREEN TERMINAL_COLOURS(235, 194)
#define GREY TERMINAL_COLOURS(235, 247)
#define VIOLET TERMINAL_COLOURS(235, 189)
#define BLUE TERMINAL_COLOURS(235, 195)
#define YELLOW TERMINAL_COLOURS(235, 230)
#define WHITE TERMINAL_COLOURS(250, 231)

#define MDNS_GROUP 0xe00000fb /* 224.0.0.251 */

enum {
	IP_PROTOCOL_EIGRP = 88,
	IP_PROTOCOL_OSPF = 89,
	IP_PROTOCOL_PIM = 103,
	IP_PROTOCOL_VRRP = 112,
};

/*
 * A layer, and a field with one of these values;
 * the first rule that matches is it.
 */
struct rule {
	const char *layer;
	const char *field; /* NULL: the layer alone will do */
	uint64_t least, most;
	const char *colours;
	bool (*holds)(const struct dissection *dissection,
		      const struct field *field); /* NULL: it does */
};

/* Of an IPv4 header's TTL: too low, unless it goes to a group, to which it is mostly 1. */
static bool is_unexpected_ttl(const struct dissection *dissection, const struct field *field)
{
	struct bytes address = bytes_make(dissection->flow.destination.bytes, 4);
	uint32_t destination = 0;

	if (dissection->flow.destination.kind != ADDRESS_IPV4 ||
	    bytes_read_be32(&address, &destination))
		return false;
	switch (dissection->flow.ip_protocol) {
	case IP_PROTOCOL_OSPF:
	case IP_PROTOCOL_PIM:
	case IP_PROTOCOL_VRRP:
		return false;
	}
	if (destination >> 28 != 0xe)
		return field->number < 5;
	return destination >> 8 == 0xe00000 && destination != MDNS_GROUP && field->number != 1;
}

static bool is_for_a_group(const struct dissection *dissection, const struct field *field)
{
	struct bytes address = bytes_make(field->data, field->length);
	uint8_t first;

	(void)dissection;
	return !bytes_read_u8(&address, &first) && (first & 1);
}

static const struct rule rules[] = {
	{ "tcp", "tcp.analysis.retransmission", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.fast_retransmission", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.spurious_retransmission", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.out_of_order", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.lost_segment", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.ack_lost_segment", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.duplicate_ack", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.zero_window", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.zero_window_probe", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.zero_window_probe_ack", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.window_full", ANY, DARK_RED, NULL },
	{ "tcp", "tcp.analysis.reused_ports", ANY, DARK_RED, NULL },
	{ "stp", "stp.type", 0x80, 0x80, DARK_YELLOW, NULL },
	{ "icmp", "icmp.type", 3, 5, DARK_GREEN, NULL },
	{ "icmp", "icmp.type", 11, 11, DARK_GREEN, NULL },
	{ "icmpv6", "icmpv6.type", 1, 4, DARK_GREEN, NULL },
	{ "arp", NULL, ANY, CREAM, NULL },
	{ "icmp", NULL, ANY, PINK, NULL },
	{ "icmpv6", NULL, ANY, PINK, NULL },
	{ "tcp", "tcp.flags.reset", 1, 1, RED_YELLOW, NULL },
	{ "sctp", "sctp.chunk_type", 6, 6, RED_YELLOW, NULL },
	{ "ip", "ip.ttl", ANY, RED_WHITE, is_unexpected_ttl },
	{ "udp", "udp.srcport", 137, 138, YELLOW, NULL },
	{ "udp", "udp.dstport", 137, 138, YELLOW, NULL },
	{ "http", NULL, ANY, GREEN, NULL },
	{ "tcp", "tcp.srcport", 80, 80, GREEN, NULL },
	{ "tcp", "tcp.dstport", 80, 80, GREEN, NULL },
	{ "igmp", NULL, ANY, CREAM, NULL },
	{ "ip", "ip.proto", IP_PROTOCOL_EIGRP, IP_PROTOCOL_OSPF, CREAM, NULL },
	{ "ip", "ip.proto", IP_PROTOCOL_VRRP, IP_PROTOCOL_VRRP, CREAM, NULL },
	{ "ipv6", "ipv6.nxt", IP_PROTOCOL_OSPF, IP_PROTOCOL_OSPF, CREAM, NULL },
	{ "udp", "udp.dstport", 1985, 1985, CREAM, NULL }, /* HSRP */
	{ "tcp", "tcp.flags.syn", 1, 1, GREY, NULL },
	{ "tcp", "tcp.flags.fin", 1, 1, GREY, NULL },
	{ "tcp", NULL, ANY, VIOLET, NULL },
	{ "udp", NULL, ANY, BLUE, NULL },
	{ "eth", "eth.dst", ANY, WHITE, is_for_a_group },
};

_Static_assert(LENGTH(rules) <= PACKET_COLOURS, "there is no room for all rules");

void packet_colours_init(struct packet_colours *colours)
{
	*colours = (struct packet_colours){ 0 };
	for (size_t i = 0; i < LENGTH(rules); i++) {
		colours->dissectors[i] = registry_find_dissector(rules[i].layer);
		if (rules[i].field)
			colours->fields[i] = registry_find_field(rules[i].field);
	}
}

/* Any field of the packet will do, also one of a packet that it quotes. */
static bool has_value(const struct dissection *dissection, const struct field_info *info,
		      const struct rule *rule)
{
	for (unsigned int i = 0; i < dissection->field_count; i++) {
		const struct field *field = &dissection->fields[i];

		if (field->info == info && field->number >= rule->least &&
		    field->number <= rule->most && (!rule->holds || rule->holds(dissection, field)))
			return true;
	}
	return false;
}

const char *packet_colours_find(const struct packet_colours *colours,
				const struct dissection *dissection)
{
	for (size_t i = 0; i < LENGTH(rules); i++) {
		const struct dissector *dissector = colours->dissectors[i];

		if (!dissector || !dissection_find_layer(dissection, dissector))
			continue;
		if (!rules[i].field ||
		    (colours->fields[i] && has_value(dissection, colours->fields[i], &rules[i])))
			return rules[i].colours;
	}
	return NULL;
}
