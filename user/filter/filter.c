/* SPDX-License-Identifier: GPL-2.0-only */
/* The filter language for the rest of the program: the stages one after the other. */
#include "filter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../base/cleanup.h"
#include "byte_access.h"
#include "codegen.h"
#include "disasm.h"
#include "emit.h"
#include "failure.h"
#include "parser.h"
#include "resolve.h"
#include "vm.h"

/* IEEE 802.3, clause 3.1: behind both addresses is the EtherType, or a tag */
#define ETHERNET_ADDRESSES_BYTES 12

struct filter {
	char *expression; /* the tokens of the tree are places in it */
	struct filter_options options;
	struct ast ast;
	struct bpf_insn *instructions;
	size_t count;
};

static void cleanup_filter(struct filter **filter)
{
	filter_free(*filter);
}

static int make_instructions(struct filter *filter, struct filter_error *reterr)
{
	int error = codegen_make(&filter->ast, &filter->instructions, &filter->count);

	if (error != -E2BIG)
		return error;
	return failure_set(reterr, 0, strlen(filter->expression),
			   "the expression is too long: it needs more than %d instructions",
			   EMIT_MAXIMUM_INSTRUCTIONS);
}

int filter_compile(const char *expression, struct filter **ret_filter, struct filter_error *reterr)
{
	const struct filter_options options = { 0 };

	return filter_compile_for(expression, &options, ret_filter, reterr);
}

int filter_compile_for(const char *expression, const struct filter_options *options,
		       struct filter **ret_filter, struct filter_error *reterr)
{
	CLEANUP(cleanup_filter) struct filter *filter = calloc(1, sizeof(*filter));
	int error;

	if (!filter)
		return -ENOMEM;
	filter->options = *options;
	filter->expression = strdup(expression);
	if (!filter->expression)
		return -ENOMEM;
	error = parser_parse(filter->expression, &filter->ast, reterr);
	if (!error)
		error = resolve_tree(filter->expression, options, &filter->ast, reterr);
	if (!error)
		error = make_instructions(filter, reterr);
	if (error)
		return error;
	*ret_filter = TAKE(filter);
	return 0;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	ast_free(&filter->ast);
	free(filter->instructions);
	free(filter->expression);
	free(filter);
}

struct filter_options filter_get_options(const struct filter *filter)
{
	return filter->options;
}

const struct bpf_insn *filter_instructions(const struct filter *filter, size_t *ret_count)
{
	*ret_count = filter->count;
	return filter->instructions;
}

const struct hostset *const *filter_sets(const struct filter *filter, size_t *ret_count)
{
	*ret_count = filter->ast.set_count;
	return (const struct hostset *const *)filter->ast.sets;
}

/* Whether it reads the frame where it can have tags, or behind them. */
static bool is_behind_addresses(const struct ast_value *value)
{
	return value->kind == AST_VALUE_LOAD && value->access->base == AST_BASE_FRAME &&
	       (value->left->kind != AST_VALUE_NUMBER ||
		(uint64_t)value->left->number + value->bytes > ETHERNET_ADDRESSES_BYTES);
}

bool filter_uses_vlan(const struct filter *filter)
{
	for (const struct ast_node *node = filter->ast.nodes; node; node = node->allocated)
		if ((node->kind == AST_TUNNEL && node->tunnel == FILTER_TUNNEL_VLAN) ||
		    (node->kind == AST_TEST && node->test.base == AST_BASE_FRAME &&
		     node->test.offset + node->test.bytes > 2 * ETH_ALEN))
			return true;
	for (const struct ast_value *value = filter->ast.values; value; value = value->allocated)
		if (is_behind_addresses(value))
			return true;
	return false;
}

bool filter_uses_ports(const struct filter *filter)
{
	const uint32_t ports = SUMMARY_SOURCE_PORT | SUMMARY_DESTINATION_PORT;

	for (const struct ast_node *node = filter->ast.nodes; node; node = node->allocated)
		if (node->kind == AST_TEST && node->test.present & ports)
			return true;
	return false;
}

bool filter_run(const struct filter *filter, const struct offline_packet *packet)
{
	const struct vm_program program = {
		.instructions = filter->instructions,
		.count = filter->count,
		.sets = (const struct hostset *const *)filter->ast.sets,
		.set_count = filter->ast.set_count,
	};

	return vm_run(&program, packet);
}

void filter_print_tree(const struct filter *filter, FILE *out)
{
	ast_print(&filter->ast, filter->expression, out);
}

void filter_print_instructions(const struct filter *filter, FILE *out)
{
	disasm_print(filter->instructions, filter->count, out);
}
