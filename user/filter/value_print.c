/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints comparisons of values, with all that precedence left unsaid. */
#include "value_print.h"

#include <linux/bpf.h>

#include "byte_access.h"

static const char *const operations[16] = {
	[BPF_ADD >> 4] = "+", [BPF_SUB >> 4] = "-", [BPF_MUL >> 4] = "*",  [BPF_DIV >> 4] = "/",
	[BPF_OR >> 4] = "|",  [BPF_AND >> 4] = "&", [BPF_LSH >> 4] = "<<", [BPF_RSH >> 4] = ">>",
	[BPF_MOD >> 4] = "%", [BPF_XOR >> 4] = "^",
};

static const char *const comparisons[16] = {
	[BPF_JEQ >> 4] = "=",  [BPF_JNE >> 4] = "!=", [BPF_JLT >> 4] = "<",
	[BPF_JLE >> 4] = "<=", [BPF_JGT >> 4] = ">",  [BPF_JGE >> 4] = ">=",
};

static void print_value(const struct ast_value *value, FILE *out)
{
	switch (value->kind) {
	case AST_VALUE_NUMBER:
		fprintf(out, "%u", value->number);
		break;
	case AST_VALUE_LENGTH:
		fputs("len", out);
		break;
	case AST_VALUE_LOAD:
		fprintf(out, "%s[", value->access->name);
		print_value(value->left, out);
		fprintf(out, ":%u]", value->bytes);
		break;
	case AST_VALUE_NEGATION:
		fputc('-', out);
		print_value(value->left, out);
		break;
	case AST_VALUE_OPERATION:
		fputc('(', out);
		print_value(value->left, out);
		fprintf(out, " %s ", operations[value->operation >> 4]);
		print_value(value->right, out);
		fputc(')', out);
		break;
	}
}

void value_print_relation(const struct ast_node *relation, FILE *out)
{
	print_value(relation->left, out);
	fprintf(out, " %s ", comparisons[relation->comparison >> 4]);
	print_value(relation->right, out);
}
