/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Third stage: names become addresses and ports, qualifiers are checked, and every primitive
 * gets its meaning: a tree of tests of fields of struct packet_summary.
 */
#include "resolve.h"

#include <errno.h>
#include <net/ethernet.h>
#include <stdlib.h>

#include "contradiction.h"
#include "failure.h"
#include "link_layer.h"
#include "mac.h"
#include "meaning.h"
#include "network.h"
#include "origin.h"
#include "proto.h"
#include "protocol.h"
#include "relation.h"
#include "service.h"
#include "sets.h"
#include "tunnels.h"

/* The fields of one side of a packet. */
struct side {
	enum filter_side side;
	uint32_t address_present;
	uint32_t port_present;
	uint8_t address_offset;
	uint8_t port_offset;
};

static const struct side sides[] = {
	{
		.side = FILTER_SIDE_SOURCE,
		.address_present = SUMMARY_SOURCE,
		.port_present = SUMMARY_SOURCE_PORT,
		.address_offset = offsetof(struct packet_summary, source),
		.port_offset = offsetof(struct packet_summary, source_port),
	},
	{
		.side = FILTER_SIDE_DESTINATION,
		.address_present = SUMMARY_DESTINATION,
		.port_present = SUMMARY_DESTINATION_PORT,
		.address_offset = offsetof(struct packet_summary, destination),
		.port_offset = offsetof(struct packet_summary, destination_port),
	},
};

/* Presence is asked for once, with the first word; words that the mask leaves out are not read. */
static int match_address(struct resolver *resolver, const struct side *side,
			 const struct ast_network *network, struct ast_node **ret_tree)
{
	size_t words = network->is_ipv6 ? 4 : 1;
	struct ast_node *tree = NULL;
	int error = 0;

	for (size_t word = 0; word < words && !error; word++) {
		uint32_t mask_be = network->mask_be[word];
		const struct ast_test test = {
			.present = word == 0 ? side->address_present : 0,
			.offset = (uint16_t)(side->address_offset + word * sizeof(uint32_t)),
			.bytes = sizeof(uint32_t),
			.mask = mask_be,
			.value_count = mask_be ? 1 : 0,
			.values = { network->address_be[word] },
		};

		if (word == 0 || mask_be)
			error = meaning_add(resolver, AST_AND, &test, &tree);
	}
	*ret_tree = tree;
	return error;
}

static int match_ports(struct resolver *resolver, const struct side *side,
		       const struct ast_node *primitive, struct ast_node **ret_tree)
{
	bool is_range = primitive->port != primitive->last_port;
	const struct ast_test test = {
		.present = side->port_present,
		.offset = side->port_offset,
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
		.is_range = is_range,
		.value_count = is_range ? 2 : 1,
		.values = { primitive->port, primitive->last_port },
	};

	*ret_tree = NULL;
	return meaning_add(resolver, AST_AND, &test, ret_tree);
}

/* The primitive on the sides that it asks for: the address of the network, or the port. */
static int match_sides(struct resolver *resolver, const struct ast_node *primitive,
		       const struct ast_network *network, struct ast_node **ret_tree)
{
	enum filter_side asked = primitive->qualifiers.side;
	enum ast_kind kind = asked == FILTER_SIDE_BOTH ? AST_AND : AST_OR;
	struct ast_node *tree = NULL;

	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		bool is_asked = asked == sides[i].side || asked == FILTER_SIDE_EITHER ||
				asked == FILTER_SIDE_BOTH;
		struct ast_node *one;
		int error;

		if (!is_asked)
			continue;
		error = network ? match_address(resolver, &sides[i], network, &one) :
				  match_ports(resolver, &sides[i], primitive, &one);
		if (!error)
			error = ast_join(resolver->ast, kind, tree, one, &tree);
		if (error)
			return error;
	}
	*ret_tree = tree;
	return 0;
}

/* Where the addresses of the network are found: EtherTypes that the qualifier allows. */
static size_t list_ethertypes(const struct protocol_meaning *protocol,
			      const struct ast_network *network,
			      uint16_t ethertypes[PROTOCOL_MAXIMUM_ETHERTYPES])
{
	size_t count = 0;

	for (size_t i = 0; i < protocol->ethertype_count; i++) {
		uint16_t ethertype = protocol->ethertypes[i];

		if ((ethertype == ETHERTYPE_IPV6) == network->is_ipv6)
			ethertypes[count++] = ethertype;
	}
	return count;
}

