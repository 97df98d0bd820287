/* SPDX-License-Identifier: GPL-2.0-only */
/* One packet of a capture file: the noun that readers make and views show. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "../user/base/bytes.h"

/* Which way it went, where the capture says so. */
enum packet_direction {
	PACKET_DIRECTION_UNKNOWN,
	PACKET_DIRECTION_IN,
	PACKET_DIRECTION_OUT,
};

struct packet {
	uint64_t number;    /* from 1 on, over all files */
	uint64_t time_ns;   /* since 1970-01-01 UTC */
	uint64_t start_ns;  /* time_ns of packet 1 */
	struct bytes bytes; /* as captured; valid until the next packet is read */
	uint32_t wire_bytes;
	uint32_t link_type;         /* libpcap's LINKTYPE_ of the interface */
	uint32_t file;              /* index on the command line */
	uint32_t interface;         /* of the file, in the order in which they are described */
	struct bytes comment;       /* as valid as bytes; empty: none */
	const char *interface_name; /* of the file: not ours; NULL: it does not say */
	enum packet_direction direction;
	bool has_nanoseconds; /* the capture has times as exact as that */
};
