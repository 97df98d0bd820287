/* SPDX-License-Identifier: GPL-2.0-only */
/* The times of packets as text, with as many digits as the capture has. */
#pragma once

#include "line.h"
#include "options.h"
#include "packet.h"

struct time_text {
	enum time_form form;
	bool is_aligned;    /* spaces in front, so that points stand in a column */
	uint64_t before_ns; /* of the packet before */
	bool has_before;
	/* The local time of one second, which the next packets mostly have, too. */
	uint64_t second;
	char text[32]; /* empty: of none yet */
};

/* Each packet once, in order: a time may be that since the one before. */
void time_text_add(struct time_text *time, const struct packet *packet, struct line *line);

/* Seconds since 1970 with nine digits behind the point. */
void time_text_add_epoch(uint64_t time_ns, struct line *line);

/* "Nov 14, 2023 22:13:20.123456789 UTC", as Wireshark has it; local time after tzset(3). */
void time_text_add_local(uint64_t time_ns, struct line *line);
void time_text_add_utc(uint64_t time_ns, struct line *line);
