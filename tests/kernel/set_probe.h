/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets with random addresses, and the kernel's verdict on them, for tests of host sets. */
#pragma once

#include "kernel_capture.h"
#include "set_reference.h"

enum set_family {
	SET_FAMILY_IPV4,
	SET_FAMILY_ARP,
	SET_FAMILY_IPV6,
	SET_FAMILY_COUNT,
};

/* What is known of a packet. */
struct set_probe {
	enum set_family family;
	struct set_address source, destination;
};

/* Dense addresses; see set_random_address(). */
struct set_probe set_probe_random(void);

/* An Ethernet frame with such a header, as long as every kernel takes one. */
void set_probe_build(const struct set_probe *probe, struct packet *packet);

/* IPv4 that ends before its addresses. */
void set_probe_build_cut(struct packet *packet);

/* What the header walk finds in it, of what a host set asks for. */
struct offline_packet set_probe_offline(const struct set_probe *probe);

/* Whether the kernel's program matches the packet, or a negative errno. */
int set_probe_ask(const struct kernel_capture *capture, const struct packet *packet);
