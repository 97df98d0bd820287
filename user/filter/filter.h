/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The filter language: an expression of pcap-filter(7) for Ethernet becomes eBPF
 * instructions that judge a packet, by its struct packet_summary and, where that does not
 * do, by its bytes. The same instructions run in the kernel (loader.c puts them into the
 * program) and in user space (filter_run). Stages:
 * lexer -> parser -> AST -> resolve -> codegen.
 */
#pragma once

#include <linux/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "offline.h"

struct filter;
struct hostset;

/* What is wrong with an expression, and where. */
struct filter_error {
	char message[512]; /* one sentence, no newline */
	size_t offset;     /* bytes from the start of the expression */
	size_t length;     /* bytes that the caret marks; 0 at the end of the expression */
};

/* What an expression means where it is used. */
struct filter_options {
	/* Of the interface, in network byte order, for `ip broadcast`; 0 where there is none. */
	uint32_t ipv4_mask_be;
};

/*
 * Compiles an expression; the empty one matches every packet. The caller frees *ret_filter
 * with filter_free(). Returns 0; -EINVAL with *reterr filled in for an expression that is
 * wrong, not supported or too long for the program; -ENOMEM.
 */
int filter_compile(const char *expression, struct filter **ret_filter, struct filter_error *reterr);

/* The same, for one interface. */
int filter_compile_for(const char *expression, const struct filter_options *options,
		       struct filter **ret_filter, struct filter_error *reterr);
void filter_free(struct filter *filter);

/* What it was compiled with, to compile its expression again. */
struct filter_options filter_get_options(const struct filter *filter);

/*
 * The instructions: on entry r1 = const struct packet_summary *, r2 = the hook's context,
 * r3 to r9 undefined; the verdict is in r0 (1 match, 0 none) when control reaches the end,
 * one past the last instruction. There is no exit instruction; every way out jumps or falls
 * to the end. Calls name a function by its enum filter_call. At most
 * EMIT_MAXIMUM_INSTRUCTIONS (emit.h) of them. Owned by the filter.
 */
const struct bpf_insn *filter_instructions(const struct filter *filter, size_t *ret_count);

/*
 * Its host sets, in the order of their numbers; owned by the filter. The instructions name
 * their maps in loads of 64 bits, by BPF_PSEUDO_MAP_IDX and BPF_PSEUDO_MAP_IDX_VALUE with the
 * numbers of hostset.h.
 */
const struct hostset *const *filter_sets(const struct filter *filter, size_t *ret_count);

/*
 * Whether it asks for VLAN tags, or reads the frame where they can be: not every hook sees
 * them.
 */
bool filter_uses_vlan(const struct filter *filter);

/* Whether it asks for ports, which later fragments have only from their first one. */
bool filter_uses_ports(const struct filter *filter);

/* Runs the instructions in user space on one packet. */
bool filter_run(const struct filter *filter, const struct offline_packet *packet);

/* Prints how the expression was understood: the tree, qualifiers filled in. */
void filter_print_tree(const struct filter *filter, FILE *out);

/* Prints the instructions, one a line. */
void filter_print_instructions(const struct filter *filter, FILE *out);

/* Prints the expression and below it a caret under the place, then the message. */
void filter_print_error(const char *expression, const struct filter_error *error, FILE *out);
