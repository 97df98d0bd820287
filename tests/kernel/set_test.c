/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a host set has, the kernel finds, on both hooks: its verdict and that of the same
 * instructions in user space equal those of a simple reference, on random packets.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../user/filter/sets.h"
#include "../unit/check.h"
#include "kernel_capture.h"
#include "set_reference.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ETHERNET_BYTES 14
#define IPV4_BYTES 20
#define IPV6_BYTES 40
#define ARP_BYTES 28

enum family { FAMILY_IPV4, FAMILY_ARP, FAMILY_IPV6, FAMILY_COUNT };

/* What is known of a packet. */
struct probe {
	enum family family;
	struct set_address source, destination;
};

static char folder[] = "/tmp/set-test-XXXXXX";
static char path_a[64], path_b[64];

/* a: prefixes and addresses of both families; b: addresses only. */
static struct set_reference a, b;

static bool source_in(const struct set_reference *set, const struct probe *probe)
{
	return set_reference_contains(set, &probe->source);
}

static bool destination_in(const struct set_reference *set, const struct probe *probe)
{
	return set_reference_contains(set, &probe->destination);
}

static bool either_in_a(const struct probe *probe)
{
	return source_in(&a, probe) || destination_in(&a, probe);
}

static bool source_in_a(const struct probe *probe)
{
	return source_in(&a, probe);
}

static bool destination_in_a(const struct probe *probe)
{
	return destination_in(&a, probe);
}

static bool both_in_a(const struct probe *probe)
{
	return source_in(&a, probe) && destination_in(&a, probe);
}

static bool neither_in_a(const struct probe *probe)
{
	return !either_in_a(probe);
}

static bool either_in_b(const struct probe *probe)
{
	return source_in(&b, probe) || destination_in(&b, probe);
}

static bool ipv4_in_a(const struct probe *probe)
{
	return probe->family == FAMILY_IPV4 && either_in_a(probe);
}

static bool arp_in_a(const struct probe *probe)
{
	return probe->family == FAMILY_ARP && either_in_a(probe);
}

static bool ipv6_in_b(const struct probe *probe)
{
	return probe->family == FAMILY_IPV6 && either_in_b(probe);
}

static bool from_a_to_b(const struct probe *probe)
{
	return source_in(&a, probe) && destination_in(&b, probe);
}

static bool mixture(const struct probe *probe)
{
	return source_in(&a, probe) || (destination_in(&b, probe) && probe->family == FAMILY_IPV6);
}

/* A and B stand for the files. */
static const struct {
	const char *expression;
	bool (*expected)(const struct probe *probe);
} cases[] = {
	{ "net in A", either_in_a },
	{ "src net in A", source_in_a },
	{ "dst net in 'A'", destination_in_a },
	{ "src and dst net in A", both_in_a },
	{ "not (net in A)", neither_in_a },
	{ "net not in A", neither_in_a },
	{ "host in B", either_in_b },
	{ "src or dst net in B", either_in_b },
	{ "ip net in A", ipv4_in_a },
	{ "arp net in A", arp_in_a },
	{ "ip6 host in B", ipv6_in_b },
	{ "src net in A and dst host in B", from_a_to_b },
	{ "src net in A or (ip6 and dst in B)", mixture },
};

static void make_expression(const char *pattern, char *text, size_t bytes)
{
	size_t length = 0;

	for (; *pattern != '\0' && length + 1 < bytes; pattern++) {
		const char *path = *pattern == 'A' ? path_a : path_b;

		if (*pattern == 'A' || *pattern == 'B')
			length += (size_t)snprintf(text + length, bytes - length, "%s", path);
		else
			text[length++] = *pattern;
	}
	text[length < bytes ? length : bytes - 1] = '\0';
}

