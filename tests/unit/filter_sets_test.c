/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Host sets in expressions: what becomes one, how it is printed, what is wrong with a file
 * and where the caret stands, and that a chain means as a set what its parts mean.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../user/filter/filter.h"
#include "../../user/filter/hostset.h"
#include "../../user/filter/sets.h"
#include "check.h"

#define TEXT_BYTES 8192

/* In a folder of the test's own, which is the current one. */
static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(text, file) < 0 || fclose(file)) {
		perror(path);
		exit(1);
	}
}

/* clang-format off */
#define SEVEN "10.0.0.1 or 10.0.0.2 or 10.0.0.3 or 10.0.0.4 or 10.0.0.5 or 10.0.0.6 or ::7"

static const struct {
	const char *expression;
	const char *start; /* of the printed tree */
	size_t sets;
	const char *sentence;
} trees[] = {
	{ "host " SEVEN, "or\n  src or dst host 10.0.0.1", 0,
	  "seven hosts stay alternatives" },
	{ "host " SEVEN " or 10.0.0.8", "or, by one lookup\n  src or dst host 10.0.0.1", 1,
	  "eight hosts are a set" },
	{ "src host (" SEVEN " or ::8) and tcp", "and\n  or, by one lookup\n    src host 10.0.0.1", 1,
	  "hosts in parentheses are a set" },
	{ "port 1 or host " SEVEN " or net 10.0.0.8/30 or port 2",
	  "or\n  src or dst port 1 (TCP, UDP, SCTP)\n  or, by one lookup\n", 1,
	  "hosts and networks among others are a set in the place of the first" },
	{ "src and dst host " SEVEN " or ::8", "or\n  src and dst host", 0,
	  "hosts on both sides are no set" },
	{ "net 10.0.0.1 mask 255.0.0.255 or host " SEVEN, "or\n  src or dst net 10.0.0.1 mask", 0,
	  "a mask with holes is no member of a set" },
	{ "src host " SEVEN " or dst host 10.0.0.1", "or\n  src host 10.0.0.1", 0,
	  "other sides are other sets" },
	{ "ip host 10.0.0.8 or host " SEVEN, "or\n  src or dst host 10.0.0.8 (IPv4)", 0,
	  "other protocols are other sets" },
	{ "src host " SEVEN " or ::8 or dst host " SEVEN " or ::8",
	  "or\n  or, by one lookup\n    src host 10.0.0.1", 2,
	  "sources and destinations are two sets" },
	{ "tcp and not src 10.0.0.1 and not src 10.0.0.2 and not src 10.0.0.3 and not src 10.0.0.4 "
	  "and not src 10.0.0.5 and not src 10.0.0.6 and not src 10.0.0.7 and not src 10.0.0.8",
	  "and\n  tcp (IPv4, IPv6)\n  not\n    or, by one lookup\n      src host 10.0.0.1", 1,
	  "exclusions one after the other are a set" },
	{ "not host (" SEVEN " or ::8)", "not\n  or, by one lookup\n", 1,
	  "an exclusion of alternatives is one of a set" },
	{ "host in hosts", "src or dst host in 'hosts' = 2 addresses, 0 prefixes (IPv4, ARP, RARP, IPv6)\n", 1,
	  "a file is a set" },
	{ "ip src host in \"two words\"", "src host in 'two words' = 1 address, 0 prefixes (IPv4)\n", 1,
	  "the name of a file can stand in quotes" },
	{ "(net in nets)and(src in 'hosts')",
	  "and\n  src or dst net in 'nets' = 0 addresses, 2 prefixes (IPv4, ARP, RARP, IPv6)\n  src host in 'hosts'", 2,
	  "a parenthesis ends the name of a file" },
	{ "src host in hosts or dst host in hosts", "or\n  src host in 'hosts'", 1,
	  "a file that stands there twice is one set" },
	{ "host in hosts or in ./hosts or 10.0.0.1",
	  "or\n  src or dst host in 'hosts' = 2 addresses, 0 prefixes (IPv4, ARP, RARP, IPv6)\n"
	  "  src or dst host in './hosts' = 2 addresses, 0 prefixes (IPv4, ARP, RARP, IPv6)\n  src or dst host 10.0.0.1", 2,
	  "a further file inherits qualifiers as any id" },
	{ "host not in hosts", "not\n  src or dst host in 'hosts'", 1,
	  "a file can be excluded as any id" },
	{ "host in empty and tcp", "and\n  src or dst host in 'empty'", 1,
	  "an empty file is a set" },
};

