/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fourth stage: a resolved tree becomes instructions. Each condition is code that goes to
 * one of two labels; "and", "or" and "not" cost no instruction, they only choose labels:
 *
 *	r6 = r1		the summary
 *	r7 = r2		the hook's context
 *	...		tests: no match goes to where the verdict is 0, a match falls through
 *	r0 = 1
 *	goto end
 *	r0 = 0
 *	(end)
 */
#include "codegen.h"

#include "../base/cleanup.h"
#include "emit.h"
#include "set_code.h"
#include "value_code.h"

/* Labels that a condition goes to; the code of next comes right after it. */
struct targets {
	size_t if_true;
	size_t if_false;
	size_t next; /* one of the two */
};

static void code_condition(struct emit *emit, const struct ast_node *node, struct targets targets);

/* Goes to the one of the two targets that is not next when the condition decides for it. */
static void code_last_comparison(struct emit *emit, uint32_t value, struct targets targets)
{
	if (targets.next == targets.if_true)
		emit_jump32(emit, BPF_JNE, REGISTER_FIELD, (int32_t)value, targets.if_false);
	else
		emit_jump32(emit, BPF_JEQ, REGISTER_FIELD, (int32_t)value, targets.if_true);
}

/*
 * Loads a field and takes the bits of a mask. The verifier ties a register to the stack slot
 * that it was loaded from, and what a jump tells of the one it knows of the other, in later
 * tests too: each path through a long filter would be followed by itself (a million steps
 * on Linux 7.3). The AND unties them, also where all bits are wanted; smaller fields never
 * are tied.
 */
static void load_field(struct emit *emit, uint8_t bytes, size_t offset, uint32_t mask)
{
	uint32_t full_mask = UINT32_MAX >> (32 - 8 * bytes);

	emit_load(emit, bytes, REGISTER_FIELD, REGISTER_SUMMARY, (int16_t)offset);
	if (mask != full_mask || bytes == sizeof(uint32_t))
		emit_alu32(emit, BPF_AND, REGISTER_FIELD, (int32_t)mask);
}

/*
 * A field that a packet does not have is 0 in its summary, so only a comparison with 0 has
 * to ask whether it is there.
 */
static bool needs_presence(const struct ast_test *test)
{
	if (!test->present || test->value_count == 0 || test->base != AST_BASE_SUMMARY ||
	    test->is_range)
		return test->present;
	for (size_t i = 0; i < test->value_count; i++)
		if (test->values[i] == 0)
			return true;
	return false;
}

/* Where in a summary the offset is that a base stands for. */
static const uint8_t base_offsets[] = {
	[AST_BASE_LINK] = offsetof(struct packet_summary, link_offset),
	[AST_BASE_NETWORK] = offsetof(struct packet_summary, network_offset),
	[AST_BASE_TRANSPORT] = offsetof(struct packet_summary, transport_offset),
};

/* Loads a field of the packet itself. */
static void load_packet_field(struct emit *emit, const struct ast_test *test, size_t if_failed)
{
	enum filter_call function = FILTER_CALL_LOAD_FRAME;

	if (test->base == AST_BASE_FRAME) {
		emit_move(emit, BPF_REG_2, test->offset);
	} else {
		function = FILTER_CALL_LOAD;
		emit_load(emit, sizeof(uint16_t), BPF_REG_2, REGISTER_SUMMARY,
			  base_offsets[test->base]);
		if (test->offset > 0)
			emit_alu32(emit, BPF_ADD, BPF_REG_2, test->offset);
	}
	emit_load_packet(emit, function, test->bytes, if_failed);
	if (test->mask != UINT32_MAX >> (32 - 8 * test->bytes))
		emit_alu32(emit, BPF_AND, REGISTER_FIELD, (int32_t)test->mask);
}

static void code_range(struct emit *emit, const struct ast_test *test, struct targets targets)
{
	emit_jump32(emit, BPF_JLT, REGISTER_FIELD, (int32_t)test->values[0], targets.if_false);
	if (targets.next == targets.if_true)
		emit_jump32(emit, BPF_JGT, REGISTER_FIELD, (int32_t)test->values[1],
			    targets.if_false);
	else
		emit_jump32(emit, BPF_JLE, REGISTER_FIELD, (int32_t)test->values[1],
			    targets.if_true);
}

