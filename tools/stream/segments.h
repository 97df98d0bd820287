/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What dissectors above TCP get: the bytes of a direction in their order, each once. A message that
 * ends in a later segment is kept until it does. As Wireshark does by default, segments that come too
 * late, and those that were sent again, are not taken apart.
 */
#pragma once

#include "streams.h"

/* A segment of TCP, as its header has it. */
struct tcp_segment {
	uint32_t sequence; /* of the first byte of its payload */
	uint32_t length;   /* of the payload as it was sent, of which less may be captured */
	bool is_syn;
	bool is_end; /* FIN: the side will say no more */
	bool is_reset;
	bool is_late; /* sent again, or out of order: not taken apart, even where some of it is new */
};

/* Of one direction. */
struct segments {
	uint8_t *data; /* owned: of begun messages, and what was put behind them; NULL: none */
	uint32_t capacity;
	uint32_t begin; /* what is before was taken apart */
	uint32_t length;
	uint32_t needed;     /* so long is the message at least; 0: nobody knows */
	uint32_t seen_again; /* how much of it dissectors were shown in vain */
	uint32_t next;       /* the sequence number that has to follow */
	uint32_t skip_until; /* where a message ends of which a part is missing */
	bool has_next;
	bool is_skipping;
	bool is_until_end; /* the message ends with the connection */
};

/*
 * Says in dissection_next() whose the payload is. The conversation is that of the dissection.
 */
void segments_add(struct dissection *dissection, struct segments *segments,
		  const struct tcp_segment *segment, const struct dissector *dissector,
		  struct bytes payload);

/* For dissection_wait(). needed: the length of the message; 0: unknown. */
bool segments_can_wait(const struct dissection *dissection, struct bytes bytes, uint64_t needed);

/* When all layers are done: keeps what waits. */
void segments_settle(struct dissection *dissection);

/* Before the first layer: what the packet before needed is not needed any more. */
void segments_begin_packet(struct dissection *dissection);

/* Gives up what is kept. Returns how many bytes of messages were lost. */
uint32_t segments_free(struct streams *streams, struct segments *segments);
