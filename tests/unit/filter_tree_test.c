/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How expressions are understood: precedence, inherited qualifiers, ways to write numbers
 * and addresses. Each line is an expression and its printed tree, one node a line.
 */
#include <stdlib.h>
#include <string.h>

#include "../../user/filter/filter.h"
#include "check.h"

/* clang-format off */
static const struct {
	const char *expression;
	const char *tree;
} cases[] = {
	{ "", "every packet\n" },
	{ " \t\n", "every packet\n" },
	{ "ip", "ip (IPv4)\n" },
	{ "tcp", "tcp (IPv4, IPv6)\n" },
	{ "icmp", "icmp (IPv4)\n" },
	{ "icmp6", "icmp6 (IPv6)\n" },
	{ "host 10.0.0.1", "src or dst host 10.0.0.1 (IPv4, ARP, RARP)\n" },
	{ "src 10.0.0.1", "src host 10.0.0.1 (IPv4, ARP, RARP)\n" },
	{ "dst or src 10.0.0.1", "src or dst host 10.0.0.1 (IPv4, ARP, RARP)\n" },
	{ "dst and src 10.0.0.1", "src and dst host 10.0.0.1 (IPv4, ARP, RARP)\n" },
	{ "src&&dst host 10.0.0.1", "src and dst host 10.0.0.1 (IPv4, ARP, RARP)\n" },
	{ "ip src host 10.0.0.1", "src host 10.0.0.1 (IPv4)\n" },
	{ "arp host 10.0.0.1", "src or dst host 10.0.0.1 (ARP)\n" },
	{ "host FD00::1", "src or dst host fd00::1 (IPv6)\n" },
	{ "host ::ffff:10.0.0.1", "src or dst host ::ffff:10.0.0.1 (IPv6)\n" },
	{ "host ::1/128", "src or dst host ::1 (IPv6)\n" },
	{ "host 10.0.0", "src or dst host 10.0.0.0/24 (IPv4, ARP, RARP)\n" },
	{ "host 10", "src or dst host 0.0.0.10 (IPv4, ARP, RARP)\n" },
	{ "host 010.010.0.1", "src or dst host 10.10.0.1 (IPv4, ARP, RARP)\n" },
	{ "host 0x0a000001", "src or dst host 10.0.0.1 (IPv4, ARP, RARP)\n" },
	{ "host 012", "src or dst host 0.0.0.10 (IPv4, ARP, RARP)\n" },
	{ "host \\10.0.0.1", "src or dst host 10.0.0.1 = 10.0.0.1 (IPv4, ARP, RARP)\n" },
	{ "net 10", "src or dst net 10.0.0.0/8 (IPv4, ARP, RARP)\n" },
	{ "net 256", "src or dst net 1.0.0.0/16 (IPv4, ARP, RARP)\n" },
	{ "net 0", "src or dst net 0.0.0.0 (IPv4, ARP, RARP)\n" },
	{ "net 192.168", "src or dst net 192.168.0.0/16 (IPv4, ARP, RARP)\n" },
	{ "net 192.168.1/24", "src or dst net 192.168.1.0/24 (IPv4, ARP, RARP)\n" },
	{ "net 1.2.3/25", "src or dst net 1.2.3.0/25 (IPv4, ARP, RARP)\n" },
	{ "net 10.0.0.0 / 010", "src or dst net 10.0.0.0/8 (IPv4, ARP, RARP)\n" },
	{ "net 10.0 mask 255.0", "src or dst net 10.0.0.0/8 (IPv4, ARP, RARP)\n" },
	{ "net 10.0.0.1 mask 255.0.0.255",
	  "src or dst net 10.0.0.1 mask 255.0.0.255 (IPv4, ARP, RARP)\n" },
	{ "dst net fd00::/9", "dst net fd00::/9 (IPv6)\n" },
	{ "port 80", "src or dst port 80 (TCP, UDP, SCTP)\n" },
	{ "tcp src port 80", "src port 80 (TCP)\n" },
	{ "sctp dst port 0x50", "dst port 80 (SCTP)\n" },
	{ "udp src and dst port 0120", "src and dst port 80 (UDP)\n" },

	{ "vlan", "vlan (some tag)\n" },
	{ "vlan 0", "vlan 0 (some tag)\n" },
	{ "vlan 0xfff and tcp", "and\n  vlan 4095 (some tag)\n  tcp (IPv4, IPv6)\n" },
	{ "vlan (5)", "vlan 5 (some tag)\n" },
	{ "mpls ((5))", "mpls 5 (some label)\n" },
	{ "pppoed", "pppoed (PPPoE discovery)\n" },
	{ "pppoes 0x27", "pppoes 39 (PPPoE session)\n" },
	{ "geneve 11", "geneve 11 (UDP port 6081)\n" },
	{ "vxlan", "vxlan (UDP port 4789)\n" },
	{ "llc", "llc\n" },
	{ "llc rnr", "llc rnr\n" },
	{ "llc \\ui", "llc ui\n" },
	{ "inbound or outbound", "or\n  inbound\n  outbound\n" },
	{ "ifindex (2)", "ifindex 2\n" },
	{ "ifname lo", "ifindex lo = 1\n" },

	{ "ether host 1:2:3:4:5:F", "src or dst host 01:02:03:04:05:0f (Ethernet)\n" },
	{ "ether src 00-60-08-9f-b1-f3", "src host 00:60:08:9f:b1:f3 (Ethernet)\n" },
	{ "link dst host 0060.089f.b1f3", "dst host 00:60:08:9f:b1:f3 (Ethernet)\n" },
	{ "ether src and dst 0060089fb1f3", "src and dst host 00:60:08:9f:b1:f3 (Ethernet)\n" },
	{ "fddi host 01.00.5e.00.00.05", "src or dst host 01:00:5e:00:00:05 (Ethernet)\n" },
	{ "ether src 1:2:3:4:5:6 or not 1:2:3:4:5:7",
	  "or\n  src host 01:02:03:04:05:06 (Ethernet)\n  not\n    src host 01:02:03:04:05:07 (Ethernet)\n" },
	{ "broadcast", "broadcast (Ethernet)\n" },
	{ "ether multicast", "multicast (Ethernet)\n" },
	{ "ip broadcast", "broadcast (IPv4)\n" },
	{ "ip6 multicast", "multicast (IPv6)\n" },

	{ "ether proto 0x0800", "proto 0x0800 (Ethernet)\n" },
	{ "ether proto \\ip6", "proto ip6 = 0x86dd (Ethernet)\n" },
	{ "ether proto 0x42", "proto 0x42 (LLC)\n" },
	{ "ether proto \\stp or \\arp", "or\n  proto stp = 0x42 (LLC)\n  proto arp = 0x0806 (Ethernet)\n" },
	{ "ip proto (6 or \\udp)", "or\n  proto 6 (IPv4)\n  proto udp = 17 (IPv4)\n" },
	{ "proto gre", "proto gre = 47 (IPv4, IPv6)\n" },
	{ "ip6 proto 300", "proto 300 (IPv6)\n" },
	{ "protochain 51", "protochain 51 (IPv4, IPv6)\n" },
	{ "ip protochain \\tcp", "protochain tcp = 6 (IPv4)\n" },
	{ "iso proto \\clnp", "proto clnp = 129 (ISO)\n" },
	{ "isis proto 15", "proto 15 (IS-IS)\n" },
	{ "igmp", "igmp (IPv4)\n" },
	{ "pim", "pim (IPv4, IPv6)\n" },
	{ "stp", "stp (LLC)\n" },
	{ "es-is", "esis (LLC)\n" },
	{ "atalk", "atalk (EtherType 0x809b, SNAP)\n" },
	{ "l1 and lat", "and\n  l1 (IS-IS)\n  lat (EtherType 0x6004)\n" },

	{ "portrange 20-25", "src or dst portrange 20-25 (TCP, UDP, SCTP)\n" },
	{ "portrange 80", "src or dst portrange 80-80 (TCP, UDP, SCTP)\n" },
	{ "dst portrange 1023-20", "dst portrange 20-1023 (TCP, UDP, SCTP)\n" },
	{ "tcp portrange 010-20-30 or 7", "or\n  src or dst portrange 10-20 (TCP)\n  src or dst portrange 7-7 (TCP)\n" },
	{ "portrange ssh-http", "src or dst portrange ssh-http = 22-80 (TCP)\n" },
	{ "portrange http-20", "src or dst portrange http-20 = 20-80 (TCP, UDP, SCTP)\n" },
	{ "port 80 or (portrange 1-2)",
	  "or\n  src or dst port 80 (TCP, UDP, SCTP)\n  src or dst portrange 1-2 (TCP, UDP, SCTP)\n" },

	{ "not vlan or vlan 5", "or\n  not\n    vlan (some tag)\n  vlan 5 (some tag)\n" },

	/* values: sizes, parentheses, what is known of them */
	{ "tcp[13] & 2 != 0", "(tcp[13:1] & 2) != 0\n" },
	{ "tcp[tcpflags] & (tcp-syn|tcp-fin) == tcp-syn", "(tcp[13:1] & 3) = 2\n" },
	{ "ip[2:2] - ((ip[0]&0xf)<<2) > 20", "(ip[2:2] - ((ip[0:1] & 15) << 2)) > 20\n" },
	{ "len | len ^ len & len << len + len * len = 1",
	  "(len | (len ^ (len & (len << (len + (len * len)))))) = 1\n" },
	{ "len * len + len << len & len ^ len | len = 1",
	  "((((((len * len) + len) << len) & len) ^ len) | len) = 1\n" },
	{ "len - len - len >= len / len % len", "((len - len) - len) >= ((len / len) % len)\n" },
	{ "-len + - -5 < 010", "(-len + 5) < 8\n" },
	{ "- (len + 1) < 0x10", "-(len + 1) < 16\n" },
	{ "length <= 1 - 2", "len <= 4294967295\n" },
	{ "less 0100", "len <= 64\n" },
	{ "greater 0x10 and tcp", "and\n  len >= 16\n  tcp (IPv4, IPv6)\n" },
	{ "ether [ len - 1 : 1 ] = 0", "ether[(len - 1):1] = 0\n" },
	{ "link[len - 4:4] = 0", "link[(len - 4):4] = 0\n" },
	{ "((5)) < len", "5 < len\n" },
	{ "((len > 5))", "len > 5\n" },
	{ "not len > 5", "not\n  len > 5\n" },
	{ "port (80) or 5 < len", "or\n  src or dst port 80 (TCP, UDP, SCTP)\n  5 < len\n" },
	{ "port 80 or (443) & 1 < len", "or\n  src or dst port 80 (TCP, UDP, SCTP)\n  1 < len\n" },
	{ "port 80 or not (443 < len)",
	  "or\n  src or dst port 80 (TCP, UDP, SCTP)\n  not\n    443 < len\n" },
	{ "port 80 or (443) and len > 1",
	  "and\n  or\n    src or dst port 80 (TCP, UDP, SCTP)\n    src or dst port 443 (TCP, UDP, SCTP)\n"
	  "  len > 1\n" },
	{ "port tcp-syn", "src or dst port 2 (TCP, UDP, SCTP)\n" },

	/* "and" and "or" bind equally, from the left; "not" binds more than both */
	{ "tcp or udp and ip6", "and\n  or\n    tcp (IPv4, IPv6)\n    udp (IPv4, IPv6)\n  ip6 (IPv6)\n" },
	{ "tcp or (udp and ip6)", "or\n  tcp (IPv4, IPv6)\n  and\n    udp (IPv4, IPv6)\n    ip6 (IPv6)\n" },
	{ "not ip or arp", "or\n  not\n    ip (IPv4)\n  arp (ARP)\n" },
	{ "!(ip||arp)", "not\n  or\n    ip (IPv4)\n    arp (ARP)\n" },
	{ "!!ip", "not\n  not\n    ip (IPv4)\n" },
	{ "ip or arp or rarp", "or\n  ip (IPv4)\n  arp (ARP)\n  rarp (RARP)\n" },
	{ "((ip))", "ip (IPv4)\n" },

	/* an id inherits the qualifiers of what stands before it */
	{ "tcp port 80 or 443", "or\n  src or dst port 80 (TCP)\n  src or dst port 443 (TCP)\n" },
	{ "not port 80 or 443",
	  "or\n  not\n    src or dst port 80 (TCP, UDP, SCTP)\n  src or dst port 443 (TCP, UDP, SCTP)\n" },
	{ "src 10.0.0.1 and not 10.0.0.2",
	  "and\n  src host 10.0.0.1 (IPv4, ARP, RARP)\n  not\n    src host 10.0.0.2 (IPv4, ARP, RARP)\n" },
	{ "src 10.0.0.1 or dst 10.0.0.2 and 10.0.0.3",
	  "and\n  or\n    src host 10.0.0.1 (IPv4, ARP, RARP)\n    dst host 10.0.0.2 (IPv4, ARP, RARP)\n"
	  "  dst host 10.0.0.3 (IPv4, ARP, RARP)\n" },
	{ "dst port (1 or not (2 and 3))",
	  "or\n  dst port 1 (TCP, UDP, SCTP)\n  not\n    and\n      dst port 2 (TCP, UDP, SCTP)\n"
	  "      dst port 3 (TCP, UDP, SCTP)\n" },
	{ "host not 10.0.0.1", "not\n  src or dst host 10.0.0.1 (IPv4, ARP, RARP)\n" },
	/* parentheses keep theirs to themselves */
	{ "dst port 1 or (tcp) or 2",
	  "or\n  dst port 1 (TCP, UDP, SCTP)\n  tcp (IPv4, IPv6)\n  dst port 2 (TCP, UDP, SCTP)\n" },
	{ "dst port 1 or (src port 3) or 2",
	  "or\n  dst port 1 (TCP, UDP, SCTP)\n  src port 3 (TCP, UDP, SCTP)\n  dst port 2 (TCP, UDP, SCTP)\n" },
	{ "dst port 1 or ((tcp) and 2)",
	  "or\n  dst port 1 (TCP, UDP, SCTP)\n  and\n    tcp (IPv4, IPv6)\n    dst port 2 (TCP, UDP, SCTP)\n" },
};
/* clang-format on */

static void test_case(const char *expression, const char *tree)
{
	struct filter *filter = NULL;
	struct filter_error error = { 0 };
	char *printed = NULL;
	size_t length = 0;
	FILE *out;

	if (filter_compile(expression, &filter, &error)) {
		check(false, "'%s' is compiled", expression);
		check_note("%s", error.message);
		return;
	}
	out = open_memstream(&printed, &length);
	filter_print_tree(filter, out);
	fclose(out);
	check(strcmp(printed, tree) == 0, "'%s' is understood as written", expression);
	for (char *line = strtok(printed, "\n"); line; line = strtok(NULL, "\n"))
		check_note("%s", line);
	free(printed);
	filter_free(filter);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(cases[i].expression, cases[i].tree);
	return check_finish();
}
