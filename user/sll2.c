/* SPDX-License-Identifier: GPL-2.0-only */
/* The layout is that of tcpdump.org's list of link types, LINKTYPE_LINUX_SLL2. */
#include "sll2.h"

#include <arpa/inet.h>
#include <string.h>

struct sll2_header {
	uint16_t protocol_be;
	uint16_t reserved;
	uint32_t ifindex_be;
	uint16_t hardware_type_be;
	uint8_t packet_type;
	uint8_t address_bytes;
	uint8_t address[8];
};

_Static_assert(sizeof(struct sll2_header) == SLL2_HEADER_BYTES, "layout");

void sll2_write_header(const struct capture_file_packet *packet, uint16_t hardware_type,
		       uint8_t ret_header[SLL2_HEADER_BYTES])
{
	struct sll2_header header = {
		.protocol_be = packet->protocol,
		.ifindex_be = htonl(packet->ifindex),
		.hardware_type_be = htons(hardware_type),
		.packet_type = packet->packet_type,
		.address_bytes = packet->link_address_bytes,
	};

	memcpy(header.address, packet->link_address, sizeof(packet->link_address));
	memcpy(ret_header, &header, sizeof(header));
}
