/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What wrong expressions are told: each line is the expression, the caret line below it, and
 * the message.
 */
#include <errno.h>
#include <string.h>

#include "../../user/filter/filter.h"
#include "check.h"

#define REJECTS_ALL                                                                         \
	"expression rejects all packets: two of its conditions exclude each other; use 'or' where " \
	"one of them is enough"
#define UNSUPPORTED(word) "'" word "' is not supported by pktsieve"

/* clang-format off */
static const struct {
	const char *expression;
	const char *caret;
	const char *message;
} cases[] = {
	/* words that there are, but not here */
	{ "lane",
	  "^^^^", UNSUPPORTED("lane") },
	{ "tcp and fisu 5",
	  "        ^^^^", UNSUPPORTED("fisu") },
	{ "decnet src 1.1",
	  "^^^^^^", UNSUPPORTED("decnet") "; 'ether proto \\decnet' matches all of its frames" },
	{ "on eth0",
	  "^^", UNSUPPORTED("on") "; use 'ifname'" },
	{ "wlan addr1 00:11:22:33:44:55",
	  "     ^^^^^", UNSUPPORTED("addr1") },
	{ "type mgt",
	  "^^^^", UNSUPPORTED("type") },
	{ "tcp and vlan 4096",
	  "             ^^^^", "VLAN tag 4096 greater than maximum 4095" },
	{ "gateway foo",
	  "^^^^^^^", UNSUPPORTED("gateway") },
	{ "mpls and gateway 1",
	  "         ^^^^^^^", UNSUPPORTED("gateway") },
	{ "host 10.0.0.1 and (radio)",
	  "                   ^^^^^", UNSUPPORTED("radio") },

	/* words that there are not */
	{ "hots 10.0.0.1",
	  "^^^^", "unknown word 'hots'; did you mean 'host'?" },
	{ "TCP",
	  "^^^", "unknown word 'TCP'; did you mean 'tcp'?" },
	{ "tcp prot 80",
	  "    ^^^^", "unknown word 'prot'; did you mean 'port'?" },
	{ "foobar",
	  "^^^^^^", "unknown word 'foobar'; a keyword such as 'host' expected here" },
	{ "tcp and foobar",
	  "        ^^^^^^", "unknown word 'foobar'; a keyword such as 'host' expected here" },
	{ "host 10.0.0.1 foobar",
	  "              ^^^^^^", "unknown word 'foobar'; 'and' or 'or' expected here" },
	{ "port nosuchservice",
	  "     ^^^^^^^^^^^^^", "unknown port 'nosuchservice'" },
	{ "net nosuchnetwork",
	  "    ^^^^^^^^^^^^^", "unknown network 'nosuchnetwork'" },
	{ "port 80 or trp",
	  "           ^^^", "unknown port 'trp'" },

	/* grammar */
	{ "host",
	  "    ^", "the expression ends where it should go on with an address or a name" },
	{ "tcp port",
	  "        ^", "the expression ends where it should go on with a port" },
	{ "src",
	  "   ^", "the expression ends where it should go on with an address or a name" },
	{ "src or",
	  "      ^", "the expression ends where it should go on with 'dst'" },
	{ "src or 10.0.0.1",
	  "       ^^^^^^^^", "unexpected '10.0.0.1'; 'dst' expected" },
	{ "dst and dst host 10.0.0.1",
	  "        ^^^", "unexpected 'dst'; 'src' expected" },
	{ "tcp and",
	  "       ^", "the expression ends where it should go on with a primitive such as 'tcp' or 'host 10.0.0.1'" },
	{ "and tcp",
	  "^^^", "unexpected 'and'; a primitive such as 'tcp' or 'host 10.0.0.1' expected" },
	{ "tcp udp",
	  "    ^^^", "unexpected 'udp'; 'and' or 'or' expected" },
	{ "tcp or or udp",
	  "       ^^", "unexpected 'or'; a primitive such as 'tcp' or 'host 10.0.0.1' expected" },
	{ "host tcp",
	  "     ^^^", "unexpected 'tcp'; an address or a name expected" },
	{ "(tcp or udp",
	  "^", "'(' without ')'" },
	{ "port (80 or 443",
	  "     ^", "'(' without ')'" },
	{ "tcp)",
	  "   ^", "unexpected ')'; 'and' or 'or' expected" },
	{ "()",
	  " ^", "unexpected ')'; a primitive such as 'tcp' or 'host 10.0.0.1' expected" },
	{ "(tcp udp)",
	  "     ^^^", "unexpected 'udp'; 'and', 'or' or ')' expected" },
	{ "host 10.0.0.1 and (10.0.0.2 or host 10.0.0.3)",
	  "                               ^^^^", "unexpected 'host'; an address or a name expected" },
	{ "10.0.0.1",
	  "^^^^^^^^", "'10.0.0.1' needs 'host', 'net' or 'port' before it" },
	{ "ip 10.0.0.1",
	  "   ^^^^^^^^", "'10.0.0.1' needs 'host', 'net' or 'port' before it" },
	{ "host 10.0.0.1 10.0.0.2",
	  "              ^^^^^^^^", "unexpected '10.0.0.2'; 'and' or 'or' expected" },
	{ "tcp or 80",
	  "       ^^", "'80' needs 'host', 'net' or 'port' before it" },
	{ "(tcp port 80) or 443",
	  "                 ^^^", "'443' needs 'host', 'net' or 'port' before it" },
	{ "tcp & udp",
	  "    ^", "unexpected '&'; use 'and' between conditions" },
	{ "tcp; udp",
	  "   ^", "unexpected character ';'" },
	{ "tcp \x01",
	  "    ^", "unexpected byte 0x01" },
	{ "tcp or \xc3\xa4",
	  "       ^", "unexpected byte 0xc3" },
	{ "host \\",
	  "     ^", "unexpected character '\\'" },

	/* numbers and addresses */
	{ "port 08",
	  "     ^^", "number 08 contains non-octal digit" },
	{ "port 99999999999",
	  "     ^^^^^^^^^^^", "number 99999999999 overflows 32 bits" },
	{ "port 65536",
	  "     ^^^^^", "illegal port number 65536 > 65535" },
	{ "host 10.0.0.300",
	  "     ^^^^^^^^^^", "invalid IPv4 address '10.0.0.300'" },
	{ "host 10.0.0.0/8",
	  "     ^^^^^^^^^^", "a mask is for networks only; use 'net'" },
	{ "host fd00::/8",
	  "     ^^^^^^^^", "a mask is for networks only; use 'net'" },
	{ "net 10.0.0.1/8",
	  "    ^^^^^^^^^^", "non-network bits set in \"10.0.0.1/8\"" },
	{ "net 10.0.0.1 mask 255.0.0.0",
	  "    ^^^^^^^^^^^^^^^^^^^^^^^", "non-network bits set in \"10.0.0.1 mask 255.0.0.0\"" },
	{ "net fd00:9::1/64",
	  "    ^^^^^^^^^^^^", "non-network bits set in \"fd00:9::1/64\"" },
	{ "net 10.0.0.0/33",
	  "             ^^", "mask length must be <= 32" },
	{ "net fd00::/129",
	  "           ^^^", "mask length must be <= 128" },
	{ "net 10/8",
	  "    ^^", "a network with a mask is written with dots, such as 10.0.0.0/8" },
	{ "net 10.0.0.0/x",
	  "             ^", "unknown word 'x'; a number of bits expected here" },
	{ "host 1:2:3:4:5:6",
	  "     ^^^^^^^^^^^", "ethernet address used in non-ether expression; use 'ether host'" },
	{ "host 001122334455",
	  "     ^^^^^^^^^^^^", "ethernet address used in non-ether expression; use 'ether host'" },

	/* numbers of tunnels */
	{ "mpls 1048576",
	  "     ^^^^^^^", "MPLS label 1048576 greater than maximum 1048575" },
	{ "pppoes 65536",
	  "       ^^^^^", "PPPoE session number 65536 greater than maximum 65535" },
	{ "geneve 16777216",
	  "       ^^^^^^^^", "Geneve VNI 16777216 greater than maximum 16777215" },
	{ "vxlan (16777216)",
	  "       ^^^^^^^^", "VXLAN VNI 16777216 greater than maximum 16777215" },
	{ "vlan (tcp)",
	  "      ^^^", "unexpected 'tcp'; a number expected" },
	{ "vlan (5 or 6)",
	  "        ^^", "unexpected 'or'; ')' expected" },
	{ "pppoed 5",
	  "       ^", "unexpected '5'; 'and' or 'or' expected" },
	{ "inbound 1",
	  "        ^", "unexpected '1'; 'and' or 'or' expected" },
	{ "ifindex eth0",
	  "        ^^^^", "unknown word 'eth0'; a number expected here" },
	{ "ifname nosuchname",
	  "       ^^^^^^^^^^", "no interface 'nosuchname'; 'pktsieve -D' lists those there are" },
	{ "ifname a-name-longer-than-one-can-be",
	  "       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
	  "no interface 'a-name-longer-than-one-can-be'; 'pktsieve -D' lists those there are" },
	{ "ifname tcp",
	  "       ^^^", "unexpected 'tcp'; the name of an interface expected" },
	{ "llc foo",
	  "    ^^^", "unknown LLC type 'foo'; there are i, s, u, rr, rnr, rej, ui, ua, disc, sabme, test, xid and frmr" },

	/* protocols */
	{ "ip proto nosuchproto",
	  "         ^^^^^^^^^^^", "unknown ip proto 'nosuchproto'" },
	{ "ether proto \\nosuch",
	  "             ^^^^^^", "unknown ether proto 'nosuch'" },
	{ "iso proto \\stp",
	  "           ^^^", "unknown osi proto 'stp'" },
	{ "isis proto \\isis",
	  "            ^^^^", "unknown isis proto 'isis'" },
	{ "proto tcp",
	  "      ^^^", "'tcp' is a word of the language; as a name it is '\\tcp'" },
	{ "udp proto 17",
	  "          ^^", "'udp proto' is bogus: only ip, ip6, ether, iso and isis have it" },
	{ "ether protochain 17",
	  "                 ^^", "bad protocol applied for 'protochain': only ip and ip6 have it" },
	{ "src proto 6",
	  "    ^^^^^", "unexpected 'proto'; 'host', 'net', 'port', 'portrange' or an address expected" },
	{ "ip proto",
	  "        ^", "the expression ends where it should go on with a protocol" },
	{ "proto 10.0.0.1",
	  "      ^^^^^^^^", "'proto' takes a number or a name, no address" },
	{ "ether proto 1:2:3:4:5:6",
	  "            ^^^^^^^^^^^", "ethernet address used in non-ether expression" },
	{ "proto in list",
	  "         ^^^^", "only addresses can be in a file, behind 'host in' or 'net in'" },

	/* Ethernet */
	{ "ether",
	  "^^^^^", "'ether' by itself matches nothing in particular; 'host', 'proto', 'broadcast' or 'multicast' follows it" },
	{ "ether host 10.0.0.1",
	  "           ^^^^^^^^", "illegal link layer address; it is written such as 00:11:22:33:44:55" },
	{ "ether src nosuchhost",
	  "          ^^^^^^^^^^", "unknown ether host 'nosuchhost': it is not in /etc/ethers" },
	{ "ether host in list",
	  "              ^^^^", "a file has IP addresses, no Ethernet addresses" },
	{ "ether net 10",
	  "          ^^", "Ethernet has no networks; 'ether' goes with 'host'" },
	{ "ether host 00:11:22:33:44 or ip",
	  "           ^^^^^^^^^^^^^^", "bogus ethernet address '00:11:22:33:44'; it has six bytes, such as 00:11:22:33:44:55" },
	{ "(ether src 00:11:22:33:44:gg)",
	  "           ^^^^^^^^^^^^^^^^^", "bogus ethernet address '00:11:22:33:44:gg'; it has six bytes, such as 00:11:22:33:44:55" },
	{ "arp broadcast",
	  "^^^", "'arp' modifier applied to broadcast: only 'ether' and 'ip' have it" },
	{ "tcp multicast",
	  "^^^", "'tcp' modifier applied to multicast: only 'ether', 'ip' and 'ip6' have it" },
	{ "ether broadcast 5",
	  "                ^", "unexpected '5'; 'and' or 'or' expected" },

	/* ranges of ports */
	{ "portrange",
	  "         ^", "the expression ends where it should go on with a range of ports such as 5000-5010" },
	{ "portrange 1-65536",
	  "          ^^^^^^^", "illegal port number 65536 > 65535" },
	{ "portrange 65536-1",
	  "          ^^^^^^^", "illegal port number 65536 > 65535" },
	{ "portrange 65536",
	  "          ^^^^^", "illegal port number 65536 > 65535" },
	{ "portrange ssh",
	  "          ^^^", "unknown port in range 'ssh'; it is written such as 5000-5010" },
	{ "portrange 0x50-0x1bb",
	  "          ^^^^^^^^^^", "unknown port in range '0x50-0x1bb'; it is written such as 5000-5010" },
	{ "udp portrange ssh-http",
	  "              ^^^^^^^^", "port in range 'ssh-http' is tcp" },
	{ "ip6 portrange 1-2",
	  "              ^^^", "illegal qualifier of 'portrange': only tcp, udp and sctp have ports" },
	{ "portrange 10.0.0.1",
	  "          ^^^^^^^^", "'portrange' modifier applied to ip host" },
	{ "port 80-90",
	  "     ^^^^^", "unknown port '80-90'; use 'portrange'" },

	/* what no packet can be */
	{ "ip and arp",
	  "^^^^^^^^^^", REJECTS_ALL },
	{ "tcp port 80 and not arp and udp",
	  "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", REJECTS_ALL },
	{ "ip6 and host 10.0.0.1",
	  "^^^^^^^^^^^^^^^^^^^^^", REJECTS_ALL },
	{ "src host 10.0.0.1 and 10.0.0.2",
	  "^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^", REJECTS_ALL },
	{ "inbound and outbound",
	  "^^^^^^^^^^^^^^^^^^^^", REJECTS_ALL },

	/* qualifiers that do not fit */
	{ "stp host 10.0.0.1",
	  "         ^^^^^^^^", "'stp' modifier applied to host: only ip, ip6, arp, rarp and ether have addresses" },
	{ "igmp src 10.0.0.1",
	  "         ^^^^^^^^", "'igmp' modifier applied to host; use 'igmp and host'" },
	{ "tcp host 10.0.0.1",
	  "         ^^^^^^^^", "'tcp' modifier applied to host; use 'tcp and host'" },
	{ "udp net 10.0.0.0/8",
	  "        ^^^^^^^^", "'udp' modifier applied to net; use 'udp and net'" },
	{ "ip6 host 10.0.0.1",
	  "         ^^^^^^^^", "'ip6' modifier applied to ip host" },
	{ "arp net fd00::/8",
	  "        ^^^^^^", "'arp' modifier applied to ip6 net" },
	{ "ip port 80",
	  "        ^^", "illegal qualifier of 'port': only tcp, udp and sctp have ports" },
	{ "port 80 or 10.0.0.1",
	  "           ^^^^^^^^", "'port' modifier applied to ip host" },
	{ "udp port http",
	  "         ^^^^", "port 'http' is tcp" },
};
/* clang-format on */

