/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The functions that filters call, on a packet in memory whose VLAN tag may be beside the
 * bytes, as in the kernel: loads, loads of the frame as on the wire, chains of headers.
 */
#include <stdbool.h>
#include <string.h>

#include "../../bpf/filter.bpf.h"
#include "check.h"

struct packet {
	const __u8 *bytes;
	__u32 length;
	__be32 tag;
};

static int read_bytes(void *ctx, __u32 offset, void *to, __u32 size)
{
	const struct packet *packet = ctx;

	if (offset > packet->length || size > packet->length - offset)
		return -1;
	memcpy(to, packet->bytes + offset, size);
	return 0;
}

static __be32 read_tag(void *ctx)
{
	const struct packet *packet = ctx;

	return packet->tag;
}

static const struct hook hook = {
	.read_header = read_bytes,
	.read_far = read_bytes,
	.metadata_tag = read_tag,
};

static void test_loads(void)
{
	static const __u8 bytes[] = { 0x81, 0x02, 0x83, 0x04, 0xff };
	struct packet packet = { .bytes = bytes, .length = sizeof(bytes) };

	check(load_number(&packet, &hook, 0, 1) == 0x81 &&
		      load_number(&packet, &hook, 0, 2) == 0x8102 &&
		      load_number(&packet, &hook, 1, 4) == 0x028304ff,
	      "1, 2 and 4 bytes are a number, most significant first");
	check(load_number(&packet, &hook, 5, 1) == FILTER_LOAD_FAILED &&
		      load_number(&packet, &hook, 4, 2) == FILTER_LOAD_FAILED &&
		      load_number(&packet, &hook, 2, 4) == FILTER_LOAD_FAILED &&
		      load_number(&packet, &hook, 0xffffffff, 4) == FILTER_LOAD_FAILED &&
		      load_number(&packet, &hook, 0x4000, 1) == FILTER_LOAD_FAILED,
	      "a load that is not all in the packet fails");
}

/* The frame as on the wire, byte by byte, against which loads are compared. */
static void test_tagged_frame(void)
{
	static const __u8 wire[] = { 0,  1,    2,    3,    4,    5,    6,    7,  8,  9, 10,
				     11, 0x81, 0x00, 0xa0, 0x2a, 0x08, 0x00, 18, 19, 20 };
	__u8 bytes[sizeof(wire) - 4];
	struct packet packet = { .bytes = bytes, .length = sizeof(bytes) };
	bool is_right = true, is_end_right = true;

	memcpy(bytes, wire, 12);
	memcpy(bytes + 12, wire + 16, sizeof(wire) - 16);
	packet.tag = bpf_htonl(0x8100a02a);
	for (__u32 size = 1; size <= 4; size *= 2) {
		for (__u32 at = 0; at + size <= sizeof(wire); at++) {
			__u64 expected = 0;

			for (__u32 i = 0; i < size; i++)
				expected = expected << 8 | wire[at + i];
			is_right &= load_frame_number(&packet, &hook, at, size) == expected;
		}
		for (__u32 at = sizeof(wire) - size + 1; at < sizeof(wire) + 9; at++)
			is_end_right &=
				load_frame_number(&packet, &hook, at, size) == FILTER_LOAD_FAILED;
	}
	check(is_right, "a tag beside the bytes is at its place on the wire, at all offsets");
	check(is_end_right, "loads behind the end of such a frame fail");
	check(load_frame_number(&packet, &hook, 0xffffffff, 1) == FILTER_LOAD_FAILED &&
		      load_frame_number(&packet, &hook, 0xfffffffe, 4) == FILTER_LOAD_FAILED,
	      "loads from the largest offsets of such a frame fail");
	packet.length = 13;
	check(load_frame_number(&packet, &hook, 14, 2) == 0xa02a &&
		      load_frame_number(&packet, &hook, 14, 4) == FILTER_LOAD_FAILED,
	      "the tag can be read of a frame that is cut off behind it");
}

#define IPV6_HEADER(next) 0x60, 0, 0, 0, 0, 0, (next), 64, [40] =
#define NO_HEADER_BYTES 48

