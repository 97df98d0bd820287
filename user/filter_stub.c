/* SPDX-License-Identifier: GPL-2.0-only */
/* Lays the instructions of a filter into the stub of capture.bpf.c; see filter_stub.h. */
#include "filter_stub.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

/* Behind the filter: a jump over the rest, the calls, the exit. */
#define STUB_OWN_INSTRUCTIONS (3 + FILTER_CALL_COUNT)

/* What the load that is under way puts into the stubs. */
static const struct filter *current_filter;
static const struct set_maps *current_set_maps;

void filter_stub_set(const struct filter *filter, const struct set_maps *set_maps)
{
	current_filter = filter;
	current_set_maps = set_maps;
}

/* Index of the stub's first instruction, or count if it is not there. */
static size_t find_stub(const struct bpf_insn *instructions, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (instructions[i].code == (BPF_ALU64 | BPF_MOV | BPF_K) &&
		    instructions[i].imm == FILTER_STUB_SENTINEL)
			break;
	return i;
}

static bool is_function_call(const struct bpf_insn *instruction)
{
	return instruction->code == (BPF_JMP | BPF_CALL) && instruction->src_reg == BPF_PSEUDO_CALL;
}

/*
 * Where the functions are that filters call: the calls behind the sentinel say so, in the
 * order of enum filter_call. Returns 0 or -EINVAL.
 */
static int find_functions(const struct bpf_insn *instructions, size_t start,
			  int ret_positions[FILTER_CALL_COUNT])
{
	for (int i = 0; i < FILTER_CALL_COUNT; i++) {
		int at = (int)start + 1 + i;

		if (!is_function_call(&instructions[at]))
			return -EINVAL;
		ret_positions[i] = at + 1 + instructions[at].imm;
	}
	return 0;
}

/* The filter's calls name a function; the kernel wants the distance to it. */
static void point_calls(struct bpf_insn *instructions, size_t start, size_t count,
			const int positions[FILTER_CALL_COUNT])
{
	for (size_t i = start; i < start + count; i++)
		if (is_function_call(&instructions[i]))
			instructions[i].imm = positions[instructions[i].imm] - (int)i - 1;
}

/*
 * libbpf calls this before each load: the filter goes to the start of the stub, and what is
 * left of the stub behind a jump that the verifier knows to be taken, up to the exit. There
 * a call of each function stays, so that the program has them all, whatever the filter calls.
 */
static int lay_filter(struct bpf_program *program, struct bpf_prog_load_opts *load_options,
		      long cookie)
{
	size_t count = bpf_program__insn_cnt(program);
	_cleanup_free_ struct bpf_insn *instructions = NULL;
	int positions[FILTER_CALL_COUNT];
	const struct bpf_insn *filter;
	size_t start, filter_count;
	struct bpf_insn *stub;
	int error;

	(void)load_options;
	(void)cookie;
	instructions = malloc(count * sizeof(*instructions));
	if (!instructions)
		return -ENOMEM;
	memcpy(instructions, bpf_program__insns(program), count * sizeof(*instructions));
	start = find_stub(instructions, count);
	if (start + FILTER_STUB_INSTRUCTIONS > count ||
	    instructions[start + FILTER_STUB_INSTRUCTIONS - 1].code != (BPF_JMP | BPF_EXIT) ||
	    find_functions(instructions, start, positions))
		return -EINVAL;
	filter = filter_instructions(current_filter, &filter_count);
	if (filter_count > FILTER_STUB_INSTRUCTIONS - STUB_OWN_INSTRUCTIONS)
		return -E2BIG;

	stub = instructions + start;
	memcpy(stub, filter, filter_count * sizeof(*stub));
	point_calls(instructions, start, filter_count, positions);
	error = set_maps_relocate(current_set_maps, stub, filter_count);
	if (error)
		return error;
	stub += filter_count;
	*stub++ = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1 };
	*stub++ = (struct bpf_insn){
		.code = BPF_JMP | BPF_JEQ | BPF_K,
		.dst_reg = BPF_REG_1,
		/* From behind this jump to the exit, the stub's last instruction. */
		.off = (short)(FILTER_STUB_INSTRUCTIONS - filter_count - 3),
	};
	/* A function that nobody calls would make the functions' list a lie. */
	for (int i = 0; i < FILTER_CALL_COUNT; i++, stub++)
		*stub = (struct bpf_insn){
			.code = BPF_JMP | BPF_CALL,
			.src_reg = BPF_PSEUDO_CALL,
			.imm = positions[i] - (int)(stub - instructions) - 1,
		};
	return bpf_program__set_insns(program, instructions, count);
}

/*
 * libbpf's handlers are one list per process. Ours stays in it: libbpf 1.1 frees the list
 * with its last handler, and keeps the pointer.
 */
int filter_stub_register(void)
{
	static int tc_handler = -1, xdp_handler = -1;
	LIBBPF_OPTS(libbpf_prog_handler_opts, handler_options, .prog_prepare_load_fn = lay_filter);

	/* "tc/ingress", "tc/egress" and "xdp/ingress"; handlers come before libbpf's own. */
	if (tc_handler < 0)
		tc_handler = libbpf_register_prog_handler("tc/", BPF_PROG_TYPE_SCHED_CLS, 0,
							  &handler_options);
	if (tc_handler >= 0 && xdp_handler < 0)
		xdp_handler = libbpf_register_prog_handler("xdp/", BPF_PROG_TYPE_XDP, BPF_XDP,
							   &handler_options);
	if (tc_handler < 0)
		return tc_handler;
	return xdp_handler < 0 ? xdp_handler : 0;
}
