/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An interpreter of what filters are made of: arithmetic and jumps on registers, loads from
 * the summary, a stack, calls of the functions for filters, host sets. It trusts nothing: a register
 * knows what it points into, and anything that the kernel's verifier would not take, and a
 * jump backwards, is a mistake of codegen.c and ends in an assertion. Instructions: the
 * kernel's Documentation/bpf/standardization/instruction-set.rst.
 */
#include "vm.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "emit.h"

#define REGISTERS 11

/* What a register holds: a number, or a place. */
enum region {
	REGION_NOTHING, /* not written yet, or lost in a call */
	REGION_NUMBER,
	REGION_SUMMARY,
	REGION_CONTEXT,
	REGION_STACK,
	REGION_GATE, /* the bitmap of a table of a set */
	REGION_MAP,  /* such a table */
};

struct value {
	uint64_t number; /* or the distance from the start of the region */
	enum region region;
	uint32_t map; /* REGION_GATE, REGION_MAP: the number of hostset.h */
};

struct machine {
	struct value registers[REGISTERS];
	uint8_t stack[EMIT_STACK_BYTES];
	const struct vm_program *program;
	const struct offline_packet *packet;
};

static const size_t sizes[] = {
	[BPF_W >> 3] = 4,
	[BPF_H >> 3] = 2,
	[BPF_B >> 3] = 1,
	[BPF_DW >> 3] = 8,
};

static size_t access_bytes(const struct bpf_insn *instruction)
{
	return sizes[BPF_SIZE(instruction->code) >> 3];
}

static struct value read_register(const struct machine *machine, uint8_t index)
{
	assert(index < REGISTERS && machine->registers[index].region != REGION_NOTHING);
	return machine->registers[index];
}

static uint64_t read_number(const struct machine *machine, uint8_t index)
{
	struct value value = read_register(machine, index);

	assert(value.region == REGION_NUMBER);
	return value.number;
}

static void write_number(struct machine *machine, uint8_t index, uint64_t number)
{
	assert(index < BPF_REG_10);
	machine->registers[index] = (struct value){ .number = number, .region = REGION_NUMBER };
}

/* The set and the table that a number of a map means. */
static const struct hostset *set_of(const struct machine *machine, uint32_t map,
				    enum hostset_kind *ret_kind)
{
	assert(map / HOSTSET_MAPS < machine->program->set_count);
	*ret_kind = (enum hostset_kind)(map % HOSTSET_MAPS / 2);
	return machine->program->sets[map / HOSTSET_MAPS];
}

static const uint8_t *readable_gate(const struct machine *machine, uint32_t map, int64_t at,
				    size_t size)
{
	enum hostset_kind kind;
	const struct hostset *set = set_of(machine, map, &kind);
	const struct hostset_gate *gate = &set->tables[kind].gate;

	assert(map % 2 == 0 && gate->bitmap && (size_t)at + size <= gate->bits / 8);
	return gate->bitmap + at;
}

/* Where size bytes at a place are; r10 is one past the end of the stack. */
static const uint8_t *readable(const struct machine *machine, struct value place, int16_t offset,
			       size_t size)
{
	int64_t at = (int64_t)place.number + offset;

	assert(at >= 0 && (size_t)at % size == 0);
	switch (place.region) {
	case REGION_SUMMARY:
		assert((size_t)at + size <= sizeof(machine->packet->summary));
		return (const uint8_t *)&machine->packet->summary + at;
	case REGION_STACK:
		assert((size_t)at + size <= sizeof(machine->stack));
		return machine->stack + at;
	case REGION_GATE:
		return readable_gate(machine, place.map, at, size);
	default:
		assert(!"a load from what is no memory");
		return NULL;
	}
}

