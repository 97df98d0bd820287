/* SPDX-License-Identifier: GPL-2.0-only */
/* A cursor that only moves forward, and one function per layer. */
#include "reference_walk.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* Headers that begin further back are not read. */
#define LAST_HEADER_START 16383

struct frame {
	const uint8_t *bytes;
	uint32_t length;
	uint32_t at;
	struct packet_summary *summary;
};

static bool has(const struct frame *frame, uint32_t distance, uint32_t count)
{
	uint32_t start = frame->at + distance;

	return start <= LAST_HEADER_START && start + count <= frame->length;
}

/* The same question where a "no" is noted. */
static bool needs(const struct frame *frame, uint32_t distance, uint32_t count)
{
	if (has(frame, distance, count))
		return true;
	frame->summary->fields |= SUMMARY_INCOMPLETE;
	return false;
}

static uint32_t number_at(const struct frame *frame, uint32_t distance, unsigned int count)
{
	const uint8_t *from = frame->bytes + frame->at + distance;
	uint32_t value = 0;

	while (count-- > 0)
		value = value << 8 | *from++;
	return value;
}

static void take_address(const struct frame *frame, uint32_t distance, uint32_t count, uint32_t *to,
			 uint32_t field)
{
	if (!needs(frame, distance, count))
		return;
	memcpy(to, frame->bytes + frame->at + distance, count);
	frame->summary->fields |= field;
}

static bool is_tag(uint32_t type)
{
	return type == 0x8100 || type == 0x88a8 || type == 0x9100;
}

/* Returns false where the walk ends. */
static bool read_tags(struct frame *frame)
{
	struct packet_summary *summary = frame->summary;

	while (is_tag(summary->ethertype)) {
		if (summary->vlan_count == 4) {
			summary->fields |= SUMMARY_INCOMPLETE;
			return false;
		}
		if (!needs(frame, 0, 4))
			return false;
		summary->vlan_id[summary->vlan_count] = number_at(frame, 0, 2) % 4096;
		summary->vlan_count++;
		summary->ethertype = (uint16_t)number_at(frame, 2, 2);
		frame->at += 4;
	}
	return true;
}

static void read_pppoe(struct frame *frame)
{
	struct packet_summary *summary = frame->summary;

	summary->fields |= SUMMARY_PPPOE;
	if (!needs(frame, 0, 8))
		return;
	switch (number_at(frame, 6, 2)) {
	case 0x21:
		summary->ethertype = 0x0800;
		frame->at += 8;
		break;
	case 0x57:
		summary->ethertype = 0x86dd;
		frame->at += 8;
		break;
	}
}

static void read_labels(struct frame *frame)
{
	struct packet_summary *summary = frame->summary;
	bool is_bottom = false;

	while (!is_bottom) {
		if (summary->mpls_count == 8) {
			summary->fields |= SUMMARY_INCOMPLETE;
			return;
		}
		if (!needs(frame, 0, 4))
			return;
		is_bottom = number_at(frame, 2, 1) & 1;
		summary->mpls_count++;
		frame->at += 4;
	}
	if (!needs(frame, 0, 1))
		return;
	if (number_at(frame, 0, 1) / 16 == 4)
		summary->ethertype = 0x0800;
	if (number_at(frame, 0, 1) / 16 == 6)
		summary->ethertype = 0x86dd;
}

/* RFC 826: hardware 6 bytes, protocol 4 bytes */
static void read_arp(struct frame *frame)
{
	take_address(frame, 14, 4, frame->summary->source, SUMMARY_SOURCE);
	take_address(frame, 24, 4, frame->summary->destination, SUMMARY_DESTINATION);
}

