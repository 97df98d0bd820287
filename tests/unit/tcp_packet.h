/* SPDX-License-Identifier: GPL-2.0-only */
/* Packets of one TCP connection, for the tests of what pktview makes of them. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "../../tools/dissect/dissection.h"

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_PSH 0x08
#define TCP_ACK 0x10

#define TCP_HEADER_BYTES 54 /* of all layers */

struct tcp_packet {
	uint8_t side; /* 0: from 10.0.0.1 port 40000, 1: from 10.0.0.2 port 9999 */
	uint8_t flags;
	uint32_t sequence;
	uint32_t acknowledgment;
	const char *payload;
	uint32_t length;   /* of the payload; 0: it is text */
	uint32_t captured; /* of the payload; 0: all */
	uint8_t client;    /* the last byte of the client's address; 0: 1 */
};

static inline void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static inline void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* The bytes stay those of the caller, of whom they are to be TCP_HEADER_BYTES and the payload. */
static inline struct packet tcp_packet_make(const struct tcp_packet *tcp, uint64_t number,
					    uint8_t *bytes)
{
	uint32_t length = tcp->length ?: tcp->payload ? (uint32_t)strlen(tcp->payload) : 0;
	uint8_t *ip = bytes + 14, *header = ip + 20;

	memset(bytes, 0, TCP_HEADER_BYTES);
	put16(bytes + 12, 0x0800);
	ip[0] = 0x45;
	put16(ip + 2, 40 + length);
	ip[8] = 64;
	ip[9] = 6;
	put32(ip + 12, 0x0a000000u + (tcp->client ?: 1));
	put32(ip + 16, 0x0a000002u);
	if (tcp->side) {
		put32(ip + 12, 0x0a000002u);
		put32(ip + 16, 0x0a000000u + (tcp->client ?: 1));
	}
	put16(header, tcp->side ? 9999 : 40000);
	put16(header + 2, tcp->side ? 40000 : 9999);
	put32(header + 4, tcp->sequence);
	put32(header + 8, tcp->acknowledgment);
	header[12] = 0x50;
	header[13] = tcp->flags;
	put16(header + 14, 1000);
	if (length)
		memcpy(header + 20, tcp->payload, length);
	return (struct packet){
		.number = number,
		.time_ns = number * 1000000000,
		.bytes = bytes_make(bytes, TCP_HEADER_BYTES + (tcp->captured ?: length)),
		.wire_bytes = TCP_HEADER_BYTES + length,
		.link_type = 1,
	};
}