static void put16(uint8_t *at, unsigned int value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void build_packet(const struct probe *probe, struct packet *packet)
{
	uint8_t *network = packet->bytes + ETHERNET_BYTES;

	memset(packet->bytes, 0, ETHERNET_BYTES + IPV6_BYTES);
	packet->bytes[5] = 1;
	switch (probe->family) {
	case FAMILY_IPV4:
		put16(network - 2, 0x0800);
		network[0] = 0x45;
		network[9] = 253; /* RFC 3692: experiments */
		put16(network + 2, IPV4_BYTES);
		memcpy(network + 12, probe->source.bytes, 4);
		memcpy(network + 16, probe->destination.bytes, 4);
		break;
	case FAMILY_ARP:
		put16(network - 2, 0x0806);
		put16(network, 1);
		put16(network + 2, 0x0800);
		put16(network + 4, 0x0604);
		put16(network + 6, 1);
		memcpy(network + 14, probe->source.bytes, 4);
		memcpy(network + 24, probe->destination.bytes, 4);
		break;
	default:
		put16(network - 2, 0x86dd);
		network[0] = 0x60;
		network[6] = 253;
		memcpy(network + 8, probe->source.bytes, 16);
		memcpy(network + 24, probe->destination.bytes, 16);
		break;
	}
	packet->length = ETHERNET_BYTES + IPV6_BYTES;
}

static struct probe random_probe(void)
{
	struct probe probe = { .family = set_random() % FAMILY_COUNT };
	bool is_ipv6 = probe.family == FAMILY_IPV6;

	probe.source = set_random_address(is_ipv6, true);
	probe.destination = set_random_address(is_ipv6, true);
	return probe;
}

static uint64_t matched(const struct kernel_capture *capture)
{
	uint64_t sum = 0;

	for (unsigned int cpu = 0; cpu < capture->cpu_count; cpu++)
		sum += capture->counters[cpu].frames[DIRECTION_INGRESS].matched;
	return sum;
}

/* Whether the kernel's program matches the packet, or a negative errno. */
static int ask_kernel(const struct kernel_capture *capture, const struct packet *packet)
{
	uint64_t before = matched(capture);
	int error = kernel_capture_run(capture, DIRECTION_INGRESS, packet, packet->length, NULL);

	return error ? error : matched(capture) != before;
}

static void test_case(enum hook hook, size_t number, unsigned int probes)
{
	static struct packet packet;
	char expression[512];
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	unsigned int wrong = 0, hits = 0;
	struct kernel_capture capture;
	int error;

	make_expression(cases[number].expression, expression, sizeof(expression));
	error = kernel_capture_open(&options, &capture);
	for (unsigned int i = 0; i < probes && !error; i++) {
		struct probe probe = random_probe();
		int kernel;

		build_packet(&probe, &packet);
		kernel = ask_kernel(&capture, &packet);
		hits += kernel == 1;
		wrong += kernel != cases[number].expected(&probe);
	}
	check(!error && wrong == 0 && hits > probes / 50 && hits < probes,
	      "%s: '%s' matches what a simple reference matches", test_run_hook_name(hook),
	      cases[number].expression);
	check_note("%u of %u wrong, %u matches", wrong, probes, hits);
	kernel_capture_close(&capture);
}

/* IPv4 behind so many labels that the kernel does not call the frame too short. */
static void cut_packet(struct packet *packet)
{
	uint8_t *label = packet->bytes + ETHERNET_BYTES;

	memset(label, 0, IPV6_BYTES);
	put16(label - 2, 0x8847);
	for (size_t i = 1; i < MAXIMUM_MPLS_LABELS; i++)
		label += 4;
	label[2] = 1; /* bottom of the stack */
	label[4] = 0x45;
}

/* A packet without addresses has none in a set, though 0.0.0.0 is. */
static void test_cut(enum hook hook)
{
	static struct packet packet;
	char expression[512];
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	struct probe probe = { .family = FAMILY_IPV4 };
	struct kernel_capture capture;
	int error, whole = 0, broken = 0;

	make_expression("net in A", expression, sizeof(expression));
	error = kernel_capture_open(&options, &capture);
	if (!error) {
		build_packet(&probe, &packet);
		whole = ask_kernel(&capture, &packet);
		cut_packet(&packet);
		broken = ask_kernel(&capture, &packet);
	}
	check(set_reference_contains(&a, &probe.source) && !error && whole == 1 && broken == 0,
	      "%s: what has no address is in no set, not even in one with 0.0.0.0",
	      test_run_hook_name(hook));
	kernel_capture_close(&capture);
}

static void test_empty(enum hook hook)
{
	static struct packet packet;
	char expression[512], *path = path_b;
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	struct set_reference nothing = { 0 };
	struct probe probe = random_probe();
	struct kernel_capture capture;
	int error, none = -1;

	set_reference_write(&nothing, path);
	make_expression("host in B", expression, sizeof(expression));
	error = kernel_capture_open(&options, &capture);
	build_packet(&probe, &packet);
	if (!error)
		none = ask_kernel(&capture, &packet);
	check(none == 0, "%s: an empty set matches nothing", test_run_hook_name(hook));
	kernel_capture_close(&capture);
	set_reference_write(&b, path);
}

/* As many maps as an expression may have, on both sides, with other tests between. */
static void test_many(enum hook hook)
{
	static struct packet packet;
	char expression[2048], path[80];
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	struct kernel_capture capture;
	unsigned int wrong = 0, hits = 0, i;
	size_t length = 0;
	int error;

	for (i = 0; i < SETS_MAXIMUM_MAPS / HOSTSET_MAPS; i++) {
		snprintf(path, sizeof(path), "%s%u", path_a, i);
		unlink(path);
		if (symlink(path_a, path))
			perror(path);
		length += (size_t)snprintf(
			expression + length, sizeof(expression) - length,
			"%s(net in %s and not tcp port %u) or (udp and src net 10.%u)",
			i > 0 ? " or " : "", path, i + 1, i + 20);
	}
	error = kernel_capture_open(&options, &capture);
	for (i = 0; i < 200 && !error; i++) {
		struct probe probe = random_probe();
		int kernel;

		build_packet(&probe, &packet);
		kernel = ask_kernel(&capture, &packet);
		hits += kernel == 1;
		wrong += kernel != either_in_a(&probe);
	}
	check(!error && wrong == 0 && hits > 0 && hits < 200,
	      "%s: an expression with as many maps as it may have is right",
	      test_run_hook_name(hook));
	check_note("%u of 200 wrong, %u hits", wrong, hits);
	kernel_capture_close(&capture);
	for (i = 0; i < SETS_MAXIMUM_MAPS / HOSTSET_MAPS; i++) {
		snprintf(path, sizeof(path), "%s%u", path_a, i);
		unlink(path);
	}
}

static void make_sets(void)
{
	struct set_entry zero = { .bits = 32 };

	set_reference_add(&a, false, true, 120, 32);
	set_reference_add(&a, false, true, 40, 26);
	set_reference_add(&a, true, true, 120, 128);
	set_reference_add(&a, true, true, 40, 122);
	a.entries[0] = zero;
	set_reference_finish(&a);
	set_reference_add(&b, false, true, 400, 32);
	set_reference_add(&b, true, true, 200, 128);
	set_reference_finish(&b);
	set_reference_write(&a, path_a);
	set_reference_write(&b, path_b);
}

static double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

/* Half of the probes are of the set, or close to it. */
static struct set_address large_probe(const struct set_reference *large, bool is_ipv6)
{
	struct set_address address = set_random_address(is_ipv6, false);
	const struct set_entry *entry;

	if (set_random() % 2)
		return address;
	do
		entry = &large->entries[set_random() % large->count];
	while (entry->address.is_ipv6 != is_ipv6);
	address = entry->address;
	address.bytes[is_ipv6 ? 15 : 3] ^= set_random() % 4 ? 0 : (uint8_t)set_random();
	return address;
}

static struct offline_packet offline_of(const struct probe *probe)
{
	struct packet_summary summary = {
		.fields = SUMMARY_ETHERTYPE | SUMMARY_SOURCE | SUMMARY_DESTINATION,
		.ethertype = probe->family == FAMILY_IPV6 ? 0x86dd : 0x0800,
	};
	size_t bytes = probe->family == FAMILY_IPV6 ? 16 : 4;

	memcpy(summary.source, probe->source.bytes, bytes);
	memcpy(summary.destination, probe->destination.bytes, bytes);
	return (struct offline_packet){ .summary = summary };
}

static void probe_large(const struct kernel_capture *capture, const struct set_reference *large,
			unsigned int probes, unsigned int kernel_stride)
{
	static struct packet packet;
	unsigned int wrong_user = 0, wrong_kernel = 0, asked = 0, hits = 0;

	for (unsigned int i = 0; i < probes; i++) {
		struct probe probe = { .family = i % 4 ? FAMILY_IPV4 : FAMILY_IPV6 };
		struct offline_packet offline;
		bool expected;

		probe.source = large_probe(large, probe.family == FAMILY_IPV6);
		expected = set_reference_contains(large, &probe.source);
		offline = offline_of(&probe);
		hits += expected;
		wrong_user += filter_run(capture->filter, &offline) != expected;
		if (i % kernel_stride)
			continue;
		build_packet(&probe, &packet);
		wrong_kernel += ask_kernel(capture, &packet) != expected;
		asked++;
	}
	check(wrong_user == 0, "%u probes of a large set find in user space what is there", probes);
	check_note("%u wrong", wrong_user);
	check(wrong_kernel == 0, "%u probes of a large set find in the kernel what is there",
	      asked);
	check_note("%u wrong", wrong_kernel);
	check(hits > probes / 10 && hits < probes / 10 * 9, "probes of a large set hit and miss");
	check_note("%u", hits);
}

static void test_large(enum hook hook)
{
	unsigned int scale = test_run_is_slow() ? 50 : 1;
	char expression[512];
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	struct set_reference large = { 0 };
	struct kernel_capture capture;
	struct timespec start;
	int error;

	set_reference_add(&large, false, false, 1000000 / scale, 32);
	set_reference_add(&large, false, false, 100000 / scale, 14);
	set_reference_add(&large, true, false, 100000 / scale, 128);
	set_reference_finish(&large);
	set_reference_write(&large, path_a);
	make_expression("src net in A", expression, sizeof(expression));
	clock_gettime(CLOCK_MONOTONIC, &start);
	error = kernel_capture_open(&options, &capture);
	check(!error, "%s: %zu entries are loaded", test_run_hook_name(hook), large.count);
	printf("# in %.2f s\n", seconds_since(&start));
	if (!error)
		probe_large(&capture, &large, 1000000 / scale, 10);
	kernel_capture_close(&capture);
	set_reference_free(&large);
}

int main(void)
{
	unsigned int probes = test_run_is_slow() ? 300 : 3000;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!mkdtemp(folder))
		return 1;
	snprintf(path_a, sizeof(path_a), "%s/a", folder);
	snprintf(path_b, sizeof(path_b), "%s/b", folder);
	make_sets();
	for (size_t hook = 0; hook < 2; hook++) {
		enum hook tried = hook ? HOOK_XDP_NATIVE : HOOK_TC;

		for (size_t i = 0; i < COUNT(cases); i++)
			test_case(tried, i, probes);
		test_cut(tried);
		test_empty(tried);
		test_many(tried);
	}
	test_large(HOOK_TC);
	unlink(path_a);
	unlink(path_b);
	rmdir(folder);
	set_reference_free(&a);
	set_reference_free(&b);
	return check_finish();
}