static uint64_t load(const struct machine *machine, const struct bpf_insn *instruction)
{
	size_t size = access_bytes(instruction);
	const uint8_t *from = readable(machine, read_register(machine, instruction->src_reg),
				       instruction->off, size);
	uint64_t both;
	uint32_t word;
	uint16_t half;

	switch (size) {
	case 8:
		memcpy(&both, from, sizeof(both));
		return both;
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

/* To the stack only: the rest is not a filter's to change. */
static void store(struct machine *machine, const struct bpf_insn *instruction)
{
	struct value place = read_register(machine, instruction->dst_reg);
	size_t size = access_bytes(instruction);
	int64_t at = (int64_t)place.number + instruction->off;
	uint64_t number = read_number(machine, instruction->src_reg);
	uint32_t word = (uint32_t)number;
	uint16_t half = (uint16_t)number;
	uint8_t byte = (uint8_t)number;

	assert(BPF_MODE(instruction->code) == BPF_MEM && place.region == REGION_STACK);
	assert(at >= 0 && (size_t)at % size == 0 && (size_t)at + size <= sizeof(machine->stack));
	memcpy(machine->stack + at,
	       size == 8 ? (void *)&number :
	       size == 4 ? (void *)&word :
	       size == 2 ? (void *)&half :
			   (void *)&byte,
	       size);
}

static void end_call(struct machine *machine, uint64_t result)
{
	for (uint8_t i = BPF_REG_1; i <= BPF_REG_5; i++)
		machine->registers[i].region = REGION_NOTHING;
	write_number(machine, BPF_REG_0, result);
}

/* The helper map_lookup_elem: r1 is the map, r2 the place of the key; not 0 if it is there. */
static void look_up(struct machine *machine)
{
	struct value map = read_register(machine, BPF_REG_1);
	enum hostset_kind kind;
	const struct hostset *set = set_of(machine, map.map, &kind);
	size_t words = hostset_kind_words(kind);
	const uint32_t prefix = (uint32_t)words * 32;
	size_t address_at = hostset_kind_is_prefixes(kind) ? sizeof(prefix) : 0;
	uint32_t key[5];

	assert(map.region == REGION_MAP && map.map % 2 == 1 && set->tables[kind].count > 0);
	for (size_t i = 0; i < hostset_kind_key_bytes(kind) / sizeof(*key); i++)
		memcpy(&key[i],
		       readable(machine, read_register(machine, BPF_REG_2),
				(int16_t)(i * sizeof(*key)), sizeof(*key)),
		       sizeof(*key));
	assert(address_at == 0 || key[0] == prefix);
	end_call(machine, hostset_table_contains(set, kind, key + address_at / sizeof(*key)));
}

/* Arguments in r1 to r5, which are lost; the result in r0. */
static void call(struct machine *machine, const struct bpf_insn *instruction)
{
	uint64_t arguments[3] = { 0 };
	uint64_t result;

	if (instruction->src_reg == 0 && instruction->imm == BPF_FUNC_map_lookup_elem) {
		look_up(machine);
		return;
	}
	assert(instruction->src_reg == BPF_PSEUDO_CALL && instruction->imm >= 0 &&
	       instruction->imm < FILTER_CALL_COUNT);
	assert(read_register(machine, BPF_REG_1).region == REGION_CONTEXT);
	for (size_t i = 0; i < (instruction->imm == FILTER_CALL_CHAIN ? 3 : 2); i++)
		arguments[i] = read_number(machine, (uint8_t)(BPF_REG_2 + i));
	result = offline_call(machine->packet, (enum filter_call)instruction->imm, arguments);
	end_call(machine, result);
}

uint64_t vm_calculate(uint8_t operation, uint64_t left, uint64_t right, unsigned int bits)
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
	if (BPF_SRC(instruction->code) == BPF_X)
		return read_number(machine, instruction->src_reg);
	return (uint64_t)(int64_t)instruction->imm;
}

/* A number of 64 bits, a map, or where its value is. */
static void load_immediate(struct machine *machine, const struct bpf_insn *instruction)
{
	struct value *to = &machine->registers[instruction->dst_reg];

	switch (instruction->src_reg) {
	case 0:
		write_number(machine, instruction->dst_reg,
			     (uint32_t)instruction[0].imm | (uint64_t)(uint32_t)instruction[1].imm
								    << 32);
		break;
	case BPF_PSEUDO_MAP_IDX:
	case BPF_PSEUDO_MAP_IDX_VALUE:
		*to = (struct value){
			.region = instruction->src_reg == BPF_PSEUDO_MAP_IDX ? REGION_MAP :
									       REGION_GATE,
			.map = (uint32_t)instruction->imm,
		};
		break;
	default:
		assert(!"a load that filters do not use");
	}
}

/* On 64 bits: moves of anything, a distance added to a place, arithmetic of numbers. */
static void calculate64(struct machine *machine, const struct bpf_insn *instruction)
{
	struct value *to = &machine->registers[instruction->dst_reg];
	uint8_t operation = BPF_OP(instruction->code);

	if (operation == BPF_MOV && BPF_SRC(instruction->code) == BPF_X) {
		*to = read_register(machine, instruction->src_reg);
		return;
	}
	if (operation != BPF_MOV)
		assert(to->region == REGION_NUMBER ||
		       (operation == BPF_ADD && to->region != REGION_NOTHING));
	else
		to->region = REGION_NUMBER;
	to->number = vm_calculate(operation, to->number, right_operand(machine, instruction), 64);
}

static void calculate32(struct machine *machine, const struct bpf_insn *instruction)
{
	uint8_t operation = BPF_OP(instruction->code);
	uint32_t left =
		operation == BPF_MOV ? 0 : (uint32_t)read_number(machine, instruction->dst_reg);
	uint32_t right = (uint32_t)right_operand(machine, instruction);

	write_number(machine, instruction->dst_reg,
		     (uint32_t)vm_calculate(operation, left, right, 32));
}

/* Returns how many instructions further the next one is. */
static size_t jump(const struct machine *machine, const struct bpf_insn *instruction)
{
	bool is_narrow = BPF_CLASS(instruction->code) == BPF_JMP32;
	uint8_t condition = BPF_OP(instruction->code);
	uint64_t left, right;

	if (condition == BPF_JA)
		return (size_t)instruction->off + 1;
	left = read_number(machine, instruction->dst_reg);
	right = right_operand(machine, instruction);
	if (is_narrow) {
		left = (uint32_t)left;
		right = (uint32_t)right;
	}
	return holds(condition, left, right) ? (size_t)instruction->off + 1 : 1;
}

/* Returns how many instructions further the next one is. */
static size_t step(struct machine *machine, const struct bpf_insn *instruction, size_t left)
{
	assert(instruction->dst_reg < BPF_REG_10 || BPF_CLASS(instruction->code) == BPF_STX);
	switch (BPF_CLASS(instruction->code)) {
	case BPF_LDX:
		write_number(machine, instruction->dst_reg, load(machine, instruction));
		return 1;
	case BPF_STX:
		store(machine, instruction);
		return 1;
	case BPF_LD:
		assert(instruction->code == (BPF_LD | BPF_IMM | BPF_DW) && left >= 2);
		load_immediate(machine, instruction);
		return 2;
	case BPF_ALU64:
		calculate64(machine, instruction);
		return 1;
	case BPF_ALU:
		calculate32(machine, instruction);
		return 1;
	case BPF_JMP:
		if (BPF_OP(instruction->code) != BPF_CALL)
			return jump(machine, instruction);
		call(machine, instruction);
		return 1;
	case BPF_JMP32:
		return jump(machine, instruction);
	default:
		assert(!"a class that filters do not use");
		return 1;
	}
}

bool vm_run(const struct vm_program *program, const struct offline_packet *packet)
{
	struct machine machine = {
		.registers = {
			[BPF_REG_1] = { .region = REGION_SUMMARY },
			[BPF_REG_2] = { .region = REGION_CONTEXT },
			[BPF_REG_10] = { .number = EMIT_STACK_BYTES, .region = REGION_STACK },
		},
		.program = program,
		.packet = packet,
	};
	size_t at = 0;

	while (at < program->count) {
		size_t left = program->count - at;
		size_t distance = step(&machine, &program->instructions[at], left);

		/* Forward only, and never beyond the end: at most count steps. */
		assert(distance >= 1 && distance <= left);
		at += distance;
	}
	return read_number(&machine, BPF_REG_0) != 0;
}
