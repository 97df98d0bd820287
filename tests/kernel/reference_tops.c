/* SPDX-License-Identifier: GPL-2.0-only */
/* Names as the manual has them, and a list that is searched from its start. */
#include "reference_tops.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void refer(struct top_reference *reference, const char *name, struct traffic_counter size)
{
	unsigned int i = 0;

	while (i < reference->count && strcmp(reference->rows[i].name, name) != 0)
		i++;
	if (i == COUNT(reference->rows))
		abort();
	if (i == reference->count)
		strcpy(reference->rows[reference->count++].name, name);
	reference->rows[i].traffic.packets += size.packets;
	reference->rows[i].traffic.bytes += size.bytes;
}

static void refer_address(struct top_reference *reference, const struct packet_summary *summary,
			  const __u32 *address, struct traffic_counter size)
{
	char name[TOP_NAME_BYTES];

	inet_ntop(summary->ethertype == 0x0800 ? AF_INET : AF_INET6, address, name, sizeof(name));
	refer(reference, name, size);
}

static bool is_known(const struct packet_summary *summary, uint16_t port)
{
	switch (summary->ip_protocol << 16 | port) {
#define X(number, name) case 6 << 16 | (number):
		TCP_SERVICE_PORTS(X)
#undef X
#define X(number, name) case 17 << 16 | (number):
		UDP_SERVICE_PORTS(X)
#undef X
		return true;
	}
	return false;
}

/* As the manual has it. */
static uint16_t service_port(const struct packet_summary *summary)
{
	uint16_t source = summary->source_port, destination = summary->destination_port;
	uint16_t low = source < destination ? source : destination;
	uint16_t high = source < destination ? destination : source;

	if (summary->fields & SUMMARY_TCP_FLAGS && summary->tcp_flags & 0x02)
		return summary->tcp_flags & 0x10 ? source : destination;
	return !is_known(summary, low) && is_known(summary, high) ? high : low;
}

void reference_tops_count(struct top_reference references[TOP_TABLE_COUNT],
			  const struct packet_summary *summary, struct traffic_counter size)
{
	const uint32_t ports = SUMMARY_SOURCE_PORT | SUMMARY_DESTINATION_PORT;
	const char *protocol = summary->ip_protocol == 6  ? "tcp" :
			       summary->ip_protocol == 17 ? "udp" :
							    "sctp";
	char name[TOP_NAME_BYTES];

	if (summary->ethertype != 0x0800 && summary->ethertype != 0x86dd)
		return;
	refer_address(&references[TOP_SOURCES], summary, summary->source, size);
	refer_address(&references[TOP_DESTINATIONS], summary, summary->destination, size);
	if ((summary->fields & ports) != ports)
		return;
	snprintf(name, sizeof(name), "%s/%u", protocol, service_port(summary));
	refer(&references[TOP_SERVICES], name, size);
}

struct traffic_counter reference_tops_sum(const struct top_reference *reference)
{
	struct traffic_counter sum = { 0 };

	for (unsigned int i = 0; i < reference->count; i++) {
		sum.packets += reference->rows[i].traffic.packets;
		sum.bytes += reference->rows[i].traffic.bytes;
	}
	return sum;
}
