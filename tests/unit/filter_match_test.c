/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which packets a filter matches: each line is an expression and the names of all sample
 * packets that it matches; it must match no other one.
 */
#include <arpa/inet.h>
#include <string.h>

#include "../../user/filter/filter.h"
#include "check.h"

#define ADDRESSES (SUMMARY_SOURCE | SUMMARY_DESTINATION)
#define PORTS (SUMMARY_TRANSPORT | SUMMARY_SOURCE_PORT | SUMMARY_DESTINATION_PORT)
#define IP_FIELDS (SUMMARY_ETHERTYPE | ADDRESSES | SUMMARY_PROTOCOL)

struct sample {
	const char *name;
	uint32_t fields;
	uint16_t ethertype;
	uint8_t ip_protocol;
	const char *source;
	const char *destination;
	uint16_t source_port;
	uint16_t destination_port;
};

/* clang-format off */
static const struct sample samples[] = {
	{ "tcp4", IP_FIELDS | PORTS, 0x0800, 6, "10.9.0.1", "10.9.0.2", 40000, 80 },
	{ "udp4", IP_FIELDS | PORTS, 0x0800, 17, "10.9.0.2", "10.9.0.1", 53, 40001 },
	{ "sctp4", IP_FIELDS | PORTS, 0x0800, 132, "10.9.0.1", "10.9.0.4", 7777, 7777 },
	{ "icmp4", IP_FIELDS | SUMMARY_TRANSPORT, 0x0800, 1, "10.9.0.3", "10.9.0.3", 0, 0 },
	{ "tcp6", IP_FIELDS | PORTS, 0x86dd, 6, "fd00:9::1", "fd00:9::2", 443, 40002 },
	{ "udp6", IP_FIELDS | PORTS, 0x86dd, 17, "fd00:9::2", "fd00:9:0:1::2", 40003, 53 },
	{ "icmp6", IP_FIELDS | SUMMARY_TRANSPORT, 0x86dd, 58, "fd00:9::3", "fd00:9::3", 0, 0 },
	{ "arp", SUMMARY_ETHERTYPE | ADDRESSES, 0x0806, 0, "10.9.0.1", "10.9.0.2", 0, 0 },
	{ "rarp", SUMMARY_ETHERTYPE | ADDRESSES, 0x8035, 0, "10.9.0.4", "10.9.0.4", 0, 0 },
	/* a later fragment of tcp4 */
	{ "fragment", IP_FIELDS | SUMMARY_LATER_FRAGMENT, 0x0800, 6, "10.9.0.1", "10.9.0.2", 0, 0 },
	/* protocol numbers of the other version's ICMP */
	{ "icmp-in-6", IP_FIELDS, 0x86dd, 1, "fd00:9::5", "fd00:9::5", 0, 0 },
	{ "icmp6-in-4", IP_FIELDS, 0x0800, 58, "10.9.0.5", "10.9.0.5", 0, 0 },
	/* an IPv6 address that starts with the bytes of 10.9.0.1 */
	{ "like-ipv4", IP_FIELDS, 0x86dd, 59, "a09:1::", "a09:1::", 0, 0 },
	/* nothing but zeros, and those are there */
	{ "zeros", IP_FIELDS | PORTS, 0x0800, 6, "0.0.0.0", "0.0.0.0", 0, 0 },
	/* nothing but zeros, as they are not there */
	{ "cut4", SUMMARY_ETHERTYPE | SUMMARY_INCOMPLETE, 0x0800, 0, "0.0.0.0", "0.0.0.0", 0, 0 },
	{ "cut6", SUMMARY_ETHERTYPE | SUMMARY_INCOMPLETE, 0x86dd, 0, "::", "::", 0, 0 },
	{ "llc", SUMMARY_LLC, 0, 0, "0.0.0.0", "0.0.0.0", 0, 0 },
	/* the packet ended behind the source address, behind the source port */
	{ "half-arp", SUMMARY_ETHERTYPE | SUMMARY_SOURCE, 0x0806, 0, "10.9.0.7", "0.0.0.0", 0, 0 },
	{ "half-udp", IP_FIELDS | SUMMARY_TRANSPORT | SUMMARY_SOURCE_PORT, 0x0800, 17,
	  "10.9.0.7", "10.9.0.8", 7, 0 },
	/* with tags, see below */
	{ "tagged", SUMMARY_ETHERTYPE | ADDRESSES, 0x8035, 0, "11.9.0.1", "11.9.0.1", 0, 0 },
	{ "priority", SUMMARY_LLC, 0, 0, "0.0.0.0", "0.0.0.0", 0, 0 },
	{ "twice", SUMMARY_LLC, 0, 0, "0.0.0.0", "0.0.0.0", 0, 0 },
	{ "thrice", SUMMARY_LLC, 0, 0, "0.0.0.0", "0.0.0.0", 0, 0 },
	{ "deep", SUMMARY_LLC, 0, 0, "0.0.0.0", "0.0.0.0", 0, 0 },
	{ "deepest", SUMMARY_LLC, 0, 0, "0.0.0.0", "0.0.0.0", 0, 0 },
};

