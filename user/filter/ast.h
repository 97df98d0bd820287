/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an expression says, as a tree: "and", "or" and "not" over primitives. The parser
 * makes the primitives as they were written; resolve.c adds to each what it means, a tree of
 * the same nodes with tests of single fields as leaves, from which codegen.c makes code.
 */
#pragma once

#include <net/ethernet.h>

#include "hostset.h"
#include "lexer.h"

/* Levels of a tree that the parser lets "and" and "or" make: walks of it are recursive. */
#define AST_MAXIMUM_DEPTH 1000

/* Values that one test compares with. */
#define AST_MAXIMUM_VALUES 4

enum ast_kind {
	AST_AND,      /* all children */
	AST_OR,       /* some child */
	AST_NOT,      /* one child */
	AST_PROTOCOL, /* primitives */
	AST_HOST,
	AST_NET,
	AST_PORT, /* or a range of them */
	AST_PROTO,
	AST_PROTOCHAIN,
	AST_BROADCAST,
	AST_MULTICAST,
	AST_TUNNEL,
	AST_LLC,
	AST_DIRECTION,
	AST_IFINDEX,  /* also of an interface that is named */
	AST_RELATION, /* two values compared */
	AST_SET,      /* any of its children, hosts and networks, by one lookup */
	AST_TEST,     /* only in what a primitive means: */
	AST_MEMBER,
	AST_COMPARISON,
	AST_CHAIN,
};

/* The qualifiers that stand before an id, or that it inherits. */
struct ast_qualifiers {
	enum filter_protocol protocol;
	enum filter_side side;
	enum filter_type type; /* FILTER_TYPE_NONE: there are none */
};

/* An address or a network, in network byte order; IPv4 in the first word. */
struct ast_network {
	bool is_ipv6;
	uint32_t address_be[4];
	uint32_t mask_be[4];
};

/* From where the offset of a field counts. */
enum ast_base {
	AST_BASE_SUMMARY,   /* struct packet_summary */
	AST_BASE_FRAME,     /* the frame as on the wire */
	AST_BASE_LINK,      /* packet_summary.link_offset */
	AST_BASE_NETWORK,   /* packet_summary.network_offset */
	AST_BASE_TRANSPORT, /* packet_summary.transport_offset */
};

/*
 * The field is present, and masked it is one of the values, or in the range of two. Values
 * and mask are what a load of the field from a struct packet_summary gives, or the number
 * that the bytes of the packet are, most significant first. Without values presence is
 * enough. A field that is behind the end of the packet is none of the values.
 */
struct ast_test {
	uint32_t present; /* enum summary_field; 0: not asked */
	enum ast_base base;
	uint16_t offset;
	uint8_t bytes; /* 1, 2 or 4 */
	uint8_t value_count;
	bool is_range; /* values[0] to values[1], both included */
	uint32_t mask;
	uint32_t values[AST_MAXIMUM_VALUES];
};

enum ast_value_kind {
	AST_VALUE_NUMBER,
	AST_VALUE_LENGTH,   /* packet_summary.wire_bytes */
	AST_VALUE_LOAD,     /* of bytes of the packet */
	AST_VALUE_NEGATION, /* 0 - left */
	AST_VALUE_OPERATION,
};

/* Arithmetic: all of it unsigned, with 32 bits. */
struct ast_value {
	enum ast_value_kind kind;
	uint32_t number;   /* AST_VALUE_NUMBER */
	uint8_t operation; /* AST_VALUE_OPERATION: BPF_ADD, BPF_SUB, ... */
	uint8_t bytes;     /* AST_VALUE_LOAD: 1, 2 or 4 */
	bool is_required;  /* AST_VALUE_LOAD: only packets with its header are compared */
	uint8_t words;     /* of the stack that code for it needs; see value_code.c */
	unsigned int depth;
	const struct byte_access *access; /* AST_VALUE_LOAD: of what */
	struct ast_value *left;           /* AST_VALUE_LOAD: the offset from the base */
	struct ast_value *right;          /* AST_VALUE_OPERATION */
	struct ast_value *allocated;      /* the next in struct ast */
};

