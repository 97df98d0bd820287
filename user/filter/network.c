/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The addresses and networks that an id of `host` or `net` stands for: written in numbers,
 * or names that the resolver of this machine knows.
 */
#include "network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "../base/cleanup.h"
#include "failure.h"

/* Bytes that getnetbyname_r() may need for one network. */
#define NETENT_BYTES 1024

static uint32_t prefix_mask(uint32_t bits)
{
	return bits == 0 ? 0 : UINT32_MAX << (32 - bits);
}

static int fail_id(const struct ast_node *node, struct filter_error *reterr, const char *reason)
{
	return failure_set(reterr, node->id.offset, node->id.length, "%s", reason);
}

/* From the id to the end of what follows it, its prefix or mask. */
static int fail_bits(const char *expression, const struct ast_node *node, const struct token *last,
		     struct filter_error *reterr)
{
	size_t length = last->offset + last->length - node->id.offset;

	return failure_set(reterr, node->id.offset, length, "non-network bits set in \"%.*s\"",
			   (int)length, expression + node->id.offset);
}

/* `10`, `10.1`, `10.1.2` and `10.1.2.3`: what is missing at the end is masked out. */
static int read_ipv4(const char *expression, const struct token *token, uint32_t *ret_address,
		     uint32_t *ret_mask, struct filter_error *reterr)
{
	const char *text = expression + token->offset;
	const char *end = text + token->length;
	uint32_t address = 0;
	uint32_t bits = 0;

	for (const char *at = text; at < end; at++) {
		uint32_t octet = 0;

		for (; at < end && *at != '.'; at++)
			octet = octet * 10 + (uint32_t)(*at - '0');
		if (octet > UINT8_MAX)
			return failure_set(reterr, token->offset, token->length,
					   "invalid IPv4 address '%.*s'", (int)token->length, text);
		address = address << 8 | octet;
		bits += 8;
	}
	*ret_address = address << (32 - bits);
	*ret_mask = prefix_mask(bits);
	return 0;
}

static int read_ipv4_network(const char *expression, const struct ast_node *node,
			     struct ast_network *ret_network, struct filter_error *reterr)
{
	const struct token *last = node->prefix.kind != TOKEN_END ? &node->prefix : &node->mask;
	bool has_mask = last->kind != TOKEN_END;
	uint32_t address;
	uint32_t mask;
	uint32_t mask_mask;

	if (has_mask && node->kind != AST_NET)
		return failure_set(reterr, node->id.offset,
				   last->offset + last->length - node->id.offset,
				   "a mask is for networks only; use 'net'");
	if (read_ipv4(expression, &node->id, &address, &mask, reterr))
		return -EINVAL;
	if (node->prefix.kind != TOKEN_END) {
		if (node->prefix.number > 32)
			return failure_set(reterr, last->offset, last->length,
					   "mask length must be <= 32");
		mask = prefix_mask(node->prefix.number);
	} else if (node->mask.kind != TOKEN_END) {
		if (read_ipv4(expression, &node->mask, &mask, &mask_mask, reterr))
			return -EINVAL;
	}
	if (address & ~mask)
		return fail_bits(expression, node, last, reterr);
	*ret_network = (struct ast_network){
		.address_be = { htonl(address) },
		.mask_be = { htonl(mask) },
	};
	return 0;
}

static int read_ipv6_network(const char *expression, const struct ast_node *node,
			     struct ast_network *ret_network, struct filter_error *reterr)
{
	struct ast_network network = { .is_ipv6 = true };
	bool has_prefix = node->prefix.kind != TOKEN_END;
	uint32_t bits = has_prefix ? node->prefix.number : 128;
	char text[INET6_ADDRSTRLEN] = "";

	if (bits > 128)
		return failure_set(reterr, node->prefix.offset, node->prefix.length,
				   "mask length must be <= 128");
	if (bits < 128 && node->kind != AST_NET)
		return failure_set(reterr, node->id.offset,
				   node->prefix.offset + node->prefix.length - node->id.offset,
				   "a mask is for networks only; use 'net'");
	memcpy(text, expression + node->id.offset,
	       node->id.length < sizeof(text) ? node->id.length : sizeof(text) - 1);
	if (inet_pton(AF_INET6, text, network.address_be) != 1)
		return fail_id(node, reterr, "invalid IPv6 address");
	for (uint32_t word = 0; word < 4; word++, bits -= bits < 32 ? bits : 32) {
		network.mask_be[word] = htonl(prefix_mask(bits < 32 ? bits : 32));
		if (network.address_be[word] & ~network.mask_be[word])
			return fail_bits(expression, node, &node->prefix, reterr);
	}
	*ret_network = network;
	return 0;
}

/* `host 167772161` is the address itself; `net 10` is filled up on the right. */
static struct ast_network read_number_network(const struct ast_node *node)
{
	uint32_t address = node->id.number;
	uint32_t mask = UINT32_MAX;

	while (node->kind == AST_NET && address != 0 && address <= 0xffffff) {
		address <<= 8;
		mask <<= 8;
	}
	return (struct ast_network){
		.address_be = { htonl(address) },
		.mask_be = { htonl(mask) },
	};
}