/* Samples with VLAN tags. */
static const struct {
	const char *name;
	uint8_t count;
	uint16_t ids[MAXIMUM_VLAN_TAGS];
} tags[] = {
	{ "tagged", 1, { 42 } },
	{ "priority", 1, { 0 } },
	{ "twice", 2, { 7, 42 } },
	{ "thrice", 3, { 7, 4095, 0 } },
	{ "deep", 4, { 1, 2, 3, 0 } },
	{ "deepest", 4, { 1, 2, 3, 4 } },
};

#define IP4 "tcp4 udp4 sctp4 icmp4 fragment icmp6-in-4 zeros cut4 half-udp"
#define IP6 "tcp6 udp6 icmp6 icmp-in-6 like-ipv4 cut6"
#define REST "arp rarp llc half-arp tagged priority twice thrice deep deepest"

static const struct {
	const char *expression;
	const char *matched;
} cases[] = {
	{ "", IP4 " " IP6 " " REST },
	{ "ip", IP4 },
	{ "ip6", IP6 },
	{ "not ip and not ip6", REST },
	{ "arp", "arp half-arp" },
	{ "rarp", "rarp tagged" },
	{ "tcp", "tcp4 tcp6 fragment zeros" },
	{ "udp", "udp4 udp6 half-udp" },
	{ "sctp", "sctp4" },
	{ "icmp", "icmp4" },
	{ "icmp6", "icmp6" },
	{ "ip6 and tcp", "tcp6" },
	{ "tcp or udp and ip6", "tcp6 udp6" },
	{ "tcp or (udp and ip6)", "tcp4 tcp6 fragment zeros udp6" },
	{ "not tcp and ip", "udp4 sctp4 icmp4 icmp6-in-4 cut4 half-udp" },
	{ "not (tcp and ip)", "udp4 sctp4 icmp4 icmp6-in-4 cut4 half-udp " IP6 " " REST },
	{ "! ! tcp", "tcp4 tcp6 fragment zeros" },

	{ "host 10.9.0.1", "tcp4 udp4 sctp4 arp fragment" },
	{ "src host 10.9.0.1", "tcp4 sctp4 arp fragment" },
	{ "dst host 10.9.0.1", "udp4" },
	{ "src 10.9.0.2", "udp4" },
	{ "dst 10.9.0.2", "tcp4 arp fragment" },
	{ "src and dst host 10.9.0.3", "icmp4" },
	{ "src and dst host 10.9.0.1", "" },
	{ "src or dst host 10.9.0.2", "tcp4 udp4 arp fragment" },
	{ "host 10.9.0.1 and 10.9.0.4", "sctp4" },
	{ "host 10.9.0.3 or 10.9.0.4", "icmp4 sctp4 rarp" },
	{ "host 10.9.0.1 and not 10.9.0.2", "sctp4" },
	{ "src host 10.9.0.1 and not port 80", "sctp4 arp fragment" },
	{ "host 168361988", "sctp4 rarp" },
	{ "ip host 10.9.0.1", "tcp4 udp4 sctp4 fragment" },
	{ "arp host 10.9.0.1", "arp" },
	{ "arp src 10.9.0.2", "" },
	{ "rarp dst host 10.9.0.4", "rarp" },
	{ "host 0.0.0.0", "zeros" },
	{ "src host 10.9.0.7", "half-arp half-udp" },
	{ "not host 10.9.0.7 and arp", "arp" },
	{ "dst host 0.0.0.0", "zeros" },
	{ "host fd00:9::1", "tcp6" },
	{ "dst host fd00:9::1", "" },
	{ "src fd00:9::2", "udp6" },
	{ "dst fd00:9:0:1::2", "udp6" },
	{ "src and dst host fd00:9::3", "icmp6" },
	{ "ip6 host fd00:9::2", "tcp6 udp6" },
	{ "host a09:1::", "like-ipv4" },
	{ "host ::", "" },
	{ "host fd00:9::1 or 10.9.0.4", "tcp6 sctp4 rarp" },

	{ "net 10.9.0.0/30", "tcp4 udp4 sctp4 icmp4 arp fragment" },
	{ "net 10", "tcp4 udp4 sctp4 icmp4 arp rarp fragment icmp6-in-4 half-arp half-udp" },
	{ "net 10.9", "tcp4 udp4 sctp4 icmp4 arp rarp fragment icmp6-in-4 half-arp half-udp" },
	{ "host 10.9.0", "tcp4 udp4 sctp4 icmp4 arp rarp fragment icmp6-in-4 half-arp half-udp" },
	{ "net 10.9.0.4/31", "sctp4 rarp icmp6-in-4" },
	{ "dst net 10.9.0.4/31", "sctp4 rarp icmp6-in-4" },
	{ "src net 10.9.0.4/31", "rarp icmp6-in-4" },
	{ "net 10.0.0.4 mask 255.0.0.255", "sctp4 rarp" },
	{ "ip net 10.9.0.0/29 and src net 10.9.0.4/30", "icmp6-in-4 half-udp" },
	{ "net 10.9.0.8/29", "half-udp" },
	{ "net 0.0.0.0/0", "tcp4 udp4 sctp4 icmp4 arp rarp fragment icmp6-in-4 zeros half-arp half-udp tagged" },
	{ "dst net 0.0.0.0/0 and arp", "arp" },
	{ "net 0", "zeros" },
	{ "net fd00:9::/64", "tcp6 udp6 icmp6 icmp-in-6" },
	{ "dst net fd00:9::/64", "tcp6 icmp6 icmp-in-6" },
	{ "net fd00:9::2/127", "tcp6 udp6 icmp6" },
	{ "net fd00::/8", "tcp6 udp6 icmp6 icmp-in-6" },
	{ "net ::/0", "tcp6 udp6 icmp6 icmp-in-6 like-ipv4" },
	{ "ip6 net fd00:9:0:1::/64", "udp6" },

	{ "port 53", "udp4 udp6" },
	{ "src port 53", "udp4" },
	{ "dst port 53", "udp6" },
	{ "src and dst port 7777", "sctp4" },
	{ "tcp port 53", "" },
	{ "udp port 53", "udp4 udp6" },
	{ "sctp port 7777", "sctp4" },
	{ "tcp port 80 or 443", "tcp4 tcp6" },
	{ "tcp port (80 or 443)", "tcp4 tcp6" },
	{ "tcp port 80 or udp", "tcp4 udp4 udp6 half-udp" },
	{ "port 0", "zeros" },
	{ "port 7", "half-udp" },
	{ "dst port 0", "zeros" },
	{ "not port 80 and ip and tcp", "fragment zeros" },
	{ "port 0x1bb", "tcp6" },
	{ "port 0673", "tcp6" },
	{ "port \\443", "tcp6" },

	{ "vlan", "tagged priority twice thrice deep deepest" },
	{ "not vlan and tcp", "tcp4 tcp6 fragment zeros" },
	{ "vlan 42", "tagged twice" },
	{ "vlan 0", "priority thrice deep" },
	{ "vlan 4095", "thrice" },
	{ "vlan 2", "deep deepest" },
	{ "vlan 4", "deepest" },
	{ "vlan 5", "" },
	{ "vlan 7 and vlan 42", "twice" },
	/* what follows is not shifted */
	{ "vlan 42 and rarp host 11.9.0.1", "tagged" },
	{ "src 11.9.0.1 and vlan", "tagged" },
	{ "(vlan 42 or vlan 0) and not rarp", "priority twice thrice deep" },
};
/* clang-format on */

