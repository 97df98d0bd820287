/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Part of the third stage: protocols by number. What IP carries is in IPv6 what stands behind
 * the extension headers; the number of an extension header means that there is one.
 */
#include "proto.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "../base/cleanup.h"
#include "failure.h"
#include "link_layer.h"
#include "protocol.h"

/* Bytes that getprotobyname_r() may need for one protocol. */
#define PROTOENT_BYTES 1024

static const uint16_t ip_ethertypes[] = { ETHERTYPE_IP, ETHERTYPE_IPV6 };

static int64_t find_ip_protocol(const char *name)
{
	char space[PROTOENT_BYTES];
	struct protoent entry;
	struct protoent *found = NULL;

	if (getprotobyname_r(name, &entry, space, sizeof(space), &found) || !found)
		return -1;
	return found->p_proto;
}

/* The number of a name, or -1; *ret_what says in which list it was looked for. */
static int64_t find_name(enum filter_protocol protocol, const char *name, const char **ret_what)
{
	switch (protocol) {
	case FILTER_PROTOCOL_LINK:
		*ret_what = "ether proto";
		return link_layer_find_proto(name);
	case FILTER_PROTOCOL_ISO:
		*ret_what = "osi proto";
		return link_layer_find_iso(name);
	case FILTER_PROTOCOL_ISIS:
		*ret_what = "isis proto";
		return -1;
	default:
		*ret_what = "ip proto";
		return find_ip_protocol(name);
	}
}

static int read_name(struct resolver *resolver, struct ast_node *primitive)
{
	const struct token *id = &primitive->id;
	_cleanup_free_ char *name = strndup(resolver->expression + id->offset, id->length);
	const char *what;
	int64_t number;

	if (!name)
		return -ENOMEM;
	number = find_name(primitive->qualifiers.protocol, name, &what);
	if (number < 0)
		return failure_set(resolver->reterr, id->offset, id->length, "unknown %s '%.80s'",
				   what, name);
	primitive->number = (uint32_t)number;
	return 0;
}

static int read_number(struct resolver *resolver, struct ast_node *primitive)
{
	switch (primitive->id.kind) {
	case TOKEN_NUMBER:
		primitive->number = primitive->id.number;
		return 0;
	case TOKEN_WORD:
		return read_name(resolver, primitive);
	case TOKEN_FILE:
		return meaning_fail(
			resolver, primitive,
			"only addresses can be in a file, behind 'host in' or 'net in'");
	case TOKEN_MAC:
		return meaning_fail(resolver, primitive,
				    "ethernet address used in non-ether expression");
	default:
		return meaning_fail(resolver, primitive,
				    "'proto' takes a number or a name, no address");
	}
}

static bool is_ipv6_extension(uint32_t number)
{
	switch (number) {
	case IPPROTO_HOPOPTS:
	case IPPROTO_ROUTING:
	case IPPROTO_FRAGMENT:
	case IPPROTO_DSTOPTS:
	case IPPROTO_MH:
	case 139: /* HIP, RFC 7401 */
	case 140: /* Shim6, RFC 5533 */
		return true;
	}
	return false;
}

static int add_chain(struct resolver *resolver, uint32_t number, struct ast_node **tree)
{
	struct ast_node *chain;
	int error = ast_add_node(resolver->ast, AST_CHAIN, &chain);

	if (error)
		return error;
	chain->ip_protocol = (uint8_t)number;
	return ast_join(resolver->ast, AST_AND, *tree, chain, tree);
}

/* One version of IP with this protocol. */
static int match_version(struct resolver *resolver, uint16_t ethertype, uint32_t number,
			 struct ast_node **ret_tree)
{
	int error;

	*ret_tree = NULL;
	error = meaning_add_ethertypes(resolver, &ethertype, 1, ret_tree);
	if (error)
		return error;
	if (ethertype == ETHERTYPE_IPV6 && is_ipv6_extension(number))
		return add_chain(resolver, number, ret_tree);
	return meaning_add_ip_protocol(resolver, number, ret_tree);
}

static int resolve_both_versions(struct resolver *resolver, struct ast_node *primitive)
{
	struct ast_node *ipv6;
	int error;

	if (!is_ipv6_extension(primitive->number))
		return meaning_add_ip_protocol(resolver, primitive->number, &primitive->meaning);
	error = match_version(resolver, ETHERTYPE_IP, primitive->number, &primitive->meaning);
	if (!error)
		error = match_version(resolver, ETHERTYPE_IPV6, primitive->number, &ipv6);
	if (error)
		return error;
	return ast_join(resolver->ast, AST_OR, primitive->meaning, ipv6, &primitive->meaning);
}

/* A number of the layer that the qualifier names; both versions of IP without one. */
static int resolve_number(struct resolver *resolver, struct ast_node *primitive)
{
	switch (primitive->qualifiers.protocol) {
	case FILTER_PROTOCOL_LINK:
		return link_layer_resolve_proto(resolver, primitive->number, primitive);
	case FILTER_PROTOCOL_ISO:
		return link_layer_resolve_iso(resolver, primitive->number, primitive);
	case FILTER_PROTOCOL_ISIS:
		return link_layer_resolve_isis(resolver, primitive->number, primitive);
	case FILTER_PROTOCOL_IP:
		return match_version(resolver, ETHERTYPE_IP, primitive->number,
				     &primitive->meaning);
	case FILTER_PROTOCOL_IP6:
		return match_version(resolver, ETHERTYPE_IPV6, primitive->number,
				     &primitive->meaning);
	default:
		return resolve_both_versions(resolver, primitive);
	}
}

static bool takes_proto(enum filter_protocol protocol)
{
	switch (protocol) {
	case FILTER_PROTOCOL_ANY:
	case FILTER_PROTOCOL_LINK:
	case FILTER_PROTOCOL_ISO:
	case FILTER_PROTOCOL_ISIS:
	case FILTER_PROTOCOL_IP:
	case FILTER_PROTOCOL_IP6:
		return true;
	default:
		return false;
	}
}

int proto_resolve(struct resolver *resolver, struct ast_node *primitive)
{
	enum filter_protocol protocol = primitive->qualifiers.protocol;
	int error;

	if (!takes_proto(protocol))
		return failure_set(resolver->reterr, primitive->id.offset, primitive->id.length,
				   "'%s proto' is bogus: only ip, ip6, ether, iso and isis have it",
				   protocol_get_meaning(protocol)->name);
	error = read_number(resolver, primitive);
	return error ? error : resolve_number(resolver, primitive);
}

int proto_resolve_chain(struct resolver *resolver, struct ast_node *primitive)
{
	enum filter_protocol protocol = primitive->qualifiers.protocol;
	bool is_ipv6 = protocol == FILTER_PROTOCOL_IP6;
	int error;

	if (protocol != FILTER_PROTOCOL_ANY && protocol != FILTER_PROTOCOL_IP && !is_ipv6)
		return meaning_fail(resolver, primitive,
				    "bad protocol applied for 'protochain': only ip and ip6 have "
				    "it");
	error = read_number(resolver, primitive);
	if (error)
		return error;
	error = meaning_add_ethertypes(resolver, &ip_ethertypes[is_ipv6 ? 1 : 0],
				       protocol == FILTER_PROTOCOL_ANY ? 2 : 1,
				       &primitive->meaning);
	if (error)
		return error;
	/* No header has a number above 255. */
	if (primitive->number > UINT8_MAX)
		return meaning_add_ip_protocol(resolver, primitive->number, &primitive->meaning);
	return add_chain(resolver, primitive->number, &primitive->meaning);
}
