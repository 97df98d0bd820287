/* SPDX-License-Identifier: GPL-2.0-only */
/* See packet_filter.h; the link types are those of https://www.tcpdump.org/linktypes.html. */
#include "packet_filter.h"

#include <errno.h>
#include <inttypes.h>

enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_RAW_OF_BSD = 12,
	LINK_RAW_OF_OPENBSD = 14,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276,
};

enum {
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_IPV6 = 0x86dd,
};

#define NOWHERE (-1)
#define BY_VERSION 0
#define COOKED_SENT 4

/* What stands before the network header, and where in it the EtherType is; if nowhere, which it is. */
static const struct link_header {
	enum link_type link_type;
	uint32_t bytes;
	int ethertype_offset;
	uint16_t ethertype;
} link_headers[] = {
	{ LINK_RAW_OF_BSD, 0, NOWHERE, BY_VERSION },
	{ LINK_RAW_OF_OPENBSD, 0, NOWHERE, BY_VERSION },
	{ LINK_RAW, 0, NOWHERE, BY_VERSION },
	{ LINK_IPV4, 0, NOWHERE, ETHERTYPE_IPV4 },
	{ LINK_IPV6, 0, NOWHERE, ETHERTYPE_IPV6 },
	{ LINK_NULL, 4, NOWHERE, BY_VERSION },
	{ LINK_LOOP, 4, NOWHERE, BY_VERSION },
	{ LINK_SLL, 16, 14, BY_VERSION },
	{ LINK_SLL2, 20, 0, BY_VERSION },
};

/* NULL: not known. */
static const struct link_header *find_link_header(uint32_t link_type)
{
	for (size_t i = 0; i < sizeof(link_headers) / sizeof(link_headers[0]); i++)
		if (link_headers[i].link_type == link_type)
			return &link_headers[i];
	return NULL;
}

static void read_network(const struct packet *packet, const struct link_header *header,
			 struct offline_packet *ret_offline)
{
	struct bytes bytes = packet->bytes, before = { 0 };
	uint16_t ethertype = header->ethertype;

	if (bytes_take(&bytes, header->bytes, &before))
		bytes.length = 0;
	else if (header->ethertype_offset >= 0 &&
		 !bytes_skip(&before, (size_t)header->ethertype_offset))
		(void)bytes_read_be16(&before, &ethertype);
	offline_read_network(bytes, ethertype, packet->wire_bytes, ret_offline);
}

/* Of LINUX_SLL and LINUX_SLL2: who it was for, or that it was sent. */
static enum packet_direction cooked_direction(const struct packet *packet)
{
	struct bytes bytes = packet->bytes;
	uint8_t type;

	if (bytes_skip(&bytes, packet->link_type == LINK_SLL ? 1 : 10) ||
	    bytes_read_u8(&bytes, &type))
		return PACKET_DIRECTION_UNKNOWN;
	return type == COOKED_SENT ? PACKET_DIRECTION_OUT : PACKET_DIRECTION_IN;
}

/* As in a summary; what is not known is neither `inbound` nor `outbound`. */
static uint8_t direction_of(const struct packet *packet)
{
	static const uint8_t directions[] = {
		[PACKET_DIRECTION_UNKNOWN] = UINT8_MAX,
		[PACKET_DIRECTION_IN] = 0,
		[PACKET_DIRECTION_OUT] = 1,
	};
	bool is_cooked = packet->link_type == LINK_SLL || packet->link_type == LINK_SLL2;

	return directions[is_cooked ? cooked_direction(packet) : packet->direction];
}

int packet_filter_run(const struct filter *filter, struct offline_fragments *fragments,
		      const struct packet *packet, bool *ret_passes, struct error *reterr)
{
	struct offline_packet offline;
	const struct link_header *header = find_link_header(packet->link_type);

	if (packet->link_type == LINK_ETHERNET)
		offline_read(packet->bytes, packet->wire_bytes, &offline);
	else if (header)
		read_network(packet, header, &offline);
	else
		return error_set(reterr, -ENOTSUP,
				 "filters do not know link type %u, which packet %" PRIu64
				 " has: leave the expression out",
				 packet->link_type, packet->number);
	offline.summary.direction = direction_of(packet);
	offline_follow_fragment(fragments, &offline);
	*ret_passes = filter_run(filter, &offline);
	return 0;
}