static bool has(const __u8 *bytes, size_t length, __u32 ethertype, __u32 protocol)
{
	struct packet packet = { .bytes = bytes, .length = (__u32)length };

	return chain_has(&packet, &hook, 0, ethertype, protocol, 0);
}

/* clang-format off */
static const __u8 long_chain[] = {
	IPV6_HEADER(0)
	60, 0, 0, 0, 0, 0, 0, 0, /* hop by hop, 8 bytes */
	51, 1, 0, 0, 0, 0, 0, 0, /* destination options, 16 bytes */
	0, 0, 0, 0, 0, 0, 0, 0,
	43, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, /* AH, 12 bytes */
	17, 0, 0, 0, 0, 0, 0, 0, /* routing */
};
/* clang-format on */

static void test_ipv6_chain(void)
{
	const __u8 *bytes = long_chain;
	const size_t length = sizeof(long_chain);

	check(has(bytes, length, ETHERTYPE_IPV6, 0) && has(bytes, length, ETHERTYPE_IPV6, 60) &&
		      has(bytes, length, ETHERTYPE_IPV6, 51) &&
		      has(bytes, length, ETHERTYPE_IPV6, 43) &&
		      has(bytes, length, ETHERTYPE_IPV6, 17),
	      "every header of a chain is found, behind AH too");
	check(!has(bytes, length, ETHERTYPE_IPV6, 6) && !has(bytes, length, ETHERTYPE_IPV6, 58),
	      "what is not in the chain is not found");
	check(has(bytes, 50, ETHERTYPE_IPV6, 60) && !has(bytes, 50, ETHERTYPE_IPV6, 51),
	      "a chain that is cut off is known up to there");
}

static void test_chain_of_fragments(void)
{
	__u8 bytes[NO_HEADER_BYTES + 8] = { IPV6_HEADER(44) 60, 0, 0, 1, 0, 0, 0, 7, 17, 0 };

	check(has(bytes, sizeof(bytes), ETHERTYPE_IPV6, 17),
	      "the chain of a first fragment goes on behind the fragment header");
	bytes[42] = 1;
	check(has(bytes, sizeof(bytes), ETHERTYPE_IPV6, 60) &&
		      !has(bytes, sizeof(bytes), ETHERTYPE_IPV6, 17),
	      "of a later fragment only the number in the fragment header is known");
}

static void test_ipv4_chain(void)
{
	__u8 bytes[40] = { 0x45, [9] = 51, [20] = 6, 1 };

	check(has(bytes, sizeof(bytes), ETHERTYPE_IPV4, 51) &&
		      has(bytes, sizeof(bytes), ETHERTYPE_IPV4, 6) &&
		      !has(bytes, sizeof(bytes), ETHERTYPE_IPV4, 17),
	      "AH in IPv4 is followed");
	bytes[7] = 1;
	check(has(bytes, sizeof(bytes), ETHERTYPE_IPV4, 51) &&
		      !has(bytes, sizeof(bytes), ETHERTYPE_IPV4, 6),
	      "but not in a later fragment");
}

static void test_longest_chain(void)
{
	__u8 bytes[40 + 8 * (MAXIMUM_CHAIN_HEADERS + 2)] = { 0x60, [6] = 60 };

	for (size_t i = 0; i < MAXIMUM_CHAIN_HEADERS + 1; i++)
		bytes[40 + 8 * i] = 60;
	bytes[40 + 8 * (MAXIMUM_CHAIN_HEADERS - 1)] = 6;
	check(has(bytes, sizeof(bytes), ETHERTYPE_IPV6, 6), "a chain of %d headers is followed",
	      MAXIMUM_CHAIN_HEADERS);
	bytes[40 + 8 * (MAXIMUM_CHAIN_HEADERS - 1)] = 60;
	bytes[40 + 8 * MAXIMUM_CHAIN_HEADERS] = 6;
	check(!has(bytes, sizeof(bytes), ETHERTYPE_IPV6, 6), "a longer one is not");
}

int main(void)
{
	test_loads();
	test_tagged_frame();
	test_ipv6_chain();
	test_chain_of_fragments();
	test_ipv4_chain();
	test_longest_chain();
	return check_finish();
}
