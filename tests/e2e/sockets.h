/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets in the network namespaces of tests; every wait of theirs is bounded. */
#pragma once

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE_SECONDS 20

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	};
	socklen_t bytes;
};

/* One with a colon is IPv6. -EINVAL. */
static inline int sockets_parse(const char *text, const char *port, struct address *ret_address)
{
	*ret_address = (struct address){ 0 };
	if (strchr(text, ':')) {
		ret_address->v6.sin6_family = AF_INET6;
		ret_address->v6.sin6_port = htons(atoi(port));
		ret_address->bytes = sizeof(ret_address->v6);
		return inet_pton(AF_INET6, text, &ret_address->v6.sin6_addr) == 1 ? 0 : -EINVAL;
	}
	ret_address->v4.sin_family = AF_INET;
	ret_address->v4.sin_port = htons(atoi(port));
	ret_address->bytes = sizeof(ret_address->v4);
	return inet_pton(AF_INET, text, &ret_address->v4.sin_addr) == 1 ? 0 : -EINVAL;
}

/* A socket of the namespace, bound to the address. */
static inline int sockets_open(int namespace, int type, int protocol, const struct address *address)
{
	const struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	const int yes = 1;
	int fd;

	if (setns(namespace, CLONE_NEWNET))
		return -errno;
	fd = socket(address->any.sa_family, type | SOCK_CLOEXEC, protocol);
	if (fd < 0)
		return -errno;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	if (bind(fd, &address->any, address->bytes)) {
		int error = -errno;

		close(fd);
		return error;
	}
	return fd;
}

/* Both ends of a new TCP connection, each in its namespace. */
static inline int sockets_connect(int client_namespace, const struct address *client,
				  int server_namespace, const struct address *server,
				  int *ret_client, int *ret_server)
{
	int listener = sockets_open(server_namespace, SOCK_STREAM, 0, server);
	int near = -1, far = -1, error;

	if (listener < 0)
		return listener;
	near = sockets_open(client_namespace, SOCK_STREAM, 0, client);
	if (near < 0 || listen(listener, 1) || connect(near, &server->any, server->bytes)) {
		error = near < 0 ? near : -errno;
		goto out;
	}
	far = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	error = far < 0 ? -errno : 0;
out:
	close(listener);
	if (error) {
		if (near >= 0)
			close(near);
		return error;
	}
	*ret_client = near;
	*ret_server = far;
	return 0;
}

/* Both sides have said all; waits until each has seen the other's end. */
static inline int sockets_close(int client, int server)
{
	char rest[64];
	bool ended;

	shutdown(client, SHUT_WR);
	ended = read(server, rest, sizeof(rest)) == 0;
	shutdown(server, SHUT_WR);
	ended = read(client, rest, sizeof(rest)) == 0 && ended;
	close(client);
	close(server);
	return ended ? 0 : -EPROTO;
}
