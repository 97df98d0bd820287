/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which frames of tests/filter/frames.txt a filter matches, in user space: each line is an
 * expression and the names of all frames that it matches; a name with "*" at its end stands for
 * all that begin so. What tcpdump has a word on is compared with it elsewhere; here is what
 * it does not have, or means otherwise.
 */
#include <arpa/inet.h>
#include <stdlib.h>

#include "../../user/filter/filter.h"
#include "check.h"
#include "frame_file.h"

static struct named_frame frames[FRAME_FILE_MAXIMUM];
static size_t frame_count;

/* clang-format off */
static const struct {
	const char *expression;
	const char *mask; /* of the interface, for `ip broadcast` */
	const char *matched;
} cases[] = {
	{ "vxlan", NULL, "vxlan-11 vxlan-4096-gbp vxlan-tagged6" },
	{ "vxlan 11", NULL, "vxlan-11 vxlan-tagged6" },
	{ "vxlan 4096", NULL, "vxlan-4096-gbp" },
	{ "vxlan 0", NULL, "" },
	{ "vxlan 11 and ip6 and vlan 5", NULL, "vxlan-tagged6" },
	{ "geneve", NULL, "geneve-11 geneve-4096 geneve6-11" },
	{ "geneve 11 and ip6", NULL, "geneve6-11" },

	/* behind VLAN tags, without a word about them */
	{ "stp", NULL, "stp stp-response tagged-stp" },
	{ "llc ui and vlan", NULL, "tagged-stp" },
	{ "lat", NULL, "lat tagged-lat" },
	{ "ether proto \\lat and vlan 6", NULL, "tagged-lat" },
	{ "pppoed", NULL, "pppoed tagged-pppoed" },
	{ "ether proto 0x8100", NULL, "tagged-stp tagged-mpls tagged-pppoed vxlan-tagged6" },
	{ "ether proto 0x88a8", NULL, "tagged-lat" },

	{ "llc s", NULL, "llc-rr llc-rnr llc-rej llc-s-other" },
	{ "llc ua", NULL, "llc-ua llc-ua-final" },
	{ "llc xid or llc frmr", NULL, "llc-xid llc-frmr" },
	{ "atalk", NULL, "atalk-snap atalk" },
	{ "aarp", NULL, "aarp-snap aarp" },
	{ "ipx", NULL, "ipx-llc ipx-raw ipx-snap ipx" },
	{ "netbeui or clnp", NULL, "netbeui clnp" },
	{ "l2 and not iih", NULL, "isis-l2-lsp isis-l2-csnp isis-l2-psnp" },

	/* some label */
	{ "mpls", NULL, "mpls-5 mpls-100000-5 mpls-0-1-5 mpls-no-bottom tagged-mpls" },
	{ "mpls 5", NULL, "mpls-5 mpls-100000-5 mpls-0-1-5" },
	{ "mpls 1", NULL, "mpls-0-1-5" },
	{ "mpls 0", NULL, "mpls-0-1-5" },
	{ "mpls 8", NULL, "mpls-no-bottom" },
	{ "mpls 25", NULL, "tagged-mpls" },
	{ "mpls 5 and mpls 100000", NULL, "mpls-100000-5" },
	{ "mpls 5 and tcp", NULL, "mpls-5" },
	{ "ether proto 0x8847", NULL, "mpls-5 mpls-100000-5 mpls-0-1-5 mpls-no-bottom tagged-mpls" },
	{ "ether proto 0x8848", NULL, "mpls-multicast" },
	{ "pppoes 39", NULL, "pppoes-39 pppoes-lcp" },
	{ "pppoes and port 53", NULL, "pppoes-256" },
	{ "ether proto 0x8864 and ip6", NULL, "pppoes-256" },

	/* what IPv6 has behind extension headers */
	{ "ip6 proto 6", NULL, "tcp6 routing-tcp hop-mobility-tcp" },
	{ "ip6 proto 135", NULL, "mobility hop-mobility-tcp" },
	{ "ip6 proto 0", NULL, "hop-icmp6 hop-mobility-tcp" },
	{ "ip6 proto 44", NULL, "fragment-udp later-fragment-udp" },
	{ "proto 60", NULL, "options-udp ah6-options-tcp" },
	{ "ip6 protochain 6", NULL, "tcp6 routing-tcp hop-mobility-tcp ah6-options-tcp" },
	{ "protochain 60", NULL, "options-udp ah6-options-tcp" },
	{ "ip protochain 51", NULL, "ah-tcp ah-ah-udp" },
	{ "ip proto 0", NULL, "zero-in-4" },
	{ "ip6 proto 59", NULL, "mobility nothing-in-6" },
	{ "proto 300 or protochain 300", NULL, "" },

	/* the interface's mask */
	{ "ip broadcast", NULL, "ip-all-ones ip-all-zeros" },
	{ "ip broadcast", "255.255.255.0", "ip-all-ones ip-all-zeros ip-subnet-* ip-below-multicast" },
	{ "ip broadcast", "255.255.0.0", "ip-all-ones ip-all-zeros ip-subnet-zeros ip-below-multicast" },
	{ "ip broadcast", "255.255.255.255", "ip-all-ones ip-all-zeros" },
	{ "ip broadcast", "255.255.255.254", "ip-all-ones ip-all-zeros" },

	{ "ether src 00:60:08:9f:b1:f3", NULL, "from-vendor" },
	{ "ether host 00:60:08:9f:b1:f4", NULL, "from-vendor" },
	{ "ether src and dst 2:0:0:0:0:1", NULL, "to-itself" },
	{ "udp portrange 20-22", NULL, "udp-ports-22-23" },
	{ "udp portrange 22-23", NULL, "udp-ports-22-23" },
	{ "dst portrange 65000-65535", NULL, "ports-0-65535" },
	{ "outbound", NULL, "" },
	{ "ifindex 7", NULL, "" },
};
/* clang-format on */

