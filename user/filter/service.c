/* SPDX-License-Identifier: GPL-2.0-only */
/* The port that an id of `port` stands for: a number or the name of a service. */
#include "service.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "../base/cleanup.h"
#include "failure.h"
#include "protocol.h"

/* Looks for the service of one transport protocol; 0, -ENOENT or -ENOMEM. */
static int find_service(const char *name, int socket_type, int ip_protocol, uint16_t *ret_port)
{
	const struct addrinfo hints = {
		.ai_family = AF_INET,
		.ai_socktype = socket_type,
		.ai_protocol = ip_protocol,
	};
	struct addrinfo *found = NULL;
	struct sockaddr_in address;
	int error = getaddrinfo(NULL, name, &hints, &found);

	if (error)
		return error == EAI_MEMORY ? -ENOMEM : -ENOENT;
	memcpy(&address, found->ai_addr, sizeof(address));
	freeaddrinfo(found);
	*ret_port = ntohs(address.sin_port);
	return 0;
}

/* A service that has the same port for TCP and UDP is not bound to either. */
static int look_up_service(const char *name, uint16_t *ret_port,
			   enum filter_protocol *ret_transport)
{
	uint16_t tcp_port = 0;
	uint16_t udp_port = 0;
	int tcp_error = find_service(name, SOCK_STREAM, IPPROTO_TCP, &tcp_port);
	int udp_error = find_service(name, SOCK_DGRAM, IPPROTO_UDP, &udp_port);

	if (tcp_error == -ENOMEM || udp_error == -ENOMEM)
		return -ENOMEM;
	if (tcp_error && udp_error)
		return -ENOENT;
	*ret_port = tcp_error ? udp_port : tcp_port;
	if (tcp_error)
		*ret_transport = FILTER_PROTOCOL_UDP;
	else if (udp_error || udp_port != tcp_port)
		*ret_transport = FILTER_PROTOCOL_TCP;
	else
		*ret_transport = FILTER_PROTOCOL_ANY;
	return 0;
}

static int resolve_name(const char *expression, struct ast_node *node, struct filter_error *reterr)
{
	const struct token *id = &node->id;
	_cleanup_free_ char *name = strndup(expression + id->offset, id->length);
	enum filter_protocol asked = node->qualifiers.protocol;
	enum filter_protocol found;
	int error = name ? look_up_service(name, &node->port, &found) : -ENOMEM;

	if (error == -ENOENT)
		return failure_set(reterr, id->offset, id->length, "unknown port '%.80s'", name);
	if (error)
		return error;
	if (asked != FILTER_PROTOCOL_ANY && found != FILTER_PROTOCOL_ANY && asked != found)
		return failure_set(reterr, id->offset, id->length, "port '%.80s' is %s", name,
				   protocol_get_meaning(found)->name);
	node->transport = asked == FILTER_PROTOCOL_ANY ? found : asked;
	return 0;
}

int service_resolve(const char *expression, struct ast_node *node, struct filter_error *reterr)
{
	if (node->id.kind == TOKEN_WORD)
		return resolve_name(expression, node, reterr);
	if (node->id.number > UINT16_MAX)
		return failure_set(reterr, node->id.offset, node->id.length,
				   "illegal port number %u > 65535", node->id.number);
	node->port = (uint16_t)node->id.number;
	node->transport = node->qualifiers.protocol;
	return 0;
}
