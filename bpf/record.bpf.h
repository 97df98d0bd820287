/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a matching packet into this CPU's ring. Before Linux 5.19 a reservation has a
 * constant size, so a record takes the smallest of a few classes that holds it; how it gets
 * into the ring is known in submit_record() alone.
 */
#pragma once

#include "headers_end.bpf.h"
#include "maps.bpf.h"

/* Packet bytes of each class; with its headers a record of the small ones is 2^n bytes. */
#define RECORD_CLASSES(X) \
	X(88)             \
	X(216)            \
	X(472)            \
	X(984)            \
	X(1528)           \
	X(4056)           \
	X(9176)           \
	X(16344)          \
	X(32728)          \
	X(65560)          \
	X(MAXIMUM_SNAPSHOT_BYTES)

enum submit_result {
	SUBMIT_DONE,
	SUBMIT_RING_FULL,
	SUBMIT_NOT_COPIED,
};

static __always_inline __u64 capture_time(void)
{
	if (configuration.clock == CAPTURE_CLOCK_TAI)
		return bpf_ktime_get_tai_ns();
	return bpf_ktime_get_ns();
}

/*
 * Copies `size` bytes into `capacity` bytes. The verifiers of Linux 5.10 and 6.1 learn no
 * lower bound from a comparison with 0, so it is shown the last byte's number instead; the
 * asm keeps the compiler from putting both steps together again.
 */
static __always_inline bool copy_bounded(void *ctx, const struct hook *hook, __u32 offset, void *to,
					 __u64 size, __u64 capacity)
{
	__u64 last = size - 1;

	asm volatile("" : "+r"(last));
	if (last >= capacity)
		return false;
	asm volatile("" : "+r"(last));
	return !hook->copy_packet(ctx, offset, to, last + 1);
}

/* Copies the packet with its tag, which is in the metadata, back in its place. */
static __always_inline bool copy_with_tag(void *ctx, const struct hook *hook, __be32 tag, __u8 *to,
					  __u32 size, __u32 capacity)
{
	const __u32 rest_offset = VLAN_TAG_OFFSET + VLAN_TAG_BYTES;

	if (hook->copy_packet(ctx, 0, to, VLAN_TAG_OFFSET))
		return false;
	__builtin_memcpy(to + VLAN_TAG_OFFSET, &tag, sizeof(tag));
	if (size <= rest_offset)
		return true;
	return copy_bounded(ctx, hook, VLAN_TAG_OFFSET, to + rest_offset, size - rest_offset,
			    capacity - rest_offset);
}

/* The same without the Ethernet header: the tag's type is in the record's header. */
static __always_inline bool copy_cooked_with_tag(void *ctx, const struct hook *hook, __be32 tag,
						 __u8 *to, __u32 size, __u32 capacity)
{
	__be16 control = bpf_htons(bpf_ntohl(tag) & 0xffff);

	__builtin_memcpy(to, &control, sizeof(control));
	if (size <= sizeof(control))
		return true;
	return copy_bounded(ctx, hook, VLAN_TAG_OFFSET, to + sizeof(control),
			    size - sizeof(control), capacity - sizeof(control));
}

/* Bytes in front of the packet that a record of it leaves out. */
static __always_inline __u32 skipped_bytes(const struct hook *hook)
{
	if (!configuration.is_cooked || hook->link_layer != LINK_LAYER_ETHERNET)
		return 0;
	return ETHERNET_HEADER_BYTES;
}

static __always_inline bool copy_record(void *ctx, const struct hook *hook, __be32 tag, __u8 *to,
					__u32 size, __u32 capacity)
{
	__u32 skipped = skipped_bytes(hook);

	if (!size)
		return true;
	if (!tag)
		return copy_bounded(ctx, hook, skipped, to, size, capacity);
	if (skipped)
		return copy_cooked_with_tag(ctx, hook, tag, to, size, capacity);
	return copy_with_tag(ctx, hook, tag, to, size, capacity);
}

/* What linux/net/ethernet/eth.c, eth_type_trans(), makes of a type that is a length. */
static __always_inline __be16 frame_protocol(void *ctx, const struct hook *hook, __be16 type)
{
	__be16 start;

	if (bpf_ntohs(type) > ETHERNET_MAXIMUM_LENGTH)
		return type;
	if (hook->read_header(ctx, ETHERNET_HEADER_BYTES, &start, sizeof(start)) ||
	    start != 0xffff)
		return bpf_htons(ETHERTYPE_802_2);
	return bpf_htons(ETHERTYPE_802_3);
}

/* What submit_record() is told of a packet. */
struct submission {
	__u32 wire_bytes; /* as in the record */
	__u32 captured_bytes;
	enum direction direction;
	__u32 ethertype; /* of packet_summary */
};

