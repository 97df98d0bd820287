/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Arithmetic on the bytes of packets: each line is an expression and the names of all frames
 * that it matches; it must match no other one.
 */
#include <stdlib.h>
#include <string.h>

#include "../../user/filter/filter.h"
#include "check.h"

#define FRAME_BYTES 128

#define ETHERNET       \
	"020000000002" \
	"020000000001"
#define ADDRESSES4 \
	"0a090001" \
	"0a090002"
#define ADDRESSES6                         \
	"fd000009000000000000000000000001" \
	"fd000009000000000000000000000002"
#define IPV4(fragment, protocol) "4500002c0001" fragment "40" protocol "0000" ADDRESSES4
#define IPV6(next) "600000000018" next "40" ADDRESSES6
/* ports 40000 and 80, SYN and ACK, then "GET " */
#define TCP                            \
	"9c40005000000001000000025012" \
	"03e8beef0000"                 \
	"47455420"
#define UDP "00359c41000cbeef01020304"

/* clang-format off */
static const struct {
	const char *name;
	const char *bytes;
} frames[] = {
	{ "tcp4", ETHERNET "0800" IPV4("4000", "06") TCP },
	{ "options", ETHERNET "0800" "470000340001" "0000" "3f060000" ADDRESSES4 "9404000001010100" TCP },
	{ "tcp6", ETHERNET "86dd" IPV6("06") TCP },
	{ "extension", ETHERNET "86dd" IPV6("3c") "0600010400000000" TCP },
	{ "tagged", ETHERNET "8100002a" "0800" IPV4("4000", "06") TCP },
	{ "labels", ETHERNET "8847" "00064140" IPV4("4000", "06") TCP },
	{ "session", ETHERNET "8864" "11000001002e0021" IPV4("4000", "06") TCP },
	{ "first", ETHERNET "0800" IPV4("2000", "06") TCP },
	{ "later", ETHERNET "0800" IPV4("00b9", "06") TCP },
	{ "cut", ETHERNET "0800" IPV4("4000", "06") "9c400050000000010000" },
	{ "udp4", ETHERNET "0800" IPV4("0000", "11") UDP },
	{ "udp6", ETHERNET "86dd" IPV6("11") UDP },
	{ "icmp4", ETHERNET "0800" IPV4("0000", "01") "0800aaaa00010001" },
	{ "icmp6", ETHERNET "86dd" IPV6("3a") "8700aaaa00000000" },
	{ "igmp4", ETHERNET "0800" IPV4("0000", "02") "1600aaaae0000001" },
	{ "pim6", ETHERNET "86dd" IPV6("67") "2300aaaa" },
	{ "arp", ETHERNET "0806" "0001080006040001" "020000000001" "0a090001" "000000000000" "0a090002" },
	{ "llc", ETHERNET "0026" "424203000000" },
};

#define TCP4 "tcp4 options tagged labels session first"
#define IP4 TCP4 " later cut udp4 icmp4 igmp4"
#define IP6 "tcp6 extension udp6 icmp6 pim6"

