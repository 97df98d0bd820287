/* SPDX-License-Identifier: GPL-2.0-only */
/* Tables of what counts as what; numbers from IANA's registries. */
#include "reference_count.h"

#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct number_name {
	uint32_t number;
	enum protocol protocol;
};

static const struct number_name ethertypes[] = {
	{ 0x0800, PROTOCOL_IPV4 }, { 0x86dd, PROTOCOL_IPV6 },  { 0x0806, PROTOCOL_ARP },
	{ 0x8035, PROTOCOL_ARP },  { 0x88cc, PROTOCOL_LLDP },  { 0x8847, PROTOCOL_MPLS },
	{ 0x8848, PROTOCOL_MPLS }, { 0x8863, PROTOCOL_PPPOE }, { 0x8864, PROTOCOL_PPPOE },
};

static const struct number_name ip_protocols[] = {
	{ 1, PROTOCOL_ICMP },   { 2, PROTOCOL_IGMP },    { 6, PROTOCOL_TCP },
	{ 17, PROTOCOL_UDP },   { 47, PROTOCOL_GRE },    { 50, PROTOCOL_ESP },
	{ 51, PROTOCOL_AH },    { 58, PROTOCOL_ICMPV6 }, { 89, PROTOCOL_OSPF },
	{ 112, PROTOCOL_VRRP }, { 132, PROTOCOL_SCTP },
};

#define X(port, name) { port, PROTOCOL_TCP_##name },
static const struct number_name tcp_services[] = { TCP_SERVICE_PORTS(X) };
#undef X
#define X(port, name) { port, PROTOCOL_UDP_##name },
static const struct number_name udp_services[] = { UDP_SERVICE_PORTS(X) };
#undef X

static enum protocol find(const struct number_name *list, size_t count, uint32_t number,
			  enum protocol otherwise)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].number == number)
			return list[i].protocol;
	return otherwise;
}

static uint32_t header_bytes(const struct packet *packet, const struct packet_summary *summary)
{
	static const uint8_t lengths[256] = {
		[1] = 8, [2] = 8, [17] = 8, [47] = 4, [50] = 8, [51] = 12, [58] = 8, [132] = 12,
	};
	uint32_t at = summary->transport_offset;

	if (summary->fields & SUMMARY_LATER_FRAGMENT)
		return at;
	if (summary->ethertype == 0x0806 || summary->ethertype == 0x8035)
		return summary->network_offset + 28u;
	if (!(summary->fields & SUMMARY_TRANSPORT))
		return summary->network_offset;
	if (summary->ip_protocol == 6 && at + 12 < summary->available_bytes)
		return at + packet->bytes[at + 12] / 16 * 4;
	return at + lengths[summary->ip_protocol];
}

struct traffic_counter reference_size(const struct packet *packet,
				      const struct packet_summary *summary,
				      const struct test_aggregate *aggregate)
{
	struct traffic_counter size = { .packets = 1, .bytes = summary->wire_bytes };
	uint32_t headers, payload;

	if (!aggregate || aggregate->segment_bytes == 0)
		return size;
	headers = header_bytes(packet, summary);
	payload = summary->available_bytes > headers ? summary->available_bytes - headers : 0;
	if (aggregate->segments)
		size.packets = aggregate->segments;
	else if (payload > aggregate->segment_bytes)
		size.packets = payload / aggregate->segment_bytes +
			       (payload % aggregate->segment_bytes != 0);
	size.bytes += (size.packets - 1) * (headers + summary->inserted_bytes);
	return size;
}

static void add(struct traffic_counters *counters, enum protocol protocol,
		struct traffic_counter size)
{
	counters->protocols[protocol].packets += size.packets;
	counters->protocols[protocol].bytes += size.bytes;
}

static void count_service(const struct packet_summary *summary, struct traffic_counter size,
			  struct traffic_counters *counters)
{
	uint32_t low = summary->source_port, high = summary->destination_port;
	enum protocol service;

	if (!(summary->fields & SUMMARY_SOURCE_PORT) ||
	    !(summary->fields & SUMMARY_DESTINATION_PORT))
		return;
	if (low > high) {
		low = summary->destination_port;
		high = summary->source_port;
	}
	if (summary->ip_protocol == 6) {
		service = find(tcp_services, COUNT(tcp_services), high, PROTOCOL_TCP_OTHER);
		service = find(tcp_services, COUNT(tcp_services), low, service);
	} else {
		service = find(udp_services, COUNT(udp_services), high, PROTOCOL_UDP_OTHER);
		service = find(udp_services, COUNT(udp_services), low, service);
	}
	add(counters, service, size);
}

static void count_ip(const struct packet_summary *summary, struct traffic_counter size,
		     struct traffic_counters *counters)
{
	enum protocol protocol = PROTOCOL_IP_OTHER;
	uint8_t flags = summary->tcp_flags;

	add(counters, PROTOCOL_IP, size);
	if (summary->fields & SUMMARY_FRAGMENT)
		add(counters, PROTOCOL_FRAGMENT, size);
	if (summary->fields & SUMMARY_PROTOCOL)
		protocol = find(ip_protocols, COUNT(ip_protocols), summary->ip_protocol, protocol);
	add(counters, protocol, size);
	if (protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP)
		count_service(summary, size, counters);
	if (!(summary->fields & SUMMARY_TCP_FLAGS))
		return;
	if ((flags & 0x12) == 0x02)
		add(counters, PROTOCOL_TCP_SYN, size);
	if ((flags & 0x12) == 0x12)
		add(counters, PROTOCOL_TCP_SYN_ACK, size);
	if (flags & 0x01)
		add(counters, PROTOCOL_TCP_FIN, size);
	if (flags & 0x04)
		add(counters, PROTOCOL_TCP_RST, size);
}

void reference_count(const struct packet_summary *summary, struct traffic_counter size,
		     struct traffic_counters *counters)
{
	enum protocol link =
		find(ethertypes, COUNT(ethertypes), summary->ethertype, PROTOCOL_ETHERNET_OTHER);

	add(counters, PROTOCOL_ETHERNET, size);
	if (summary->vlan_count)
		add(counters, PROTOCOL_VLAN, size);
	if (summary->mpls_count || link == PROTOCOL_MPLS)
		add(counters, PROTOCOL_MPLS, size);
	if (summary->fields & SUMMARY_PPPOE || link == PROTOCOL_PPPOE)
		add(counters, PROTOCOL_PPPOE, size);
	if (link != PROTOCOL_MPLS && link != PROTOCOL_PPPOE)
		add(counters, link, size);
	if (link == PROTOCOL_IPV4 || link == PROTOCOL_IPV6)
		count_ip(summary, size, counters);
}

static const char *const names[PROTOCOL_COUNT] = {
#define X(name, label, parent) [PROTOCOL_##name] = #name,
	PROTOCOL_LIST(X)
#undef X
};

bool reference_counters_are_same(const char *what, const struct traffic_counters *found,
				 const struct traffic_counters *expected)
{
	bool is_same = true;

	for (size_t i = 0; i < PROTOCOL_COUNT; i++) {
		const struct traffic_counter *left = &found->protocols[i];
		const struct traffic_counter *right = &expected->protocols[i];

		if (left->packets == right->packets && left->bytes == right->bytes)
			continue;
		is_same = false;
		printf("# %s: %s is %llu packets, %llu bytes and should be %llu, %llu\n", what,
		       names[i], left->packets, left->bytes, right->packets, right->bytes);
	}
	return is_same;
}
