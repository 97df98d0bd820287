/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a host set has, the kernel finds, on both hooks: its verdict equals that of a simple
 * reference, on random packets.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../unit/check.h"
#include "set_probe.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static char folder[] = "/tmp/set-test-XXXXXX";
static char path_a[64], path_b[64];

/* a: prefixes and addresses of both families; b: addresses only. */
static struct set_reference a, b;

static bool source_in(const struct set_reference *set, const struct set_probe *probe)
{
	return set_reference_contains(set, &probe->source);
}

static bool destination_in(const struct set_reference *set, const struct set_probe *probe)
{
	return set_reference_contains(set, &probe->destination);
}

static bool either_in_a(const struct set_probe *probe)
{
	return source_in(&a, probe) || destination_in(&a, probe);
}

static bool source_in_a(const struct set_probe *probe)
{
	return source_in(&a, probe);
}

static bool destination_in_a(const struct set_probe *probe)
{
	return destination_in(&a, probe);
}

static bool both_in_a(const struct set_probe *probe)
{
	return source_in(&a, probe) && destination_in(&a, probe);
}

static bool neither_in_a(const struct set_probe *probe)
{
	return !either_in_a(probe);
}

static bool either_in_b(const struct set_probe *probe)
{
	return source_in(&b, probe) || destination_in(&b, probe);
}

static bool ipv4_in_a(const struct set_probe *probe)
{
	return probe->family == SET_FAMILY_IPV4 && either_in_a(probe);
}

static bool arp_in_a(const struct set_probe *probe)
{
	return probe->family == SET_FAMILY_ARP && either_in_a(probe);
}

static bool ipv6_in_b(const struct set_probe *probe)
{
	return probe->family == SET_FAMILY_IPV6 && either_in_b(probe);
}

static bool from_a_to_b(const struct set_probe *probe)
{
	return source_in(&a, probe) && destination_in(&b, probe);
}

static bool mixture(const struct set_probe *probe)
{
	return source_in(&a, probe) ||
	       (destination_in(&b, probe) && probe->family == SET_FAMILY_IPV6);
}

/* A and B stand for the files. */
static const struct {
	const char *expression;
	bool (*expected)(const struct set_probe *probe);
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
		struct set_probe probe = set_probe_random();
		int kernel;

		set_probe_build(&probe, &packet);
		kernel = set_probe_ask(&capture, &packet);
		hits += kernel == 1;
		wrong += kernel != cases[number].expected(&probe);
	}
	check(!error && wrong == 0 && hits > probes / 50 && hits < probes,
	      "%s: '%s' matches what a simple reference matches", test_run_hook_name(hook),
	      cases[number].expression);
	check_note("%u of %u wrong, %u matches", wrong, probes, hits);
	kernel_capture_close(&capture);
}

/* A packet without addresses has none in a set, though 0.0.0.0 is. */
static void test_cut(enum hook hook)
{
	static struct packet packet;
	char expression[512];
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	struct set_probe probe = { .family = SET_FAMILY_IPV4 };
	struct kernel_capture capture;
	int error, whole = 0, broken = 0;

	make_expression("net in A", expression, sizeof(expression));
	error = kernel_capture_open(&options, &capture);
	if (!error) {
		set_probe_build(&probe, &packet);
		whole = set_probe_ask(&capture, &packet);
		set_probe_build_cut(&packet);
		broken = set_probe_ask(&capture, &packet);
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
	struct set_probe probe = set_probe_random();
	struct kernel_capture capture;
	int error, none = -1;

	set_reference_write(&nothing, path);
	make_expression("host in B", expression, sizeof(expression));
	error = kernel_capture_open(&options, &capture);
	set_probe_build(&probe, &packet);
	if (!error)
		none = set_probe_ask(&capture, &packet);
	check(none == 0, "%s: an empty set matches nothing", test_run_hook_name(hook));
	kernel_capture_close(&capture);
	set_reference_write(&b, path);
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
	}
	unlink(path_a);
	unlink(path_b);
	rmdir(folder);
	set_reference_free(&a);
	set_reference_free(&b);
	return check_finish();
}
