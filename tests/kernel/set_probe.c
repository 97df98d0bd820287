/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames for tests of host sets; see set_probe.h. */
#include "set_probe.h"

#include <string.h>

#define ETHERNET_BYTES 14
#define IPV4_BYTES 20
#define IPV6_BYTES 40
#define ARP_BYTES 28

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

void set_probe_build(const struct set_probe *probe, struct packet *packet)
{
	uint8_t *network = packet->bytes + ETHERNET_BYTES;

	memset(packet->bytes, 0, ETHERNET_BYTES + IPV6_BYTES);
	packet->bytes[5] = 1;
	switch (probe->family) {
	case SET_FAMILY_IPV4:
		put16(network - 2, 0x0800);
		network[0] = 0x45;
		network[9] = 253; /* RFC 3692: experiments */
		put16(network + 2, IPV4_BYTES);
		memcpy(network + 12, probe->source.bytes, 4);
		memcpy(network + 16, probe->destination.bytes, 4);
		break;
	case SET_FAMILY_ARP:
		put16(network - 2, 0x0806);
		put16(network, 1);
		put16(network + 2, 0x0800);
		put16(network + 4, 0x0604);
		put16(network + 6, 1);
		memcpy(network + 14, probe->source.bytes, 4);
		memcpy(network + 24, probe->destination.bytes, 4);
		break;
	default:
		put16(network - 2, 0x86dd);
		network[0] = 0x60;
		network[6] = 253;
		memcpy(network + 8, probe->source.bytes, 16);
		memcpy(network + 24, probe->destination.bytes, 16);
		break;
	}
	packet->length = ETHERNET_BYTES + IPV6_BYTES;
}

/* Behind so many labels that the kernel does not call the frame too short. */
void set_probe_build_cut(struct packet *packet)
{
	uint8_t *label = packet->bytes + ETHERNET_BYTES;

	memset(label, 0, IPV6_BYTES);
	put16(label - 2, 0x8847);
	for (size_t i = 1; i < MAXIMUM_MPLS_LABELS; i++)
		label += 4;
	label[2] = 1; /* bottom of the stack */
	label[4] = 0x45;
}

struct set_probe set_probe_random(void)
{
	struct set_probe probe = { .family = set_random() % SET_FAMILY_COUNT };
	bool is_ipv6 = probe.family == SET_FAMILY_IPV6;

	probe.source = set_random_address(is_ipv6, true);
	probe.destination = set_random_address(is_ipv6, true);
	return probe;
}

struct offline_packet set_probe_offline(const struct set_probe *probe)
{
	struct packet_summary summary = {
		.fields = SUMMARY_ETHERTYPE | SUMMARY_SOURCE | SUMMARY_DESTINATION,
		.ethertype = probe->family == SET_FAMILY_IPV6 ? 0x86dd : 0x0800,
	};
	size_t bytes = probe->family == SET_FAMILY_IPV6 ? 16 : 4;

	memcpy(summary.source, probe->source.bytes, bytes);
	memcpy(summary.destination, probe->destination.bytes, bytes);
	return (struct offline_packet){ .summary = summary };
}

static uint64_t matched(const struct kernel_capture *capture)
{
	uint64_t sum = 0;

	for (unsigned int cpu = 0; cpu < capture->cpu_count; cpu++)
		sum += capture->counters[cpu].frames[DIRECTION_INGRESS].matched;
	return sum;
}

/* Whether the kernel's program matches the packet, or a negative errno. */
int set_probe_ask(const struct kernel_capture *capture, const struct packet *packet)
{
	uint64_t before = matched(capture);
	int error = kernel_capture_run(capture, DIRECTION_INGRESS, packet, packet->length, NULL);

	return error ? error : matched(capture) != before;
}
