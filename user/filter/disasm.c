/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Prints the instructions of a filter like the kernel's own dumps of programs, so that they
 * compare with those of `bpftool prog dump xlated`; jumps show the index they go to.
 */
#include "disasm.h"

#include <stdint.h>

#include "../../bpf/capture_abi.h"
#include "emit.h"
#include "hostset.h"

static const char *const alu_operators[16] = {
	[BPF_ADD >> 4] = "+=",  [BPF_SUB >> 4] = "-=",  [BPF_MUL >> 4] = "*=",
	[BPF_DIV >> 4] = "/=",  [BPF_OR >> 4] = "|=",   [BPF_AND >> 4] = "&=",
	[BPF_LSH >> 4] = "<<=", [BPF_RSH >> 4] = ">>=", [BPF_MOD >> 4] = "%=",
	[BPF_XOR >> 4] = "^=",  [BPF_MOV >> 4] = "=",   [BPF_ARSH >> 4] = "s>>=",
};

static const char *const jump_operators[16] = {
	[BPF_JEQ >> 4] = "==",   [BPF_JGT >> 4] = ">",    [BPF_JGE >> 4] = ">=",
	[BPF_JSET >> 4] = "&",   [BPF_JNE >> 4] = "!=",   [BPF_JSGT >> 4] = "s>",
	[BPF_JSGE >> 4] = "s>=", [BPF_JLT >> 4] = "<",    [BPF_JLE >> 4] = "<=",
	[BPF_JSLT >> 4] = "s<",  [BPF_JSLE >> 4] = "s<=",
};

static const char *const load_sizes[4] = {
	[BPF_W >> 3] = "u32",
	[BPF_H >> 3] = "u16",
	[BPF_B >> 3] = "u8",
	[BPF_DW >> 3] = "u64",
};

/* The operation between two operands; letter is 'r', or 'w' for the lower 32 bits. */
static void print_operation(const struct bpf_insn *instruction, char letter,
			    const char *const operators[16], FILE *out)
{
	const char *sign = operators[BPF_OP(instruction->code) >> 4];

	if (BPF_OP(instruction->code) == BPF_NEG) {
		fprintf(out, "%c%d = -%c%d", letter, instruction->dst_reg, letter,
			instruction->dst_reg);
		return;
	}
	fprintf(out, "%c%d %s ", letter, instruction->dst_reg, sign ? sign : "?");
	if (BPF_SRC(instruction->code) == BPF_X)
		fprintf(out, "%c%d", letter, instruction->src_reg);
	else if (BPF_OP(instruction->code) == BPF_MOV ||
		 (letter == 'r' && instruction->imm < 0)) /* extended with its sign */
		fprintf(out, "%d", instruction->imm);
	else
		fprintf(out, "0x%x", (uint32_t)instruction->imm);
}

static void print_jump(const struct bpf_insn *instruction, size_t index, char letter, FILE *out)
{
	long target = (long)index + 1 + instruction->off;

	if (BPF_OP(instruction->code) != BPF_JA) {
		fputs("if ", out);
		print_operation(instruction, letter, jump_operators, out);
		fputc(' ', out);
	}
	fprintf(out, "goto %ld", target);
}

/* The fields of a summary, in its order. */
static const struct {
	const char *name;
	size_t offset;
} fields[] = {
#define FIELD(name)                                          \
	{                                                    \
#name, offsetof(struct packet_summary, name) \
	}
	FIELD(fields),      FIELD(wire_bytes),       FIELD(available_bytes),
	FIELD(ethertype),   FIELD(network_offset),   FIELD(transport_offset),
	FIELD(source_port), FIELD(destination_port), FIELD(vlan_id),
	FIELD(vlan_count),  FIELD(inserted_bytes),   FIELD(mpls_count),
	FIELD(ip_protocol), FIELD(tcp_flags),        FIELD(direction),
	FIELD(source),      FIELD(destination),      FIELD(fragment_id),
	FIELD(ifindex),     FIELD(link_ethertype),   FIELD(link_offset),
#undef FIELD
};

