/* SPDX-License-Identifier: GPL-2.0-only */
/* Part of the third stage: the addresses of Ethernet, and addresses for more than one. */
#include "mac.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <netinet/ether.h>
#include <stdlib.h>
#include <string.h>

#include "../base/cleanup.h"
#include "failure.h"
#include "protocol.h"

/* IEEE 802.3, clause 3.2.3: individual or group, in the first byte */
#define GROUP_BIT 0x01

static unsigned int digit_value(char digit)
{
	return (unsigned int)(isdigit((unsigned char)digit) ? digit - '0' :
							      (digit | 0x20) - 'a' + 10);
}

/*
 * The digits of a TOKEN_MAC: groups of one or two of them, or of up to twelve without a
 * separator, of which each two are a byte.
 */
static struct ether_addr read_mac(const char *text, size_t length)
{
	struct ether_addr mac = { { 0 } };
	size_t bytes = 0;
	size_t at = 0;

	while (at < length && bytes < ETH_ALEN) {
		unsigned int value = digit_value(text[at++]);

		if (at < length && isxdigit((unsigned char)text[at]))
			value = value << 4 | digit_value(text[at++]);
		mac.ether_addr_octet[bytes++] = (uint8_t)value;
		if (at < length && !isxdigit((unsigned char)text[at]))
			at++;
	}
	return mac;
}

static int look_up_mac(struct resolver *resolver, struct ast_node *primitive)
{
	const struct token *id = &primitive->id;
	_cleanup_free_ char *name = strndup(resolver->expression + id->offset, id->length);

	if (!name)
		return -ENOMEM;
	if (ether_hostton(name, &primitive->mac) == 0)
		return 0;
	return failure_set(resolver->reterr, id->offset, id->length,
			   "unknown ether host '%.80s': it is not in /etc/ethers", name);
}

static int find_mac(struct resolver *resolver, struct ast_node *primitive)
{
	const struct token *id = &primitive->id;

	switch (id->kind) {
	case TOKEN_MAC:
		primitive->mac = read_mac(resolver->expression + id->offset, id->length);
		return 0;
	case TOKEN_WORD:
		return look_up_mac(resolver, primitive);
	case TOKEN_FILE:
		return meaning_fail(resolver, primitive,
				    "a file has IP addresses, no Ethernet addresses");
	default:
		return meaning_fail(resolver, primitive,
				    "illegal link layer address; it is written such as "
				    "00:11:22:33:44:55");
	}
}

/* IEEE 802.3, clause 3.2: the destination address, then the source address */
static int match_mac(struct resolver *resolver, const struct ether_addr *mac, uint16_t offset,
		     struct ast_node **ret_tree)
{
	const uint8_t *bytes = mac->ether_addr_octet;
	uint32_t start = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
			 (uint32_t)bytes[2] << 8 | bytes[3];
	uint32_t end = (uint32_t)bytes[4] << 8 | bytes[5];
	int error;

	/* The end first: it differs where the start is the same vendor's. */
	*ret_tree = NULL;
	error = meaning_add_bytes(resolver, AST_BASE_FRAME, offset + 4, sizeof(uint16_t),
				  UINT16_MAX, end, ret_tree);
	if (error)
		return error;
	return meaning_add_bytes(resolver, AST_BASE_FRAME, offset, sizeof(uint32_t), UINT32_MAX,
				 start, ret_tree);
}

static int add_side(struct resolver *resolver, enum ast_kind kind, uint16_t offset,
		    struct ast_node *primitive)
{
	struct ast_node *side;
	int error = match_mac(resolver, &primitive->mac, offset, &side);

	if (error)
		return error;
	return ast_join(resolver->ast, kind, primitive->meaning, side, &primitive->meaning);
}

int mac_resolve_host(struct resolver *resolver, struct ast_node *primitive)
{
	enum filter_side asked = primitive->qualifiers.side;
	enum ast_kind kind = asked == FILTER_SIDE_BOTH ? AST_AND : AST_OR;
	int error = find_mac(resolver, primitive);

	if (!error && asked != FILTER_SIDE_DESTINATION)
		error = add_side(resolver, kind, ETH_ALEN, primitive);
	if (!error && asked != FILTER_SIDE_SOURCE)
		error = add_side(resolver, kind, 0, primitive);
	return error;
}

