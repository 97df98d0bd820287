/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fourth stage: a resolved tree becomes instructions. Each condition is code that goes to
 * one of two labels; "and", "or" and "not" cost no instruction, they only choose labels.
 * The verdict is 0 from the start; what goes to the label of a match sets it to 1:
 *
 *	r0 = 0
 *	...		tests: no match goes to the end, a match falls through
 *	r0 = 1
 *	(end)
 */
#include "codegen.h"

#include "../base/cleanup.h"
#include "emit.h"

/* The registers that a filter uses: arguments at entry, then its own. */
enum {
	REGISTER_VERDICT = BPF_REG_0,
	REGISTER_SUMMARY = BPF_REG_1,
	REGISTER_FIELD = BPF_REG_3, /* the field under test */
};

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
	if (!test->present || test->value_count == 0)
		return test->present;
	for (size_t i = 0; i < test->value_count; i++)
		if (test->values[i] == 0)
			return true;
	return false;
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
	load_field(emit, test->bytes, test->offset, test->mask);
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
	default:
		code_condition(emit, node->meaning, targets);
		return;
	}
}

static void code_program(struct emit *emit, const struct ast_node *root)
{
	size_t match = emit_add_label(emit);
	size_t end = emit_add_label(emit);

	if (root) {
		emit_move(emit, REGISTER_VERDICT, 0);
		code_condition(
			emit, root,
			(struct targets){ .if_true = match, .if_false = end, .next = match });
	}
	emit_place_label(emit, match);
	emit_move(emit, REGISTER_VERDICT, 1);
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
