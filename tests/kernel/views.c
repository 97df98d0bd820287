/* SPDX-License-Identifier: GPL-2.0-only */
/* Each view is cut and joined from the frame, guided by the reference walk. */
#include "views.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "reference_walk.h"

#define ETHERNET_BYTES 14
#define IPV4_BYTES 20
#define IPV6_BYTES 40
#define NO_NEXT_HEADER 59 /* RFC 8200, section 4.7 */
/* Of fragmented datagrams, the last so many are remembered. */
#define DATAGRAMS 4096

struct datagram {
	uint32_t source[4], destination[4];
	uint32_t id;
	uint16_t ethertype;
	uint8_t protocol;
	uint8_t ports[4];
};

struct datagrams {
	size_t count; /* all that there were; number n is at n % DATAGRAMS */
	struct datagram list[DATAGRAMS];
};

static void append(struct packet *packet, const uint8_t *bytes, uint32_t count)
{
	memcpy(packet->bytes + packet->length, bytes, count);
	packet->length += count;
}

static bool is_ip(const struct frame *frame, uint16_t ethertype, uint32_t bytes)
{
	const struct packet_summary *summary = &frame->summary;

	return summary->fields & SUMMARY_ETHERTYPE && summary->ethertype == ethertype &&
	       summary->network_offset + bytes <= frame->length;
}

static void view_untagged(const struct frame *frame, struct packet *packet)
{
	uint32_t from = 12 + frame->summary.vlan_count * 4u;

	append(packet, frame->bytes, 12);
	if (from < frame->length)
		append(packet, frame->bytes + from, frame->length - from);
}

/* Ethernet's header, with the type of what stands behind all that wraps it. */
static void append_link(const struct frame *frame, struct packet *packet)
{
	const struct packet_summary *summary = &frame->summary;
	const uint8_t type[] = { (uint8_t)(summary->ethertype >> 8), (uint8_t)summary->ethertype };

	append(packet, frame->bytes, 12);
	/* An IEEE 802.3 length stays what it was. */
	append(packet,
	       summary->fields & SUMMARY_LLC ? frame->bytes + summary->network_offset - 2 : type,
	       2);
}

static void view_network(const struct frame *frame, struct packet *packet)
{
	uint32_t from = frame->summary.network_offset;

	append_link(frame, packet);
	append(packet, frame->bytes + from, frame->length - from);
}

/* Where the transport header is, or the end of the frame. */
static uint32_t transport_start(const struct frame *frame)
{
	const struct packet_summary *summary = &frame->summary;

	if (summary->fields & SUMMARY_TRANSPORT && summary->transport_offset <= frame->length)
		return summary->transport_offset;
	return frame->length;
}

/* Cuts the last address of a cut header as a whole: pktsieve has all of it or nothing. */
static void drop_cut_address(const struct frame *frame, struct packet *packet)
{
	static const struct {
		uint16_t ethertype;
		uint8_t from, bytes;
	} addresses[] = {
		{ 0x0800, 12, 4 }, { 0x0800, 16, 4 }, { 0x86dd, 8, 16 }, { 0x86dd, 24, 16 },
		{ 0x0806, 14, 4 }, { 0x0806, 24, 4 }, { 0x8035, 14, 4 }, { 0x8035, 24, 4 },
	};

	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		uint32_t from = ETHERNET_BYTES + addresses[i].from;

		if (frame->summary.ethertype == addresses[i].ethertype && packet->length > from &&
		    packet->length < from + addresses[i].bytes)
			packet->length = from;
	}
}

static void view_transport(const struct frame *frame, struct packet *packet)
{
	const struct packet_summary *summary = &frame->summary;
	uint32_t from = transport_start(frame);

	if (!is_ip(frame, 0x86dd, IPV6_BYTES) ||
	    !reference_has_ipv6_extension(frame->bytes, summary)) {
		view_network(frame, packet);
		return;
	}
	append_link(frame, packet);
	append(packet, frame->bytes + summary->network_offset, IPV6_BYTES);
	packet->bytes[ETHERNET_BYTES + 6] =
		summary->fields & SUMMARY_PROTOCOL ? summary->ip_protocol : NO_NEXT_HEADER;
	append(packet, frame->bytes + from, frame->length - from);
}

static void view_ipv4(const struct frame *frame, struct packet *packet)
{
	const struct packet_summary *summary = &frame->summary;
	uint8_t header[IPV4_BYTES] = { 0x45 };
	uint32_t from = transport_start(frame);

	if (!is_ip(frame, 0x86dd, IPV6_BYTES)) {
		view_transport(frame, packet);
		return;
	}
	append(packet, frame->bytes, 12);
	append(packet, (const uint8_t[]){ 0x08, 0x00 }, 2);
	header[7] = summary->fields & SUMMARY_LATER_FRAGMENT ? 1 : 0;
	header[9] = summary->fields & SUMMARY_PROTOCOL ? summary->ip_protocol : NO_NEXT_HEADER;
	append(packet, header, sizeof(header));
	append(packet, frame->bytes + from, frame->length - from);
}