/* RFC 791, section 3.1 */
static void read_ipv4(struct frame *frame)
{
	struct packet_summary *summary = frame->summary;
	bool is_whole = needs(frame, 0, 20);
	uint32_t offset, more;

	if (has(frame, 9, 1)) {
		summary->ip_protocol = (uint8_t)number_at(frame, 9, 1);
		summary->fields |= SUMMARY_PROTOCOL;
	}
	take_address(frame, 12, 4, summary->source, SUMMARY_SOURCE);
	take_address(frame, 16, 4, summary->destination, SUMMARY_DESTINATION);
	if (!is_whole)
		return;
	more = number_at(frame, 6, 1) >> 5 & 1;
	offset = number_at(frame, 6, 2) & 0x1fff;
	if (more || offset) {
		summary->fields |= SUMMARY_FRAGMENT;
		summary->fragment_id = number_at(frame, 4, 2);
	}
	summary->transport_offset = (uint16_t)(frame->at + number_at(frame, 0, 1) % 16 * 4);
	summary->fields |= offset ? SUMMARY_LATER_FRAGMENT : SUMMARY_TRANSPORT;
}

/* RFC 8200, section 4; RFC 6275, RFC 7401, RFC 5533 */
static bool is_extension(uint32_t number)
{
	static const uint8_t numbers[] = { 0, 43, 44, 60, 135, 139, 140 };

	return memchr(numbers, (int)number, sizeof(numbers)) != NULL;
}

/* Returns whether the number of what is carried is known. */
static bool read_extensions(struct frame *frame, uint32_t *number)
{
	struct packet_summary *summary = frame->summary;

	for (unsigned int count = 0; is_extension(*number); count++) {
		bool is_fragment = *number == 44;
		uint32_t offset;

		if (count == 8) {
			summary->fields |= SUMMARY_INCOMPLETE;
			return false;
		}
		if (!needs(frame, 0, is_fragment ? 8 : 2))
			return false;
		*number = number_at(frame, 0, 1);
		if (!is_fragment) {
			frame->at += (number_at(frame, 1, 1) + 1) * 8;
			continue;
		}
		if (number_at(frame, 2, 2) & 0xfff9) {
			summary->fields |= SUMMARY_FRAGMENT;
			summary->fragment_id = number_at(frame, 4, 4);
		}
		offset = number_at(frame, 2, 2) >> 3;
		frame->at += 8;
		if (offset) {
			summary->fields |= SUMMARY_LATER_FRAGMENT;
			return true;
		}
	}
	return true;
}

static void read_ipv6(struct frame *frame)
{
	struct packet_summary *summary = frame->summary;
	bool is_whole = needs(frame, 0, 40);
	uint32_t number = has(frame, 6, 1) ? number_at(frame, 6, 1) : 0;
	bool is_known = !is_extension(number);

	take_address(frame, 8, 16, summary->source, SUMMARY_SOURCE);
	take_address(frame, 24, 16, summary->destination, SUMMARY_DESTINATION);
	if (is_whole) {
		frame->at += 40;
		is_known = read_extensions(frame, &number);
	}
	if (!is_known)
		return;
	summary->ip_protocol = (uint8_t)number;
	summary->fields |= SUMMARY_PROTOCOL;
	if (!is_whole)
		return;
	summary->transport_offset = (uint16_t)frame->at;
	if (!(summary->fields & SUMMARY_LATER_FRAGMENT))
		summary->fields |= SUMMARY_TRANSPORT;
}

static void read_transport(struct frame *frame)
{
	struct packet_summary *summary = frame->summary;
	bool is_tcp = summary->ip_protocol == 6;

	if (!is_tcp && summary->ip_protocol != 17 && summary->ip_protocol != 132)
		return;
	frame->at = summary->transport_offset;
	if (needs(frame, 0, 2)) {
		summary->source_port = (uint16_t)number_at(frame, 0, 2);
		summary->fields |= SUMMARY_SOURCE_PORT;
	}
	if (needs(frame, 2, 2)) {
		summary->destination_port = (uint16_t)number_at(frame, 2, 2);
		summary->fields |= SUMMARY_DESTINATION_PORT;
	}
	if (is_tcp && needs(frame, 13, 1)) {
		summary->tcp_flags = (uint8_t)number_at(frame, 13, 1);
		summary->fields |= SUMMARY_TCP_FLAGS;
	}
}

