/* SPDX-License-Identifier: GPL-2.0-only */
/* Sockets, messages and attributes of rtnetlink; see netlink.h. */
#include "netlink.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"

int netlink_open(uint32_t groups)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK, .nl_groups = groups };
	_cleanup_close_ int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return TAKE_FD(fd);
}

int netlink_take_message(struct bytes *datagram, uint16_t *ret_type, struct bytes *ret_payload)
{
	struct nlmsghdr header;

	if (bytes_copy(datagram, &header, sizeof(header)))
		return datagram->length ? -EPROTO : -ENODATA;
	if (header.nlmsg_len < sizeof(header) ||
	    bytes_take(datagram, header.nlmsg_len - sizeof(header), ret_payload))
		return -EPROTO;
	bytes_skip_padding(datagram, (4 - header.nlmsg_len % 4) % 4);
	*ret_type = header.nlmsg_type;
	return 0;
}

int netlink_take_attribute(struct bytes *attributes, uint16_t *ret_type, struct bytes *ret_value)
{
	uint16_t length, type;

	if (bytes_read_host16(attributes, &length) || bytes_read_host16(attributes, &type) ||
	    length < 4 || bytes_take(attributes, length - 4u, ret_value))
		return -ENODATA;
	bytes_skip_padding(attributes, (4 - length % 4) % 4);
	*ret_type = type & NLA_TYPE_MASK;
	return 0;
}

void netlink_copy_text(struct bytes value, char *ret_text, size_t size)
{
	size_t length = value.length < size - 1 ? value.length : size - 1;

	memcpy(ret_text, value.data, length);
	ret_text[length] = '\0';
}

struct netlink_link_request netlink_link_request(unsigned int ifindex, uint16_t more_flags)
{
	return (struct netlink_link_request){
		.header.nlmsg_len = sizeof(struct netlink_link_request),
		.header.nlmsg_type = RTM_GETLINK,
		.header.nlmsg_flags = NLM_F_REQUEST | more_flags,
		.message.ifi_family = AF_UNSPEC,
		.message.ifi_index = (int)ifindex,
	};
}

struct netlink_stats_request netlink_stats_request(unsigned int ifindex, uint16_t more_flags)
{
	return (struct netlink_stats_request){
		.header.nlmsg_len = sizeof(struct netlink_stats_request),
		.header.nlmsg_type = RTM_GETSTATS,
		.header.nlmsg_flags = NLM_F_REQUEST | more_flags,
		.message.family = AF_UNSPEC,
		.message.ifindex = ifindex,
		.message.filter_mask = IFLA_STATS_FILTER_BIT(IFLA_STATS_LINK_64),
	};
}

/* Reads one datagram of the answer: 1 there is more, 0 that was the last, negative errno. */
static int read_answer(struct bytes answer, netlink_reader *reader, void *context)
{
	struct bytes payload;
	uint16_t type;
	int32_t code;
	int error;

	while (!(error = netlink_take_message(&answer, &type, &payload))) {
		if (type == NLMSG_DONE)
			return 0;
		if (type == NLMSG_ERROR)
			return bytes_copy(&payload, &code, sizeof(code)) ? -EPROTO : code;
		error = reader(context, type, payload);
		if (error)
			return error;
	}
	return error == -ENODATA ? 1 : error;
}

int netlink_ask(const void *request, size_t bytes, netlink_reader *reader, void *context)
{
	_cleanup_free_ uint8_t *answer = malloc(NETLINK_DATAGRAM_BYTES);
	_cleanup_close_ int fd = netlink_open(0);
	ssize_t received;
	int state;

	if (fd < 0)
		return fd;
	if (!answer)
		return -ENOMEM;
	state = send(fd, request, bytes, 0) < 0 ? -errno : 1;
	while (state > 0) {
		received = recv(fd, answer, NETLINK_DATAGRAM_BYTES, 0);
		if (received < 0 && errno == EINTR)
			continue;
		state = received < 0 ?
				-errno :
				read_answer(bytes_make(answer, (size_t)received), reader, context);
	}
	return state;
}