#define SAMPLE_COUNT (sizeof(samples) / sizeof(samples[0]))
#define CASE_COUNT (sizeof(cases) / sizeof(cases[0]))

static struct packet_summary make_summary(const struct sample *sample)
{
	struct packet_summary summary = {
		.fields = sample->fields,
		.ethertype = sample->ethertype,
		.ip_protocol = sample->ip_protocol,
		.source_port = sample->source_port,
		.destination_port = sample->destination_port,
	};
	int family = strchr(sample->source, ':') ? AF_INET6 : AF_INET;

	inet_pton(family, sample->source, summary.source);
	inet_pton(family, sample->destination, summary.destination);
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		if (strcmp(tags[i].name, sample->name))
			continue;
		summary.vlan_count = tags[i].count;
		memcpy(summary.vlan_id, tags[i].ids, sizeof(summary.vlan_id));
	}
	return summary;
}

/* Whether one of the words of the list is the name. */
static bool is_listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = strstr(list, name); at; at = strstr(at + 1, name)) {
		bool starts = at == list || at[-1] == ' ';

		if (starts && (at[length] == ' ' || at[length] == '\0'))
			return true;
	}
	return false;
}

static void test_case(size_t index)
{
	const char *expression = cases[index].expression;
	struct filter *filter = NULL;
	struct filter_error error = { 0 };
	bool matched[SAMPLE_COUNT];
	bool all_right = true;

	if (filter_compile(expression, &filter, &error)) {
		check(false, "'%s' is compiled", expression);
		check_note("%s", error.message);
		return;
	}
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		struct offline_packet packet = { .summary = make_summary(&samples[i]) };

		matched[i] = filter_run(filter, &packet);
		all_right &= matched[i] == is_listed(cases[index].matched, samples[i].name);
	}
	check(all_right, "'%s' matches nothing but: %s", expression, cases[index].matched);
	for (size_t i = 0; i < SAMPLE_COUNT; i++) {
		if (matched[i] != is_listed(cases[index].matched, samples[i].name))
			check_note("%s %s", matched[i] ? "matched" : "did not match",
				   samples[i].name);
	}
	filter_free(filter);
}

int main(void)
{
	for (size_t i = 0; i < CASE_COUNT; i++)
		test_case(i);
	return check_finish();
}
