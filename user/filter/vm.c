/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An interpreter of what filters are made of: arithmetic and jumps on registers, loads from
 * the summary. It trusts nothing: anything else, and a jump backwards, is a mistake of
 * codegen.c and ends in an assertion. Instructions: the kernel's
 * Documentation/bpf/standardization/instruction-set.rst.
 */
#include "vm.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#define REGISTERS 11

struct machine {
	uint64_t registers[REGISTERS];
	const struct packet_summary *summary;
};

/* r1 holds no address: the one pointer of a filter is known by its register. */
static uint64_t load(const struct machine *machine, const struct bpf_insn *instruction)
{
	static const size_t sizes[] = { [BPF_W >> 3] = 4, [BPF_H >> 3] = 2, [BPF_B >> 3] = 1 };
	size_t at = (size_t)(unsigned int)instruction->off;
	size_t index = BPF_SIZE(instruction->code) >> 3;
	const uint8_t *from = (const uint8_t *)machine->summary + at;
	uint32_t word;
	uint16_t half;

	assert(index < sizeof(sizes) / sizeof(sizes[0]));
	assert(instruction->src_reg == BPF_REG_1 && instruction->dst_reg != BPF_REG_1);
	assert(instruction->off >= 0 && at + sizes[index] <= sizeof(*machine->summary));
	assert(at % sizes[index] == 0);
	switch (sizes[index]) {
	case 4:
		memcpy(&word, from, sizeof(word));
		return word;
	case 2:
		memcpy(&half, from, sizeof(half));
		return half;
	default:
		return *from;
	}
}

static uint64_t calculate(uint8_t operation, uint64_t left, uint64_t right, unsigned int bits)
{
	switch (operation) {
	case BPF_MOV:
		return right;
	case BPF_ADD:
		return left + right;
	case BPF_SUB:
		return left - right;
	case BPF_MUL:
		return left * right;
	case BPF_DIV:
		return right == 0 ? 0 : left / right;
	case BPF_MOD:
		return right == 0 ? left : left % right;
	case BPF_AND:
		return left & right;
	case BPF_OR:
		return left | right;
	case BPF_XOR:
		return left ^ right;
	case BPF_LSH:
		return left << (right & (bits - 1));
	case BPF_RSH:
		return left >> (right & (bits - 1));
	case BPF_NEG:
		return -left;
	default:
		assert(!"an operation that filters do not use");
		return 0;
	}
}

static bool holds(uint8_t condition, uint64_t left, uint64_t right)
{
	switch (condition) {
	case BPF_JA:
		return true;
	case BPF_JEQ:
		return left == right;
	case BPF_JNE:
		return left != right;
	case BPF_JSET:
		return (left & right) != 0;
	case BPF_JGT:
		return left > right;
	case BPF_JGE:
		return left >= right;
	case BPF_JLT:
		return left < right;
	case BPF_JLE:
		return left <= right;
	default:
		assert(!"a condition that filters do not use");
		return false;
	}
}

/* The second operand: an immediate is extended with its sign, as the kernel does. */
static uint64_t right_operand(const struct machine *machine, const struct bpf_insn *instruction)
{
	if (BPF_SRC(instruction->code) == BPF_X) {
		assert(instruction->src_reg < REGISTERS && instruction->src_reg != BPF_REG_1);
		return machine->registers[instruction->src_reg];
	}
	return (uint64_t)(int64_t)instruction->imm;
}

static uint64_t load_immediate(const struct bpf_insn *instruction)
{
	return (uint32_t)instruction[0].imm | (uint64_t)(uint32_t)instruction[1].imm << 32;
}

/* Returns how many instructions further the next one is. */
static size_t step(struct machine *machine, const struct bpf_insn *instruction, size_t left)
{
	uint64_t *to = &machine->registers[instruction->dst_reg];
	uint64_t right;

	assert(instruction->dst_reg < BPF_REG_10);
	switch (BPF_CLASS(instruction->code)) {
	case BPF_LDX:
		*to = load(machine, instruction);
		return 1;
	case BPF_LD:
		assert(instruction->code == (BPF_LD | BPF_IMM | BPF_DW) && left >= 2);
		*to = load_immediate(instruction);
		return 2;
	case BPF_ALU64:
		right = right_operand(machine, instruction);
		*to = calculate(BPF_OP(instruction->code), *to, right, 64);
		return 1;
	case BPF_ALU:
		right = (uint32_t)right_operand(machine, instruction);
		*to = (uint32_t)calculate(BPF_OP(instruction->code), (uint32_t)*to, right, 32);
		return 1;
	case BPF_JMP:
		right = right_operand(machine, instruction);
		return holds(BPF_OP(instruction->code), *to, right) ? (size_t)instruction->off + 1 :
								      1;
	case BPF_JMP32:
		right = (uint32_t)right_operand(machine, instruction);
		return holds(BPF_OP(instruction->code), (uint32_t)*to, right) ?
			       (size_t)instruction->off + 1 :
			       1;
	default:
		assert(!"a class that filters do not use");
		return 1;
	}
}

bool vm_run(const struct bpf_insn *instructions, size_t count, const struct packet_summary *summary)
{
	struct machine machine = { .summary = summary };
	size_t at = 0;

	while (at < count) {
		size_t distance = step(&machine, &instructions[at], count - at);

		/* Forward only, and never beyond the end: at most count steps. */
		assert(distance >= 1 && distance <= count - at);
		at += distance;
	}
	return machine.registers[BPF_REG_0] != 0;
}
