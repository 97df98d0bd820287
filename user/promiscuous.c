/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A membership of a packet socket, packet(7): the kernel counts them for each device, and
 * takes this one back with the socket. The socket is bound to no protocol: it gets no packet.
 */
#include "promiscuous.h"

#include <errno.h>
#include <linux/if_packet.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"

static int refuse(int error, const struct interface *interface, struct error *reterr)
{
	if (error == -EPERM)
		return error_set(reterr, error,
				 "'--promiscuous' needs CAP_NET_RAW (run as root, or leave it "
				 "out: '%s' then takes in only its own frames)",
				 interface->name);
	return error_set(reterr, error, "cannot make '%s' promiscuous: %s", interface->name,
			 strerror(-error));
}

int promiscuous_open(const struct interface *interface, struct error *reterr)
{
	_cleanup_close_ int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	const struct packet_mreq membership = {
		.mr_ifindex = (int)interface->ifindex,
		.mr_type = PACKET_MR_PROMISC,
	};

	if (fd < 0 || setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership,
				 sizeof(membership)))
		return refuse(-errno, interface, reterr);
	return TAKE_FD(fd);
}
