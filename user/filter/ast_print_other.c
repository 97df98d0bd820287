/* SPDX-License-Identifier: GPL-2.0-only */
/* Prints the primitives that ask for no address and no port, with what they left unsaid. */
#include <arpa/inet.h>

#include "ast_print.h"
#include "tunnels.h"

/* IEEE 802.3, clause 3.2.6: up to here a length, and LLC behind it */
#define MAXIMUM_LENGTH 1500

/* Where a qualifier has a primitive look; of `proto` and the like. */
static const char *layer_name(enum filter_protocol protocol)
{
	switch (protocol) {
	case FILTER_PROTOCOL_IP:
		return "IPv4";
	case FILTER_PROTOCOL_IP6:
		return "IPv6";
	case FILTER_PROTOCOL_ISO:
		return "ISO";
	case FILTER_PROTOCOL_ISIS:
		return "IS-IS";
	default:
		return "IPv4, IPv6";
	}
}

static void print_proto(const struct ast_node *node, const char *expression, FILE *out)
{
	enum filter_protocol protocol = node->qualifiers.protocol;

	fputs(node->kind == AST_PROTO ? "proto " : "protochain ", out);
	if (node->id.kind == TOKEN_WORD)
		fprintf(out, "%.*s = ", (int)node->id.length, expression + node->id.offset);
	if (protocol == FILTER_PROTOCOL_LINK)
		fprintf(out, node->number > MAXIMUM_LENGTH ? "0x%04x (Ethernet)" : "0x%02x (LLC)",
			node->number);
	else
		fprintf(out, "%u (%s)", node->number, layer_name(protocol));
}

static void print_cast(const struct ast_node *node, FILE *out)
{
	enum filter_protocol protocol = node->qualifiers.protocol;
	bool is_network = protocol == FILTER_PROTOCOL_IP || protocol == FILTER_PROTOCOL_IP6;
	const struct in_addr mask = { .s_addr = node->mask_be };
	char text[INET_ADDRSTRLEN];

	fputs(node->kind == AST_BROADCAST ? "broadcast" : "multicast", out);
	fprintf(out, " (%s", is_network ? layer_name(protocol) : "Ethernet");
	if (node->mask_be && inet_ntop(AF_INET, &mask, text, sizeof(text)))
		fprintf(out, ", mask %s", text);
	fputc(')', out);
}

static void print_tunnel(const struct ast_node *node, FILE *out)
{
	fputs(tunnel_get_name(node->tunnel), out);
	if (node->id.kind == TOKEN_NUMBER)
		fprintf(out, " %u", node->id.number);
	fprintf(out, " (%s)", tunnel_get_scope(node->tunnel));
}

static void print_interface(const struct ast_node *node, const char *expression, FILE *out)
{
	fputs("ifindex ", out);
	if (node->id.kind == TOKEN_WORD)
		fprintf(out, "%.*s = ", (int)node->id.length, expression + node->id.offset);
	fprintf(out, "%u", node->number);
}

static void print_llc(const struct ast_node *node, const char *expression, FILE *out)
{
	fputs("llc", out);
	if (node->id.kind != TOKEN_END)
		fprintf(out, " %.*s", (int)node->id.length, expression + node->id.offset);
}

void ast_print_other(const struct ast_node *node, const char *expression, FILE *out)
{
	switch (node->kind) {
	case AST_PROTO:
	case AST_PROTOCHAIN:
		print_proto(node, expression, out);
		return;
	case AST_BROADCAST:
	case AST_MULTICAST:
		print_cast(node, out);
		return;
	case AST_TUNNEL:
		print_tunnel(node, out);
		return;
	case AST_LLC:
		print_llc(node, expression, out);
		return;
	case AST_DIRECTION:
		fputs(node->number == DIRECTION_INGRESS ? "inbound" : "outbound", out);
		return;
	case AST_IFINDEX:
		print_interface(node, expression, out);
		return;
	default:
		return;
	}
}
