/* SPDX-License-Identifier: GPL-2.0-only */
/* Messages and descriptors over a SOCK_SEQPACKET pair; see channel.h. */
#include "channel.h"

#include <errno.h>
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

/* Of memory that messages take which nobody has read: some twenty of them. */
#define UNREAD_BYTES (16 << 10)

/* Room for one descriptor, aligned as a control message. */
union descriptor_control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(int))];
};

int channel_open(int ret_fds[2])
{
	return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ret_fds) ? -errno : 0;
}

int channel_send(int fd, enum channel_message_type type, uint32_t value, int passed_fd)
{
	struct channel_message message = { .type = type, .value = value };
	struct iovec part = { .iov_base = &message, .iov_len = sizeof(message) };
	struct msghdr packet = { .msg_iov = &part, .msg_iovlen = 1 };
	union descriptor_control control = {};
	ssize_t sent;

	if (passed_fd >= 0) {
		packet.msg_control = control.bytes;
		packet.msg_controllen = sizeof(control.bytes);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &passed_fd, sizeof(passed_fd));
	}
	do
		sent = sendmsg(fd, &packet, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

int channel_offer(int fd, enum channel_message_type type)
{
	int unread_bytes = 0;

	if (ioctl(fd, SIOCOUTQ, &unread_bytes))
		return -errno;
	return unread_bytes > UNREAD_BYTES ? -EAGAIN : channel_send(fd, type, 0, -1);
}

static int take_descriptor(struct msghdr *packet)
{
	struct cmsghdr *header = CMSG_FIRSTHDR(packet);
	int fd = -1;

	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(header), sizeof(fd));
	return fd;
}

int channel_receive(int fd, struct channel_message *ret_message, int *ret_passed_fd)
{
	struct channel_message message;
	struct iovec part = { .iov_base = &message, .iov_len = sizeof(message) };
	union descriptor_control control = {};
	struct msghdr packet = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		/* Not CMSG_SPACE(): its padding has room for a second descriptor. */
		.msg_controllen = CMSG_LEN(sizeof(int)),
	};
	_cleanup_close_ int passed_fd = -1;
	ssize_t received;

	/* A peer that died with a message unread is reported before its own last words. */
	do
		received = recvmsg(fd, &packet, MSG_CMSG_CLOEXEC);
	while (received < 0 && (errno == EINTR || errno == ECONNRESET));
	if (received < 0)
		return -errno;
	passed_fd = take_descriptor(&packet);
	if (received == 0)
		return -EPIPE;
	if (received != sizeof(message) || packet.msg_flags & (MSG_TRUNC | MSG_CTRUNC) ||
	    message.type >= CHANNEL_MESSAGE_COUNT)
		return -EPROTO;
	*ret_message = message;
	*ret_passed_fd = TAKE_FD(passed_fd);
	return 0;
}
