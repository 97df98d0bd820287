/* SPDX-License-Identifier: GPL-2.0-only */
/* One RTM_GETTFILTER dump, read attribute by attribute; see rtnetlink(7). */
#include "tc_filters.h"

#include <errno.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "netlink.h"

struct list {
	struct tc_filter *filters;
	size_t count;
};

static void read_attributes(struct bytes attributes, struct tc_filter *filter)
{
	struct bytes payload, nested;
	uint16_t type;

	while (!netlink_take_attribute(&attributes, &type, &payload)) {
		if (type == TCA_KIND)
			netlink_copy_text(payload, filter->kind, sizeof(filter->kind));
		if (type != TCA_OPTIONS)
			continue;
		while (!netlink_take_attribute(&payload, &type, &nested))
			if (type == TCA_BPF_NAME)
				netlink_copy_text(nested, filter->name, sizeof(filter->name));
	}
}

/* A filter without a handle is only the head of a priority's list. */
static int add_filter(void *context, uint16_t type, struct bytes message)
{
	struct list *list = context;
	struct tc_filter *grown;
	struct tcmsg header;

	if (type != RTM_NEWTFILTER)
		return 0;
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

int tc_filters_list(unsigned int ifindex, enum direction direction, struct tc_filter **ret_filters,
		    size_t *ret_count)
{
	const struct {
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
	struct list list = {};
	int error = netlink_ask(&request, sizeof(request), add_filter, &list);

	if (error) {
		free(list.filters);
		/* No clsact, no filters; kernels word that differently. */
		if (error != -EINVAL && error != -ENOENT)
			return error;
		list = (struct list){};
	}
	*ret_filters = list.filters;
	*ret_count = list.count;
	return 0;
}