/* Adds one network to a primitive; one that the qualifier does not allow adds nothing. */
static int join_network(struct resolver *resolver, struct ast_node *primitive,
			const struct ast_network *network)
{
	uint16_t ethertypes[PROTOCOL_MAXIMUM_ETHERTYPES];
	size_t count = list_ethertypes(protocol_get_meaning(primitive->qualifiers.protocol),
				       network, ethertypes);
	struct ast_node *tree;
	int error;

	if (count == 0)
		return 0;
	/* The address first: it decides against most packets. */
	error = match_sides(resolver, primitive, network, &tree);
	if (!error)
		error = meaning_add_ethertypes(resolver, ethertypes, count, &tree);
	if (error)
		return error;
	return ast_join(resolver->ast, AST_OR, primitive->meaning, tree, &primitive->meaning);
}

static const char *type_name(const struct ast_node *primitive)
{
	return primitive->kind == AST_NET ? "net" : "host";
}

static int fail_no_network(struct resolver *resolver, const struct ast_node *primitive)
{
	const char *protocol = protocol_get_meaning(primitive->qualifiers.protocol)->name;
	const struct token *id = &primitive->id;

	if (id->kind == TOKEN_WORD)
		return failure_set(resolver->reterr, id->offset, id->length,
				   "%s '%.*s' has no address for '%s'", type_name(primitive),
				   (int)id->length, resolver->expression + id->offset, protocol);
	return failure_set(resolver->reterr, id->offset, id->length,
			   "'%s' modifier applied to %s %s", protocol,
			   id->kind == TOKEN_IPV6 ? "ip6" : "ip", type_name(primitive));
}

static int fail_modifier(struct resolver *resolver, const struct ast_node *primitive,
			 const struct protocol_meaning *protocol)
{
	const char *type = type_name(primitive);
	const struct token *id = &primitive->id;

	if (primitive->qualifiers.protocol == FILTER_PROTOCOL_LINK)
		return meaning_fail(resolver, primitive,
				    "Ethernet has no networks; 'ether' goes with 'host'");
	if (protocol->ip_protocol == 0)
		return failure_set(resolver->reterr, id->offset, id->length,
				   "'%s' modifier applied to %s: only ip, ip6, arp, rarp and ether "
				   "have addresses",
				   protocol->name, type);
	return failure_set(resolver->reterr, id->offset, id->length,
			   "'%s' modifier applied to %s; use '%s and %s'", protocol->name, type,
			   protocol->name, type);
}

static int check_network_qualifiers(struct resolver *resolver, const struct ast_node *primitive)
{
	const struct protocol_meaning *protocol =
		protocol_get_meaning(primitive->qualifiers.protocol);

	if (!protocol->has_addresses)
		return fail_modifier(resolver, primitive, protocol);
	if (primitive->id.kind == TOKEN_MAC)
		return meaning_fail(resolver, primitive,
				    "ethernet address used in non-ether expression; use 'ether "
				    "host'");
	return 0;
}

static int resolve_network(struct resolver *resolver, struct ast_node *primitive)
{
	int error = check_network_qualifiers(resolver, primitive);

	if (error)
		return error;
	if (primitive->id.kind == TOKEN_FILE)
		return sets_resolve_file(resolver->expression, resolver->ast, primitive,
					 resolver->reterr);
	if (primitive->id.kind == TOKEN_WORD) {
		error = network_look_up(resolver->expression, primitive, resolver->reterr);
	} else {
		primitive->networks = calloc(1, sizeof(*primitive->networks));
		if (!primitive->networks)
			return -ENOMEM;
		primitive->network_count = 1;
		error = network_read(resolver->expression, primitive, &primitive->networks[0],
				     resolver->reterr);
	}
	for (size_t i = 0; !error && i < primitive->network_count; i++)
		error = join_network(resolver, primitive, &primitive->networks[i]);
	if (error)
		return error;
	return primitive->meaning ? 0 : fail_no_network(resolver, primitive);
}

