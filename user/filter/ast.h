/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an expression says, as a tree: "and", "or" and "not" over primitives. The parser
 * makes the primitives as they were written; resolve.c adds to each what it means, a tree of
 * the same nodes with tests of single fields as leaves, from which codegen.c makes code.
 */
#pragma once

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
	AST_PORT,
	AST_VLAN,
	AST_TEST, /* only in what a primitive means */
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

/*
 * The field is present, and masked it is one of the values. Values and mask are what a load
 * of the field from a struct packet_summary gives; without values presence is enough.
 */
struct ast_test {
	uint32_t present; /* enum summary_field; 0: not asked */
	uint8_t offset;   /* in struct packet_summary */
	uint8_t bytes;    /* 1, 2 or 4 */
	uint8_t value_count;
	uint32_t mask;
	uint32_t values[AST_MAXIMUM_VALUES];
};

struct ast_node {
	enum ast_kind kind;
	unsigned int depth;
	struct ast_node *first_child;
	struct ast_node *last_child;
	struct ast_node *next;      /* the next child of the same parent */
	struct ast_node *allocated; /* the next in struct ast */

	/* a primitive as written */
	struct ast_qualifiers qualifiers;
	struct token id;     /* TOKEN_END: AST_VLAN has none */
	struct token prefix; /* TOKEN_NUMBER behind "/", else TOKEN_END */
	struct token mask;   /* TOKEN_IPV4 behind "mask", else TOKEN_END */

	/* a primitive as resolved */
	struct ast_node *meaning;
	struct ast_network *networks; /* AST_HOST, AST_NET */
	size_t network_count;
	uint16_t port;                  /* AST_PORT */
	enum filter_protocol transport; /* AST_PORT: ANY is TCP, UDP and SCTP */

	struct ast_test test; /* AST_TEST */
};

/* Owns every node, also those that an error left outside of the tree. */
struct ast {
	struct ast_node *root; /* NULL: every packet */
	struct ast_node *nodes;
};

/* A node of the tree, or -ENOMEM. */
int ast_add_node(struct ast *ast, enum ast_kind kind, struct ast_node **ret_node);

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
