/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What wrong arithmetic is told: each line is the expression, the caret line below it, and
 * the message.
 */
#include <errno.h>
#include <string.h>

#include "../../user/filter/filter.h"
#include "check.h"

#define A_VALUE "a number, 'len' or bytes such as tcp[13]"

/* clang-format off */
static const struct {
	const char *expression;
	const char *caret;
	const char *message;
} cases[] = {
	/* places of bytes */
	{ "tcp[0:3] = 1",
	  "      ^", "bytes are read 1, 2 or 4 at a time, not 3" },
	{ "tcp[0:8] = 1",
	  "      ^", "bytes are read 1, 2 or 4 at a time, not 8" },
	{ "tcp[0:0] = 1",
	  "      ^", "bytes are read 1, 2 or 4 at a time, not 0" },
	{ "tcp[0:len] = 1",
	  "      ^^^", "unexpected 'len'; 1, 2 or 4 bytes expected" },
	{ "tcp[0:(2)] = 1",
	  "      ^", "unexpected '('; 1, 2 or 4 bytes expected" },
	{ "tcp[13:1:1] = 2",
	  "        ^", "unexpected ':'; an operator, ':' or ']' expected" },
	{ "tcp[13",
	  "   ^", "'[' without ']'" },
	{ "tcp[",
	  "    ^", "the expression ends where it should go on with " A_VALUE },
	{ "tcp[13) = 2",
	  "      ^", "unexpected ')'; an operator, ':' or ']' expected" },
	{ "tcp[] = 2",
	  "    ^", "unexpected ']'; " A_VALUE " expected" },
	{ "ip[len > 1] = 1",
	  "       ^", "unexpected '>'; an operator, ':' or ']' expected" },
	{ " [",
	  " ^", "unexpected '['; a primitive such as 'tcp' or 'host 10.0.0.1' expected" },
	{ "tcp]",
	  "   ^", "unexpected ']'; 'and' or 'or' expected" },
	{ "foo[0] = 1",
	  "^^^", "unknown word 'foo'; a protocol such as 'tcp' expected here" },
	{ "tpc[0] = 1",
	  "^^^", "unknown word 'tpc'; did you mean 'tcp'?" },
	{ "host 1.2.3.4 and foo[0] = 1",
	  "                 ^^^", "unknown word 'foo'; a protocol such as 'tcp' expected here" },
	{ "vlan[0] = 1",
	  "^^^^", "'vlan' has no bytes to read; those of the frame are ether[..]" },
	{ "host[0] = 1",
	  "^^^^", "'host' has no bytes to read; those of the frame are ether[..]" },
	{ "radio[0] = 1",
	  "^^^^^", "'radio' is not supported by pktsieve" },

	/* values */
	{ "tcp[13] &",
	  "         ^", "the expression ends where it should go on with " A_VALUE },
	{ "tcp[13] & & 2",
	  "          ^", "unexpected '&'; " A_VALUE " expected" },
	{ "tcp[tcp] = 1",
	  "    ^^^", "'tcp' is no number; its bytes are tcp[0], tcp[1] and so on" },
	{ "5 < tcp",
	  "    ^^^", "'tcp' is no number; its bytes are tcp[0], tcp[1] and so on" },
	{ "tcp[0] = 10.0.0.1",
	  "         ^^^^^^^^", "unexpected '10.0.0.1'; " A_VALUE " expected" },
	{ "len > 4294967296",
	  "      ^^^^^^^^^^", "number 4294967296 overflows 32 bits" },
	{ "len / 0 = 1",
	  "      ^", "division by zero" },
	{ "len / (1 - 1) = 1",
	  "      ^^^^^^^", "division by zero" },
	{ "5 % 0 = 1",
	  "    ^", "modulus by zero" },
	{ "1 << 32 = 1",
	  "     ^^", "shift by more than 31 bits" },
	{ "ip[0] >> (30+3) = 0",
	  "         ^^^^^^", "shift by more than 31 bits" },
	{ "len << -1 = 0",
	  "       ^^", "shift by more than 31 bits" },
	{ "len-14 > 5",
	  "^^^^^^", "unknown word 'len-14'; for a difference put blanks around '-'" },
	{ "20-ip[0] = 15",
	  "^^^^^", "unknown word '20-ip'; for a difference put blanks around '-'" },
	{ "(ip[0] & 5",
	  "          ^", "the expression ends where it should go on with a comparison such as '!= 0'" },
	{ "5 * (ip[0] & 5",
	  "    ^", "'(' without ')'" },
	{ "((ip[0] & 5) * 2 = 3",
	  "^", "'(' without ')'" },
	{ "less",
	  "    ^", "the expression ends where it should go on with a number of bytes" },
	{ "greater (5)",
	  "        ^", "unexpected '('; a number of bytes expected" },

	/* comparisons */
	{ "tcp[13]",
	  "       ^", "the expression ends where it should go on with a comparison such as '!= 0'" },
	{ "len and tcp",
	  "    ^^^", "unexpected 'and'; a comparison such as '!= 0' expected" },
	{ "len && 5",
	  "    ^^", "unexpected '&&'; a comparison such as '!= 0' expected" },
	{ "(tcp[13] & 2) and ip",
	  "            ^", "unexpected ')'; a comparison such as '!= 0' expected" },
	{ "ip[0] =",
	  "       ^", "the expression ends where it should go on with " A_VALUE },
	{ "len = = 5",
	  "      ^", "unexpected '='; " A_VALUE " expected" },
	{ "len > 5 > 3",
	  "        ^", "the result of a comparison cannot be compared; use 'and'" },
	{ "(len > 5) = 1",
	  "     ^", "unexpected '>'; an operator or ')' expected" },
	{ "tcp & udp",
	  "    ^", "unexpected '&'; use 'and' between conditions" },
	{ "(tcp or udp) | arp",
	  " ^^^", "'tcp' is no number; its bytes are tcp[0], tcp[1] and so on" },
	{ "tcp = 5",
	  "    ^", "unexpected '='; values are numbers, 'len' and bytes such as tcp[13]" },
	{ "port 80 or (443 or 5) < len",
	  "                      ^", "unexpected '<'; values are numbers, 'len' and bytes such as tcp[13]" },
	{ "port (80 or 5 < len)",
	  "              ^", "unexpected '<'; values are numbers, 'len' and bytes such as tcp[13]" },
	{ "len != 5 and 6",
	  "             ^", "'6' needs 'host', 'net' or 'port' before it" },

	/* names of numbers where nothing of the packet is */
	{ "tcpflags & 2 != 0",
	  "^^^^^^^^", "'tcpflags' is the number 13, an offset; write tcp[tcpflags]" },
	{ "tcp and icmp6type = icmp6-echo",
	  "        ^^^^^^^^^", "'icmp6type' is the number 0, an offset; write icmp6[icmp6type]" },
	{ "tcp-syn",
	  "^^^^^^^", "'tcp-syn' is the number 2, which needs something to compare with, such as "
		     "'tcp[tcpflags] & tcp-syn != 0'" },
};
/* clang-format on */

static void test_case(const char *expression, const char *caret, const char *message)
{
	struct filter *filter = NULL;
	struct filter_error error = { 0 };
	int status = filter_compile(expression, &filter, &error);
	size_t offset = strspn(caret, " ");
	size_t length = error.length > 0 ? error.length : 1;

	check(status == -EINVAL && error.offset == offset && length == strlen(caret + offset) &&
		      strcmp(error.message, message) == 0,
	      "'%s' is refused: %s", expression, message);
	check_note("status %d, offset %zu, length %zu: %s", status, error.offset, error.length,
		   error.message);
	filter_free(filter);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(cases[i].expression, cases[i].caret, cases[i].message);
	return check_finish();
}