/* What tells the datagram of a fragment; false where it cannot be told. */
static bool read_datagram(const struct frame *frame, struct datagram *ret_datagram)
{
	const struct packet_summary *summary = &frame->summary;

	*ret_datagram = (struct datagram){ .id = summary->fragment_id,
					   .ethertype = summary->ethertype,
					   .protocol = summary->ip_protocol };
	memcpy(ret_datagram->source, summary->source, sizeof(summary->source));
	memcpy(ret_datagram->destination, summary->destination, sizeof(summary->destination));
	return summary->fields & SUMMARY_FRAGMENT && summary->fields & SUMMARY_PROTOCOL;
}

static void remember(struct datagrams *datagrams, const struct frame *frame)
{
	const uint32_t ports = SUMMARY_SOURCE_PORT | SUMMARY_DESTINATION_PORT;
	struct datagram datagram;

	if ((frame->summary.fields & ports) != ports || !read_datagram(frame, &datagram))
		return;
	memcpy(datagram.ports, frame->bytes + frame->summary.transport_offset, 4);
	datagrams->list[datagrams->count++ % DATAGRAMS] = datagram;
}

/* The ports of the first fragment of a later one's datagram, or NULL. */
static const uint8_t *recall(const struct datagrams *datagrams, const struct frame *frame)
{
	struct datagram wanted;
	size_t oldest = datagrams->count < DATAGRAMS ? 0 : datagrams->count - DATAGRAMS;

	if (!(frame->summary.fields & SUMMARY_LATER_FRAGMENT) || !read_datagram(frame, &wanted))
		return NULL;
	for (size_t n = datagrams->count; n > oldest; n--) {
		const struct datagram *datagram = &datagrams->list[(n - 1) % DATAGRAMS];

		if (memcmp(datagram, &wanted, offsetof(struct datagram, ports)) == 0)
			return datagram->ports;
	}
	return NULL;
}

static void view_ports(const struct frame *frame, const uint8_t *ports, struct packet *packet)
{
	uint32_t header_bytes = frame->summary.ethertype == 0x86dd ? IPV6_BYTES : IPV4_BYTES;
	uint8_t *header = packet->bytes + ETHERNET_BYTES;

	append_link(frame, packet);
	append(packet, frame->bytes + frame->summary.network_offset, header_bytes);
	if (header_bytes == IPV6_BYTES) {
		header[6] = frame->summary.ip_protocol;
	} else {
		header[0] = 0x45;
		header[6] = header[7] = 0;
	}
	append(packet, ports, 4);
}

static void make_view(const struct frame *frame, enum view view, struct datagrams *datagrams,
		      struct packet *packet)
{
	const uint8_t *ports = NULL;

	switch (view) {
	case VIEW_UNTAGGED:
		view_untagged(frame, packet);
		return;
	case VIEW_NETWORK:
		view_network(frame, packet);
		return;
	case VIEW_IPV4:
		view_ipv4(frame, packet);
		return;
	case VIEW_PORTS:
		remember(datagrams, frame);
		ports = recall(datagrams, frame);
		break;
	default:
		break;
	}
	if (ports) {
		view_ports(frame, ports, packet);
		return;
	}
	view_transport(frame, packet);
	if (view != VIEW_BYTES)
		drop_cut_address(frame, packet);
}

static int add_view(const struct frame *frame, enum view view, struct datagrams *datagrams,
		    struct viewed *ret_viewed)
{
	static struct packet packet;
	uint8_t *bytes;

	*ret_viewed = (struct viewed){ frame->bytes, frame->length };
	if (view == VIEW_AS_IS || frame->length < ETHERNET_BYTES)
		return 0;
	packet.length = 0;
	make_view(frame, view, datagrams, &packet);
	if (packet.length == frame->length &&
	    memcmp(packet.bytes, frame->bytes, packet.length) == 0)
		return 0;
	bytes = malloc(packet.length);
	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, packet.bytes, packet.length);
	*ret_viewed = (struct viewed){ bytes, packet.length };
	return 0;
}

int views_open(const struct frames *frames, struct views *ret_views)
{
	struct datagrams *datagrams = calloc(1, sizeof(*datagrams));
	int error = datagrams ? 0 : -ENOMEM;

	*ret_views = (struct views){ .count = frames->count };
	for (enum view view = 0; view < VIEW_COUNT && !error; view++) {
		ret_views->list[view] = calloc(frames->count + 1, sizeof(struct viewed));
		error = ret_views->list[view] ? 0 : -ENOMEM;
		for (size_t i = 0; i < frames->count && !error; i++)
			error = add_view(&frames->list[i], view, datagrams,
					 &ret_views->list[view][i]);
	}
	free(datagrams);
	if (error)
		views_close(frames, ret_views);
	return error;
}