/* Returns whether a network header may follow. */
static bool read_link(struct frame *frame)
{
	struct packet_summary *summary = frame->summary;

	if (!needs(frame, 0, 14))
		return false;
	summary->ethertype = (uint16_t)number_at(frame, 12, 2);
	summary->fields |= SUMMARY_ETHERTYPE;
	frame->at = 14;
	if (!read_tags(frame))
		return false;
	summary->link_offset = (uint16_t)frame->at;
	if (summary->ethertype > 1500)
		summary->link_ethertype = summary->ethertype;
	else {
		summary->ethertype = 0;
		summary->fields ^= SUMMARY_ETHERTYPE | SUMMARY_LLC;
		return false;
	}
	if (summary->ethertype == 0x8864)
		read_pppoe(frame);
	else if (summary->ethertype == 0x8847 || summary->ethertype == 0x8848)
		read_labels(frame);
	return true;
}

void reference_walk(const uint8_t *bytes, uint32_t length, struct packet_summary *ret_summary)
{
	struct frame frame = { .bytes = bytes, .length = length, .summary = ret_summary };
	bool has_network;

	memset(ret_summary, 0, sizeof(*ret_summary));
	ret_summary->wire_bytes = length;
	ret_summary->available_bytes = length;
	has_network = read_link(&frame);
	ret_summary->network_offset = (uint16_t)frame.at;
	if (!has_network)
		return;
	if (ret_summary->ethertype == 0x0806 || ret_summary->ethertype == 0x8035)
		read_arp(&frame);
	else if (ret_summary->ethertype == 0x0800)
		read_ipv4(&frame);
	else if (ret_summary->ethertype == 0x86dd)
		read_ipv6(&frame);
	if (ret_summary->fields & SUMMARY_TRANSPORT)
		read_transport(&frame);
}

static const struct {
	const char *name;
	size_t at;
	size_t bytes;
} fields[] = {
#define X(name)                                         \
	{ #name, offsetof(struct packet_summary, name), \
	  sizeof(((struct packet_summary *)NULL)->name) },
	X(fields) X(wire_bytes) X(available_bytes) X(ifindex) X(fragment_id) X(link_ethertype)
		X(ethertype) X(link_offset) X(network_offset) X(transport_offset) X(source_port)
			X(destination_port) X(vlan_id[0]) X(vlan_id[1]) X(vlan_id[2]) X(vlan_id[3])
				X(vlan_count) X(inserted_bytes) X(mpls_count) X(ip_protocol)
					X(tcp_flags) X(direction) X(source[0]) X(source[1])
						X(source[2]) X(source[3]) X(destination[0])
							X(destination[1]) X(destination[2])
								X(destination[3])
#undef X
};

static uint32_t field_value(const struct packet_summary *summary, size_t i)
{
	const uint8_t *at = (const uint8_t *)summary + fields[i].at;
	uint32_t word;
	uint16_t half;

	switch (fields[i].bytes) {
	case 1:
		return *at;
	case 2:
		memcpy(&half, at, sizeof(half));
		return half;
	default:
		memcpy(&word, at, sizeof(word));
		return word;
	}
}

bool reference_is_same(const struct packet_summary *found, const struct packet_summary *expected)
{
	if (!memcmp(found, expected, sizeof(*found)))
		return true;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (field_value(found, i) != field_value(expected, i))
			printf("# %s is 0x%x and should be 0x%x\n", fields[i].name,
			       field_value(found, i), field_value(expected, i));
	return false;
}

bool reference_has_ipv6_extension(const uint8_t *bytes, const struct packet_summary *summary)
{
	uint32_t at = summary->network_offset + 6u;

	return summary->ethertype == 0x86dd && at < summary->available_bytes &&
	       is_extension(bytes[at]);
}