/* The address at the offset is present, and in a set of the tree. */
struct ast_member {
	const struct hostset *set;
	size_t number; /* of the set */
	bool is_ipv6;
	uint32_t present; /* enum summary_field */
	uint8_t offset;   /* in struct packet_summary */
};

/* A number or the length: what code has without a call. */
static inline bool ast_value_is_plain(const struct ast_value *value)
{
	return value->kind == AST_VALUE_NUMBER || value->kind == AST_VALUE_LENGTH;
}

struct ast_node {
	enum ast_kind kind;
	unsigned int depth;
	struct ast_node *first_child;
	struct ast_node *last_child;
	struct ast_node *next;      /* the next child of the same parent */
	struct ast_node *allocated; /* the next in struct ast */

	/* a primitive as written */
	struct ast_qualifiers qualifiers;
	struct token id;     /* TOKEN_END: AST_TUNNEL, AST_LLC have none */
	struct token prefix; /* TOKEN_NUMBER behind "/", else TOKEN_END */
	struct token mask;   /* TOKEN_IPV4 behind "mask", else TOKEN_END */

	/* a primitive as resolved */
	struct ast_node *meaning;
	struct ast_network *networks; /* AST_HOST, AST_NET */
	size_t network_count;
	const struct hostset *set;      /* AST_HOST, AST_NET: that of a TOKEN_FILE */
	uint16_t port;                  /* AST_PORT: the first of a range, or the only one */
	uint16_t last_port;             /* AST_PORT */
	enum filter_protocol transport; /* AST_PORT: ANY is TCP, UDP and SCTP */
	struct ether_addr mac;          /* AST_HOST of FILTER_PROTOCOL_LINK */
	enum filter_tunnel tunnel;      /* AST_TUNNEL */
	/* AST_PROTO, AST_PROTOCHAIN: the protocol; AST_DIRECTION; AST_IFINDEX */
	uint32_t number;
	uint32_t
		mask_be; /* AST_BROADCAST of IPv4: bits of the network; 0: all bits are the host's */

	struct ast_test test;     /* AST_TEST */
	struct ast_member member; /* AST_MEMBER */

	/* AST_RELATION, AST_COMPARISON: left and right, compared by BPF_JEQ, BPF_JNE, BPF_JGT, ... */
	uint8_t comparison;
	struct ast_value *left;
	struct ast_value *right;

	uint8_t ip_protocol; /* AST_CHAIN: see FILTER_CALL_CHAIN; IPv4 or IPv6 is asked before */
};

/* Owns its sets and every node, also those that an error left outside of the tree. */
struct ast {
	struct ast_node *root; /* NULL: every packet */
	struct ast_node *nodes;
	struct ast_value *values;
	struct hostset **sets;
	size_t set_count;
};

/* A node of the tree, or -ENOMEM. */
int ast_add_node(struct ast *ast, enum ast_kind kind, struct ast_node **ret_node);

/* A value of the tree, or -ENOMEM. */
int ast_add_value(struct ast *ast, enum ast_value_kind kind, struct ast_value **ret_value);

/* Gives an operation what it works on; the right one is NULL where there is one operand. */
void ast_set_operands(struct ast_value *value, struct ast_value *left, struct ast_value *right);

/* Makes child the last one of parent. */
void ast_add_child(struct ast_node *parent, struct ast_node *child);

/*
 * Joins two trees by AST_AND or AST_OR; a left one of the same kind takes the right one as
 * a further child. A left or right one that is NULL leaves the other one alone. -ENOMEM.
 */
int ast_join(struct ast *ast, enum ast_kind kind, struct ast_node *left, struct ast_node *right,
	     struct ast_node **ret_node);

/* The negation of a tree; -ENOMEM. */
int ast_negate(struct ast *ast, struct ast_node *child, struct ast_node **ret_node);

void ast_free(struct ast *ast);

/* Prints the tree with the qualifiers filled in; the tokens are places in the expression. */
void ast_print(const struct ast *ast, const char *expression, FILE *out);