/* "source +4" for the second word of the source address. */
static void print_field(int16_t offset, FILE *out)
{
	size_t found = 0;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].offset <= (size_t)offset)
			found = i;
	fprintf(out, "summary.%s", fields[found].name);
	if ((size_t)offset > fields[found].offset)
		fprintf(out, " +%zu", (size_t)offset - fields[found].offset);
}

static void print_load(const struct bpf_insn *instruction, FILE *out)
{
	fprintf(out, "r%d = *(%s *)(r%d %+d)", instruction->dst_reg,
		load_sizes[BPF_SIZE(instruction->code) >> 3], instruction->src_reg,
		instruction->off);
	if (instruction->src_reg != REGISTER_SUMMARY)
		return;
	fputs("  ; ", out);
	print_field(instruction->off, out);
}

static void print_call(const struct bpf_insn *instruction, FILE *out)
{
	static const char *const functions[FILTER_CALL_COUNT] = {
		[FILTER_CALL_LOAD] = "load(r1 packet, r2 offset, r3 bytes)",
		[FILTER_CALL_LOAD_FRAME] = "load_frame(r1 packet, r2 offset, r3 bytes)",
		[FILTER_CALL_CHAIN] = "chain_has(r1 packet, r2 offset, r3 EtherType, r4 protocol)",
	};

	if (instruction->src_reg == BPF_PSEUDO_CALL && instruction->imm >= 0 &&
	    instruction->imm < FILTER_CALL_COUNT)
		fprintf(out, "r0 = %s", functions[instruction->imm]);
	else if (instruction->imm == BPF_FUNC_map_lookup_elem)
		fputs("r0 = lookup(r1 map, r2 key)", out);
	else
		fprintf(out, "r0 = helper %d", instruction->imm);
}

/* The map of a set, or the bitmap before it; see hostset.h. */
static void print_map(const struct bpf_insn *instruction, FILE *out)
{
	static const char *const tables[HOSTSET_KIND_COUNT] = {
		[HOSTSET_IPV4_ADDRESSES] = "IPv4 addresses",
		[HOSTSET_IPV4_PREFIXES] = "IPv4 prefixes",
		[HOSTSET_IPV6_ADDRESSES] = "IPv6 addresses",
		[HOSTSET_IPV6_PREFIXES] = "IPv6 prefixes",
	};
	uint32_t number = (uint32_t)instruction->imm;

	fprintf(out, "r%d = %s of set %u, %s", instruction->dst_reg,
		instruction->src_reg == BPF_PSEUDO_MAP_IDX_VALUE ? "gate" : "map",
		number / HOSTSET_MAPS, tables[number % HOSTSET_MAPS / 2]);
}

static void print_instruction(const struct bpf_insn *instruction, size_t index, FILE *out)
{
	switch (BPF_CLASS(instruction->code)) {
	case BPF_LDX:
		print_load(instruction, out);
		break;
	case BPF_STX:
		fprintf(out, "*(%s *)(r%d %+d) = r%d", load_sizes[BPF_SIZE(instruction->code) >> 3],
			instruction->dst_reg, instruction->off, instruction->src_reg);
		break;
	case BPF_ALU:
		print_operation(instruction, 'w', alu_operators, out);
		break;
	case BPF_ALU64:
		print_operation(instruction, 'r', alu_operators, out);
		break;
	case BPF_JMP:
		if (BPF_OP(instruction->code) == BPF_CALL)
			print_call(instruction, out);
		else
			print_jump(instruction, index, 'r', out);
		break;
	case BPF_JMP32:
		print_jump(instruction, index, 'w', out);
		break;
	case BPF_LD:
		print_map(instruction, out);
		break;
	default:
		fprintf(out, "code 0x%02x", instruction->code);
		break;
	}
}

void disasm_print(const struct bpf_insn *instructions, size_t count, FILE *out)
{
	for (size_t i = 0; i < count; i++) {
		fprintf(out, "%4zu: ", i);
		print_instruction(&instructions[i], i, out);
		fputc('\n', out);
		/* The second half of a load of 64 bits says nothing more. */
		i += BPF_CLASS(instructions[i].code) == BPF_LD;
	}
	fprintf(out, "%4zu: (end: r0 is the verdict)\n", count);
}
