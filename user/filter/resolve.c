/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Third stage: names become addresses and ports, qualifiers are checked, and every primitive
 * gets its meaning: a tree of tests of fields of struct packet_summary.
 */
#include "resolve.h"

#include <errno.h>
#include <net/ethernet.h>
#include <stdlib.h>

#include "failure.h"
#include "network.h"
#include "protocol.h"
#include "relation.h"
#include "service.h"
#include "sets.h"

/* IEEE 802.1Q, clause 9.6: 12 bits */
#define MAXIMUM_VLAN_ID 4095

_Static_assert(MAXIMUM_VLAN_TAGS <= AST_MAXIMUM_VALUES, "their counts are values of one test");

struct resolver {
	const char *expression;
	struct ast *ast;
	struct filter_error *reterr;
};

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

/* Adds a test to what *tree, NULL at first, already says. */
static int join_test(struct resolver *resolver, enum ast_kind kind, const struct ast_test *test,
		     struct ast_node **tree)
{
	struct ast_node *node;
	int error = ast_add_node(resolver->ast, AST_TEST, &node);

	if (error)
		return error;
	node->test = *test;
	return ast_join(resolver->ast, kind, *tree, node, tree);
}

/* The last of the headers before the network layer is one of those that the test lists. */
static int join_ethertypes(struct resolver *resolver, struct ast_test *test, struct ast_node **tree)
{
	test->present = SUMMARY_ETHERTYPE;
	test->offset = offsetof(struct packet_summary, ethertype);
	test->bytes = sizeof(uint16_t);
	test->mask = UINT16_MAX;
	return join_test(resolver, AST_AND, test, tree);
}

static int join_ip_protocol(struct resolver *resolver, uint8_t ip_protocol, struct ast_node **tree)
{
	const struct ast_test test = {
		.present = SUMMARY_PROTOCOL,
		.offset = offsetof(struct packet_summary, ip_protocol),
		.bytes = sizeof(uint8_t),
		.mask = UINT8_MAX,
		.value_count = 1,
		.values = { ip_protocol },
	};

	return join_test(resolver, AST_AND, &test, tree);
}

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
			error = join_test(resolver, AST_AND, &test, &tree);
	}
	*ret_tree = tree;
	return error;
}

static int match_port(struct resolver *resolver, const struct side *side, uint16_t port,
		      struct ast_node **ret_tree)
{
	const struct ast_test test = {
		.present = side->port_present,
		.offset = side->port_offset,
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
		.value_count = 1,
		.values = { port },
	};

	*ret_tree = NULL;
	return join_test(resolver, AST_AND, &test, ret_tree);
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
				  match_port(resolver, &sides[i], primitive->port, &one);
		if (!error)
			error = ast_join(resolver->ast, kind, tree, one, &tree);
		if (error)
			return error;
	}
	*ret_tree = tree;
	return 0;
}

/* Where the addresses of the network are found: EtherTypes that the qualifier allows. */
static void list_ethertypes(const struct protocol_meaning *protocol,
			    const struct ast_network *network, struct ast_test *test)
{
	for (size_t i = 0; i < protocol->ethertype_count; i++) {
		uint16_t ethertype = protocol->ethertypes[i];

		if ((ethertype == ETHERTYPE_IPV6) == network->is_ipv6)
			test->values[test->value_count++] = ethertype;
	}
}

/* Adds one network to a primitive; one that the qualifier does not allow adds nothing. */
static int join_network(struct resolver *resolver, struct ast_node *primitive,
			const struct ast_network *network)
{
	struct ast_test ethertypes = { 0 };
	struct ast_node *tree;
	int error;

	list_ethertypes(protocol_get_meaning(primitive->qualifiers.protocol), network, &ethertypes);
	if (ethertypes.value_count == 0)
		return 0;
	/* The address first: it decides against most packets. */
	error = match_sides(resolver, primitive, network, &tree);
	if (!error)
		error = join_ethertypes(resolver, &ethertypes, &tree);
	if (error)
		return error;
	return ast_join(resolver->ast, AST_OR, primitive->meaning, tree, &primitive->meaning);
}

static const char *type_name(const struct ast_node *primitive)
{
	return primitive->kind == AST_NET ? "net" : "host";
}

