/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mix of frames between the hosts 10.9.0.1 to 10.9.0.4 and fd00:9::1 to fd00:9::4, ports
 * 53, 80, 443, 5201, 7777 and others: TCP, UDP, SCTP, ICMP, ICMPv6, ARP, RARP, fragments, other
 * EtherTypes. Without tags and without IPv6 extension headers other than for fragments.
 */
#pragma once

#include "packet.h"

/* How many different ones there are; any number is good as a number of a frame. */
#define TRAFFIC_COUNT 480

/* The layers of a frame: always the same for the same number. */
void traffic_layers(unsigned int number, struct layers *ret_layers);

/* The frame itself. */
void traffic_packet(unsigned int number, struct packet *ret_packet);