static const struct {
	const char *expression;
	const char *place; /* what the caret marks */
	const char *message;
	const char *sentence;
} errors[] = {
	{ "tcp and host in bad", "bad", "bad:2: neither an address nor a prefix: '10.0.0'",
	  "a bad line is an error at the name of its file" },
	{ "host in nets and tcp", "nets", "nets:1: a prefix, for which there is 'net in'",
	  "a prefix in a list of hosts is an error with a hint" },
	{ "host in missing", "missing", "cannot read 'missing': No such file",
	  "a file that is not there is an error" },
	{ "host in .", ".", "not a regular file", "a folder is an error" },
	{ "host in", "", "'in' needs the name of a file", "a name is missing at the end" },
	{ "host in )", "", "'in' needs the name of a file", "a name is missing before a parenthesis" },
	{ "host in ''", "''", "'in' needs the name of a file", "an empty name is missing" },
	{ "host in 'hosts", "'", "this quote is never closed", "a quote needs its end" },
	{ "tcp host in hosts", "hosts", "'tcp' modifier applied to host",
	  "a file of addresses has no ports" },
	{ "port in hosts", "hosts", "only addresses can be in a file",
	  "a file of ports is an error" },
	{ "in hosts", "in", "needs 'host'", "a file needs a qualifier" },
	{ "host in hosts hosts", " hosts", "unknown word 'hosts'", "a file is one word" },
};
/* clang-format on */

static void check_tree(size_t index)
{
	struct filter_error error = { 0 };
	struct filter *filter = NULL;
	char printed[TEXT_BYTES] = "";
	FILE *out = fmemopen(printed, sizeof(printed), "w");
	size_t sets = 0;
	int status = filter_compile(trees[index].expression, &filter, &error);

	if (!status) {
		filter_print_tree(filter, out);
		filter_sets(filter, &sets);
	}
	fclose(out);
	check(!status && sets == trees[index].sets &&
		      strncmp(printed, trees[index].start, strlen(trees[index].start)) == 0,
	      "%s", trees[index].sentence);
	check_note("%s: %s, %zu sets", trees[index].expression, error.message, sets);
	check_note("%s", printed);
	filter_free(filter);
}

static void check_error(size_t index)
{
	const char *expression = errors[index].expression, *place = errors[index].place;
	struct filter_error error = { 0 };
	struct filter *filter = NULL;
	int status = filter_compile(expression, &filter, &error);
	size_t skipped = *place == ' ' ? 1 : 0;
	const char *last = expression;

	/* The last occurrence. */
	for (const char *at = strstr(expression, place); at && *at != '\0';
	     at = strstr(at + 1, place))
		last = at;
	check(status == -EINVAL && strstr(error.message, errors[index].message) &&
		      (*place == '\0' || (error.offset == (size_t)(last - expression) + skipped &&
					  error.length == strlen(place) - skipped)),
	      "%s", errors[index].sentence);
	check_note("%s: %s, %zu at %zu", expression, error.message, error.length, error.offset);
	filter_free(filter);
}

/* xorshift64*: the same numbers in every run. */
static uint32_t random_number(void)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1dull) >> 32);
}

static struct offline_packet random_packet(void)
{
	static const uint16_t ethertypes[] = { 0x0800, 0x86dd, 0x0806, 0x8035, 0x88cc };
	struct packet_summary summary = {
		.fields = SUMMARY_ETHERTYPE,
		.ethertype = ethertypes[random_number() % 5],
	};
	bool is_ipv6 = summary.ethertype == 0x86dd;
	uint32_t *sides[] = { summary.source, summary.destination };

	for (size_t side = 0; side < 2; side++) {
		if (random_number() % 8 == 0)
			continue;
		summary.fields |= side ? SUMMARY_DESTINATION : SUMMARY_SOURCE;
		sides[side][0] = htonl(is_ipv6 ? 0x20010db8 : random_number() % 24);
		sides[side][3] = is_ipv6 ? htonl(random_number() % 24) : 0;
	}
	return (struct offline_packet){ .summary = summary };
}

#define PARTS 12
#define PACKETS 20000

/* An address or a network that some of the random packets have. */
static void make_part(const char *qualifiers, char *text, size_t bytes)
{
	uint32_t number = random_number() % 24;

	switch (random_number() % 4) {
	case 0:
		snprintf(text, bytes, "%s net 0.0.0.%u/30", qualifiers, number & ~3u);
		break;
	case 1:
		snprintf(text, bytes, "%s host 2001:db8::%x", qualifiers, number);
		break;
	case 2:
		snprintf(text, bytes, "%s net 2001:db8::%x/127", qualifiers, number & ~1u);
		break;
	default:
		snprintf(text, bytes, "%s host 0.0.0.%u", qualifiers, number);
		break;
	}
}

