/* SPDX-License-Identifier: GPL-2.0-only */
/* pktview follow --list: the conversations of a capture, a line each. */
#pragma once

#include <stdio.h>

#include "dissect/dissection.h"

struct follow_list;

/* NULL: no memory. memory_bytes: for all rows. */
struct follow_list *follow_list_new(uint64_t memory_bytes);
void follow_list_free(struct follow_list *list);

/* Counts the packet with its conversation, if it has one. -ENOMEM. */
int follow_list_add(struct follow_list *list, const struct dissection *dissection);

/* Writes all rows. Returns 0 or a negative errno; *ret_left_out: streams without a row. */
int follow_list_write(const struct follow_list *list, bool is_json, FILE *out,
		      uint64_t *ret_left_out);

/* Which of its sides is the client: who answers a SYN is not, and else who spoke first is it. */
unsigned int follow_client_side(const struct dissection *dissection);
