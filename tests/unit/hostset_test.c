/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of addresses and prefixes are read as the manual says, bad lines are named, and
 * membership is what a walk over all entries finds, on many random probes.
 */
#include "../../user/filter/hostset.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static char folder[] = "/tmp/hostset-test-XXXXXX";
static char path[64];

static void write_file(const char *text, size_t length)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(text, 1, length, file) != length || fclose(file)) {
		perror(path);
		exit(1);
	}
}

/* clang-format off */
static const struct {
	const char *text;
	size_t addresses;
	size_t prefixes;
	size_t left_out;
	const char *sentence;
} good[] = {
	{ "", 0, 0, 0, "an empty file is an empty set" },
	{ "10.0.0.1", 1, 0, 0, "the last line needs no newline" },
	{ "10.0.0.1\n10.0.0.2\n2001:db8::1\n", 3, 0, 0, "IPv4 and IPv6 stand in one file" },
	{ "# all\n\n  \t\n10.0.0.1 # one\n#10.0.0.2\n", 1, 0, 0,
	  "comments and blank lines are left out" },
	{ "10.0.0.1\r\n\r\n10.0.0.0/25\r\n", 0, 1, 1, "lines may end as those of DOS" },
	{ " 10.0.0.1\t\n\t::1 \n", 2, 0, 0, "blanks around an entry do not count" },
	{ "10.0.0.1\n10.0.0.1\n::1\n0::1\n", 2, 0, 2, "what is there twice counts once" },
	{ "10.0.0.0/8\n10.1.0.0/16\n10.2.3.4\n11.0.0.0\n", 1, 1, 2,
	  "what is inside a prefix is left out" },
	{ "10.1.0.0/16\n10.0.0.0/8\n10.255.0.0/16\n", 0, 1, 2,
	  "prefixes inside a prefix are left out whatever their order" },
	{ "10.0.0.1/32\n2001:db8::1/128\n", 2, 0, 0, "a prefix of all bits is an address" },
	{ "0.0.0.0/0\n::/0\n1.2.3.4\n", 0, 2, 1, "a prefix of no bits is everything" },
	{ "::ffff:10.0.0.1\n", 1, 0, 0, "IPv6 with an IPv4 address at its end is IPv6" },
};

static const struct {
	const char *text;
	bool takes_prefixes;
	const char *message;
	const char *sentence;
} bad[] = {
	{ "10.0.0.1\n\n10.0.0.256\n", true, ":3: neither an address nor a prefix: '10.0.0.256'",
	  "an address with a number too large is named with its line" },
	{ "10.0.0\n", true, ":1: neither", "an address of three numbers is refused" },
	{ "10\n", true, ":1: neither", "a bare number is refused" },
	{ "example.org\n", true, ":1: neither", "a name is refused" },
	{ "10.0.0.1 10.0.0.2\n", true, ":1: neither", "two addresses in a line are refused" },
	{ "10.0.0.0/33\n", true, ":1: the length of the prefix", "33 bits of IPv4 are refused" },
	{ "::/129\n", true, ":1: the length of the prefix", "129 bits of IPv6 are refused" },
	{ "10.0.0.0/\n", true, ":1: the length of the prefix", "a prefix without length is refused" },
	{ "10.0.0.0/-1\n", true, ":1: the length of the prefix", "a negative length is refused" },
	{ "10.0.0.0/0008\n", true, ":1: the length of the prefix", "a length of 4 digits is refused" },
	{ "10.0.0.0/8/8\n", true, ":1: the length of the prefix", "two lengths are refused" },
	{ "10.0.0.0 /8\n", true, ":1: neither", "a blank before the length is refused" },
	{ "10.0.0.1/8\n", true, ":1: non-network bits set: '10.0.0.1/8'",
	  "bits behind an IPv4 prefix are refused" },
	{ "2001:db8::1/64\n", true, ":1: non-network bits set", "bits behind an IPv6 prefix are refused" },
	{ "#\n10.0.0.0/8\n", false, ":2: a prefix, for which there is 'net in': '10.0.0.0/8'",
	  "a prefix is refused where only addresses are taken" },
	{ "1.2.3.4\n\x1b[31m\n", true, ":2: neither an address nor a prefix: '?[31m'",
	  "what a terminal would obey is not repeated" },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", true,
	  "aaaa...'", "a long line is cut in the message" },
};
/* clang-format on */

static void check_good(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct hostset *set = NULL;
		struct error why = { "" };
		int error;

		write_file(good[i].text, strlen(good[i].text));
		error = hostset_read_file(path, true, &set, &why);
		check(!error && hostset_address_count(set) == good[i].addresses &&
			      hostset_prefix_count(set) == good[i].prefixes &&
			      set->left_out == good[i].left_out,
		      "%s", good[i].sentence);
		check_note("error %d %s", error, why.message);
		hostset_free(set);
	}
}

