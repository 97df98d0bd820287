/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Later fragments have the ports of their first one, in the kernel and in user space; those
 * whose first one did not come before, or is forgotten, have none.
 */
#include <stdio.h>
#include <string.h>

#include "../unit/check.h"
#include "kernel_capture.h"

#define MORE_FRAGMENTS 0x2000
#define IPV6_ADDRESSES_OFFSET 22
#define IPV4_ID_OFFSET 18
#define IPV6_ID_OFFSET 58
#define IPPROTO_OF_UDP 17
#define IPPROTO_OF_ICMP 1
#define IPPROTO_OF_TCP 6

/* One fragment: of a datagram from port 1000 to the port, told by its addresses and id. */
struct fragment {
	bool is_ipv6;
	bool is_later;
	uint8_t protocol; /* of a later one */
	uint16_t id;
	uint16_t port; /* of a first one */
	bool is_expected;
	bool is_alike; /* IPv6 with the bytes of the IPv4 addresses, then zeros, as addresses */
};

static void build(const struct fragment *fragment, struct packet *packet)
{
	static const uint8_t alike[] = { 10, 9, 0, 1, 10, 9, 0, 2 };
	struct layers layers = { 0 };
	uint32_t bits = fragment->is_later ? 100 : 0;
	uint8_t *id;

	layers_add(&layers, (struct layer){ .kind = LAYER_ETHERNET });
	if (fragment->is_ipv6) {
		layers_add(&layers, (struct layer){ LAYER_IPV6, .source = 1, .destination = 2 });
		layers_add(&layers, (struct layer){ LAYER_FRAGMENT, .bits = bits << 3 | 1 });
	} else {
		layers_add(&layers, (struct layer){ LAYER_IPV4, .source = 0x0a090001,
						    .destination = 0x0a090002,
						    .bits = bits | MORE_FRAGMENTS });
	}
	if (fragment->is_later)
		layers_add(&layers, (struct layer){ LAYER_PROTOCOL, .type = fragment->protocol });
	else
		layers_add(&layers, (struct layer){ LAYER_UDP, .source = 1000,
						    .destination = fragment->port });
	layers_add(&layers, (struct layer){ LAYER_PAYLOAD, .words = 40 });
	*packet = (struct packet){ 0 };
	packet_build(packet, &layers);
	if (fragment->is_alike) {
		memset(packet->bytes + IPV6_ADDRESSES_OFFSET, 0, 32);
		memcpy(packet->bytes + IPV6_ADDRESSES_OFFSET, alike, sizeof(alike));
	}
	id = packet->bytes + (fragment->is_ipv6 ? IPV6_ID_OFFSET : IPV4_ID_OFFSET);
	if (fragment->is_ipv6) {
		*id++ = 0;
		*id++ = 0;
	}
	*id++ = (uint8_t)(fragment->id >> 8);
	*id = (uint8_t)fragment->id;
}

static bool kernel_matches(const struct kernel_capture *capture, const struct packet *packet)
{
	struct cpu_counters before, after;

	kernel_capture_sum(capture, &before);
	if (kernel_capture_run(capture, DIRECTION_INGRESS, packet, packet->length, NULL))
		return false;
	kernel_capture_sum(capture, &after);
	return after.frames[DIRECTION_INGRESS].matched != before.frames[DIRECTION_INGRESS].matched;
}

static bool user_matches(const struct kernel_capture *capture, const struct packet *packet,
			 struct offline_fragments *fragments)
{
	struct offline_packet judged;

	offline_read(bytes_make(packet->bytes, packet->length), packet->length, &judged);
	offline_follow_fragment(fragments, &judged);
	return filter_run(capture->filter, &judged);
}

static void test_sequence(enum hook hook, const char *expression, const struct fragment *sequence,
			  size_t count, const char *sentence)
{
	const struct kernel_capture_options options = { .hook = hook, .expression = expression };
	struct offline_fragments *fragments = offline_fragments_new();
	struct kernel_capture capture;
	bool is_right = fragments && !kernel_capture_open(&options, &capture);
	static struct packet packet;

	for (size_t i = 0; i < count && fragments; i++) {
		bool kernel, user;

		build(&sequence[i], &packet);
		kernel = kernel_matches(&capture, &packet);
		user = user_matches(&capture, &packet, fragments);
		if (kernel == sequence[i].is_expected && user == kernel)
			continue;
		is_right = false;
		printf("# fragment %zu: kernel %d, user space %d, expected %d\n", i, kernel, user,
		       sequence[i].is_expected);
	}
	check(is_right, "%s: %s", test_run_hook_name(hook), sentence);
	offline_fragments_free(fragments);
	kernel_capture_close(&capture);
}

