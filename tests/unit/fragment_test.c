/* SPDX-License-Identifier: GPL-2.0-only */
/* Later fragments get the ports of their first one, whatever they are. */
#include <string.h>

#include "../../user/filter/filter.h"
#include "check.h"

/* UDP from 10.9.0.1 to 10.9.0.2, the first fragment of a datagram. */
static const uint8_t first_fragment[] = {
	2, 0,  0,  0, 0, 1,  2, 0, 0, 0,  0, 2, 8, 0, 0x45, 0, 0, 32, 0x12, 0x34, 0x20,
	0, 64, 17, 0, 0, 10, 9, 0, 1, 10, 9, 0, 2, 0, 0,    0, 0, 0,  0,    0,    0,
};

#define OFFSET_AT 21 /* of the low byte of the fragment offset */
#define PORTS_AT 34

static bool follows(uint8_t source_high, uint8_t source_low, uint8_t destination_high,
		    uint8_t destination_low)
{
	struct offline_fragments *fragments = offline_fragments_new();
	const uint8_t ports[] = { source_high, source_low, destination_high, destination_low };
	uint8_t bytes[sizeof(first_fragment)];
	struct offline_packet first, later;

	memcpy(bytes, first_fragment, sizeof(bytes));
	memcpy(bytes + PORTS_AT, ports, sizeof(ports));
	offline_read(bytes_make(bytes, sizeof(bytes)), sizeof(bytes), &first);
	offline_follow_fragment(fragments, &first);
	memset(bytes + PORTS_AT, 0x55, sizeof(ports));
	bytes[OFFSET_AT] = 1;
	offline_read(bytes_make(bytes, sizeof(bytes)), sizeof(bytes), &later);
	offline_follow_fragment(fragments, &later);
	offline_fragments_free(fragments);
	return later.summary.fields & SUMMARY_SOURCE_PORT &&
	       later.summary.fields & SUMMARY_DESTINATION_PORT &&
	       later.summary.source_port == first.summary.source_port &&
	       later.summary.destination_port == first.summary.destination_port;
}

int main(void)
{
	check(follows(0, 53, 1, 187), "a later fragment follows its first one");
	check(follows(0xff, 0xff, 0, 53), "source port 65535 is a port like others");
	check(follows(0, 53, 0xff, 0xff), "destination port 65535 is a port like others");
	check(follows(0xff, 0xff, 0xff, 0xff), "ports 65535 and 65535 are ports like others");
	return check_finish();
}
