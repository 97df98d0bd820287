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
void emit_move(struct emit *emit, uint8_t to, int32_t value);

/* operation is BPF_AND, BPF_XOR, ...; on the lower 32 bits, the upper ones become 0. */
void emit_alu32(struct emit *emit, uint8_t operation, uint8_t to, int32_t value);

/* condition is BPF_JEQ, BPF_JNE, BPF_JSET, ...; on the lower 32 bits. */
void emit_jump32(struct emit *emit, uint8_t condition, uint8_t left, int32_t right, size_t label);
void emit_jump(struct emit *emit, size_t label);

/*
 * Returns 0 and the instructions, which the caller frees; -E2BIG if they are more than
 * EMIT_MAXIMUM_INSTRUCTIONS, -ENOMEM.
 */
int emit_finish(struct emit *emit, struct bpf_insn **ret_instructions, size_t *ret_count);
