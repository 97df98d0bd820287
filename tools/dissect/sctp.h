/* SPDX-License-Identifier: GPL-2.0-only */
/* Chunks of SCTP, whose header is in sctp.c. */
#pragma once

#include "dissection.h"
#include "field.h"

struct conversation;
struct line;

enum sctp_chunk_type {
	SCTP_DATA = 0,
	SCTP_INIT = 1,
	SCTP_INIT_ACK = 2,
	SCTP_SACK = 3,
	SCTP_HEARTBEAT = 4,
	SCTP_HEARTBEAT_ACK = 5,
	SCTP_ABORT = 6,
	SCTP_SHUTDOWN = 7,
	SCTP_SHUTDOWN_ACK = 8,
	SCTP_ERROR = 9,
	SCTP_COOKIE_ECHO = 10,
	SCTP_COOKIE_ACK = 11,
	SCTP_ECNE = 12,
	SCTP_CWR = 13,
	SCTP_SHUTDOWN_COMPLETE = 14,
	SCTP_FORWARD_TSN = 192,
};

/* RFC 9260, section 3.3.2.1 and 3.3.3.1 */
enum sctp_parameter_type {
	SCTP_PARAMETER_HEARTBEAT = 1,
	SCTP_PARAMETER_IPV4 = 5,
	SCTP_PARAMETER_IPV6 = 6,
	SCTP_PARAMETER_COOKIE = 7,
	SCTP_PARAMETER_ADDRESS_TYPES = 12,
};

extern const struct value_name sctp_type_names[];
extern const struct value_name sctp_parameter_names[];
extern const struct value_name sctp_cause_names[];

extern const struct field_table sctp_chunk_table;

/*
 * Takes one chunk off, with its padding. `conversation` tells where the numbers of both sides begin;
 * NULL: they are shown as they are.
 */
int sctp_chunk_dissect(struct dissection *dissection, struct bytes *bytes,
		       struct conversation *conversation);

/* "SACK (Ack=4, Arwnd=100768)" for each chunk of a layer. */
void sctp_chunks_describe(const struct dissection *dissection, const struct layer *layer,
			  struct line *line);
