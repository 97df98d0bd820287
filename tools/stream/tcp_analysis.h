/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the numbers of a segment of TCP say, seen together with those before it: whether something was
 * lost, sent again, or came out of order. What is called how is Wireshark's: its User's Guide,
 * section 7.5, "TCP Analysis".
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* In the order in which Wireshark finds them; it names them in the list in the reverse one. */
enum tcp_note {
	TCP_NOTE_PORTS_REUSED = 1 << 0,
	TCP_NOTE_RETRANSMISSION = 1 << 1,
	TCP_NOTE_FAST_RETRANSMISSION = 1 << 2,
	TCP_NOTE_SPURIOUS_RETRANSMISSION = 1 << 3,
	TCP_NOTE_OUT_OF_ORDER = 1 << 4,
	TCP_NOTE_LOST_SEGMENT = 1 << 5,
	TCP_NOTE_ACKED_LOST_SEGMENT = 1 << 6,
	TCP_NOTE_WINDOW_UPDATE = 1 << 7,
	TCP_NOTE_WINDOW_FULL = 1 << 8,
	TCP_NOTE_KEEP_ALIVE = 1 << 9,
	TCP_NOTE_KEEP_ALIVE_ACK = 1 << 10,
	TCP_NOTE_DUPLICATE_ACK = 1 << 11,
	TCP_NOTE_ZERO_WINDOW_PROBE = 1 << 12,
	TCP_NOTE_ZERO_WINDOW = 1 << 13,
	TCP_NOTE_ZERO_WINDOW_PROBE_ACK = 1 << 14,
};

#define TCP_NOTE_COUNT 15

/* Of which nothing is known. */
#define TCP_SCALE_UNKNOWN (-1)
/* The handshake had none, so the window is what the header says. */
#define TCP_SCALE_NONE (-2)

/* What a side has sent. */
struct tcp_side {
	uint32_t first; /* number of the SYN, or as if there had been one */
	uint32_t next;  /* behind the highest that was seen; 0: none was */
	uint32_t contiguous_end;
	uint32_t last_acknowledgment;
	uint32_t last_window; /* as in the header */
	uint32_t window_end;  /* up to which it lets the other side send */
	uint32_t duplicates;  /* acknowledgments that said nothing new, in a row */
	uint32_t last_notes;
	uint64_t next_time_ns; /* when next was last moved */
	uint64_t last_time_ns;
	uint64_t last_new_packet; /* number of the packet that acknowledged something new */
	int8_t scale;             /* of the window; or TCP_SCALE_UNKNOWN, TCP_SCALE_NONE */
	bool has_first, has_window;
};

struct tcp_analysis {
	struct tcp_side sides[2];
	uint64_t syn_time_ns;   /* of the last SYN; 0: none */
	uint64_t round_trip_ns; /* of the handshake; 0: unknown */
	bool is_answered;       /* the SYN was */
	bool has_reused_ports;  /* said with the first packet */
};

/* Of TCP's header and of its options. */
struct tcp_numbers {
	uint32_t sequence;
	uint32_t acknowledgment;
	uint32_t length; /* of the payload */
	uint16_t window;
	uint16_t flags;
	int scale; /* TCP_SCALE_UNKNOWN: it has no such option */
	uint64_t time_ns;
	uint64_t packet;
};

/* What is said of one packet. */
struct tcp_findings {
	uint32_t notes;        /* of enum tcp_note */
	uint32_t duplicate;    /* the how many-th of the acknowledgment... */
	uint64_t duplicate_of; /* ...in the packet with this number */
};

void tcp_analysis_begin(struct tcp_analysis *analysis);

/* Whether such a SYN begins another connection with the same ends. */
bool tcp_analysis_is_over(const struct tcp_analysis *analysis, unsigned int side,
			  const struct tcp_numbers *numbers);

/* Adds a segment that a side sent. */
void tcp_analysis_add(struct tcp_analysis *analysis, unsigned int side,
		      const struct tcp_numbers *numbers, struct tcp_findings *ret_findings);

/* "TCP Retransmission"; by the number of the bit. */
extern const char *const tcp_note_names[TCP_NOTE_COUNT];