static void code_test(struct emit *emit, const struct ast_test *test, struct targets targets)
{
	if (needs_presence(test)) {
		load_field(emit, sizeof(uint32_t), offsetof(struct packet_summary, fields),
			   test->present);
		emit_jump32(emit, BPF_JNE, REGISTER_FIELD, (int32_t)test->present,
			    targets.if_false);
	}
	if (test->value_count == 0) {
		if (targets.next != targets.if_true)
			emit_jump(emit, targets.if_true);
		return;
	}
	if (test->base == AST_BASE_SUMMARY)
		load_field(emit, test->bytes, test->offset, test->mask);
	else
		load_packet_field(emit, test, targets.if_false);
	if (test->is_range) {
		code_range(emit, test, targets);
		return;
	}
	for (size_t i = 0; i + 1 < test->value_count; i++)
		emit_jump32(emit, BPF_JEQ, REGISTER_FIELD, (int32_t)test->values[i],
			    targets.if_true);
	code_last_comparison(emit, test->values[test->value_count - 1], targets);
}

/* Each child but the last goes on to the next child, unless it decides. */
static void code_children(struct emit *emit, const struct ast_node *node, struct targets targets)
{
	for (const struct ast_node *child = node->first_child; child; child = child->next) {
		struct targets inner = targets;

		if (!child->next) {
			code_condition(emit, child, targets);
			return;
		}
		inner.next = emit_add_label(emit);
		if (node->kind == AST_AND)
			inner.if_true = inner.next;
		else
			inner.if_false = inner.next;
		code_condition(emit, child, inner);
		emit_place_label(emit, inner.next);
	}
}

static void code_chain(struct emit *emit, const struct ast_node *node, struct targets targets)
{
	emit_move_register(emit, BPF_REG_1, REGISTER_CONTEXT);
	emit_load(emit, sizeof(uint16_t), BPF_REG_2, REGISTER_SUMMARY,
		  offsetof(struct packet_summary, network_offset));
	emit_load(emit, sizeof(uint16_t), BPF_REG_3, REGISTER_SUMMARY,
		  offsetof(struct packet_summary, ethertype));
	emit_move(emit, BPF_REG_4, node->ip_protocol);
	emit_call(emit, FILTER_CALL_CHAIN);
	emit_alu32_register(emit, BPF_MOV, REGISTER_FIELD, REGISTER_RESULT);
	code_last_comparison(emit, 1, targets);
}

static void code_condition(struct emit *emit, const struct ast_node *node, struct targets targets)
{
	const struct targets inverted = {
		.if_true = targets.if_false,
		.if_false = targets.if_true,
		.next = targets.next,
	};

	switch (node->kind) {
	case AST_AND:
	case AST_OR:
		code_children(emit, node, targets);
		return;
	case AST_NOT:
		code_condition(emit, node->first_child, inverted);
		return;
	case AST_TEST:
		code_test(emit, &node->test, targets);
		return;
	case AST_MEMBER:
		set_code_member(emit, &node->member, targets.if_true, targets.if_false,
				targets.next);
		return;
	case AST_COMPARISON:
		value_code_comparison(emit, node, targets.if_true, targets.if_false, targets.next);
		return;
	case AST_CHAIN:
		code_chain(emit, node, targets);
		return;
	default:
		code_condition(emit, node->meaning, targets);
		return;
	}
}

static void code_program(struct emit *emit, const struct ast_node *root)
{
	size_t match = emit_add_label(emit);
	size_t no_match = emit_add_label(emit);
	size_t end = emit_add_label(emit);

	if (!root) {
		emit_move(emit, REGISTER_RESULT, 1);
		return;
	}
	emit_move_register(emit, REGISTER_SUMMARY, BPF_REG_1);
	emit_move_register(emit, REGISTER_CONTEXT, BPF_REG_2);
	code_condition(emit, root,
		       (struct targets){ .if_true = match, .if_false = no_match, .next = match });
	emit_place_label(emit, match);
	emit_move(emit, REGISTER_RESULT, 1);
	emit_jump(emit, end);
	emit_place_label(emit, no_match);
	emit_move(emit, REGISTER_RESULT, 0);
	emit_place_label(emit, end);
}

int codegen_make(const struct ast *ast, struct bpf_insn **ret_instructions, size_t *ret_count)
{
	CLEANUP(emit_close) struct emit emit = { 0 };
	int error = emit_open(&emit);

	if (error)
		return error;
	code_program(&emit, ast->root);
	return emit_finish(&emit, ret_instructions, ret_count);
}