/* Fills in what a cooked record has instead of the Ethernet header. */
static __always_inline void cook(void *ctx, const struct hook *hook,
				 const struct submission *submission, __be32 tag,
				 struct capture_record *header)
{
	struct {
		__u8 source[LINK_ADDRESS_BYTES];
		__be16 type;
	} frame;

	header->packet_type = submission->direction == DIRECTION_EGRESS ? PACKET_TYPE_OUTGOING :
									  hook->packet_type(ctx);
	if (hook->link_layer != LINK_LAYER_ETHERNET) {
		header->protocol = bpf_htons(submission->ethertype);
		return;
	}
	if (hook->read_header(ctx, LINK_ADDRESS_BYTES, &frame, sizeof(frame)))
		return;
	__builtin_memcpy(header->link_address, frame.source, sizeof(frame.source));
	header->link_address_bytes = LINK_ADDRESS_BYTES;
	header->protocol = tag ? bpf_htons(bpf_ntohl(tag) >> 16) :
				 frame_protocol(ctx, hook, frame.type);
}

/* Bytes of the packet from the first that its record has to the snapshot length. */
static __always_inline __u32 snapshot_bytes(void *ctx, const struct hook *hook,
					    const struct packet_summary *summary)
{
	__u32 end;

	if (!configuration.snap_headers)
		return configuration.snapshot_bytes;
	end = headers_end(ctx, hook, summary) + summary->inserted_bytes +
	      configuration.extra_bytes - skipped_bytes(hook);
	return end < configuration.snapshot_bytes ? end : configuration.snapshot_bytes;
}

/*
 * A wake-up costs more than all else (1 to 12 us), and the writer looks by itself while
 * packets come. It is woken from its sleep, and once when a ring passes the watermark.
 */
static __always_inline __u64 wakeup_flags(struct cpu_counters *counted, void *ring)
{
	struct capture_control *written;
	__u32 zero = 0;
	bool is_above;

	written = bpf_map_lookup_elem(&control, &zero);
	if (written && written->writer_sleeps) {
		written->writer_sleeps = 0;
		return BPF_RB_FORCE_WAKEUP;
	}
	is_above = bpf_ringbuf_query(ring, BPF_RB_AVAIL_DATA) >= configuration.watermark_bytes;
	if (is_above == counted->is_above_watermark)
		return BPF_RB_NO_WAKEUP;
	counted->is_above_watermark = is_above;
	return is_above ? BPF_RB_FORCE_WAKEUP : BPF_RB_NO_WAKEUP;
}

static __always_inline enum submit_result submit_in_class(void *ctx, const struct hook *hook,
							  struct cpu_counters *counted, void *ring,
							  const struct capture_record *header,
							  __be32 tag, __u32 capacity)
{
	struct capture_record *record;

	record = bpf_ringbuf_reserve(ring, sizeof(*record) + capacity, 0);
	if (!record)
		return SUBMIT_RING_FULL;
	*record = *header;
	if (!copy_record(ctx, hook, tag, (__u8 *)(record + 1), header->captured_bytes, capacity)) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		return SUBMIT_NOT_COPIED;
	}
	bpf_ringbuf_submit(record, wakeup_flags(counted, ring));
	return SUBMIT_DONE;
}

static __always_inline enum submit_result submit_now(void *ctx, const struct hook *hook,
						     const struct submission *submission,
						     struct cpu_counters *counted, __u32 cpu)
{
	struct capture_record header = {
		.wire_bytes = submission->wire_bytes,
		.captured_bytes = submission->captured_bytes,
		.ifindex = hook->ifindex(ctx),
		.direction = submission->direction,
	};
	__be32 tag = hook->metadata_tag(ctx);
	void *ring = bpf_map_lookup_elem(&rings, &cpu);

	if (!ring)
		return SUBMIT_RING_FULL;
	if (configuration.is_cooked)
		cook(ctx, hook, submission, tag, &header);
	header.time_ns = capture_time();
#define X(capacity)                            \
	if (header.captured_bytes <= capacity) \
		return submit_in_class(ctx, hook, counted, ring, &header, tag, capacity);
	RECORD_CLASSES(X)
#undef X
	return SUBMIT_NOT_COPIED;
}

/*
 * Puts the packet into the ring of this CPU. That it is on its way is said before it gets its
 * time, so the writer knows what may still come. The additions are atomic because they are
 * barriers too, and because under PREEMPT_RT two programs can be at this at once.
 */
static __always_inline enum submit_result submit_record(void *ctx, const struct hook *hook,
							const struct submission *submission)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct cpu_counters *counted = bpf_map_lookup_elem(&counters, &cpu);
	enum submit_result result;

	if (!counted)
		return SUBMIT_NOT_COPIED;
	__sync_fetch_and_add(&counted->submissions_started, 1);
	result = submit_now(ctx, hook, submission, counted, cpu);
	__sync_fetch_and_add(&counted->submissions_finished, 1);
	return result;
}
