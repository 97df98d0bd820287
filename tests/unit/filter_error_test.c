/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What wrong expressions are told: each line is the expression, the caret line below it, and
 * the message.
 */
#include <errno.h>
#include <string.h>

#include "../../user/filter/filter.h"
#include "check.h"

#define UNSUPPORTED(word) "'" word "' is not supported by pktsieve"

/* clang-format off */
static const struct {
	const char *expression;
	const char *caret;
	const char *message;
} cases[] = {
	/* words that there are, but not here */
	{ "mpls",
	  "^^^^", UNSUPPORTED("mpls") },
	{ "tcp and mpls 5",
	  "        ^^^^", UNSUPPORTED("mpls") },
	{ "tcp and vlan 4096",
	  "             ^^^^", "VLAN tag 4096 greater than maximum 4095" },
	{ "gateway foo",
	  "^^^^^^^", UNSUPPORTED("gateway") },
	{ "tcp portrange 1-2",
	  "    ^^^^^^^^^", UNSUPPORTED("portrange") },
	{ "ip proto 6",
	  "   ^^^^^", UNSUPPORTED("proto") },
	{ "ether host 1:2:3:4:5:6",
	  "^^^^^", UNSUPPORTED("ether") },
	{ "ip broadcast",
	  "   ^^^^^^^^^", UNSUPPORTED("broadcast") },
	{ "host 10.0.0.1 and (igmp)",
	  "                   ^^^^", UNSUPPORTED("igmp") },

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
	  "     ^^^^^^^^^^^", "ethernet address used in non-ether expression" },
	{ "host 001122334455",
	  "     ^^^^^^^^^^^^", "ethernet address used in non-ether expression" },

	/* qualifiers that do not fit */
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