#define FIRST(of, to, expected)                                     \
	{                                                           \
		.id = (of), .port = (to), .is_expected = (expected) \
	}
#define LATER(of, expected)                                               \
	{                                                                 \
		.is_later = true, .protocol = IPPROTO_OF_UDP, .id = (of), \
		.is_expected = (expected)                                 \
	}
#define FIRST6(of, to, expected)                                                     \
	{                                                                            \
		.is_ipv6 = true, .id = (of), .port = (to), .is_expected = (expected) \
	}
#define LATER6(of, expected)                                                               \
	{                                                                                  \
		.is_ipv6 = true, .is_later = true, .protocol = IPPROTO_OF_UDP, .id = (of), \
		.is_expected = (expected)                                                  \
	}
#define LATER_OF(of_protocol, of)                                       \
	{                                                               \
		.is_later = true, .protocol = (of_protocol), .id = (of) \
	}

static void test_hook(enum hook hook)
{
	static const struct fragment followed[] = {
		LATER(1, false),
		FIRST(1, 53, true),
		LATER(1, true),
		LATER(1, true),
		LATER(2, false),
		FIRST(2, 80, false),
		LATER(2, false),
		LATER(1, true),
		FIRST6(1, 53, true),
		LATER6(1, true),
		LATER6(2, false),
		FIRST(1, 80, false),
		LATER(1, false),
		LATER_OF(IPPROTO_OF_ICMP, 3),
		FIRST(3, 53, true),
		LATER_OF(IPPROTO_OF_TCP, 3),
		LATER_OF(IPPROTO_OF_ICMP, 3),
		LATER(3, true),
		{ .is_ipv6 = true,
		  .is_alike = true,
		  .is_later = true,
		  .protocol = IPPROTO_OF_UDP,
		  .id = 3 },
		LATER(3, true),
	};
	static const struct fragment negated[] = {
		FIRST(1, 53, false), LATER(1, false), FIRST(2, 80, true),
		LATER(2, true),      LATER(3, true),
	};
	static const struct fragment highest[] = {
		FIRST(1, 65535, true),
		LATER(1, true),
		LATER(2, false),
	};

	test_sequence(
		hook, "dst port 53", followed, sizeof(followed) / sizeof(followed[0]),
		"later fragments have the port of their first, by addresses, id and protocols");
	test_sequence(hook, "not port 53", negated, sizeof(negated) / sizeof(negated[0]),
		      "later fragments are left out with their first");
	test_sequence(hook, "dst port 65535", highest, sizeof(highest) / sizeof(highest[0]),
		      "the highest port is a port like others");
	test_sequence(hook, "src port 1000 and udp", followed + 1, 1,
		      "a first fragment by itself has its ports");
}

/* As many first fragments as to push all others out. */
static void test_flood(enum hook hook)
{
	const struct kernel_capture_options options = { .hook = hook, .expression = "port 53" };
	struct kernel_capture capture;
	static struct packet packet;
	struct fragment fragment = FIRST(0, 53, true);
	const unsigned int count = test_run_is_slow() ? 16000 : 40000;
	unsigned int matched = 0;
	bool is_open = !kernel_capture_open(&options, &capture);

	for (unsigned int i = 0; is_open && i < count; i++) {
		fragment.id = (uint16_t)i;
		build(&fragment, &packet);
		matched += kernel_matches(&capture, &packet);
	}
	fragment.is_later = true;
	fragment.protocol = IPPROTO_OF_UDP;
	build(&fragment, &packet);
	check(is_open && matched == count && kernel_matches(&capture, &packet),
	      "%s: a flood of fragments does not keep the last one from being followed",
	      test_run_hook_name(hook));
	fragment.id = 0;
	build(&fragment, &packet);
	check(is_open && !kernel_matches(&capture, &packet),
	      "%s: what the flood pushed out of the table is not followed",
	      test_run_hook_name(hook));
	kernel_capture_close(&capture);
}

int main(void)
{
	static const enum hook hooks[] = { HOOK_TC, HOOK_XDP_NATIVE };

	kernel_capture_stay_on_cpu(0);
	for (size_t i = 0; i < sizeof(hooks) / sizeof(hooks[0]); i++) {
		test_hook(hooks[i]);
		test_flood(hooks[i]);
	}
	return check_finish();
}