/* Whether a word of the list is the name, or with a "*" how it begins. */
static bool is_listed(const char *list, const char *name)
{
	while (*list) {
		size_t length = strcspn(list, " ");
		bool is_start = length > 0 && list[length - 1] == '*';

		if (is_start ? strncmp(list, name, length - 1) == 0 :
			       strlen(name) == length && strncmp(list, name, length) == 0)
			return true;
		list += length;
		list += strspn(list, " ");
	}
	return false;
}

static bool judge(const struct filter *filter, const struct named_frame *frame,
		  enum direction direction, uint32_t ifindex)
{
	struct offline_packet packet;

	offline_read(bytes_make(frame->bytes, FRAME_FILE_BYTES), FRAME_FILE_BYTES, &packet);
	packet.summary.direction = direction;
	packet.summary.ifindex = ifindex;
	return filter_run(filter, &packet);
}

static void test_case(const char *expression, const char *mask, const char *matched)
{
	struct filter_options options = { .ipv4_mask_be = mask ? inet_addr(mask) : 0 };
	struct filter *filter = NULL;
	struct filter_error error = { 0 };
	size_t wrong = 0;

	if (filter_compile_for(expression, &options, &filter, &error)) {
		check(false, "'%s' is compiled", expression);
		check_note("%s", error.message);
		return;
	}
	for (size_t i = 0; i < frame_count; i++)
		wrong += judge(filter, &frames[i], DIRECTION_INGRESS, 0) !=
			 is_listed(matched, frames[i].name);
	check(wrong == 0, "'%s'%s%s matches of the frames nothing but: %s", expression,
	      mask ? " with the mask " : "", mask ? mask : "", matched);
	for (size_t i = 0; i < frame_count; i++)
		if (judge(filter, &frames[i], DIRECTION_INGRESS, 0) !=
		    is_listed(matched, frames[i].name))
			check_note("wrong: %s", frames[i].name);
	filter_free(filter);
}

/* What no byte of a frame says. */
static void test_origin(const char *expression, enum direction direction, uint32_t ifindex)
{
	struct filter *filter = NULL;
	struct filter_error error = { 0 };

	check(!filter_compile(expression, &filter, &error) &&
		      judge(filter, &frames[0], direction, ifindex) &&
		      !judge(filter, &frames[0], !direction, ifindex + 1),
	      "'%s' matches by where the packet is, and not elsewhere", expression);
	check_note("%s", error.message);
	filter_free(filter);
}

static void test_vlan_question(const char *expression, bool expected)
{
	struct filter *filter = NULL;
	struct filter_error error;

	check(!filter_compile(expression, &filter, &error) && filter_uses_vlan(filter) == expected,
	      "'%s' %s tags", expression, expected ? "asks for" : "does not ask for");
	filter_free(filter);
}

int main(void)
{
	frame_count = frame_file_read(frames);
	if (!check(frame_count > 100, FRAME_FILE " is there, seen from the top of the tree"))
		return check_finish();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(cases[i].expression, cases[i].mask, cases[i].matched);
	test_origin("inbound", DIRECTION_INGRESS, 1);
	test_origin("outbound", DIRECTION_EGRESS, 1);
	test_origin("ifindex 7", DIRECTION_INGRESS, 7);
	test_origin("ifname lo", DIRECTION_INGRESS, 1);
	test_vlan_question("", false);
	test_vlan_question("tcp or host 10.9.0.1", false);
	test_vlan_question("ether[0:4] = 1 and ether[8:4] = 1 and ip[14:2] = 1", false);
	test_vlan_question("ether[9:4] = 1", true);
	test_vlan_question("ip[0] = 1 or 5 < link[len - 60]", true);
	test_vlan_question("vlan", true);
	test_vlan_question("tcp or not (udp and vlan 5)", true);
	test_vlan_question("ether proto 0x8100", true);
	test_vlan_question("ether proto 0x0800", false);
	test_vlan_question("ether host 1:2:3:4:5:6 or ether multicast", false);
	test_vlan_question("mpls 5 or stp", false);
	return check_finish();
}
