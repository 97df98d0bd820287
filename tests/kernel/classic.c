/* SPDX-License-Identifier: GPL-2.0-only */
/* Instructions: "The BSD Packet Filter" (McCanne, Jacobson 1993), table 1. */
#include "classic.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* No expression of a test needs more for one packet, unless it loops. */
#define MAXIMUM_STEPS 20000
#define SNAPSHOT_BYTES 262144

struct classic {
	struct bpf_program program;
};

struct machine {
	const uint8_t *bytes;
	uint32_t length;
	uint32_t wire_bytes;
	uint32_t accumulator;
	uint32_t index;
	uint32_t scratch[BPF_MEMWORDS];
	bool is_set[BPF_MEMWORDS];
	enum classic_end end;
};

int classic_compile(const char *expression, bool optimize, struct classic **ret_classic,
		    char message[static CLASSIC_MESSAGE_BYTES])
{
	pcap_t *format = pcap_open_dead(DLT_EN10MB, SNAPSHOT_BYTES);
	struct classic *classic = calloc(1, sizeof(*classic));
	int error = format && classic ? 0 : -ENOMEM;

	if (!error && pcap_compile(format, &classic->program, expression, optimize,
				   0 /* as tcpdump -r does */)) {
		snprintf(message, CLASSIC_MESSAGE_BYTES, "%s", pcap_geterr(format));
		error = -EINVAL;
	}
	if (format)
		pcap_close(format);
	if (error)
		free(classic);
	else
		*ret_classic = classic;
	return error;
}

void classic_free(struct classic *classic)
{
	if (!classic)
		return;
	pcap_freecode(&classic->program);
	free(classic);
}

/* A number in network byte order. */
static uint32_t load_packet(struct machine *machine, uint64_t at, uint32_t bytes)
{
	uint32_t value = 0;

	if (at > machine->length || bytes > machine->length - at) {
		machine->end = CLASSIC_BEYOND;
		return 0;
	}
	for (uint32_t i = 0; i < bytes; i++)
		value = value << 8 | machine->bytes[at + i];
	return value;
}

static uint32_t load_scratch(struct machine *machine, uint32_t cell)
{
	if (!machine->is_set[cell])
		machine->end = CLASSIC_UNSET;
	return machine->scratch[cell];
}

static uint32_t load(struct machine *machine, const struct bpf_insn *instruction)
{
	uint32_t size = BPF_SIZE(instruction->code);
	uint32_t bytes = size == BPF_W ? 4 : size == BPF_H ? 2 : 1;

	switch (BPF_MODE(instruction->code)) {
	case BPF_ABS:
		return load_packet(machine, instruction->k, bytes);
	case BPF_IND:
		return load_packet(machine, (uint64_t)instruction->k + machine->index, bytes);
	case BPF_MSH:
		return (load_packet(machine, instruction->k, 1) & 15) * 4;
	case BPF_LEN:
		return machine->wire_bytes;
	case BPF_MEM:
		return load_scratch(machine, instruction->k);
	default:
		return instruction->k;
	}
}

static void store(struct machine *machine, uint32_t cell, uint32_t value)
{
	machine->scratch[cell] = value;
	machine->is_set[cell] = true;
}

static uint32_t calculate(struct machine *machine, uint16_t code, uint32_t right)
{
	uint32_t left = machine->accumulator;

	switch (BPF_OP(code)) {
	case BPF_ADD:
		return left + right;
	case BPF_SUB:
		return left - right;
	case BPF_MUL:
		return left * right;
	case BPF_DIV:
	case BPF_MOD:
		if (right == 0) {
			machine->end = CLASSIC_BEYOND;
			return 0;
		}
		return BPF_OP(code) == BPF_DIV ? left / right : left % right;
	case BPF_OR:
		return left | right;
	case BPF_AND:
		return left & right;
	case BPF_XOR:
		return left ^ right;
	case BPF_LSH:
		return right < 32 ? left << right : 0;
	case BPF_RSH:
		return right < 32 ? left >> right : 0;
	default:
		return -left;
	}
}

static bool holds(uint16_t code, uint32_t left, uint32_t right)
{
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return left == right;
	case BPF_JGT:
		return left > right;
	case BPF_JGE:
		return left >= right;
	default:
		return (left & right) != 0;
	}
}

/* Returns how many instructions further the next one is. */
static int64_t step(struct machine *machine, const struct bpf_insn *instruction)
{
	uint16_t code = instruction->code;
	uint32_t right = BPF_SRC(code) == BPF_X ? machine->index : instruction->k;

	switch (BPF_CLASS(code)) {
	case BPF_LD:
		machine->accumulator = load(machine, instruction);
		return 1;
	case BPF_LDX:
		machine->index = load(machine, instruction);
		return 1;
	case BPF_ST:
		store(machine, instruction->k, machine->accumulator);
		return 1;
	case BPF_STX:
		store(machine, instruction->k, machine->index);
		return 1;
	case BPF_ALU:
		machine->accumulator = calculate(machine, code, right);
		return 1;
	case BPF_JMP:
		/* Unsigned in the paper; libpcap's protochain jumps backwards. */
		if (BPF_OP(code) == BPF_JA)
			return (int64_t)(int32_t)instruction->k + 1;
		return (holds(code, machine->accumulator, right) ? instruction->jt :
								   instruction->jf) +
		       1;
	default: /* BPF_MISC; BPF_RET is the caller's */
		if (BPF_MISCOP(code) == BPF_TAX)
			machine->index = machine->accumulator;
		else
			machine->accumulator = machine->index;
		return 1;
	}
}

bool classic_run(const struct classic *classic, const uint8_t *bytes, uint32_t length,
		 uint32_t wire_bytes, enum classic_end *ret_end)
{
	struct machine machine = { .bytes = bytes, .length = length, .wire_bytes = wire_bytes };
	const struct bpf_insn *instruction = classic->program.bf_insns;
	bool matches = false;

	for (unsigned int steps = 0; machine.end == CLASSIC_RETURNED; steps++) {
		if (steps == MAXIMUM_STEPS) {
			machine.end = CLASSIC_LOOPS;
			break;
		}
		if (BPF_CLASS(instruction->code) == BPF_RET) {
			matches = BPF_RVAL(instruction->code) == BPF_A ? machine.accumulator != 0 :
									 instruction->k != 0;
			break;
		}
		instruction += step(&machine, instruction);
	}
	if (ret_end)
		*ret_end = machine.end;
	return matches;
}
