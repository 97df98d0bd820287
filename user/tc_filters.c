/* SPDX-License-Identifier: GPL-2.0-only */
/* One RTM_GETTFILTER dump, read attribute by attribute; see rtnetlink(7). */
#include "tc_filters.h"

#include <errno.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"

#define ANSWER_BYTES (64u << 10)

struct list {
	struct tc_filter *filters;
	size_t count;
};

/* Takes the next attribute off: its type without the flags, and its payload. */
static int take_attribute(struct bytes *bytes, uint16_t *ret_type, struct bytes *ret_payload)
{
	uint16_t length, type;

	if (bytes_read_host16(bytes, &length) || bytes_read_host16(bytes, &type) || length < 4 ||
	    bytes_take(bytes, length - 4u, ret_payload))
		return -ENODATA;
	bytes_skip_padding(bytes, (4 - length % 4) % 4);
	*ret_type = type & NLA_TYPE_MASK;
	return 0;
}

static void copy_text(struct bytes payload, char *ret_text, size_t size)
{
	size_t length = payload.length < size - 1 ? payload.length : size - 1;

	memcpy(ret_text, payload.data, length);
	ret_text[length] = '\0';
}

static void read_attributes(struct bytes attributes, struct tc_filter *filter)
{
	struct bytes payload, nested;
	uint16_t type;

	while (!take_attribute(&attributes, &type, &payload)) {
		if (type == TCA_KIND)
			copy_text(payload, filter->kind, sizeof(filter->kind));
		if (type != TCA_OPTIONS)
			continue;
		while (!take_attribute(&payload, &type, &nested))
			if (type == TCA_BPF_NAME)
				copy_text(nested, filter->name, sizeof(filter->name));
	}
}

/* A filter without a handle is only the head of a priority's list. */
static int add_filter(struct list *list, struct bytes message)
{
	struct tc_filter *grown;
	struct tcmsg header;

	if (bytes_copy(&message, &header, sizeof(header)))
		return -EPROTO;
	if (!header.tcm_handle)
		return 0;
	grown = realloc(list->filters, (list->count + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->filters = grown;
	grown += list->count++;
	*grown = (struct tc_filter){
		.handle = header.tcm_handle,
		.priority = (uint16_t)(header.tcm_info >> 16),
	};
	read_attributes(message, grown);
	return 0;
}

/* Reads one datagram of the answer: 1 there is more, 0 that was the last, negative errno. */
static int read_answer(struct bytes answer, struct list *list)
{
	struct nlmsghdr header;
	struct bytes payload;
	int32_t code;
	int error;

	while (!bytes_copy(&answer, &header, sizeof(header))) {
		if (header.nlmsg_len < sizeof(header) ||
		    bytes_take(&answer, header.nlmsg_len - sizeof(header), &payload))
			return -EPROTO;
		bytes_skip_padding(&answer, (4 - header.nlmsg_len % 4) % 4);
		switch (header.nlmsg_type) {
		case NLMSG_DONE:
			return 0;
		case NLMSG_ERROR:
			return bytes_copy(&payload, &code, sizeof(code)) ? -EPROTO : code;
		case RTM_NEWTFILTER:
			error = add_filter(list, payload);
			if (error)
				return error;
		}
	}
	return 1;
}

static int request_dump(int fd, unsigned int ifindex, enum direction direction)
{
	struct {
		struct nlmsghdr header;
		struct tcmsg message;
	} request = {
		.header.nlmsg_len = sizeof(request),
		.header.nlmsg_type = RTM_GETTFILTER,
		.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		.message.tcm_family = AF_UNSPEC,
		.message.tcm_ifindex = (int)ifindex,
		.message.tcm_parent =
			TC_H_MAKE(TC_H_CLSACT, direction == DIRECTION_INGRESS ? TC_H_MIN_INGRESS :
										TC_H_MIN_EGRESS),
	};

	return send(fd, &request, sizeof(request), 0) < 0 ? -errno : 0;
}

int tc_filters_list(unsigned int ifindex, enum direction direction, struct tc_filter **ret_filters,
		    size_t *ret_count)
{
	_cleanup_close_ int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	_cleanup_free_ uint8_t *answer = malloc(ANSWER_BYTES);
	struct list list = {};
	ssize_t received;
	int state;

	if (fd < 0)
		return -errno;
	if (!answer)
		return -ENOMEM;
	state = request_dump(fd, ifindex, direction);
	for (state = state ? state : 1; state > 0;) {
		received = recv(fd, answer, ANSWER_BYTES, 0);
		if (received < 0)
			state = -errno;
		else
			state = read_answer(bytes_make(answer, (size_t)received), &list);
	}
	if (state) {
		free(list.filters);
		/* No clsact, no filters; kernels word that differently. */
		if (state != -EINVAL && state != -ENOENT)
			return state;
		list = (struct list){};
	}
	*ret_filters = list.filters;
	*ret_count = list.count;
	return 0;
}
