/* SPDX-License-Identifier: GPL-2.0-only */
/* A frame between two IPv4 hosts, whose addresses are then written into it. */
#pragma once

#include "traffic.h"

#define IPV4_SOURCE_OFFSET 26
#define IPV4_DESTINATION_OFFSET 30

/* From 10.0.0.1 to 10.0.0.2, with 20 words behind the header of the transport layer. */
void ipv4_frame_make(const struct layer *transport, struct packet *ret_packet);

/* offset: one of the above. address: in host byte order. */
void ipv4_frame_set_address(struct packet *packet, unsigned int offset, uint32_t address);