static const struct {
	const char *expression;
	const char *matched;
} cases[] = {
	/* where headers are found */
	{ "tcp[0:2] = 40000", TCP4 " tcp6 extension cut" },
	{ "tcp[tcpflags] & tcp-syn != 0", TCP4 " tcp6 extension" },
	{ "tcp[13] == tcp-syn|tcp-ack", TCP4 " tcp6 extension" },
	{ "tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420", TCP4 " tcp6 extension" },
	{ "tcp[24] = 0 or tcp[20] = 0x47", TCP4 " tcp6 extension" },
	{ "udp[8:4] = 0x01020304", "udp4 udp6" },
	{ "icmp[icmptype] = icmp-echo", "icmp4" },
	{ "icmp6[icmp6type] = icmp6-neighborsolicit", "icmp6" },
	{ "igmp[0] = 0x16", "igmp4" },
	{ "pim[0] & 0xf = 3", "pim6" },
	{ "ip[0] = 0x45", "tcp4 tagged labels session first later cut udp4 icmp4 igmp4" },
	{ "ip[0] & 0xf > 5", "options" },
	{ "ip6[6] = 0x3c", "extension" },
	{ "ip6[39] = 2", IP6 },
	{ "arp[14:4] = 0x0a090001", "arp" },
	{ "rarp[0] = 0 or carp[0] = 0 or vrrp[0] = 0 or igrp[0] = 0 or sctp[0] = 0", "" },
	{ "ether[12:2] = 0x8100", "tagged" },
	{ "ether[14:2] = 42", "tagged" },
	{ "link[12:2] <= 1500", "llc" },
	{ "ether[5] = 2 and ether[11] != 1", "" },
	{ "ip[6:2] & 0x1fff != 0", "later" },
	{ "ip[(ip[0] & 0xf) * 4 + 2:2] = 80", TCP4 " later cut" },

	/* what is not there makes a comparison false, and only that one */
	{ "tcp[13] = 0x12 or ip", IP4 " tcp6 extension" },
	{ "not tcp[13] = 0x12", "later cut udp4 udp6 icmp4 icmp6 igmp4 pim6 arp llc" },
	{ "not (tcp[13] & 2 = 2) and tcp", "later cut" },
	{ "tcp[13] != 0x12", "" },
	{ "tcp[8:4] >= 0", TCP4 " tcp6 extension" },
	{ "tcp[6:4] >= 0", TCP4 " tcp6 extension cut" },
	{ "ip[4294967295] >= 0 or ip[-1] >= 0 or ip[-14] >= 0 or tcp[-20:4] >= 0", "" },
	{ "ether[-1] >= 0 or ether[0xfffffffe:4] >= 0", "" },
	{ "ip[0 - ip[0]] >= 0 or ip6[-ip6[7]] >= 0", "" },
	{ "ip[ip[0] + 0x7fffffff] >= 0 or ip[0x80000000] >= 0", "" },
	{ "ether[len - 1] = 0x20", TCP4 " tcp6 extension later" },
	{ "ether[len] >= 0 or ether[len - 1:2] >= 0", "" },
	{ "ether[len - 4:4] = 0x01020304", "udp4 udp6" },

	/* the first operand says which packets are compared */
	{ "20 - ip[15] = 19", IP4 },
	{ "len - ip[2:2] = 14 and udp", "" },
	{ "ip[9] + ip6[6] > 0", IP4 },
	{ "ip[0] * 0 = tcp[13] & 0x20", TCP4 },

	/* 32 bits, unsigned, C's precedence */
	{ "1 + 2 * 3 = 7 and arp", "arp" },
	{ "arp and 2 | 1 ^ 3 & 6 = 3", "arp" },
	{ "arp and 1 << 2 + 1 = 8", "arp" },
	{ "arp and 100 - 10 - 5 = 85 and 100 / 10 / 5 = 2 and 7 % 4 * 2 = 6", "arp" },
	{ "arp and 5 - 6 = 0xffffffff and -1 > 1 and - - 1 = 1", "arp" },
	{ "arp and 0xffffffff + 2 = 1 and 0x10000 * 0x10000 = 0", "arp" },
	{ "arp[0] + 1 + 2 * arp[1] = 3", "arp" },
	{ "arp[1] << arp[1] + 2 = 8", "arp" },
	{ "arp[5] | arp[1] ^ arp[7] & 6 = 5", "arp" },
	{ "arp[5] % 3 + 1 = 2", "arp" },
	{ "arp[5] % arp[7] = 0 and arp[4] / arp[5] = 1 and arp[4] % arp[5] = 2", "arp" },
	{ "arp[0] - arp[1] = 0xffffffff", "arp" },
	{ "-arp[1] = 0xffffffff", "arp" },
	{ "(arp[0] - arp[1]) * arp[4] = 0xfffffffa", "arp" },
	{ "(arp[0] - arp[1]) / arp[4] = 0x2aaaaaaa", "arp" },
	{ "arp[14:4] + arp[14:4] = 0x14120002", "arp" },
	{ "arp[1] << 31 = 0x80000000 and arp[1] << arp[4] = 64", "arp" },
	{ "arp[1] << arp[8] * 16 + arp[1] - 1 = 0", "arp" },
	{ "(arp[0] - arp[1]) << (arp[2] * 4) = 0 and (arp[0] - arp[1]) >> (arp[2] * 4) = 0", "arp" },
	{ "(arp[0] - arp[1]) >> (arp[0] - arp[1]) = 0", "arp" },
	{ "(arp[0] - arp[1]) >> (arp[2] * 4 - arp[1]) = 1", "arp" },
	{ "arp[1] / arp[0] >= 0 or arp[1] % arp[0] >= 0", "" },
	{ "arp and not arp[1] / arp[0] = 5 and not arp[1] % arp[0] = 5", "arp" },
	{ "arp[14:4] - (arp[24:4] - (arp[14:4] - (arp[24:4] - arp[1]))) = 0xffffffff", "arp" },
	/* (1 + 8) * ((6 + 4) * (1 - 1 * (8 + 1))) */
	{ "(arp[1] + arp[2]) * ((arp[4] + arp[5]) * (arp[1] - arp[7] * (arp[2] + 1))) = 0xfffffd30", "arp" },
	/* as many words of the stack as a filter can fill */
	{ "((arp[1]+arp[1])*(arp[1]+arp[1])+(arp[1]+arp[1])*(arp[1]+arp[1]))*((arp[1]+arp[1])*(arp[1]+arp[1])"
	  "-(arp[1]+arp[1])*(arp[1]+arp[4])) = 0xffffffb0", "arp" },

	/* comparisons, both ways round, also negated */
	{ "arp[5] = 4 and arp[5] == 4 and not arp[5] != 4", "arp" },
	{ "arp[5] < 5 and arp[5] <= 4 and not arp[5] < 4 and not arp[5] <= 3", "arp" },
	{ "arp[5] > 3 and arp[5] >= 4 and not arp[5] > 4 and not arp[5] >= 5", "arp" },
	{ "5 > arp[5] and arp[4] > arp[5] and not arp[5] >= arp[4]", "arp" },
	{ "arp[5] = 5 or arp[5] < arp[4]", "arp" },
	{ "arp[0] - 1 > 0x7fffffff", "arp" },

	/* lengths */
	{ "len = 42", "icmp4 igmp4 arp" },
	{ "less 42", "icmp4 igmp4 arp llc" },
	{ "greater 78", "tcp6 extension" },
	{ "greater 79", "extension" },
	{ "(len) < (21)", "llc" },
	{ "ip[2:2] + 14 = len", "tcp4 options first later" },
	{ "5 < 6 and arp", "arp" },
	{ "6 < 5", "" },
};
/* clang-format on */

