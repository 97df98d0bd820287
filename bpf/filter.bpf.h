/* SPDX-License-Identifier: GPL-2.0-only */
/* What the functions that filters call (enum filter_call) do, for any hook. */
#pragma once

#include "headers.bpf.h"

/* The asm keeps the compiler from making one call, through a pointer, out of two. */
static __always_inline int read_anywhere(void *ctx, const struct hook *hook, __u32 offset, void *to,
					 __u32 size)
{
	int error;

	if (offset > MAXIMUM_HEADER_OFFSET)
		return hook->read_far(ctx, offset, to, size);
	error = hook->read_header(ctx, offset, to, size);
	asm volatile("" : "+r"(error));
	return error;
}

/* 1, 2 or 4 bytes from offset, most significant first, or FILTER_LOAD_FAILED. */
static __always_inline __u64 load_number(void *ctx, const struct hook *hook, __u32 offset,
					 __u32 bytes)
{
	__be32 word;
	__be16 half;
	__u8 byte;
	int error;

	if (bytes == sizeof(byte)) {
		error = read_anywhere(ctx, hook, offset, &byte, sizeof(byte));
		return error ? FILTER_LOAD_FAILED : byte;
	}
	if (bytes == sizeof(half)) {
		error = read_anywhere(ctx, hook, offset, &half, sizeof(half));
		return error ? FILTER_LOAD_FAILED : bpf_ntohs(half);
	}
	error = read_anywhere(ctx, hook, offset, &word, sizeof(word));
	return error ? FILTER_LOAD_FAILED : bpf_ntohl(word);
}

/* A byte of the frame as it was on the wire, whose tag is in the metadata; negative: none. */
static __always_inline __s64 load_tagged_byte(void *ctx, const struct hook *hook, __u64 offset,
					      __u32 tag)
{
	__u8 byte;

	if (offset >= VLAN_TAG_OFFSET && offset < VLAN_TAG_OFFSET + VLAN_TAG_BYTES)
		return tag >> 8 * (VLAN_TAG_OFFSET + VLAN_TAG_BYTES - 1 - offset) & 0xff;
	if (offset >= VLAN_TAG_OFFSET)
		offset -= VLAN_TAG_BYTES;
	return read_anywhere(ctx, hook, offset, &byte, sizeof(byte)) ? -1 : byte;
}

/* The same of the frame as it was on the wire; it fails where packets are in no frames. */
static __always_inline __u64 load_frame_number(void *ctx, const struct hook *hook, __u32 offset,
					       __u32 bytes)
{
	__be32 tag = hook->metadata_tag(ctx);
	__u64 number = 0;
	__s64 byte;

	if (hook->link_layer != LINK_LAYER_ETHERNET)
		return FILTER_LOAD_FAILED;
	if (!tag || (__u64)offset + bytes <= VLAN_TAG_OFFSET)
		return load_number(ctx, hook, offset, bytes);
	if (offset >= VLAN_TAG_OFFSET + VLAN_TAG_BYTES)
		return load_number(ctx, hook, offset - VLAN_TAG_BYTES, bytes);
	for (__u32 i = 0; i < 4; i++) {
		if (i >= bytes)
			break;
		byte = load_tagged_byte(ctx, hook, (__u64)offset + i, bpf_ntohl(tag));
		if (byte < 0)
			return FILTER_LOAD_FAILED;
		number = number << 8 | byte;
	}
	return number;
}

/* Where a chain of headers stands: the number of the next one, and where that begins. */
struct chain {
	__u32 next;
	__u32 offset;
	__u32 is_at_end; /* nothing can be told of what follows: a later fragment */
};

/* The network header itself. */
static __always_inline bool start_chain(void *ctx, const struct hook *hook, __u32 ethertype,
					struct chain *chain)
{
	bool is_ipv4 = ethertype == ETHERTYPE_IPV4;
	__be16 fragment = 0;
	__u8 version_and_length = 0;
	__u8 next;

	if (hook->read_header(ctx, chain->offset + (is_ipv4 ? 9 : 6), &next, sizeof(next)))
		return false;
	chain->next = next;
	if (!is_ipv4) {
		chain->offset += sizeof(struct ipv6_header);
		return true;
	}
	if (hook->read_header(ctx, chain->offset, &version_and_length, 1) ||
	    hook->read_header(ctx, chain->offset + 6, &fragment, sizeof(fragment)))
		return false;
	chain->is_at_end = (fragment & bpf_htons(0x1fff)) != 0;
	chain->offset += 4 * (version_and_length & 0xf);
	return true;
}

/* From a header to the next; false at one that says nothing of what follows it. */
static __always_inline bool follow_chain(void *ctx, const struct hook *hook, bool is_ipv6,
					 struct chain *chain)
{
	struct {
		__u8 next_header;
		__u8 length;
		__be16 fragment;
	} header;

	if (chain->is_at_end)
		return false;
	if (chain->next != IPPROTO_AH && !(is_ipv6 && is_ipv6_extension(chain->next)))
		return false;
	if (hook->read_header(ctx, chain->offset, &header, sizeof(header)))
		return false;
	if (chain->next == IPPROTO_AH) { /* RFC 4302, section 2.2: words of 4 bytes, minus 2 */
		chain->offset += 4 * (header.length + 2);
	} else if (chain->next == IPPROTO_FRAGMENT) {
		chain->offset += 8;
		chain->is_at_end = (header.fragment & bpf_htons(0xfff8)) != 0;
	} else {
		chain->offset += 8 * (header.length + 1);
	}
	chain->next = header.next_header;
	return true;
}

/* For `zero` see forget(). */
static __always_inline __u64 chain_has(void *ctx, const struct hook *hook, __u32 offset,
				       __u32 ethertype, __u32 protocol, __u32 zero)
{
	struct chain chain = { .offset = offset };

	if (!start_chain(ctx, hook, ethertype, &chain))
		return 0;
	for (int i = 0; i <= MAXIMUM_CHAIN_HEADERS; i++) {
		chain.next = forget(chain.next, zero);
		chain.offset = forget(chain.offset, zero);
		chain.is_at_end = forget(chain.is_at_end, zero);
		if (chain.next == protocol)
			return 1;
		if (!follow_chain(ctx, hook, ethertype == ETHERTYPE_IPV6, &chain))
			return 0;
	}
	return 0;
}
