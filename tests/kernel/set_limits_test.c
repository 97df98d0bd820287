/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Host sets in large numbers, of many entries, and put in the place of others: loaded at both
 * hooks, and right.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../user/filter/sets.h"
#include "../unit/check.h"
#include "set_probe.h"

static char folder[] = "/tmp/set-limits-test-XXXXXX";
static char path[64];

/* Whether the running programs match the probe; a negative errno. */
static int ask_running(const struct kernel_capture *capture, const struct set_probe *probe)
{
	static struct packet packet;

	set_probe_build(probe, &packet);
	return set_probe_ask(capture, &packet);
}

/* Loads the programs once more with what is in the file now, and takes them or not. */
static int replace(const struct kernel_capture *capture, const char *expression, bool is_taken)
{
	struct filter_error wrong = { 0 };
	struct filter *filter = NULL;
	struct error why = { "" };
	int error = filter_compile(expression, &filter, &wrong);

	if (!error)
		error = loader_begin_replacement(capture->loader, filter, &why);
	if (!error)
		loader_end_replacement(capture->loader, is_taken);
	else
		printf("# %s%s\n", wrong.message, why.message);
	filter_free(filter);
	return error;
}

/* Programs that replace others count where those did, and have sets of their own. */
static void test_replacement(enum hook hook)
{
	char expression[512];
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	struct set_reference one = { 0 }, other = { 0 };
	struct kernel_capture capture;
	struct set_probe probe = { .family = SET_FAMILY_IPV4 };
	bool follows = true, stays = true;
	int error;

	set_reference_add(&one, false, true, 1, 32);
	set_reference_add(&other, false, false, 1, 32);
	probe.source = one.entries[0].address;
	probe.destination = one.entries[0].address;
	set_reference_write(&one, path);
	snprintf(expression, sizeof(expression), "host in %s", path);
	error = kernel_capture_open(&options, &capture);
	for (int round = 0; round < 4 && !error; round++) {
		bool is_in = round % 2 == 0;

		follows &= ask_running(&capture, &probe) == is_in;
		set_reference_write(is_in ? &other : &one, path);
		error = replace(&capture, expression, false);
		stays &= ask_running(&capture, &probe) == is_in;
		if (!error)
			error = replace(&capture, expression, true);
	}
	check(!error && follows, "%s: programs with a changed set count where the others did",
	      test_run_hook_name(hook));
	check(!error && stays, "%s: programs that are not taken change nothing",
	      test_run_hook_name(hook));
	kernel_capture_close(&capture);
	set_reference_free(&one);
	set_reference_free(&other);
}

/* As many maps as an expression may have, on both sides, with other tests between. */
static void test_many(enum hook hook)
{
	static struct packet packet;
	char expression[2048], name[80];
	struct kernel_capture_options options = { .hook = hook, .expression = expression };
	struct kernel_capture capture;
	unsigned int wrong = 0, hits = 0, i;
	struct set_reference a = { 0 };
	size_t length = 0;
	int error;

	set_reference_add(&a, false, true, 120, 32);
	set_reference_add(&a, false, true, 40, 26);
	set_reference_add(&a, true, true, 120, 128);
	set_reference_add(&a, true, true, 40, 122);
	set_reference_finish(&a);
	set_reference_write(&a, path);

	for (i = 0; i < SETS_MAXIMUM_MAPS / HOSTSET_MAPS; i++) {
		snprintf(name, sizeof(name), "%s%u", path, i);
		unlink(name);
		if (symlink(path, name))
			perror(name);
		length += (size_t)snprintf(
			expression + length, sizeof(expression) - length,
			"%s(net in %s and not tcp port %u) or (udp and src net 10.%u)",
			i > 0 ? " or " : "", name, i + 1, i + 20);
	}
	error = kernel_capture_open(&options, &capture);
	for (i = 0; i < 200 && !error; i++) {
		struct set_probe probe = set_probe_random();
		int kernel;

		set_probe_build(&probe, &packet);
		kernel = set_probe_ask(&capture, &packet);
		hits += kernel == 1;
		wrong += kernel != (set_reference_contains(&a, &probe.source) ||
				    set_reference_contains(&a, &probe.destination));
	}
	check(!error && wrong == 0 && hits > 0 && hits < 200,
	      "%s: an expression with as many maps as it may have is right",
	      test_run_hook_name(hook));
	check_note("%u of 200 wrong, %u hits", wrong, hits);
	kernel_capture_close(&capture);
	for (i = 0; i < SETS_MAXIMUM_MAPS / HOSTSET_MAPS; i++) {
		snprintf(name, sizeof(name), "%s%u", path, i);
		unlink(name);
	}
	set_reference_free(&a);
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

static void probe_large(const struct kernel_capture *capture, const struct set_reference *large,
			unsigned int probes, unsigned int kernel_stride)
{
	static struct packet packet;
	unsigned int wrong_user = 0, wrong_kernel = 0, asked = 0, hits = 0;

	for (unsigned int i = 0; i < probes; i++) {
		struct set_probe probe = { .family = i % 4 ? SET_FAMILY_IPV4 : SET_FAMILY_IPV6 };
		struct offline_packet offline;
		bool expected;

		probe.source = large_probe(large, probe.family == SET_FAMILY_IPV6);
		expected = set_reference_contains(large, &probe.source);
		offline = set_probe_offline(&probe);
		hits += expected;
		wrong_user += filter_run(capture->filter, &offline) != expected;
		if (i % kernel_stride)
			continue;
		set_probe_build(&probe, &packet);
		wrong_kernel += set_probe_ask(capture, &packet) != expected;
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
	set_reference_write(&large, path);
	snprintf(expression, sizeof(expression), "src net in %s", path);
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
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/set", folder);
	for (size_t hook = 0; hook < 2; hook++) {
		enum hook tried = hook ? HOOK_XDP_NATIVE : HOOK_TC;

		test_many(tried);
		test_replacement(tried);
		test_large(tried);
	}
	unlink(path);
	rmdir(folder);
	return check_finish();
}