#define FRAME_COUNT (sizeof(frames) / sizeof(frames[0]))

/* Whether one of the words of the list is the name. */
static bool is_listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = list; *at; at += strcspn(at, " "), at += strspn(at, " ")) {
		if (strcspn(at, " ") == length && memcmp(at, name, length) == 0)
			return true;
	}
	return false;
}

static size_t read_hexadecimal(const char *text, uint8_t ret_bytes[FRAME_BYTES])
{
	size_t count = 0;

	for (; text[0] && text[1]; text += 2) {
		const char digits[] = { text[0], text[1], '\0' };

		ret_bytes[count++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return count;
}

static bool matches(const struct filter *filter, const char *text)
{
	uint8_t bytes[FRAME_BYTES];
	struct offline_packet packet;
	size_t length = read_hexadecimal(text, bytes);

	offline_read(bytes_make(bytes, length), (uint32_t)length, &packet);
	return filter_run(filter, &packet);
}

static void test_case(const char *expression, const char *matched)
{
	struct filter *filter = NULL;
	struct filter_error error = { 0 };
	const char *wrong = NULL;

	if (filter_compile(expression, &filter, &error)) {
		check(false, "'%s' is compiled", expression);
		check_note("%s", error.message);
		return;
	}
	for (size_t i = 0; i < FRAME_COUNT && !wrong; i++) {
		if (matches(filter, frames[i].bytes) != is_listed(matched, frames[i].name))
			wrong = frames[i].name;
	}
	check(!wrong, "'%s' matches nothing but: %s", expression, matched);
	check_note("%s is judged wrongly", wrong ? wrong : "none");
	filter_free(filter);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(cases[i].expression, cases[i].matched);
	return check_finish();
}