/* RFC 3021, section 2.2: networks of one or two addresses have none for all of them. */
static uint32_t broadcast_mask(uint32_t mask_be)
{
	return ntohl(mask_be) >= 0xfffffffe ? 0 : mask_be;
}

/* The host bits of the destination are all zero, an old convention, or all one. */
static int resolve_ip_broadcast(struct resolver *resolver, struct ast_node *primitive)
{
	const uint16_t ethertypes[] = { ETHERTYPE_IP };
	uint32_t mask_be = broadcast_mask(resolver->options->ipv4_mask_be);
	const struct ast_test test = {
		.present = SUMMARY_DESTINATION,
		.offset = offsetof(struct packet_summary, destination),
		.bytes = sizeof(uint32_t),
		.mask = ~mask_be,
		.value_count = 2,
		.values = { 0, ~mask_be },
	};
	int error = meaning_add_ethertypes(resolver, ethertypes, 1, &primitive->meaning);

	primitive->mask_be = mask_be;
	if (error)
		return error;
	return meaning_add(resolver, AST_AND, &test, &primitive->meaning);
}

static int fail_cast(struct resolver *resolver, const struct ast_node *primitive, const char *what,
		     const char *which)
{
	return failure_set(resolver->reterr, primitive->id.offset, primitive->id.length,
			   "'%s' modifier applied to %s: only %s have it",
			   protocol_get_meaning(primitive->qualifiers.protocol)->name, what, which);
}

int mac_resolve_broadcast(struct resolver *resolver, struct ast_node *primitive)
{
	const struct ether_addr all = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };

	switch (primitive->qualifiers.protocol) {
	case FILTER_PROTOCOL_ANY:
	case FILTER_PROTOCOL_LINK:
		return match_mac(resolver, &all, 0, &primitive->meaning);
	case FILTER_PROTOCOL_IP:
		return resolve_ip_broadcast(resolver, primitive);
	default:
		return fail_cast(resolver, primitive, "broadcast", "'ether' and 'ip'");
	}
}

/* The first byte of the destination address, `offset` in the header, is in a range. */
static int resolve_network_multicast(struct resolver *resolver, uint16_t ethertype, uint8_t offset,
				     uint8_t first, struct ast_node *primitive)
{
	/* Not of the summary, which has none of an address that is cut. */
	const struct ast_test test = {
		.base = AST_BASE_NETWORK,
		.offset = offset,
		.bytes = sizeof(uint8_t),
		.mask = UINT8_MAX,
		.is_range = true,
		.value_count = 2,
		.values = { first, UINT8_MAX },
	};
	int error = meaning_add_ethertypes(resolver, &ethertype, 1, &primitive->meaning);

	if (error)
		return error;
	return meaning_add(resolver, AST_AND, &test, &primitive->meaning);
}

int mac_resolve_multicast(struct resolver *resolver, struct ast_node *primitive)
{
	switch (primitive->qualifiers.protocol) {
	case FILTER_PROTOCOL_ANY:
	case FILTER_PROTOCOL_LINK:
		return meaning_add_bytes(resolver, AST_BASE_FRAME, 0, sizeof(uint8_t), GROUP_BIT,
					 GROUP_BIT, &primitive->meaning);
	case FILTER_PROTOCOL_IP: /* RFC 5771: 224.0.0.0/4; libpcap takes what is above it too */
		return resolve_network_multicast(resolver, ETHERTYPE_IP, 16, 224, primitive);
	case FILTER_PROTOCOL_IP6: /* RFC 4291, section 2.7: ff00::/8 */
		return resolve_network_multicast(resolver, ETHERTYPE_IPV6, 24, 0xff, primitive);
	default:
		return fail_cast(resolver, primitive, "multicast", "'ether', 'ip' and 'ip6'");
	}
}
