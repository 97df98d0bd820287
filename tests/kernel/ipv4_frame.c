/* SPDX-License-Identifier: GPL-2.0-only */
/* See ipv4_frame.h. */
#include "ipv4_frame.h"

#include <arpa/inet.h>
#include <string.h>

void ipv4_frame_make(const struct layer *transport, struct packet *ret_packet)
{
	struct layers layers = { 0 };

	layers_add(&layers, (struct layer){ .kind = LAYER_ETHERNET });
	layers_add(&layers, (struct layer){ .kind = LAYER_IPV4,
					    .source = 0x0a000001,
					    .destination = 0x0a000002 });
	layers_add(&layers, *transport);
	layers_add(&layers, (struct layer){ .kind = LAYER_PAYLOAD, .words = 20 });
	packet_build(ret_packet, &layers);
}

void ipv4_frame_set_address(struct packet *packet, unsigned int offset, uint32_t address)
{
	uint32_t value = htonl(address);

	memcpy(packet->bytes + offset, &value, sizeof(value));
}
