/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tun_pair NAMESPACE NAMESPACE NAME: a tun device of that name in each of two network namespaces,
 * with a wire between them: what one sends the other receives. Says "ready" when both are there;
 * they go away with this process.
 */
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/ioctl.h>

#include "namespace.h"

/* A device without a link layer: its packets begin with the IP header. */
static int open_tun(const char *namespace, const char *name)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd, error = namespace_enter(namespace);

	if (error)
		return error;
	fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (ioctl(fd, TUNSETIFF, &request)) {
		error = -errno;
		close(fd);
		return error;
	}
	return fd;
}

/* A device that is down takes nothing (EIO): that packet is lost, as on a wire. */
static bool carry(int from, int to)
{
	static unsigned char packet[65536];
	ssize_t length = read(from, packet, sizeof(packet));

	if (length < 0)
		return errno == EINTR || errno == EIO;
	return write(to, packet, length) == length || errno == EIO || errno == EINVAL;
}

int main(int argc, char **argv)
{
	struct pollfd ends[2] = { { .events = POLLIN }, { .events = POLLIN } };

	if (argc != 4) {
		fprintf(stderr, "usage: tun_pair NAMESPACE NAMESPACE NAME\n");
		return 1;
	}
	for (int i = 0; i < 2; i++) {
		ends[i].fd = open_tun(argv[1 + i], argv[3]);
		if (ends[i].fd < 0) {
			fprintf(stderr, "tun_pair: '%s': %s\n", argv[1 + i], strerror(-ends[i].fd));
			return 1;
		}
	}
	printf("ready\n");
	fflush(stdout);
	while (poll(ends, 2, -1) >= 0)
		for (int i = 0; i < 2; i++)
			if (ends[i].revents && !carry(ends[i].fd, ends[1 - i].fd))
				return 1;
	return 1;
}
