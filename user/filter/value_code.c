/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Code for comparisons of values. A value is calculated in REGISTER_FIELD; what has to wait
 * meanwhile is in words of the stack, which calls do not touch. Words have 8 bytes, though
 * values have 4: only then the verifier forgets those that nobody reads any more.
 */
#include "value_code.h"

#include <errno.h>
#include <net/ethernet.h>
#include <netinet/in.h>

#include "byte_access.h"

#define IPV6_HEADER_BYTES 40

#define WORD_BYTES 8
#define WORDS (EMIT_VALUE_STACK_BYTES / WORD_BYTES)

/* The right operand. */
#define REGISTER_RIGHT BPF_REG_4
/* For shifts. */
#define REGISTER_SCRATCH BPF_REG_5

struct coder {
	struct emit *emit;
	size_t if_failed;
	size_t words; /* of the stack that are in use */
};

static void code_value(struct coder *coder, const struct ast_value *value);

/* The AND unties the register from the summary; see load_field() in codegen.c. */
static void code_plain(struct coder *coder, const struct ast_value *value, uint8_t to)
{
	if (value->kind == AST_VALUE_NUMBER) {
		emit_move32(coder->emit, to, (int32_t)value->number);
		return;
	}
	emit_load(coder->emit, sizeof(uint32_t), to, REGISTER_SUMMARY,
		  offsetof(struct packet_summary, wire_bytes));
	emit_alu32(coder->emit, BPF_AND, to, -1);
}

/* An expression needs more words than there are only where it is too long anyway. */
static int16_t word_offset(struct coder *coder, size_t word)
{
	if (word < WORDS)
		return (int16_t)(-WORD_BYTES * (int16_t)(word + 1));
	coder->emit->error = coder->emit->error ? coder->emit->error : -E2BIG;
	return -WORD_BYTES;
}

/* Calculates one after the other; the first one ends in a word. */
static void code_both(struct coder *coder, const struct ast_value *first,
		      const struct ast_value *second, int16_t *ret_word)
{
	*ret_word = word_offset(coder, coder->words);
	code_value(coder, first);
	emit_store(coder->emit, WORD_BYTES, REGISTER_STACK, *ret_word, REGISTER_FIELD);
	coder->words++;
	code_value(coder, second);
	coder->words--;
}

/* The left one in REGISTER_FIELD, the right one in REGISTER_RIGHT. */
static void code_operands(struct coder *coder, const struct ast_value *left,
			  const struct ast_value *right)
{
	int16_t word;

	if (ast_value_is_plain(right)) {
		code_value(coder, left);
		code_plain(coder, right, REGISTER_RIGHT);
	} else if (ast_value_is_plain(left)) {
		code_value(coder, right);
		emit_alu32_register(coder->emit, BPF_MOV, REGISTER_RIGHT, REGISTER_FIELD);
		code_plain(coder, left, REGISTER_FIELD);
	} else if (right->words > left->words) {
		code_both(coder, right, left, &word);
		emit_load(coder->emit, WORD_BYTES, REGISTER_RIGHT, REGISTER_STACK, word);
	} else {
		code_both(coder, left, right, &word);
		emit_alu32_register(coder->emit, BPF_MOV, REGISTER_RIGHT, REGISTER_FIELD);
		emit_load(coder->emit, WORD_BYTES, REGISTER_FIELD, REGISTER_STACK, word);
	}
}

/*
 * A shift by 32 or more gives 0. Without a jump, so that the verifier has one path: the
 * sign of the difference becomes 1 or 0, and a factor.
 */
static void code_shift(struct coder *coder, uint8_t operation)
{
	emit_move_register(coder->emit, REGISTER_SCRATCH, REGISTER_RIGHT);
	emit_alu64(coder->emit, BPF_ADD, REGISTER_SCRATCH, -32);
	emit_alu64(coder->emit, BPF_RSH, REGISTER_SCRATCH, 63);
	emit_alu32(coder->emit, BPF_AND, REGISTER_RIGHT, 31);
	emit_alu32_register(coder->emit, operation, REGISTER_FIELD, REGISTER_RIGHT);
	emit_alu32_register(coder->emit, BPF_MUL, REGISTER_FIELD, REGISTER_SCRATCH);
}

static void code_operation(struct coder *coder, const struct ast_value *value)
{
	uint8_t operation = value->operation;

	if (value->right->kind == AST_VALUE_NUMBER) {
		code_value(coder, value->left);
		emit_alu32(coder->emit, operation, REGISTER_FIELD, (int32_t)value->right->number);
		return;
	}
	code_operands(coder, value->left, value->right);
	if (operation == BPF_LSH || operation == BPF_RSH) {
		code_shift(coder, operation);
		return;
	}
	if (operation == BPF_DIV || operation == BPF_MOD)
		emit_jump32(coder->emit, BPF_JEQ, REGISTER_RIGHT, 0, coder->if_failed);
	emit_alu32_register(coder->emit, operation, REGISTER_FIELD, REGISTER_RIGHT);
}

