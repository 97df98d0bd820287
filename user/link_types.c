/* SPDX-License-Identifier: GPL-2.0-only */
/* Hardware types of devices and what can be written of them; see link_types.h. */
#include "link_types.h"

#include <errno.h>
#include <linux/if_arp.h>
#include <strings.h>

#ifndef ARPHRD_RAWIP
#define ARPHRD_RAWIP 519
#endif

#define GRE_REASON                                                                  \
	"a GRE tunnel, whose packets begin with the tunnel's outer headers at the " \
	"hook (capture on the interface below it with the filter 'proto 47')"
#define MONITOR_REASON "a Wi-Fi interface in monitor mode (capture on it in managed mode)"

static const struct {
	enum link_type link_type;
	const char *name;
	const char *description;
} names[] = {
	{ LINK_TYPE_ETHERNET, "EN10MB", "Ethernet" },
	{ LINK_TYPE_RAW, "RAW", "Raw IP" },
	{ LINK_TYPE_LINUX_SLL2, "LINUX_SLL2", "Linux cooked v2" },
};

static const struct device_kind {
	unsigned short hardware_type;
	enum link_type link_type; /* LINK_TYPE_DEFAULT: not supported, it is: */
	const char *reason;
} device_kinds[] = {
	{ ARPHRD_ETHER, LINK_TYPE_ETHERNET, NULL },
	{ ARPHRD_LOOPBACK, LINK_TYPE_ETHERNET, NULL },
	{ ARPHRD_NONE, LINK_TYPE_RAW, NULL },
	{ ARPHRD_RAWIP, LINK_TYPE_RAW, NULL },
	{ ARPHRD_PPP, LINK_TYPE_RAW, NULL },
	{ ARPHRD_TUNNEL, LINK_TYPE_RAW, NULL },
	{ ARPHRD_TUNNEL6, LINK_TYPE_RAW, NULL },
	{ ARPHRD_SIT, LINK_TYPE_RAW, NULL },
	{ ARPHRD_IPGRE, LINK_TYPE_DEFAULT, GRE_REASON },
	{ ARPHRD_IP6GRE, LINK_TYPE_DEFAULT, GRE_REASON },
	{ ARPHRD_IEEE80211, LINK_TYPE_DEFAULT, MONITOR_REASON },
	{ ARPHRD_IEEE80211_PRISM, LINK_TYPE_DEFAULT, MONITOR_REASON },
	{ ARPHRD_IEEE80211_RADIOTAP, LINK_TYPE_DEFAULT, MONITOR_REASON },
	{ ARPHRD_IEEE802154, LINK_TYPE_DEFAULT, "an IEEE 802.15.4 interface" },
	{ ARPHRD_IEEE802154_MONITOR, LINK_TYPE_DEFAULT, "an IEEE 802.15.4 interface" },
	{ ARPHRD_6LOWPAN, LINK_TYPE_DEFAULT, "a 6LoWPAN interface" },
	{ ARPHRD_INFINIBAND, LINK_TYPE_DEFAULT, "an InfiniBand interface" },
	{ ARPHRD_CAN, LINK_TYPE_DEFAULT, "a CAN bus" },
	{ ARPHRD_NETLINK, LINK_TYPE_DEFAULT, "a monitor of netlink messages" },
	{ ARPHRD_VSOCKMON, LINK_TYPE_DEFAULT, "a monitor of vsock messages" },
};

static const struct device_kind *find_kind(const struct interface *interface)
{
	for (size_t i = 0; i < sizeof(device_kinds) / sizeof(device_kinds[0]); i++)
		if (device_kinds[i].hardware_type == interface->hardware_type)
			return &device_kinds[i];
	return NULL;
}

static size_t find_name(enum link_type link_type)
{
	size_t i;

	for (i = 0; i + 1 < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].link_type == link_type)
			break;
	return i;
}

const char *link_type_name(enum link_type link_type)
{
	return names[find_name(link_type)].name;
}

const char *link_type_description(enum link_type link_type)
{
	return names[find_name(link_type)].description;
}

int link_type_parse(const char *name, enum link_type *ret_link_type)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcasecmp(name, names[i].name) != 0)
			continue;
		*ret_link_type = names[i].link_type;
		return 0;
	}
	return -EINVAL;
}

enum link_type link_type_of(const struct interface *interface)
{
	const struct device_kind *kind = find_kind(interface);

	return kind ? kind->link_type : LINK_TYPE_DEFAULT;
}

int link_types_check(const struct interface *interface, struct error *reterr)
{
	const struct device_kind *kind = find_kind(interface);

	if (!kind)
		return error_set(reterr, -ENOTSUP,
				 "'%s' is of hardware type %u, which pktsieve does not know; it "
				 "captures on Ethernet and IP devices",
				 interface->name, interface->hardware_type);
	if (kind->link_type == LINK_TYPE_DEFAULT)
		return error_set(reterr, -ENOTSUP, "pktsieve cannot capture on '%s': it is %s",
				 interface->name, kind->reason);
	return 0;
}

static int refuse_cooked_only(const char *what, enum link_type asked, struct error *reterr)
{
	return error_set(reterr, -EINVAL,
			 "'-y %s' does not go together with %s: only LINUX_SLL2 tells the "
			 "interfaces apart (leave '-y' out)",
			 link_type_name(asked), what);
}

int link_types_choose(const struct interface *interfaces, size_t count, bool is_any,
		      enum link_type asked, enum link_type *ret_link_type, struct error *reterr)
{
	bool is_cooked = is_any || count != 1;
	enum link_type own;
	int error;

	for (size_t i = 0; i < count && !is_any; i++) {
		error = link_types_check(&interfaces[i], reterr);
		if (error)
			return error;
	}
	if (is_cooked && asked != LINK_TYPE_DEFAULT && asked != LINK_TYPE_LINUX_SLL2)
		return refuse_cooked_only(is_any ? "'-i any'" : "more than one interface", asked,
					  reterr);
	if (is_cooked || asked == LINK_TYPE_LINUX_SLL2) {
		*ret_link_type = LINK_TYPE_LINUX_SLL2;
		return 0;
	}
	own = link_type_of(&interfaces[0]);
	if (asked != LINK_TYPE_DEFAULT && asked != own)
		return error_set(reterr, -EINVAL,
				 "'%s' has no link type %s: '-y' takes %s or LINUX_SLL2 there",
				 interfaces[0].name, link_type_name(asked), link_type_name(own));
	*ret_link_type = own;
	return 0;
}

void link_types_print(const struct interface *interface, FILE *out)
{
	enum link_type own = interface ? link_type_of(interface) : LINK_TYPE_LINUX_SLL2;

	fprintf(out, "Data link types for %s (use option -y to set):\n",
		interface ? interface->name : "any");
	if (own != LINK_TYPE_LINUX_SLL2)
		fprintf(out, "  %s (%s)\n", link_type_name(own), link_type_description(own));
	fprintf(out, "  %s (%s)\n", link_type_name(LINK_TYPE_LINUX_SLL2),
		link_type_description(LINK_TYPE_LINUX_SLL2));
}
