/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A buffer of eBPF instructions whose jumps go to labels. Instructions are those of
 * -mcpu=v3, which every kernel since Linux 5.1 loads.
 */
#include "emit.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>

#include "../base/cleanup.h"

#define NOT_PLACED SIZE_MAX

_Static_assert(EMIT_MAXIMUM_INSTRUCTIONS <= INT16_MAX, "every distance fits into a jump");
_Static_assert(FILTER_CALL_COUNT + 3 <= 8, "what the loader puts behind a filter");

int emit_open(struct emit *emit)
{
	*emit = (struct emit){
		.instructions = calloc(EMIT_MAXIMUM_INSTRUCTIONS, sizeof(*emit->instructions)),
		.jump_labels = calloc(EMIT_MAXIMUM_INSTRUCTIONS, sizeof(*emit->jump_labels)),
	};
	if (emit->instructions && emit->jump_labels)
		return 0;
	emit_close(emit);
	return -ENOMEM;
}

void emit_close(struct emit *emit)
{
	free(emit->instructions);
	free(emit->jump_labels);
	free(emit->label_positions);
	*emit = (struct emit){ 0 };
}

size_t emit_add_label(struct emit *emit)
{
	if (emit->label_count == emit->label_capacity) {
		size_t larger = emit->label_capacity ? emit->label_capacity * 2 : 64;
		size_t *positions = reallocarray(emit->label_positions, larger, sizeof(*positions));

		if (!positions) {
			emit->error = -ENOMEM;
			return 0;
		}
		emit->label_positions = positions;
		emit->label_capacity = larger;
	}
	emit->label_positions[emit->label_count] = NOT_PLACED;
	return emit->label_count++;
}

void emit_place_label(struct emit *emit, size_t label)
{
	if (!emit->error)
		emit->label_positions[label] = emit->count;
}

/* jump_label is 0, or the label + 1 that the instruction jumps to. */
static void append(struct emit *emit, struct bpf_insn instruction, size_t jump_label)
{
	if (!emit->error && emit->count == EMIT_MAXIMUM_INSTRUCTIONS)
		emit->error = -E2BIG;
	if (emit->error)
		return;
	emit->jump_labels[emit->count] = jump_label;
	emit->instructions[emit->count++] = instruction;
}

static uint8_t size_code(uint8_t bytes)
{
	return bytes == 1 ? BPF_B : bytes == 2 ? BPF_H : bytes == 4 ? BPF_W : BPF_DW;
}

void emit_load(struct emit *emit, uint8_t bytes, uint8_t to, uint8_t from, int16_t offset)
{
	append(emit,
	       (struct bpf_insn){ .code = BPF_LDX | BPF_MEM | size_code(bytes),
				  .dst_reg = to,
				  .src_reg = from,
				  .off = offset },
	       0);
}

void emit_store(struct emit *emit, uint8_t bytes, uint8_t to, int16_t offset, uint8_t from)
{
	append(emit,
	       (struct bpf_insn){ .code = BPF_STX | BPF_MEM | size_code(bytes),
				  .dst_reg = to,
				  .src_reg = from,
				  .off = offset },
	       0);
}

void emit_move(struct emit *emit, uint8_t to, int32_t value)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = to, .imm = value },
	       0);
}

void emit_move_register(struct emit *emit, uint8_t to, uint8_t from)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = to, .src_reg = from },
	       0);
}

void emit_alu64(struct emit *emit, uint8_t operation, uint8_t to, int32_t value)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_ALU64 | operation | BPF_K, .dst_reg = to, .imm = value },
	       0);
}

void emit_alu64_register(struct emit *emit, uint8_t operation, uint8_t to, uint8_t from)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_ALU64 | operation | BPF_X, .dst_reg = to, .src_reg = from },
	       0);
}

void emit_alu32_register(struct emit *emit, uint8_t operation, uint8_t to, uint8_t from)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_ALU | operation | BPF_X, .dst_reg = to, .src_reg = from },
	       0);
}

void emit_alu32(struct emit *emit, uint8_t operation, uint8_t to, int32_t value)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_ALU | operation | BPF_K, .dst_reg = to, .imm = value },
	       0);
}

void emit_move32(struct emit *emit, uint8_t to, int32_t value)
{
	emit_alu32(emit, BPF_MOV, to, value);
}

void emit_jump32(struct emit *emit, uint8_t condition, uint8_t left, int32_t right, size_t label)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_JMP32 | condition | BPF_K, .dst_reg = left, .imm = right },
	       label + 1);
}

void emit_jump32_register(struct emit *emit, uint8_t condition, uint8_t left, uint8_t right,
			  size_t label)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_JMP32 | condition | BPF_X, .dst_reg = left, .src_reg = right },
	       label + 1);
}

void emit_jump64(struct emit *emit, uint8_t condition, uint8_t left, int32_t right, size_t label)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_JMP | condition | BPF_K, .dst_reg = left, .imm = right },
	       label + 1);
}

void emit_jump(struct emit *emit, size_t label)
{
	append(emit, (struct bpf_insn){ .code = BPF_JMP | BPF_JA }, label + 1);
}

void emit_call(struct emit *emit, enum filter_call function)
{
	append(emit,
	       (struct bpf_insn){
		       .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = function },
	       0);
}

void emit_call_helper(struct emit *emit, enum bpf_func_id helper)
{
	append(emit, (struct bpf_insn){ .code = BPF_JMP | BPF_CALL, .imm = (int32_t)helper }, 0);
}

void emit_load_map(struct emit *emit, uint8_t to, uint8_t what, size_t number)
{
	append(emit,
	       (struct bpf_insn){ .code = BPF_LD | BPF_IMM | BPF_DW,
				  .dst_reg = to,
				  .src_reg = what,
				  .imm = (int32_t)number },
	       0);
	append(emit, (struct bpf_insn){ 0 }, 0);
}

void emit_load_packet(struct emit *emit, enum filter_call function, uint8_t bytes, size_t if_failed)
{
	emit_move_register(emit, BPF_REG_1, REGISTER_CONTEXT);
	emit_move(emit, BPF_REG_3, bytes);
	emit_call(emit, function);
	emit_jump64(emit, BPF_JEQ, REGISTER_RESULT, (int32_t)FILTER_LOAD_FAILED, if_failed);
	emit_alu32_register(emit, BPF_MOV, REGISTER_FIELD, REGISTER_RESULT);
}

int emit_finish(struct emit *emit, struct bpf_insn **ret_instructions, size_t *ret_count)
{
	if (emit->error)
		return emit->error;
	for (size_t i = 0; i < emit->count; i++) {
		size_t target;

		if (emit->jump_labels[i] == 0)
			continue;
		target = emit->label_positions[emit->jump_labels[i] - 1];
		/* Forward only: a filter cannot loop. */
		assert(target != NOT_PLACED && target > i);
		emit->instructions[i].off = (int16_t)(target - i - 1);
	}
	*ret_count = emit->count;
	*ret_instructions = TAKE(emit->instructions);
	return 0;
}
