/* SPDX-License-Identifier: GPL-2.0-only */
/* The ports that an id of `port` or `portrange` stands for: numbers or names of services. */
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

/* What is asked for by the qualifier, and what the services of the names are. */
static int choose_transport(struct ast_node *node, enum filter_protocol found, const char *what,
			    const char *name, struct filter_error *reterr)
{
	enum filter_protocol asked = node->qualifiers.protocol;

	if (asked != FILTER_PROTOCOL_ANY && found != FILTER_PROTOCOL_ANY && asked != found)
		return failure_set(reterr, node->id.offset, node->id.length, "%s '%.80s' is %s",
				   what, name, protocol_get_meaning(found)->name);
	node->transport = asked == FILTER_PROTOCOL_ANY ? found : asked;
	return 0;
}

/* `port 80-90` has a name that looks like something else. */
static bool looks_like_range(const char *name)
{
	return name[strspn(name, "0123456789")] == '-';
}

static int resolve_name(const char *name, struct ast_node *node, struct filter_error *reterr)
{
	enum filter_protocol found;
	int error = look_up_service(name, &node->port, &found);

	if (error == -ENOENT)
		return failure_set(reterr, node->id.offset, node->id.length,
				   "unknown port '%.80s'%s", name,
				   looks_like_range(name) ? "; use 'portrange'" : "");
	node->last_port = node->port;
	return error ? error : choose_transport(node, found, "port", name, reterr);
}

/* Decimal digits at *text, which is moved behind them; -1: none, or far too many. */
static int64_t read_digits(const char **text)
{
	size_t count = strspn(*text, "0123456789");
	int64_t value = 0;

	if (count == 0 || count > 9)
		return -1;
	for (; count > 0; count--, (*text)++)
		value = value * 10 + (**text - '0');
	return value;
}

static int fail_range(const char *name, const struct ast_node *node, struct filter_error *reterr)
{
	return failure_set(reterr, node->id.offset, node->id.length,
			   "unknown port in range '%.80s'; it is written such as 5000-5010", name);
}

static int fail_port(const struct ast_node *node, int64_t port, struct filter_error *reterr)
{
	return failure_set(reterr, node->id.offset, node->id.length,
			   "illegal port number %lld > 65535", (long long)port);
}

/* Names, or a number and a name. The first hyphen is between them, so neither can have one. */
static int resolve_named_range(char *name, struct ast_node *node, struct filter_error *reterr)
{
	char *hyphen = strchr(name, '-');
	enum filter_protocol first, last;
	int error;

	if (!hyphen)
		return fail_range(name, node, reterr);
	*hyphen = '\0';
	error = look_up_service(name, &node->port, &first);
	if (!error)
		error = look_up_service(hyphen + 1, &node->last_port, &last);
	*hyphen = '-';
	if (error == -ENOENT)
		return fail_range(name, node, reterr);
	if (error)
		return error;
	return choose_transport(node, first == last ? first : FILTER_PROTOCOL_ANY, "port in range",
				name, reterr);
}

/* Decimal numbers also with zeros before them; tcpdump leaves out what follows them, too. */
static int resolve_range(char *name, struct ast_node *node, struct filter_error *reterr)
{
	const char *at = name;
	int64_t first = read_digits(&at);
	int64_t last = -1;

	if (first >= 0 && *at == '-') {
		at++;
		last = read_digits(&at);
	}
	if (last < 0)
		return resolve_named_range(name, node, reterr);
	if (first > UINT16_MAX || last > UINT16_MAX)
		return fail_port(node, first > UINT16_MAX ? first : last, reterr);
	node->port = (uint16_t)first;
	node->last_port = (uint16_t)last;
	node->transport = node->qualifiers.protocol;
	return 0;
}

static int resolve_word(const char *expression, struct ast_node *node, struct filter_error *reterr)
{
	bool is_range = node->qualifiers.type == FILTER_TYPE_PORTRANGE;
	_cleanup_free_ char *name = strndup(expression + node->id.offset, node->id.length);
	uint16_t first;
	int error;

	if (!name)
		return -ENOMEM;
	error = is_range ? resolve_range(name, node, reterr) : resolve_name(name, node, reterr);
	if (error || node->port <= node->last_port)
		return error;
	first = node->last_port;
	node->last_port = node->port;
	node->port = first;
	return 0;
}

int service_resolve(const char *expression, struct ast_node *node, struct filter_error *reterr)
{
	if (node->id.kind == TOKEN_WORD)
		return resolve_word(expression, node, reterr);
	if (node->id.number > UINT16_MAX)
		return fail_port(node, node->id.number, reterr);
	node->port = (uint16_t)node->id.number;
	node->last_port = node->port;
	node->transport = node->qualifiers.protocol;
	return 0;
}