static int check_port_qualifiers(struct resolver *resolver, const struct ast_node *primitive)
{
	const struct token *id = &primitive->id;
	const char *type = primitive->qualifiers.type == FILTER_TYPE_PORT ? "port" : "portrange";

	switch (id->kind) {
	case TOKEN_MAC:
		return meaning_fail(resolver, primitive,
				    "ethernet address used in non-ether expression");
	case TOKEN_FILE:
		return meaning_fail(
			resolver, primitive,
			"only addresses can be in a file, behind 'host in' or 'net in'");
	case TOKEN_IPV4:
	case TOKEN_IPV6:
		return failure_set(resolver->reterr, id->offset, id->length,
				   "'%s' modifier applied to %s host", type,
				   id->kind == TOKEN_IPV4 ? "ip" : "ip6");
	default:
		break;
	}
	if (!protocol_get_meaning(primitive->qualifiers.protocol)->has_ports)
		return failure_set(resolver->reterr, id->offset, id->length,
				   "illegal qualifier of '%s': only tcp, udp and sctp have ports",
				   type);
	return 0;
}

/* Only TCP, UDP and SCTP packets have ports in their summary. */
static int resolve_port(struct resolver *resolver, struct ast_node *primitive)
{
	uint8_t ip_protocol;
	int error = check_port_qualifiers(resolver, primitive);

	if (error)
		return error;
	error = service_resolve(resolver->expression, primitive, resolver->reterr);
	if (error)
		return error;
	error = match_sides(resolver, primitive, NULL, &primitive->meaning);
	ip_protocol = protocol_get_meaning(primitive->transport)->ip_protocol;
	if (error || ip_protocol == 0)
		return error;
	return meaning_add_ip_protocol(resolver, ip_protocol, &primitive->meaning);
}

static int resolve_protocol(struct resolver *resolver, struct ast_node *primitive)
{
	const struct protocol_meaning *protocol =
		protocol_get_meaning(primitive->qualifiers.protocol);
	int error = 0;

	if (primitive->qualifiers.protocol == FILTER_PROTOCOL_LINK)
		return failure_set(resolver->reterr, primitive->id.offset, primitive->id.length,
				   "'%.*s' by itself matches nothing in particular; 'host', "
				   "'proto', 'broadcast' or 'multicast' follows it",
				   (int)primitive->id.length,
				   resolver->expression + primitive->id.offset);
	if (protocol->is_of_link_layer)
		return link_layer_resolve_word(resolver, primitive);
	if (protocol->ethertype_count > 0)
		error = meaning_add_ethertypes(resolver, protocol->ethertypes,
					       protocol->ethertype_count, &primitive->meaning);
	if (error || protocol->ip_protocol == 0)
		return error;
	return meaning_add_ip_protocol(resolver, protocol->ip_protocol, &primitive->meaning);
}

static int resolve_node(struct resolver *resolver, struct ast_node *node)
{
	int error = 0;

	switch (node->kind) {
	case AST_HOST:
		if (node->qualifiers.protocol == FILTER_PROTOCOL_LINK)
			return mac_resolve_host(resolver, node);
		return resolve_network(resolver, node);
	case AST_NET:
		return resolve_network(resolver, node);
	case AST_PORT:
		return resolve_port(resolver, node);
	case AST_PROTOCOL:
		return resolve_protocol(resolver, node);
	case AST_RELATION:
		return relation_resolve(resolver, node);
	case AST_PROTO:
		return proto_resolve(resolver, node);
	case AST_PROTOCHAIN:
		return proto_resolve_chain(resolver, node);
	case AST_BROADCAST:
		return mac_resolve_broadcast(resolver, node);
	case AST_MULTICAST:
		return mac_resolve_multicast(resolver, node);
	case AST_TUNNEL:
		return tunnel_resolve(resolver, node);
	case AST_LLC:
		return link_layer_resolve_llc(resolver, node);
	case AST_DIRECTION:
		return origin_resolve_direction(resolver, node);
	case AST_IFINDEX:
		return origin_resolve_interface(resolver, node);
	default:
		break;
	}
	for (struct ast_node *child = node->first_child; child && !error; child = child->next)
		error = resolve_node(resolver, child);
	return error;
}

int resolve_tree(const char *expression, const struct filter_options *options, struct ast *ast,
		 struct filter_error *reterr)
{
	struct resolver resolver = {
		.expression = expression,
		.options = options,
		.ast = ast,
		.reterr = reterr,
	};
	int error = ast->root ? resolve_node(&resolver, ast->root) : 0;

	if (!error)
		error = contradiction_check(expression, ast, reterr);
	return error ? error : sets_join_chains(ast);
}
