/* SPDX-License-Identifier: GPL-2.0-only */
/* What the kernel's messages say of interfaces: made up ones, and those of this machine. */
#include "../../user/link_watch.h"

#include <linux/if_arp.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>

#include "check.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define UP_AND_RUNNING (IFF_UP | IFF_RUNNING | INTERFACE_LOWER_UP)
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
		.ifi_type = ARPHRD_ETHER,
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

static void add_end(struct datagram *datagram)
{
	struct nlmsghdr header = { .nlmsg_len = sizeof(header), .nlmsg_type = NLMSG_DONE };

	add(datagram, &header, sizeof(header));
}

static bool take(const struct datagram *datagram, size_t length, struct link_change *ret_change)
{
	struct bytes bytes = bytes_make(datagram->bytes, length);

	return link_watch_take(&bytes, ret_change);
}

static const struct {
	const char *sentence;
	uint16_t type;
	uint8_t family;
	unsigned int flags;
	const char *name;
	bool is_change;
	enum link_change_kind kind;
	const char *name_after;
} messages[] = {
	{ "a link is there, with its flags", RTM_NEWLINK, AF_UNSPEC, UP_AND_RUNNING, "eth0", true,
	  LINK_PRESENT, "eth0" },
	{ "a link that is down is there, too", RTM_NEWLINK, AF_UNSPEC, 0, "eth0", true,
	  LINK_PRESENT, "eth0" },
	{ "a name of 15 letters is taken", RTM_NEWLINK, AF_UNSPEC, IFF_UP, "abcdefghijklmno", true,
	  LINK_PRESENT, "abcdefghijklmno" },
	{ "a name that is too long is cut", RTM_NEWLINK, AF_UNSPEC, IFF_UP,
	  "abcdefghijklmnopqrstuvwxyz", true, LINK_PRESENT, "abcdefghijklmno" },
	{ "a removal is one", RTM_DELLINK, AF_UNSPEC, UP_AND_RUNNING, "eth0", true, LINK_REMOVED,
	  "eth0" },
	{ "a port that leaves its bridge is not removed", RTM_DELLINK, AF_BRIDGE, UP_AND_RUNNING,
	  "eth0", false, LINK_PRESENT, "" },
	{ "a message of a bridge about its port says nothing", RTM_NEWLINK, AF_BRIDGE, 0, "wan0",
	  false, LINK_PRESENT, "" },
	{ "an address is no link", RTM_NEWADDR, AF_UNSPEC, 0, "wan0", false, LINK_PRESENT, "" },
};

static void test_messages(void)
{
	for (size_t i = 0; i < LENGTH(messages); i++) {
		struct datagram datagram = {};
		struct link_change change = {};
		bool is_change;

		add_link(&datagram, messages[i].type, messages[i].family, IFINDEX,
			 messages[i].flags, messages[i].name);
		is_change = take(&datagram, datagram.length, &change);
		check(is_change == messages[i].is_change &&
			      (!is_change ||
			       (change.kind == messages[i].kind &&
				change.interface.ifindex == IFINDEX &&
				change.interface.flags == messages[i].flags &&
				change.interface.hardware_type == ARPHRD_ETHER &&
				strcmp(change.interface.name, messages[i].name_after) == 0)),
		      "%s", messages[i].sentence);
		check_note("kind %d, name '%s'", change.kind, change.interface.name);
	}
}

static void test_several(void)
{
	struct datagram datagram = {};
	struct link_change changes[4] = {};
	struct bytes bytes;

	add_link(&datagram, RTM_NEWLINK, AF_UNSPEC, IFINDEX, 0, "wan0");
	add_error(&datagram, 0);
	add_link(&datagram, RTM_DELLINK, AF_UNSPEC, IFINDEX + 1, UP_AND_RUNNING, "eth9");
	add_end(&datagram);
	bytes = bytes_make(datagram.bytes, datagram.length);
	check(link_watch_take(&bytes, &changes[0]) && link_watch_take(&bytes, &changes[1]) &&
		      link_watch_take(&bytes, &changes[2]) &&
		      !link_watch_take(&bytes, &changes[3]) &&
		      changes[0].kind == LINK_PRESENT && changes[0].interface.ifindex == IFINDEX &&
		      changes[1].kind == LINK_REMOVED &&
		      changes[1].interface.ifindex == IFINDEX + 1 &&
		      changes[2].kind == LINK_LIST_COMPLETE,
	      "several messages are taken in their order, without what says nothing");
}

/* Cut anywhere, a datagram says what is whole in it, or nothing. */
static void test_cut(void)
{
	struct link_change change;
	struct datagram datagram = {};
	bool is_right = true;

	add_link(&datagram, RTM_NEWLINK, AF_UNSPEC, IFINDEX, 0, "wan0");
	for (size_t length = 0; length < datagram.length - 3; length++)
		is_right &= !take(&datagram, length, &change);
	check(is_right, "a message that is cut says nothing");
	((struct nlmsghdr *)datagram.bytes)->nlmsg_len = 3;
	check(!take(&datagram, datagram.length, &change),
	      "a message that is shorter than its header says nothing");
}

/* Of this machine: the list at the start, with loopback in it. */
static void test_kernel(void)
{
	struct link_watch watch;
	struct link_change change;
	bool is_complete = false, has_loopback = false;
	int error = link_watch_open(&watch);

	while (!error && !is_complete &&
	       poll(&(struct pollfd){ .fd = watch.fd, .events = POLLIN }, 1, 2000) == 1) {
		while (link_watch_read(&watch, &change)) {
			is_complete |= change.kind == LINK_LIST_COMPLETE;
			has_loopback |= change.kind == LINK_PRESENT &&
					strcmp(change.interface.name, "lo") == 0 &&
					change.interface.ifindex == if_nametoindex("lo") &&
					change.interface.hardware_type == ARPHRD_LOOPBACK;
		}
	}
	check(is_complete && has_loopback, "a watch begins with the list of those that are there");
	link_watch_close(&watch);
}

int main(void)
{
	test_messages();
	test_several();
	test_cut();
	test_kernel();
	return check_finish();
}
