/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel's messages say of an interface: made up ones, and one of this machine. */
#include "../../user/link_watch.h"

#include <linux/if.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define UP_AND_RUNNING (IFF_UP | IFF_RUNNING | IFF_LOWER_UP)
#define IFINDEX 7

struct datagram {
	size_t length;
	_Alignas(4) uint8_t bytes[512];
};

static void add(struct datagram *datagram, const void *data, size_t length)
{
	memcpy(datagram->bytes + datagram->length, data, length);
	datagram->length += (length + 3) / 4 * 4;
}

static void add_link(struct datagram *datagram, uint16_t type, uint8_t family, int ifindex,
		     unsigned int flags, const char *name)
{
	struct ifinfomsg message = {
		.ifi_family = family,
		.ifi_index = ifindex,
		.ifi_flags = flags,
	};
	struct rtattr attribute = {
		.rta_len = (unsigned short)(sizeof(attribute) + strlen(name) + 1),
		.rta_type = IFLA_IFNAME,
	};
	struct nlmsghdr header = {
		.nlmsg_len = (uint32_t)(sizeof(header) + sizeof(message) +
					(attribute.rta_len + 3u) / 4 * 4),
		.nlmsg_type = type,
	};

	add(datagram, &header, sizeof(header));
	add(datagram, &message, sizeof(message));
	add(datagram, &attribute, sizeof(attribute));
	add(datagram, name, strlen(name) + 1);
}

static void add_error(struct datagram *datagram, int code)
{
	struct nlmsgerr message = { .error = code };
	struct nlmsghdr header = {
		.nlmsg_len = sizeof(header) + sizeof(message),
		.nlmsg_type = NLMSG_ERROR,
	};

	add(datagram, &header, sizeof(header));
	add(datagram, &message, sizeof(message));
}

static struct link_state apply(const struct datagram *datagram, size_t length)
{
	struct link_state state = { .condition = LINK_WORKING, .name = "eth0" };

	link_watch_apply(bytes_make(datagram->bytes, length), IFINDEX, &state);
	return state;
}

static const struct {
	const char *sentence;
	uint16_t type;
	uint8_t family;
	int ifindex;
	unsigned int flags;
	const char *name;
	enum link_condition condition;
	const char *name_after;
} messages[] = {
	{ "up with a carrier is working", RTM_NEWLINK, AF_UNSPEC, IFINDEX, UP_AND_RUNNING, "eth0",
	  LINK_WORKING, "eth0" },
	{ "up without a carrier is that", RTM_NEWLINK, AF_UNSPEC, IFINDEX, IFF_UP, "eth0",
	  LINK_WITHOUT_CARRIER, "eth0" },
	{ "a carrier without up is down", RTM_NEWLINK, AF_UNSPEC, IFINDEX, IFF_LOWER_UP, "eth0",
	  LINK_DOWN, "eth0" },
	{ "a new name is taken", RTM_NEWLINK, AF_UNSPEC, IFINDEX, UP_AND_RUNNING, "wan0",
	  LINK_WORKING, "wan0" },
	{ "a name of 15 letters is taken", RTM_NEWLINK, AF_UNSPEC, IFINDEX, UP_AND_RUNNING,
	  "abcdefghijklmno", LINK_WORKING, "abcdefghijklmno" },
	{ "a name that is too long is cut", RTM_NEWLINK, AF_UNSPEC, IFINDEX, UP_AND_RUNNING,
	  "abcdefghijklmnopqrstuvwxyz", LINK_WORKING, "abcdefghijklmno" },
	{ "a removal is one", RTM_DELLINK, AF_UNSPEC, IFINDEX, UP_AND_RUNNING, "eth0", LINK_REMOVED,
	  "eth0" },
	{ "a port that leaves its bridge is not removed", RTM_DELLINK, AF_BRIDGE, IFINDEX,
	  UP_AND_RUNNING, "eth0", LINK_WORKING, "eth0" },
	{ "a message of a bridge about its port is not looked at", RTM_NEWLINK, AF_BRIDGE, IFINDEX,
	  0, "wan0", LINK_WORKING, "eth0" },
	{ "another interface is not ours", RTM_NEWLINK, AF_UNSPEC, IFINDEX + 1, 0, "wan0",
	  LINK_WORKING, "eth0" },
	{ "the removal of another interface is not ours", RTM_DELLINK, AF_UNSPEC, IFINDEX + 1, 0,
	  "eth1", LINK_WORKING, "eth0" },
	{ "an address is no link", RTM_NEWADDR, AF_UNSPEC, IFINDEX, 0, "wan0", LINK_WORKING,
	  "eth0" },
};

