/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints how an expression was understood: its tree, with what the primitives left unsaid. */
#include <net/ethernet.h>
#include <string.h>

#include "ast_print.h"
#include "network.h"
#include "protocol.h"
#include "value_print.h"

#define INDENT 2

static const char *const side_names[FILTER_SIDE_COUNT] = {
	[FILTER_SIDE_EITHER] = "src or dst",
	[FILTER_SIDE_SOURCE] = "src",
	[FILTER_SIDE_DESTINATION] = "dst",
	[FILTER_SIDE_BOTH] = "src and dst",
};

/* " (IPv4, ARP)": the headers in which a primitive looks for an address. */
static void print_ethertypes(const struct protocol_meaning *protocol, bool ipv4, bool ipv6,
			     FILE *out)
{
	const char *separator = " (";

	for (size_t i = 0; i < protocol->ethertype_count; i++) {
		const char *name = protocol_get_ethertype_name(protocol->ethertypes[i]);
		bool is_ipv6 = protocol->ethertypes[i] == ETHERTYPE_IPV6;

		if (is_ipv6 ? !ipv6 : !ipv4)
			continue;
		fprintf(out, "%s%s", separator, name);
		separator = ", ";
	}
	if (*separator == ',')
		fputc(')', out);
}

/* The file, and what was found in it. */
static void print_file(const struct ast_node *node, const char *expression, FILE *out)
{
	const struct protocol_meaning *protocol = protocol_get_meaning(node->qualifiers.protocol);

	size_t addresses = hostset_address_count(node->set);
	size_t prefixes = hostset_prefix_count(node->set);

	fprintf(out, "%s %s in '%.*s' = %zu address%s, %zu prefix%s",
		side_names[node->qualifiers.side], node->kind == AST_NET ? "net" : "host",
		(int)node->id.length, expression + node->id.offset, addresses,
		addresses == 1 ? "" : "es", prefixes, prefixes == 1 ? "" : "es");
	print_ethertypes(protocol, true, true, out);
}

/* The id as written, then what a name stands for. */
static void print_networks(const struct ast_node *node, const char *expression, FILE *out)
{
	const struct protocol_meaning *protocol = protocol_get_meaning(node->qualifiers.protocol);
	bool is_name = node->id.kind == TOKEN_WORD;

	fprintf(out, "%s %s ", side_names[node->qualifiers.side],
		node->kind == AST_NET ? "net" : "host");
	if (is_name)
		fprintf(out, "%.*s = ", (int)node->id.length, expression + node->id.offset);
	for (size_t i = 0; i < node->network_count; i++) {
		const struct ast_network *network = &node->networks[i];
		char text[NETWORK_TEXT_BYTES];

		network_format(network, text);
		fprintf(out, "%s%s", i > 0 ? ", " : "", text);
		print_ethertypes(protocol, !network->is_ipv6, network->is_ipv6, out);
	}
}

static void print_mac(const struct ast_node *node, const char *expression, FILE *out)
{
	const uint8_t *mac = node->mac.ether_addr_octet;

	fprintf(out, "%s host ", side_names[node->qualifiers.side]);
	if (node->id.kind == TOKEN_WORD)
		fprintf(out, "%.*s = ", (int)node->id.length, expression + node->id.offset);
	fprintf(out, "%02x:%02x:%02x:%02x:%02x:%02x (Ethernet)", mac[0], mac[1], mac[2], mac[3],
		mac[4], mac[5]);
}

static void print_port(const struct ast_node *node, const char *expression, FILE *out)
{
	static const char *const transports[FILTER_PROTOCOL_COUNT] = {
		[FILTER_PROTOCOL_ANY] = "TCP, UDP, SCTP",
		[FILTER_PROTOCOL_TCP] = "TCP",
		[FILTER_PROTOCOL_UDP] = "UDP",
		[FILTER_PROTOCOL_SCTP] = "SCTP",
	};

	bool is_range = node->qualifiers.type == FILTER_TYPE_PORTRANGE;
	bool is_name = node->id.kind == TOKEN_WORD &&
		       strspn(expression + node->id.offset, "0123456789-") < node->id.length;

	fprintf(out, "%s %s ", side_names[node->qualifiers.side], is_range ? "portrange" : "port");
	if (is_name)
		fprintf(out, "%.*s = ", (int)node->id.length, expression + node->id.offset);
	fprintf(out, "%u", node->port);
	if (is_range)
		fprintf(out, "-%u", node->last_port);
	fprintf(out, " (%s)", transports[node->transport]);
}

static void print_protocol(const struct ast_node *node, FILE *out)
{
	const struct protocol_meaning *protocol = protocol_get_meaning(node->qualifiers.protocol);

	fputs(protocol->name, out);
	if (protocol->scope)
		fprintf(out, " (%s)", protocol->scope);
	else if (protocol->ethertype_count > 0)
		print_ethertypes(protocol, true, true, out);
	else
		fputs(" (IPv4, IPv6)", out);
}

static void print_node(const struct ast_node *node, const char *expression, int indent, FILE *out)
{
	fprintf(out, "%*s", indent, "");
	switch (node->kind) {
	case AST_AND:
		fputs("and", out);
		break;
	case AST_OR:
		fputs("or", out);
		break;
	case AST_NOT:
		fputs("not", out);
		break;
	case AST_HOST:
	case AST_NET:
		if (node->qualifiers.protocol == FILTER_PROTOCOL_LINK)
			print_mac(node, expression, out);
		else if (node->id.kind == TOKEN_FILE)
			print_file(node, expression, out);
		else
			print_networks(node, expression, out);
		break;
	case AST_SET:
		fputs("or, by one lookup", out);
		break;
	case AST_PORT:
		print_port(node, expression, out);
		break;
	case AST_PROTOCOL:
		print_protocol(node, out);
		break;
	case AST_RELATION:
		value_print_relation(node, out);
		break;
	default:
		ast_print_other(node, expression, out);
		break;
	}
	fputc('\n', out);
	for (const struct ast_node *child = node->first_child; child; child = child->next)
		print_node(child, expression, indent + INDENT, out);
}

void ast_print(const struct ast *ast, const char *expression, FILE *out)
{
	if (ast->root)
		print_node(ast->root, expression, 0, out);
	else
		fputs("every packet\n", out);
}
