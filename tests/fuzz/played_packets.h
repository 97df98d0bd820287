/* SPDX-License-Identifier: GPL-2.0-only */
/* A capture made of instructions, for stream_fuzz.c: packets that belong together. */
#pragma once

#include "../../user/base/bytes.h"

/*
 * An instruction begins with one byte; what it consists of is there (play_packet()). Returns a
 * pcap file, valid until the next call.
 *
 *	bits 0, 1  conversation		bit 2  side		bits 3, 4  TCP, TCP, UDP, any frame
 *	bit 5      a fragment of it	bit 6  IPv6		bit 7      the capture has half of it
 */
struct bytes played_packets(struct bytes instructions, uint8_t ports);