/* Where in a summary the offset is that a base stands for. */
static const uint8_t base_offsets[] = {
	[AST_BASE_NETWORK] = offsetof(struct packet_summary, network_offset),
	[AST_BASE_TRANSPORT] = offsetof(struct packet_summary, transport_offset),
};

/* The network header's offset; a frame that is shorter than Ethernet's header has none. */
static void code_network_offset(struct coder *coder, uint8_t to)
{
	emit_load(coder->emit, sizeof(uint16_t), to, REGISTER_SUMMARY,
		  base_offsets[AST_BASE_NETWORK]);
	emit_jump32(coder->emit, BPF_JEQ, to, 0, coder->if_failed);
}

/*
 * REGISTER_FIELD = where a transport header is or, in a packet without one, would be behind a
 * header of IPv4. Without a jump, so that the verifier has one path.
 */
static void code_assumed_transport(struct coder *coder)
{
	struct emit *emit = coder->emit;

	code_network_offset(coder, BPF_REG_2);
	emit_load_packet(emit, FILTER_CALL_LOAD, 1, coder->if_failed);
	emit_alu32(emit, BPF_AND, REGISTER_FIELD, 0xf);
	emit_alu32(emit, BPF_LSH, REGISTER_FIELD, 2);
	emit_load(emit, sizeof(uint16_t), REGISTER_RIGHT, REGISTER_SUMMARY,
		  base_offsets[AST_BASE_NETWORK]);
	emit_alu32_register(emit, BPF_ADD, REGISTER_FIELD, REGISTER_RIGHT);
	/* 1 where there is no transport header, else 0 */
	emit_load(emit, sizeof(uint16_t), REGISTER_RIGHT, REGISTER_SUMMARY,
		  base_offsets[AST_BASE_TRANSPORT]);
	emit_move_register(emit, REGISTER_SCRATCH, REGISTER_RIGHT);
	emit_alu64(emit, BPF_ADD, REGISTER_SCRATCH, -1);
	emit_alu64(emit, BPF_RSH, REGISTER_SCRATCH, 63);
	emit_alu32_register(emit, BPF_MUL, REGISTER_FIELD, REGISTER_SCRATCH);
	emit_alu32_register(emit, BPF_ADD, REGISTER_FIELD, REGISTER_RIGHT);
}

/* REGISTER_FIELD = the base of a load from a transport header that is not required. */
static void code_assumed_base(struct coder *coder, const struct ast_value *load)
{
	if (load->access->ethertype == ETHERTYPE_IPV6) {
		code_network_offset(coder, REGISTER_FIELD);
		emit_alu32(coder->emit, BPF_ADD, REGISTER_FIELD, IPV6_HEADER_BYTES);
	} else {
		code_assumed_transport(coder);
	}
}

/* The same as code_place() for a transport header that is not required. */
static void code_assumed_place(struct coder *coder, const struct ast_value *load)
{
	int16_t word = word_offset(coder, coder->words);

	code_assumed_base(coder, load);
	if (ast_value_is_plain(load->left)) {
		emit_alu32_register(coder->emit, BPF_MOV, BPF_REG_2, REGISTER_FIELD);
		code_plain(coder, load->left, REGISTER_FIELD);
	} else {
		emit_store(coder->emit, WORD_BYTES, REGISTER_STACK, word, REGISTER_FIELD);
		coder->words++;
		code_value(coder, load->left);
		coder->words--;
		emit_load(coder->emit, WORD_BYTES, BPF_REG_2, REGISTER_STACK, word);
	}
	emit_alu32_register(coder->emit, BPF_ADD, BPF_REG_2, REGISTER_FIELD);
	emit_jump32_register(coder->emit, BPF_JLT, BPF_REG_2, REGISTER_FIELD, coder->if_failed);
}

/* r2 = base + offset, which must not begin again at 0. */
static void code_place(struct coder *coder, const struct ast_value *load)
{
	bool is_frame = load->access->base == AST_BASE_FRAME;

	if (is_frame && load->left->kind == AST_VALUE_NUMBER) {
		emit_move32(coder->emit, BPF_REG_2, (int32_t)load->left->number);
		return;
	}
	if (load->left->kind != AST_VALUE_NUMBER || load->left->number > INT32_MAX)
		code_value(coder, load->left);
	if (is_frame) {
		emit_alu32_register(coder->emit, BPF_MOV, BPF_REG_2, REGISTER_FIELD);
		return;
	}
	emit_load(coder->emit, sizeof(uint16_t), BPF_REG_2, REGISTER_SUMMARY,
		  base_offsets[load->access->base]);
	if (!load->is_required)
		emit_jump32(coder->emit, BPF_JEQ, BPF_REG_2, 0, coder->if_failed);
	if (load->left->kind == AST_VALUE_NUMBER && load->left->number <= INT32_MAX) {
		if (load->left->number > 0)
			emit_alu32(coder->emit, BPF_ADD, BPF_REG_2, (int32_t)load->left->number);
		return;
	}
	emit_alu32_register(coder->emit, BPF_ADD, BPF_REG_2, REGISTER_FIELD);
	emit_jump32_register(coder->emit, BPF_JLT, BPF_REG_2, REGISTER_FIELD, coder->if_failed);
}

