/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The hook that is no hook: a packet in memory. The walk and the functions for filters are
 * those of the kernel, compiled for user space.
 */
#include "offline.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>

#include "../../bpf/filter.bpf.h"
#include "../../bpf/fragment.bpf.h"

/* First fragments that are remembered, at least one of each datagram that is under way. */
#define FRAGMENT_SLOTS 4096

static int offline_read_bytes(void *ctx, __u32 offset, void *to, __u32 size)
{
	const struct offline_packet *packet = ctx;
	struct bytes bytes = packet->bytes;

	if (packet->has_no_frame && offset < OFFLINE_LINK_BYTES)
		bytes = bytes_make(packet->link_header, OFFLINE_LINK_BYTES);
	else if (packet->has_no_frame)
		offset -= OFFLINE_LINK_BYTES;
	return bytes_skip(&bytes, offset) || bytes_copy(&bytes, to, size) ? -1 : 0;
}

static __u32 offline_available_bytes(void *ctx)
{
	const struct offline_packet *packet = ctx;

	return (__u32)packet->bytes.length + (packet->has_no_frame ? OFFLINE_LINK_BYTES : 0);
}

/* A file says in other ways what it was captured from. */
static __u32 offline_ifindex(void *ctx)
{
	(void)ctx;
	return 0;
}

/* Tags are in the bytes. */
static __be32 offline_metadata_tag(void *ctx)
{
	(void)ctx;
	return 0;
}

static __u32 offline_no_segments(void *ctx)
{
	(void)ctx;
	return 0;
}

#define OFFLINE_FUNCTIONS                                                              \
	.read_header = offline_read_bytes, .read_far = offline_read_bytes,             \
	.copy_packet = offline_read_bytes, .available_bytes = offline_available_bytes, \
	.ifindex = offline_ifindex, .metadata_tag = offline_metadata_tag,              \
	.segment_bytes = offline_no_segments, .segments = offline_no_segments

static const struct hook offline_hook = {
	OFFLINE_FUNCTIONS,
};

/* The same of packets in no frame: a filter's load of the frame fails. */
static const struct hook no_frame_hook = {
	.link_layer = LINK_LAYER_IP,
	OFFLINE_FUNCTIONS,
};

void offline_read(struct bytes bytes, uint32_t wire_bytes, struct offline_packet *ret_packet)
{
	ret_packet->bytes = bytes;
	ret_packet->has_no_frame = false;
	walk_headers(ret_packet, &offline_hook, 0, &ret_packet->summary);
	ret_packet->summary.wire_bytes = wire_bytes;
}

static uint16_t ethertype_by_version(struct bytes bytes)
{
	uint8_t first;

	if (bytes_read_u8(&bytes, &first))
		return 0;
	return first >> 4 == 4 ? ETHERTYPE_IPV4 : first >> 4 == 6 ? ETHERTYPE_IPV6 : 0;
}

void offline_read_network(struct bytes bytes, uint16_t ethertype, uint32_t wire_bytes,
			  struct offline_packet *ret_packet)
{
	uint8_t *header = ret_packet->link_header;

	if (!ethertype)
		ethertype = ethertype_by_version(bytes);
	ret_packet->bytes = bytes;
	ret_packet->has_no_frame = true;
	memset(header, 0, OFFLINE_LINK_BYTES);
	header[ETHERNET_TYPE_OFFSET] = (uint8_t)(ethertype >> 8);
	header[ETHERNET_TYPE_OFFSET + 1] = (uint8_t)ethertype;
	walk_headers(ret_packet, &offline_hook, 0, &ret_packet->summary);
	ret_packet->summary.wire_bytes = wire_bytes;
}

uint64_t offline_call(const struct offline_packet *packet, enum filter_call function,
		      const uint64_t arguments[3])
{
	const struct hook *hook = packet->has_no_frame ? &no_frame_hook : &offline_hook;
	void *ctx = (void *)packet; /* read only, but the operations are those of every hook */
	uint32_t offset = (uint32_t)arguments[0];

	switch (function) {
	case FILTER_CALL_LOAD:
		return load_number(ctx, hook, offset, (uint32_t)arguments[1]);
	case FILTER_CALL_LOAD_FRAME:
		return load_frame_number(ctx, hook, offset, (uint32_t)arguments[1]);
	case FILTER_CALL_CHAIN:
		return chain_has(ctx, hook, offset, (uint32_t)arguments[1], (uint32_t)arguments[2],
				 0);
	default:
		assert(!"a function that filters do not have");
		return 0;
	}
}

/* A table without chains: a datagram's slot follows from its key, a later one takes it over. */
struct offline_fragments {
	struct {
		struct fragment_key key;
		uint64_t ports;
	} slots[FRAGMENT_SLOTS];
};

struct offline_fragments *offline_fragments_new(void)
{
	return calloc(1, sizeof(struct offline_fragments));
}

void offline_fragments_free(struct offline_fragments *fragments)
{
	free(fragments);
}

/* FNV-1a, 32 bits */
static uint32_t hash_key(const struct fragment_key *key)
{
	const uint8_t *bytes = (const uint8_t *)key;
	uint32_t hash = 0x811c9dc5;

	for (size_t i = 0; i < sizeof(*key); i++)
		hash = (hash ^ bytes[i]) * 0x01000193;
	return hash;
}

void offline_follow_fragment(struct offline_fragments *fragments, struct offline_packet *packet)
{
	struct packet_summary *summary = &packet->summary;
	struct fragment_key key;
	uint64_t ports = fragment_ports(summary);
	size_t slot;

	if (!fragment_has_ports(summary) ||
	    !read_fragment_key(packet, &offline_hook, summary->network_offset, summary->fragment_id,
			       summary->ethertype, summary->ip_protocol, &key))
		return;
	slot = hash_key(&key) % FRAGMENT_SLOTS;
	if (ports != FRAGMENT_NO_PORTS) {
		fragments->slots[slot].key = key;
		fragments->slots[slot].ports = ports;
	} else if (memcmp(&fragments->slots[slot].key, &key, sizeof(key)) == 0) {
		set_fragment_ports(summary, fragments->slots[slot].ports);
	}
}
