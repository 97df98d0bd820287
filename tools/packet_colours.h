/* SPDX-License-Identifier: GPL-2.0-only */
/* The colour of a packet in a list: what Wireshark's default rules give it, from 256 colours. */
#pragma once

#include "dissect/dissection.h"

#define PACKET_COLOURS 48

/* The rules with what they name found. */
struct packet_colours {
	const struct dissector *dissectors[PACKET_COLOURS];
	const struct field_info *fields[PACKET_COLOURS];
};

void packet_colours_init(struct packet_colours *colours);

/* The escape sequence of the first rule that a packet matches; NULL: none does. */
const char *packet_colours_find(const struct packet_colours *colours,
				const struct dissection *dissection);