void views_close(const struct frames *frames, struct views *views)
{
	for (enum view view = 0; view < VIEW_COUNT; view++) {
		for (size_t i = 0; views->list[view] && i < views->count; i++)
			if (views->list[view][i].bytes != frames->list[i].bytes)
				free((void *)views->list[view][i].bytes);
		free(views->list[view]);
	}
	*views = (struct views){ 0 };
}

static size_t word_length(const char *text)
{
	return strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.:\\");
}

/* The length of the word at *text, which moves to it; 0 at the end. */
static size_t next_word(const char **text)
{
	while (**text && word_length(*text) == 0)
		(*text)++;
	return word_length(*text);
}

bool views_has_word(const char *expression, const char *word)
{
	size_t length, wanted = strlen(word);

	for (; (length = next_word(&expression)) > 0; expression += length)
		if (length == wanted && memcmp(expression, word, wanted) == 0)
			return true;
	return false;
}

static bool list_has(const char *list, const char *word, size_t length)
{
	for (; *list; list += strcspn(list, " "), list += strspn(list, " "))
		if (strcspn(list, " ") == length && memcmp(list, word, length) == 0)
			return true;
	return false;
}

bool views_has_index(const char *expression, const char *protocols)
{
	size_t length;

	for (; (length = next_word(&expression)) > 0; expression += length) {
		const char *behind = expression + length + strspn(expression + length, " ");

		if (*behind == '[' && list_has(protocols, expression, length))
			return true;
	}
	return false;
}

/* Whether what ends before `at` is an operator of arithmetic, up to brackets. */
static bool is_operand(const char *expression, const char *at)
{
	while (at > expression && strchr(" \t(", at[-1]))
		at--;
	if (at == expression || !strchr("+-*/%&|^<>[", at[-1]))
		return false;
	/* "&&", "||" and comparisons are none; shifts are. */
	if (strchr("<>", at[-1]))
		return at - expression > 1 && at[-2] == at[-1];
	return !(at - expression > 1 && strchr("&|", at[-1]) && at[-2] == at[-1]);
}

bool views_has_assumed(const char *expression)
{
	const char *text = expression;
	size_t length;

	for (; (length = next_word(&text)) > 0; text += length) {
		const char *behind = text + length + strspn(text + length, " ");

		if (*behind == '[' && is_operand(expression, text) &&
		    list_has("tcp udp sctp icmp icmp6 igmp igrp pim vrrp carp", text, length))
			return true;
	}
	return false;
}

static bool has_any(const char *expression, const char *words)
{
	size_t length;

	for (; (length = next_word(&expression)) > 0; expression += length)
		if (list_has(words, expression, length))
			return true;
	return false;
}

/* `ether proto`: of the tags themselves, of IP behind all that carries it, of all others. */
static enum view choose_ethertype(const char *primitive)
{
	const char *id = strrchr(primitive, ' ');

	if (has_any(primitive, "\\ip \\ip6"))
		return VIEW_NETWORK;
	switch (id ? strtoul(id, NULL, 0) : 0) {
	case 0x0800:
	case 0x86dd:
		return VIEW_NETWORK;
	case 0x8100:
	case 0x88a8:
	case 0x9100:
		return VIEW_AS_IS;
	default:
		return VIEW_UNTAGGED;
	}
}

enum view views_choose(const char *primitive)
{
	if (has_any(primitive, "vlan"))
		return VIEW_AS_IS;
	if (has_any(primitive, "mpls pppoes pppoed"))
		return VIEW_UNTAGGED;
	if (has_any(primitive, "ether link") && has_any(primitive, "proto"))
		return choose_ethertype(primitive);
	if (has_any(primitive, "ether link"))
		return VIEW_AS_IS;
	if (has_any(primitive, "broadcast multicast") && !has_any(primitive, "ip ip6"))
		return VIEW_AS_IS;
	if (has_any(primitive, "llc stp ipx netbeui iso clnp esis isis l1 l2 iih lsp snp csnp psnp "
			       "atalk aarp lat sca moprc mopdl decnet"))
		return VIEW_UNTAGGED;
	if (has_any(primitive, "port portrange"))
		return VIEW_PORTS;
	if (views_has_index(primitive, "tcp udp sctp pim icmp icmp6 igmp igrp vrrp carp"))
		return views_has_index(primitive, "ip ip6 icmp icmp6 igmp igrp vrrp carp") ?
			       VIEW_BYTES :
			       VIEW_IPV4;
	if (views_has_index(primitive, "ip ip6 arp rarp"))
		return VIEW_NETWORK;
	return VIEW_TRANSPORT;
}
