/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A buffer of eBPF instructions whose jumps go to labels until emit_finish() puts in the
 * distances. The first error sticks and is reported by emit_finish(); until then the calls
 * do nothing, so that those who write code need not check each of them.
 */
#pragma once

#include <linux/bpf.h>
#include <stddef.h>
#include <stdint.h>

#include "../../bpf/capture_abi.h"

/* What a filter may have in the stub of FILTER_STUB_INSTRUCTIONS. */
#define EMIT_MAXIMUM_INSTRUCTIONS (FILTER_STUB_INSTRUCTIONS - 8)

/* The registers of a filter: arguments at entry, then its own. Calls change r0 to r5. */
enum {
	REGISTER_RESULT = BPF_REG_0, /* of a call; at the end the verdict */
	REGISTER_FIELD = BPF_REG_3,  /* the field under test */
	REGISTER_SUMMARY = BPF_REG_6,
	REGISTER_CONTEXT = BPF_REG_7,
	REGISTER_STACK = BPF_REG_10, /* see EMIT_STACK_BYTES */
};

/*
 * The stack of a filter, below r10: first that of values in arithmetic, then what is looked
 * up in a map.
 */
#define EMIT_VALUE_STACK_BYTES 64
#define EMIT_KEY_STACK_BYTES 32
#define EMIT_STACK_BYTES (EMIT_VALUE_STACK_BYTES + EMIT_KEY_STACK_BYTES)

struct emit {
	int error; /* 0, -E2BIG or -ENOMEM */
	size_t count;
	struct bpf_insn *instructions; /* EMIT_MAXIMUM_INSTRUCTIONS of them */
	size_t *jump_labels;           /* of each instruction: its label + 1, or 0 */
	size_t *label_positions;       /* index of the instruction behind the label */
	size_t label_count;
	size_t label_capacity;
};

int emit_open(struct emit *emit);
void emit_close(struct emit *emit);

/* A label that is not placed yet. */
size_t emit_add_label(struct emit *emit);

/* The label's place is before the next instruction. */
void emit_place_label(struct emit *emit, size_t label);

void emit_load(struct emit *emit, uint8_t bytes, uint8_t to, uint8_t from, int16_t offset);
void emit_store(struct emit *emit, uint8_t bytes, uint8_t to, int16_t offset, uint8_t from);
void emit_move(struct emit *emit, uint8_t to, int32_t value);

/* On the lower 32 bits, the upper ones become 0. */
void emit_move32(struct emit *emit, uint8_t to, int32_t value);

/* On all 64 bits: for addresses. */
void emit_move_register(struct emit *emit, uint8_t to, uint8_t from);
void emit_alu64(struct emit *emit, uint8_t operation, uint8_t to, int32_t value);
void emit_alu64_register(struct emit *emit, uint8_t operation, uint8_t to, uint8_t from);

/* operation is BPF_AND, BPF_XOR, ...; on the lower 32 bits, the upper ones become 0. */
void emit_alu32(struct emit *emit, uint8_t operation, uint8_t to, int32_t value);
void emit_alu32_register(struct emit *emit, uint8_t operation, uint8_t to, uint8_t from);

/* condition is BPF_JEQ, BPF_JNE, BPF_JSET, ...; on the lower 32 bits. */
void emit_jump32(struct emit *emit, uint8_t condition, uint8_t left, int32_t right, size_t label);
void emit_jump32_register(struct emit *emit, uint8_t condition, uint8_t left, uint8_t right,
			  size_t label);

/* On all 64 bits; right is extended with its sign. */
void emit_jump64(struct emit *emit, uint8_t condition, uint8_t left, int32_t right, size_t label);
void emit_jump(struct emit *emit, size_t label);

/* Calls one of the functions of enum filter_call. */
void emit_call(struct emit *emit, enum filter_call function);

/* Calls a helper of the kernel. */
void emit_call_helper(struct emit *emit, enum bpf_func_id helper);

/* Loads a map, or the place of its value, by its number: BPF_PSEUDO_MAP_IDX, ..._IDX_VALUE. */
void emit_load_map(struct emit *emit, uint8_t to, uint8_t what, size_t number);

/*
 * Loads 1, 2 or 4 bytes of the packet into REGISTER_FIELD, from where r2 says, which is an
 * offset from the base; goes to if_failed where the packet is shorter.
 */
void emit_load_packet(struct emit *emit, enum filter_call function, uint8_t bytes,
		      size_t if_failed);

/*
 * Returns 0 and the instructions, which the caller frees; -E2BIG if they are more than
 * EMIT_MAXIMUM_INSTRUCTIONS, -ENOMEM.
 */
int emit_finish(struct emit *emit, struct bpf_insn **ret_instructions, size_t *ret_count);