static void test_messages(void)
{
	for (size_t i = 0; i < LENGTH(messages); i++) {
		struct datagram datagram = {};
		struct link_state state;

		add_link(&datagram, messages[i].type, messages[i].family, messages[i].ifindex,
			 messages[i].flags, messages[i].name);
		state = apply(&datagram, datagram.length);
		check(state.condition == messages[i].condition &&
			      strcmp(state.name, messages[i].name_after) == 0,
		      "%s", messages[i].sentence);
		check_note("condition %d, name '%s'", state.condition, state.name);
	}
}

static void test_several(void)
{
	struct datagram datagram = {};
	struct link_state state;

	add_link(&datagram, RTM_NEWLINK, AF_UNSPEC, IFINDEX, 0, "wan0");
	add_link(&datagram, RTM_NEWLINK, AF_UNSPEC, IFINDEX + 1, UP_AND_RUNNING, "eth9");
	add_link(&datagram, RTM_NEWLINK, AF_UNSPEC, IFINDEX, IFF_UP, "wan1");
	state = apply(&datagram, datagram.length);
	check(state.condition == LINK_WITHOUT_CARRIER && strcmp(state.name, "wan1") == 0,
	      "of several messages the last counts");
}

static void test_errors(void)
{
	struct datagram gone = {}, acknowledged = {}, refused = {};

	add_error(&gone, -ENODEV);
	add_error(&acknowledged, 0);
	add_error(&refused, -EPERM);
	check(apply(&gone, gone.length).condition == LINK_REMOVED,
	      "an interface that the kernel does not know is removed");
	check(apply(&acknowledged, acknowledged.length).condition == LINK_WORKING,
	      "an acknowledgement says nothing");
	check(apply(&refused, refused.length).condition == LINK_WORKING,
	      "a question that is refused says nothing");
}

/* Cut anywhere, a datagram says what is whole in it, or nothing. */
static void test_cut(void)
{
	struct datagram datagram = {};
	bool is_right = true;

	add_link(&datagram, RTM_NEWLINK, AF_UNSPEC, IFINDEX, 0, "wan0");
	for (size_t length = 0; length < datagram.length - 3; length++)
		is_right &= apply(&datagram, length).condition == LINK_WORKING;
	check(is_right, "a message that is cut says nothing");
	((struct nlmsghdr *)datagram.bytes)->nlmsg_len = 3;
	check(apply(&datagram, datagram.length).condition == LINK_WORKING,
	      "a message that is shorter than its header says nothing");
}

/* The first change of a watch: what is different from what was assumed. */
static bool first_change(unsigned int ifindex, const char *name, struct link_state *ret_now)
{
	struct link_watch watch;
	struct link_state before;
	bool has_changed = false;

	if (link_watch_open(&watch, ifindex, name))
		return false;
	while (!has_changed &&
	       poll(&(struct pollfd){ .fd = watch.fd, .events = POLLIN }, 1, 200) == 1)
		has_changed = link_watch_read(&watch, &before);
	*ret_now = watch.state;
	link_watch_close(&watch);
	return has_changed;
}

static void test_kernel(void)
{
	struct link_state now = {};

	check(first_change(0x7ffffff0, "eth0", &now) && now.condition == LINK_REMOVED,
	      "an interface that went before it was watched is removed");
	check(first_change(if_nametoindex("lo"), "eth0", &now) && strcmp(now.name, "lo") == 0,
	      "an interface that was renamed before it was watched has its new name");
}

int main(void)
{
	test_messages();
	test_several();
	test_errors();
	test_cut();
	test_kernel();
	return check_finish();
}