static int fail_id(struct resolver *resolver, const struct ast_node *primitive, const char *reason)
{
	return failure_set(resolver->reterr, primitive->id.offset, primitive->id.length, "%s",
			   reason);
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

/* A protocol that IP carries has no addresses of its own. */
static int check_network_qualifiers(struct resolver *resolver, const struct ast_node *primitive)
{
	const struct protocol_meaning *protocol =
		protocol_get_meaning(primitive->qualifiers.protocol);

	if (primitive->id.kind == TOKEN_MAC)
		return fail_id(resolver, primitive,
			       "ethernet address used in non-ether expression");
	if (protocol->ip_protocol != 0)
		return failure_set(resolver->reterr, primitive->id.offset, primitive->id.length,
				   "'%s' modifier applied to %s; use '%s and %s'", protocol->name,
				   type_name(primitive), protocol->name, type_name(primitive));
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
	switch (primitive->id.kind) {
	case TOKEN_MAC:
		return fail_id(resolver, primitive,
			       "ethernet address used in non-ether expression");
	case TOKEN_FILE:
		return fail_id(resolver, primitive,
			       "only addresses can be in a file, behind 'host in' or 'net in'");
	case TOKEN_IPV4:
		return fail_id(resolver, primitive, "'port' modifier applied to ip host");
	case TOKEN_IPV6:
		return fail_id(resolver, primitive, "'port' modifier applied to ip6 host");
	default:
		break;
	}
	if (!protocol_get_meaning(primitive->qualifiers.protocol)->has_ports)
		return fail_id(resolver, primitive,
			       "illegal qualifier of 'port': only tcp, udp and sctp have ports");
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
	return join_ip_protocol(resolver, ip_protocol, &primitive->meaning);
}

static int resolve_protocol(struct resolver *resolver, struct ast_node *primitive)
{
	const struct protocol_meaning *protocol =
		protocol_get_meaning(primitive->qualifiers.protocol);
	struct ast_test ethertypes = { .value_count = protocol->ethertype_count };
	int error = 0;

	for (size_t i = 0; i < protocol->ethertype_count; i++)
		ethertypes.values[i] = protocol->ethertypes[i];
	if (protocol->ethertype_count > 0)
		error = join_ethertypes(resolver, &ethertypes, &primitive->meaning);
	if (error || protocol->ip_protocol == 0)
		return error;
	return join_ip_protocol(resolver, protocol->ip_protocol, &primitive->meaning);
}

/* The frame has so many tags, or more. */
static int join_tag_count(struct resolver *resolver, size_t least, struct ast_node **tree)
{
	struct ast_test test = {
		.offset = offsetof(struct packet_summary, vlan_count),
		.bytes = sizeof(uint8_t),
		.mask = UINT8_MAX,
	};

	for (size_t count = least; count <= MAXIMUM_VLAN_TAGS; count++)
		test.values[test.value_count++] = (uint32_t)count;
	return join_test(resolver, AST_AND, &test, tree);
}

/* The tag at one place, outermost first. The id of one that is not there is 0. */
static int match_tag(struct resolver *resolver, size_t place, uint32_t id,
		     struct ast_node **ret_tree)
{
	const struct ast_test test = {
		.offset = (uint16_t)(offsetof(struct packet_summary, vlan_id) +
				     place * sizeof(uint16_t)),
		.bytes = sizeof(uint16_t),
		.mask = UINT16_MAX,
		.value_count = 1,
		.values = { id },
	};
	int error;

	*ret_tree = NULL;
	error = join_test(resolver, AST_AND, &test, ret_tree);
	if (error || id != 0)
		return error;
	return join_tag_count(resolver, place + 1, ret_tree);
}

/* Some tag, of any of those in a frame; what follows in the expression is not shifted. */
static int resolve_vlan(struct resolver *resolver, struct ast_node *primitive)
{
	const struct token *id = &primitive->id;
	struct ast_node *tag;
	int error = 0;

	if (id->kind == TOKEN_END)
		return join_tag_count(resolver, 1, &primitive->meaning);
	if (id->number > MAXIMUM_VLAN_ID)
		return failure_set(resolver->reterr, id->offset, id->length,
				   "VLAN tag %u greater than maximum %d", id->number,
				   MAXIMUM_VLAN_ID);
	for (size_t place = 0; place < MAXIMUM_VLAN_TAGS && !error; place++) {
		error = match_tag(resolver, place, id->number, &tag);
		if (!error)
			error = ast_join(resolver->ast, AST_OR, primitive->meaning, tag,
					 &primitive->meaning);
	}
	return error;
}

static int resolve_node(struct resolver *resolver, struct ast_node *node)
{
	int error = 0;

	switch (node->kind) {
	case AST_HOST:
	case AST_NET:
		return resolve_network(resolver, node);
	case AST_PORT:
		return resolve_port(resolver, node);
	case AST_PROTOCOL:
		return resolve_protocol(resolver, node);
	case AST_VLAN:
		return resolve_vlan(resolver, node);
	case AST_RELATION:
		return relation_resolve(resolver->ast, node);
	default:
		break;
	}
	for (struct ast_node *child = node->first_child; child && !error; child = child->next)
		error = resolve_node(resolver, child);
	return error;
}

int resolve_tree(const char *expression, struct ast *ast, struct filter_error *reterr)
{
	struct resolver resolver = { .expression = expression, .ast = ast, .reterr = reterr };

	int error = ast->root ? resolve_node(&resolver, ast->root) : 0;

	return error ? error : sets_join_chains(ast);
}