/* What filter_print_error() prints, in text. */
static void print_error(const char *expression, const struct filter_error *error, char *text,
			size_t text_bytes)
{
	FILE *out = fmemopen(text, text_bytes, "w");

	filter_print_error(expression, error, out);
	fclose(out);
}

static void test_case(const char *expression, const char *caret, const char *message)
{
	struct filter *filter = NULL;
	struct filter_error error = { 0 };
	int status = filter_compile(expression, &filter, &error);
	char printed[512];
	char expected[512];

	print_error(expression, &error, printed, sizeof(printed));
	snprintf(expected, sizeof(expected), "  %s\n  %s\n%s\n", expression, caret, message);
	/* Control characters are shown as blanks. */
	for (char *at = expected; *at; at++)
		*at = *at == '\x01' ? ' ' : *at;
	check(status == -EINVAL && strcmp(printed, expected) == 0, "'%s' is refused: %s",
	      expression, message);
	check_note("status %d, offset %zu, length %zu: %s", status, error.offset, error.length,
		   error.message);
	filter_free(filter);
}

/* A caret far out on a long line stays on the screen. */
static void test_long_line(void)
{
	char expression[600];
	struct filter_error error = { .message = "here", .offset = 400, .length = 3 };
	char printed[512];
	char *second;

	memset(expression, 'a', sizeof(expression));
	memcpy(expression + 400, "XYZ", 3);
	expression[sizeof(expression) - 1] = '\0';
	print_error(expression, &error, printed, sizeof(printed));
	second = strchr(printed, '\n') + 1;
	check(strlen(printed) < 300 &&
		      strstr(printed, "XYZ") - printed == strchr(second, '^') - second,
	      "a long expression is cut around the place, which the caret marks");
	check_note("%s", printed);
}

static void test_line_breaks(void)
{
	struct filter_error error = { .message = "here", .offset = 5, .length = 3 };
	char printed[64];

	print_error("tcp\n\tfoo", &error, printed, sizeof(printed));
	check(strcmp(printed, "  tcp  foo\n       ^^^\nhere\n") == 0,
	      "line breaks and tabs are shown as blanks");
	check_note("%s", printed);
}

static void test_wide_characters(void)
{
	struct filter_error error = { .message = "here", .offset = 3, .length = 1 };
	char printed[64];

	print_error("\xc3\xa4 x", &error, printed, sizeof(printed));
	check(strcmp(printed, "  \xc3\xa4 x\n    ^\nhere\n") == 0,
	      "a character of two bytes takes one column");
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(cases[i].expression, cases[i].caret, cases[i].message);
	test_long_line();
	test_line_breaks();
	test_wide_characters();
	return check_finish();
}