static void check_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct hostset *set = NULL;
		struct error why = { "" };
		int error;

		write_file(bad[i].text, strlen(bad[i].text));
		error = hostset_read_file(path, bad[i].takes_prefixes, &set, &why);
		check(error == -EINVAL && strncmp(why.message, path, strlen(path)) == 0 &&
			      strstr(why.message, bad[i].message),
		      "%s", bad[i].sentence);
		check_note("error %d '%s'", error, why.message);
		hostset_free(set);
	}
}

static void check_other_files(void)
{
	struct hostset *set = NULL;
	struct error why = { "" };

	write_file("10.0.0.1\n1.2.3.4\0x\n", 19);
	check(hostset_read_file(path, true, &set, &why) == -EINVAL &&
		      strstr(why.message, ":2: a byte 0 in the line"),
	      "a byte 0 is refused with its line");
	check(hostset_read_file("/tmp", true, &set, &why) == -EINVAL &&
		      strstr(why.message, "not a regular file"),
	      "a folder is refused");
	unlink(path);
	check(hostset_read_file(path, true, &set, &why) == -ENOENT &&
		      strstr(why.message, "No such file"),
	      "a file that is not there is refused");
	if (mkfifo(path, 0600))
		perror(path);
	check(hostset_read_file(path, true, &set, &why) == -EINVAL &&
		      strstr(why.message, "not a regular file"),
	      "a pipe is refused and not waited for");
	unlink(path);
}

static void check_states(void)
{
	struct hostset_file before, after;

	write_file("10.0.0.1\n", 9);
	hostset_stat_file(path, &before);
	hostset_stat_file(path, &after);
	check(hostset_file_is_same(&before, &after), "a file that nobody touches stays the same");
	write_file("10.0.0.1\n1.1.1.1\n", 17);
	hostset_stat_file(path, &after);
	check(!hostset_file_is_same(&before, &after), "a longer file is another one");
	unlink(path);
	check(hostset_stat_file(path, &after) == -ENOENT, "a removed file is not there");
}

/* xorshift64*: the same numbers in every run. */
static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint32_t random_number(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (uint32_t)((random_state * 0x2545f4914f6cdd1dull) >> 32);
}

/* Addresses close together, so that prefixes nest and probes hit. */
static void make_address(bool is_ipv6, uint32_t address_be[4])
{
	memset(address_be, 0, 16);
	if (!is_ipv6) {
		address_be[0] = htonl(0x0a000000 | (random_number() & 0xfffff));
		return;
	}
	address_be[0] = htonl(0x20010db8);
	address_be[1] = htonl(random_number() & 0x3f);
	address_be[3] = htonl(random_number() & 0xff);
}

static struct hostset_entry make_entry(void)
{
	struct hostset_entry entry = { .is_ipv6 = random_number() % 2 };
	uint32_t all = entry.is_ipv6 ? 128 : 32;

	make_address(entry.is_ipv6, entry.address_be);
	entry.bits = (uint8_t)(random_number() % 3 ? all : all - random_number() % 14);
	for (uint32_t bit = entry.bits; bit < all; bit++)
		entry.address_be[bit / 32] &= htonl(~(0x80000000u >> bit % 32));
	return entry;
}

static bool is_in_entry(const struct hostset_entry *entry, bool is_ipv6, const uint32_t *address_be)
{
	if (entry->is_ipv6 != is_ipv6)
		return false;
	for (uint32_t bit = 0; bit < entry->bits; bit++) {
		uint32_t mask = htonl(0x80000000u >> bit % 32);

		if ((entry->address_be[bit / 32] ^ address_be[bit / 32]) & mask)
			return false;
	}
	return true;
}

static bool passes_gate(const struct hostset *set, enum hostset_kind kind, const uint32_t *address)
{
	const struct hostset_gate *gate = &set->tables[kind].gate;
	uint32_t bit;

	if (set->tables[kind].count == 0)
		return false;
	bit = hostset_gate_bit(gate, address);
	return gate->bitmap[bit / 8] >> bit % 8 & 1;
}

#define ENTRIES 400
#define PROBES 20000

static void check_membership(void)
{
	static struct hostset_entry entries[ENTRIES];
	size_t wrong = 0, closed = 0, hits = 0;
	struct hostset *set;

	hostset_new(&set);
	for (size_t i = 0; i < ENTRIES; i++) {
		entries[i] = make_entry();
		hostset_add(set, &entries[i]);
	}
	hostset_finish(set);
	for (size_t probe = 0; probe < PROBES; probe++) {
		bool is_ipv6 = probe % 2, expected = false, found;
		size_t first = is_ipv6 ? HOSTSET_IPV6_ADDRESSES : HOSTSET_IPV4_ADDRESSES;
		uint32_t address_be[4];

		make_address(is_ipv6, address_be);
		for (size_t i = 0; i < ENTRIES && !expected; i++)
			expected = is_in_entry(&entries[i], is_ipv6, address_be);
		found = hostset_contains(set, is_ipv6, address_be);
		hits += found;
		wrong += found != expected;
		for (size_t kind = first; kind < first + 2; kind++)
			closed += hostset_table_contains(set, kind, address_be) &&
				  !passes_gate(set, kind, address_be);
	}
	check(wrong == 0, "a set has what a walk over its entries finds");
	check_note("%zu of %d probes are wrong", wrong, PROBES);
	check(closed == 0, "a gate is open for everything in its table");
	check(hits > PROBES / 20 && hits < PROBES - PROBES / 20, "probes hit and miss");
	check_note("%zu of %d", hits, PROBES);
	hostset_free(set);
}

