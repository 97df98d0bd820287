/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What `protochain`, and `proto` with the number of an IPv6 extension header, mean: libpcap
 * knows fewer extension headers, and follows them without end.
 */
#pragma once

#include "oracle.h"

struct chain_question {
	bool is_ipv4;
	bool is_ipv6;
	bool is_proto; /* the header alone of IPv4, the chain of IPv6 */
	unsigned int protocol;
};

/* Reads a primitive; false if it asks for no chain. */
bool chain_question_read(const char *primitive, struct chain_question *ret_question);

bool chain_question_answer(const struct chain_question *question, const struct frame *frame);