int network_read(const char *expression, const struct ast_node *node,
		 struct ast_network *ret_network, struct filter_error *reterr)
{
	switch (node->id.kind) {
	case TOKEN_NUMBER:
		*ret_network = read_number_network(node);
		return 0;
	case TOKEN_IPV4:
		return read_ipv4_network(expression, node, ret_network, reterr);
	default:
		return read_ipv6_network(expression, node, ret_network, reterr);
	}
}

/* The name itself stands under the caret, but a slip of a keyword deserves a hint. */
static int fail_unknown(const char *what, const struct ast_node *node, const char *name,
			struct filter_error *reterr)
{
	const char *meant = keyword_suggest(name, strlen(name));

	return failure_set(reterr, node->id.offset, node->id.length, "unknown %s '%.80s'%s%s%s",
			   what, name, meant ? "; did you mean the keyword '" : "",
			   meant ? meant : "", meant ? "'?" : "");
}

static void cleanup_addresses(struct addrinfo **addresses)
{
	if (*addresses)
		freeaddrinfo(*addresses);
}

static int find_host(const char *name, const struct ast_node *node, struct addrinfo **ret_first,
		     struct filter_error *reterr)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	int error = getaddrinfo(name, NULL, &hints, ret_first);

	if (error == 0)
		return 0;
	if (error == EAI_MEMORY)
		return -ENOMEM;
	if (error == EAI_AGAIN || error == EAI_SYSTEM)
		return failure_set(reterr, node->id.offset, node->id.length,
				   "cannot look up host '%.80s': %s", name, gai_strerror(error));
	return fail_unknown("host", node, name, reterr);
}

static struct ast_network host_network(const struct sockaddr *address)
{
	struct ast_network network = { .is_ipv6 = address->sa_family == AF_INET6 };

	if (network.is_ipv6) {
		memcpy(network.address_be, &((const struct sockaddr_in6 *)address)->sin6_addr, 16);
		memset(network.mask_be, 0xff, sizeof(network.mask_be));
	} else {
		memcpy(network.address_be, &((const struct sockaddr_in *)address)->sin_addr, 4);
		network.mask_be[0] = UINT32_MAX;
	}
	return network;
}

static int look_up_host(const char *name, struct ast_node *node, struct filter_error *reterr)
{
	CLEANUP(cleanup_addresses) struct addrinfo *addresses = NULL;
	size_t count = 0;
	int error = find_host(name, node, &addresses, reterr);

	if (error)
		return error;
	for (const struct addrinfo *at = addresses; at; at = at->ai_next)
		count++;
	node->networks = calloc(count, sizeof(*node->networks));
	if (!node->networks)
		return -ENOMEM;
	for (const struct addrinfo *at = addresses; at; at = at->ai_next) {
		if (at->ai_family == AF_INET || at->ai_family == AF_INET6)
			node->networks[node->network_count++] = host_network(at->ai_addr);
	}
	return 0;
}

/* Names of networks, /etc/networks; they are stored like the number of `net 10`. */
static int look_up_net(const char *name, struct ast_node *node, struct filter_error *reterr)
{
	char space[NETENT_BYTES];
	struct ast_node numeric = { .kind = AST_NET };
	struct netent entry;
	struct netent *found = NULL;
	int lookup_error;

	if (getnetbyname_r(name, &entry, space, sizeof(space), &found, &lookup_error) || !found)
		return fail_unknown("network", node, name, reterr);
	node->networks = calloc(1, sizeof(*node->networks));
	if (!node->networks)
		return -ENOMEM;
	numeric.id.number = found->n_net;
	node->networks[node->network_count++] = read_number_network(&numeric);
	return 0;
}

int network_look_up(const char *expression, struct ast_node *node, struct filter_error *reterr)
{
	_cleanup_free_ char *name = strndup(expression + node->id.offset, node->id.length);

	if (!name)
		return -ENOMEM;
	return node->kind == AST_NET ? look_up_net(name, node, reterr) :
				       look_up_host(name, node, reterr);
}

/* Leading one bits; -1 for a mask with holes. */
static int count_mask_bits(const struct ast_network *network)
{
	int words = network->is_ipv6 ? 4 : 1;
	int bits = 0;

	for (int word = 0; word < words; word++)
		bits += __builtin_popcount(network->mask_be[word]);
	for (int word = 0; word < words; word++) {
		int in_word = bits - 32 * word < 0  ? 0 :
			      bits - 32 * word > 32 ? 32 :
						      bits - 32 * word;

		if (ntohl(network->mask_be[word]) != prefix_mask((uint32_t)in_word))
			return -1;
	}
	return bits;
}

void network_format(const struct ast_network *network, char text[static NETWORK_TEXT_BYTES])
{
	int family = network->is_ipv6 ? AF_INET6 : AF_INET;
	int bits = count_mask_bits(network);
	size_t used;

	inet_ntop(family, network->address_be, text, NETWORK_TEXT_BYTES);
	used = strlen(text);
	if (bits == -1) {
		used += (size_t)snprintf(text + used, NETWORK_TEXT_BYTES - used, " mask ");
		inet_ntop(family, network->mask_be, text + used,
			  (socklen_t)(NETWORK_TEXT_BYTES - used));
	} else if (bits != (network->is_ipv6 ? 128 : 32)) {
		snprintf(text + used, NETWORK_TEXT_BYTES - used, "/%d", bits);
	}
}