static uint32_t gate_percent(const struct hostset_gate *gate)
{
	uint64_t open = 0;

	for (uint32_t byte = 0; byte < gate->bits / 8; byte++)
		open += (uint64_t)__builtin_popcount(gate->bitmap[byte]);
	return (uint32_t)(open * 100 / gate->bits);
}

/* 65,536 addresses that differ in two bytes only must not fall together in the gate. */
static void check_spread(bool is_ipv6, const char *sentence)
{
	enum hostset_kind kind = is_ipv6 ? HOSTSET_IPV6_ADDRESSES : HOSTSET_IPV4_ADDRESSES;
	struct hostset *set;
	uint64_t open = 0;

	hostset_new(&set);
	for (uint32_t i = 0; i < 65536; i++) {
		struct hostset_entry entry = { .is_ipv6 = is_ipv6, .bits = is_ipv6 ? 128 : 32 };

		entry.address_be[0] = htonl(is_ipv6 ? 0x20010db8 : 0x0a000000 | i);
		if (is_ipv6) {
			entry.address_be[1] = htonl(i >> 8);
			entry.address_be[3] = htonl(i & 0xff);
		}
		hostset_add(set, &entry);
	}
	hostset_finish(set);
	for (uint32_t byte = 0; byte < set->tables[kind].gate.bits / 8; byte++)
		open += (uint64_t)__builtin_popcount(set->tables[kind].gate.bitmap[byte]);
	check(open > 60000, "%s", sentence);
	check_note("%llu bits", (unsigned long long)open);
	hostset_free(set);
}

static struct hostset *make_small_set(bool is_ipv6)
{
	struct hostset *set;

	hostset_new(&set);
	for (uint32_t i = 0; i < 1000; i++) {
		struct hostset_entry entry = { .is_ipv6 = is_ipv6, .bits = is_ipv6 ? 128 : 32 };

		entry.address_be[0] = htonl(0x0a000000 | i);
		hostset_add(set, &entry);
	}
	hostset_finish(set);
	return set;
}

/* Who knows the list and this program finds addresses that pass the gate, for one run only. */
static void check_seed(bool is_ipv6, const char *sentence)
{
	enum hostset_kind kind = is_ipv6 ? HOSTSET_IPV6_ADDRESSES : HOSTSET_IPV4_ADDRESSES;
	struct hostset *known = make_small_set(is_ipv6), *running = make_small_set(is_ipv6);
	unsigned int aimed = 0, passed = 0;

	for (uint32_t i = 0; i < 1000000; i++) {
		uint32_t address_be[4] = { htonl(0x0b000000 | i) };

		if (!passes_gate(known, kind, address_be))
			continue;
		aimed++;
		passed += passes_gate(running, kind, address_be);
	}
	check(aimed > 1000 && passed < aimed / 10, "%s", sentence);
	check_note("of %u addresses that pass one, %u pass the other", aimed, passed);
	hostset_free(known);
	hostset_free(running);
}

static void check_wide_prefixes(void)
{
	struct hostset_entry wide = { .bits = 1, .address_be = { htonl(0x80000000) } };
	struct hostset_entry wide6 = { .is_ipv6 = true,
				       .bits = 3,
				       .address_be = { htonl(0x20000000) } };
	struct hostset *set;

	hostset_new(&set);
	hostset_add(set, &wide);
	hostset_add(set, &wide6);
	hostset_finish(set);
	check(set->tables[HOSTSET_IPV4_PREFIXES].gate.bits <= 1u << 15 &&
		      set->tables[HOSTSET_IPV6_PREFIXES].gate.bits <= 1u << 15,
	      "a gate for one wide prefix is small");
	check(gate_percent(&set->tables[HOSTSET_IPV4_PREFIXES].gate) < 10,
	      "a gate for one wide prefix is mostly closed");
	hostset_free(set);
}

int main(void)
{
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/set", folder);
	check_good();
	check_bad();
	check_other_files();
	check_states();
	check_membership();
	check_spread(false,
		     "IPv4 addresses that differ in their last bytes have bits of their own");
	check_spread(true, "IPv6 hosts 1 to 255 of many networks have bits of their own");
	check_seed(false, "IPv4 addresses that pass a gate do not pass the next one for its list");
	check_seed(true, "IPv6 addresses that pass a gate do not pass the next one for its list");
	check_wide_prefixes();
	rmdir(folder);
	return check_finish();
}