/* Bytes that are in the summary, as a number: no call is needed to read them. */
static const struct known_bytes {
	uint8_t ip_protocol; /* 0: of IPv4 */
	uint8_t offset;
	uint8_t bytes;
	uint8_t summary_offset;
	uint32_t present; /* enum summary_field */
} known[] = {
	{ IPPROTO_TCP, 13, 1, offsetof(struct packet_summary, tcp_flags), SUMMARY_TCP_FLAGS },
	{ IPPROTO_TCP, 0, 2, offsetof(struct packet_summary, source_port), SUMMARY_SOURCE_PORT },
	{ IPPROTO_TCP, 2, 2, offsetof(struct packet_summary, destination_port),
	  SUMMARY_DESTINATION_PORT },
	{ IPPROTO_UDP, 0, 2, offsetof(struct packet_summary, source_port), SUMMARY_SOURCE_PORT },
	{ IPPROTO_UDP, 2, 2, offsetof(struct packet_summary, destination_port),
	  SUMMARY_DESTINATION_PORT },
	{ 0, 9, 1, offsetof(struct packet_summary, ip_protocol), SUMMARY_PROTOCOL },
};

/* NULL: they have to be read from the packet. */
static const struct known_bytes *find_known(const struct ast_value *load)
{
	const struct byte_access *access = load->access;
	bool is_ipv4 = access->base == AST_BASE_NETWORK && access->ethertype == ETHERTYPE_IP;

	if (load->left->kind != AST_VALUE_NUMBER ||
	    (access->base != AST_BASE_TRANSPORT && !is_ipv4))
		return NULL;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].ip_protocol == access->ip_protocol &&
		    known[i].offset == load->left->number && known[i].bytes == load->bytes)
			return &known[i];
	}
	return NULL;
}

static void code_known(struct coder *coder, const struct known_bytes *bytes)
{
	emit_load(coder->emit, sizeof(uint32_t), REGISTER_FIELD, REGISTER_SUMMARY,
		  offsetof(struct packet_summary, fields));
	emit_alu32(coder->emit, BPF_AND, REGISTER_FIELD, (int32_t)bytes->present);
	emit_jump32(coder->emit, BPF_JEQ, REGISTER_FIELD, 0, coder->if_failed);
	emit_load(coder->emit, bytes->bytes, REGISTER_FIELD, REGISTER_SUMMARY,
		  bytes->summary_offset);
}

static void code_load(struct coder *coder, const struct ast_value *load)
{
	const struct known_bytes *bytes = load->is_required ? find_known(load) : NULL;
	bool is_frame = load->access->base == AST_BASE_FRAME;

	if (bytes) {
		code_known(coder, bytes);
		return;
	}
	if (load->access->base == AST_BASE_TRANSPORT && !load->is_required)
		code_assumed_place(coder, load);
	else
		code_place(coder, load);
	emit_load_packet(coder->emit, is_frame ? FILTER_CALL_LOAD_FRAME : FILTER_CALL_LOAD,
			 load->bytes, coder->if_failed);
}

static void code_value(struct coder *coder, const struct ast_value *value)
{
	switch (value->kind) {
	case AST_VALUE_LOAD:
		code_load(coder, value);
		return;
	case AST_VALUE_NEGATION:
		code_value(coder, value->left);
		emit_alu32(coder->emit, BPF_NEG, REGISTER_FIELD, 0);
		return;
	case AST_VALUE_OPERATION:
		code_operation(coder, value);
		return;
	default:
		code_plain(coder, value, REGISTER_FIELD);
		return;
	}
}

static uint8_t negate(uint8_t condition)
{
	static const uint8_t pairs[][2] = {
		{ BPF_JEQ, BPF_JNE },
		{ BPF_JLT, BPF_JGE },
		{ BPF_JGT, BPF_JLE },
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (pairs[i][0] == condition)
			return pairs[i][1];
		if (pairs[i][1] == condition)
			return pairs[i][0];
	}
	return condition;
}

void value_code_comparison(struct emit *emit, const struct ast_node *comparison, size_t if_true,
			   size_t if_false, size_t next)
{
	struct coder coder = { .emit = emit, .if_failed = if_false };
	const struct ast_value *left = comparison->left, *right = comparison->right;
	bool goes_if_false = next == if_true;
	uint8_t condition = goes_if_false ? negate(comparison->comparison) : comparison->comparison;
	size_t target = goes_if_false ? if_false : if_true;

	if (right->kind == AST_VALUE_NUMBER) {
		code_value(&coder, left);
		emit_jump32(emit, condition, REGISTER_FIELD, (int32_t)right->number, target);
		return;
	}
	code_operands(&coder, left, right);
	emit_jump32_register(emit, condition, REGISTER_FIELD, REGISTER_RIGHT, target);
}
