/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For each table of the set that is not empty: the gate first, a few instructions and one
 * load, which most addresses that are not in the set do not pass; then the map.
 *
 *	r0 = word ^ seed; r0 *= MULTIPLIER; r0 ^= r0 >> SHIFT; ...	the hash of hostset.h
 *	r2 = gate + bit / 8
 *	w2 = *(u8 *)r2 >> bit % 8 & 1
 *	if w2 == 0 goto next table
 *	r1 = map
 *	r2 = address in the summary, or on the stack with the prefix before it
 *	r0 = map_lookup_elem(r1, r2)
 *	if r0 != 0 goto if_true
 */
#include "set_code.h"

/* Where the key of a trie is: its prefix, then the address. */
#define KEY_OFFSET (-EMIT_STACK_BYTES)

_Static_assert(EMIT_KEY_STACK_BYTES >= 20, "the key of a trie of IPv6 prefixes fits");

static int16_t word_offset(const struct ast_member *member, size_t word)
{
	return (int16_t)(member->offset + word * sizeof(uint32_t));
}

/* Leaves the hash in r0. */
static void code_hash(struct emit *emit, const struct ast_member *member,
		      const struct hostset_gate *gate)
{
	for (size_t word = 0; word < gate->words; word++) {
		uint8_t to = word == 0 ? BPF_REG_0 : BPF_REG_1;

		emit_load(emit, sizeof(uint32_t), to, REGISTER_SUMMARY, word_offset(member, word));
		if (gate->mask_be[word] != UINT32_MAX)
			emit_alu32(emit, BPF_AND, to, (int32_t)gate->mask_be[word]);
		if (word == 0)
			emit_alu32(emit, BPF_XOR, to, (int32_t)gate->seed);
		else
			emit_alu64_register(emit, BPF_XOR, BPF_REG_0, BPF_REG_1);
		emit_alu64(emit, BPF_MUL, BPF_REG_0, HOSTSET_HASH_MULTIPLIER);
		emit_move_register(emit, BPF_REG_1, BPF_REG_0);
		emit_alu64(emit, BPF_RSH, BPF_REG_1, HOSTSET_HASH_SHIFT);
		emit_alu64_register(emit, BPF_XOR, BPF_REG_0, BPF_REG_1);
	}
}

/* The mask tells the verifier that the bit is in the bitmap. */
static void code_gate(struct emit *emit, const struct ast_member *member, enum hostset_kind kind,
		      size_t if_closed)
{
	const struct hostset_gate *gate = &member->set->tables[kind].gate;

	code_hash(emit, member, gate);
	emit_alu32(emit, BPF_AND, BPF_REG_0, (int32_t)(gate->bits - 1));
	emit_move_register(emit, BPF_REG_1, BPF_REG_0);
	emit_alu64(emit, BPF_RSH, BPF_REG_1, 3);
	emit_load_map(emit, BPF_REG_2, BPF_PSEUDO_MAP_IDX_VALUE,
		      HOSTSET_GATE_MAP(member->number, kind));
	emit_alu64_register(emit, BPF_ADD, BPF_REG_2, BPF_REG_1);
	emit_load(emit, sizeof(uint8_t), BPF_REG_2, BPF_REG_2, 0);
	emit_alu32(emit, BPF_AND, BPF_REG_0, 7);
	emit_alu32_register(emit, BPF_RSH, BPF_REG_2, BPF_REG_0);
	emit_alu32(emit, BPF_AND, BPF_REG_2, 1);
	emit_jump32(emit, BPF_JEQ, BPF_REG_2, 0, if_closed);
}

/* Leaves in r2 where the key is: an address alone can stay where it is. */
static void code_key(struct emit *emit, const struct ast_member *member, enum hostset_kind kind)
{
	size_t words = hostset_kind_words(kind);

	if (!hostset_kind_is_prefixes(kind)) {
		emit_move_register(emit, BPF_REG_2, REGISTER_SUMMARY);
		emit_alu64(emit, BPF_ADD, BPF_REG_2, member->offset);
		return;
	}
	emit_move(emit, BPF_REG_1, (int32_t)(words * 32));
	emit_store(emit, sizeof(uint32_t), REGISTER_STACK, KEY_OFFSET, BPF_REG_1);
	for (size_t word = 0; word < words; word++) {
		emit_load(emit, sizeof(uint32_t), BPF_REG_1, REGISTER_SUMMARY,
			  word_offset(member, word));
		emit_store(emit, sizeof(uint32_t), REGISTER_STACK,
			   (int16_t)(KEY_OFFSET + (int)((word + 1) * sizeof(uint32_t))), BPF_REG_1);
	}
	emit_move_register(emit, BPF_REG_2, REGISTER_STACK);
	emit_alu64(emit, BPF_ADD, BPF_REG_2, KEY_OFFSET);
}

static void code_table(struct emit *emit, const struct ast_member *member, enum hostset_kind kind,
		       size_t if_true)
{
	size_t if_closed = emit_add_label(emit);

	if (member->set->tables[kind].count == 0) {
		emit_place_label(emit, if_closed);
		return;
	}
	code_gate(emit, member, kind, if_closed);
	code_key(emit, member, kind);
	emit_load_map(emit, BPF_REG_1, BPF_PSEUDO_MAP_IDX, HOSTSET_TABLE_MAP(member->number, kind));
	emit_call_helper(emit, BPF_FUNC_map_lookup_elem);
	emit_jump64(emit, BPF_JNE, REGISTER_RESULT, 0, if_true);
	emit_place_label(emit, if_closed);
}

/* An address that is not there is 0 in the summary. */
static void code_presence(struct emit *emit, const struct ast_member *member, size_t if_false)
{
	static const uint32_t zero_be[4];

	if (!hostset_contains(member->set, member->is_ipv6, zero_be))
		return;
	emit_load(emit, sizeof(uint32_t), REGISTER_FIELD, REGISTER_SUMMARY,
		  offsetof(struct packet_summary, fields));
	emit_alu32(emit, BPF_AND, REGISTER_FIELD, (int32_t)member->present);
	emit_jump32(emit, BPF_JEQ, REGISTER_FIELD, 0, if_false);
}

/*
 * No address of this family is in the set. The verifier knows the jump's outcome, but not
 * before it has looked for code that nothing leads to, which it refuses.
 */
static void code_nothing(struct emit *emit, size_t if_true, size_t if_false, size_t next)
{
	emit_move(emit, REGISTER_FIELD, 0);
	if (next == if_false)
		emit_jump32(emit, BPF_JNE, REGISTER_FIELD, 0, if_true);
	else
		emit_jump32(emit, BPF_JEQ, REGISTER_FIELD, 0, if_false);
}

void set_code_member(struct emit *emit, const struct ast_member *member, size_t if_true,
		     size_t if_false, size_t next)
{
	enum hostset_kind addresses =
		member->is_ipv6 ? HOSTSET_IPV6_ADDRESSES : HOSTSET_IPV4_ADDRESSES;

	if (member->set->tables[addresses].count == 0 &&
	    member->set->tables[addresses + 1].count == 0) {
		code_nothing(emit, if_true, if_false, next);
		return;
	}
	code_presence(emit, member, if_false);
	code_table(emit, member, addresses, if_true);
	code_table(emit, member, addresses + 1, if_true);
	if (next != if_false)
		emit_jump(emit, if_false);
}