/* The chain of the parts, and the parts one by one. */
static void check_chain(const char *qualifiers, const char *joint, bool is_excluding)
{
	struct filter *parts[PARTS] = { NULL }, *chain = NULL;
	char expression[TEXT_BYTES] = "", part[128];
	struct filter_error error = { 0 };
	size_t wrong = 0, hits = 0, sets = 0;
	size_t length = 0;
	int failed = 0;

	for (size_t i = 0; i < PARTS; i++) {
		make_part(qualifiers, part, sizeof(part));
		failed |= filter_compile(part, &parts[i], &error);
		length += (size_t)snprintf(expression + length, sizeof(expression) - length, "%s%s",
					   i > 0 || is_excluding ? joint : "", part);
	}
	/* Exclusions begin with their joint: "and not a and not b". */
	memmove(expression, expression + (is_excluding ? strlen(" and ") : 0), length + 1);
	failed |= filter_compile(expression, &chain, &error);
	if (!failed)
		filter_sets(chain, &sets);
	for (size_t i = 0; i < PACKETS && !failed; i++) {
		const struct offline_packet packet = random_packet();
		bool expected = false;

		for (size_t at = 0; at < PARTS; at++)
			expected |= filter_run(parts[at], &packet);
		expected ^= is_excluding;
		hits += expected;
		wrong += filter_run(chain, &packet) != expected;
	}
	check(!failed && sets == 1 && wrong == 0 && hits > 0 && hits < PACKETS,
	      "a chain of '%s net ...'%s means as a set what its parts mean", qualifiers,
	      is_excluding ? ", excluded," : "");
	check_note("%s: %zu sets, %zu of %zu wrong; %s", expression, sets, wrong, hits,
		   error.message);
	for (size_t i = 0; i < PARTS; i++)
		filter_free(parts[i]);
	filter_free(chain);
}

/* A set of both families with prefixes has eight maps. */
static void check_limits(void)
{
	struct filter_error error = { 0 };
	struct filter *filter = NULL;
	char expression[TEXT_BYTES] = "";
	size_t length = 0, count = 0;

	write_file("all", "10.0.0.1\n11.0.0.0/8\n::1\nfd00::/8\n");
	for (size_t i = 0; i <= SETS_MAXIMUM_MAPS / HOSTSET_MAPS; i++) {
		char path[32];

		if (i == SETS_MAXIMUM_MAPS / HOSTSET_MAPS)
			check(!filter_compile(expression, &filter, &error), "six full sets fit");
		snprintf(path, sizeof(path), "all%zu", i);
		symlink("all", path);
		length += (size_t)snprintf(expression + length, sizeof(expression) - length,
					   "%snet in %s", i > 0 ? " or " : "", path);
	}
	check_note("%s", error.message);
	filter_free(filter);
	filter = NULL;
	check(filter_compile(expression, &filter, &error) == -EINVAL &&
		      strstr(error.message, "too many sets"),
	      "seven full sets are too many");
	check_note("%s", error.message);
	snprintf(strstr(expression, " or net in all6"), 256, " or src host " SEVEN " or ::8");
	check(!filter_compile(expression, &filter, &error),
	      "a chain for which there are no maps left is compared one by one");
	check_note("%s: %s", expression, error.message);
	if (filter)
		filter_sets(filter, &count);
	check(count == 6, "a chain for which there are no maps left is no set");
	filter_free(filter);
}

int main(void)
{
	char folder[] = "/tmp/filter-sets-test-XXXXXX";
	static const char *const qualifiers[] = { "", "src", "dst", "src or dst" };

	if (!mkdtemp(folder) || chdir(folder))
		return 1;
	write_file("hosts", "10.0.0.1\n::1\n");
	write_file("two words", "10.0.0.1\n");
	write_file("nets", "10.0.0.0/8\n::/64\n");
	write_file("bad", "# a comment\n10.0.0\n");
	write_file("empty", "\n");
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++)
		check_tree(i);
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		check_error(i);
	for (size_t i = 0; i < 4; i++) {
		check_chain(qualifiers[i], " or ", false);
		check_chain(qualifiers[i], " and not ", true);
	}
	check_limits();
	return system("rm -rf -- \"$PWD\"") == 0 ? check_finish() : 1;
}
