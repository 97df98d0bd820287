/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a matching packet into this CPU's ring. Before Linux 5.19 a reservation has a
 * constant size, so a record takes the smallest of a few classes that holds it; how it gets
 * into the ring is known in submit_record() alone.
 */
#pragma once

#include "headers.bpf.h"
#include "maps.bpf.h"

/* Bytes before the EtherType, where a tag from the metadata belongs. */
#define VLAN_TAG_OFFSET 12

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
	bool is_copied;
	__u8 *bytes;

	record = bpf_ringbuf_reserve(ring, sizeof(*record) + capacity, 0);
	if (!record)
		return SUBMIT_RING_FULL;
	*record = *header;
	bytes = (__u8 *)(record + 1);
	if (tag)
		is_copied = copy_with_tag(ctx, hook, tag, bytes, header->captured_bytes, capacity);
	else
		is_copied = copy_bounded(ctx, hook, 0, bytes, header->captured_bytes, capacity);
	if (!is_copied) {
		bpf_ringbuf_discard(record, BPF_RB_NO_WAKEUP);
		return SUBMIT_NOT_COPIED;
	}
	bpf_ringbuf_submit(record, wakeup_flags(counted, ring));
	return SUBMIT_DONE;
}

static __always_inline enum submit_result submit_now(void *ctx, const struct hook *hook,
						     const struct packet_summary *summary,
						     enum direction direction,
						     struct cpu_counters *counted, __u32 cpu)
{
	struct capture_record header = {
		.wire_bytes = summary->wire_bytes,
		.captured_bytes = summary->wire_bytes,
		.ifindex = summary->ifindex,
		.direction = direction,
	};
	__be32 tag = summary->inserted_bytes ? hook->metadata_tag(ctx) : 0;
	void *ring = bpf_map_lookup_elem(&rings, &cpu);

	if (!ring)
		return SUBMIT_RING_FULL;
	if (header.captured_bytes > configuration.snapshot_bytes)
		header.captured_bytes = configuration.snapshot_bytes;
	header.time_ns = capture_time();
#define X(capacity)                            \
	if (header.captured_bytes <= capacity) \
		return submit_in_class(ctx, hook, counted, ring, &header, tag, capacity);
	RECORD_CLASSES(X)
#undef X
	return SUBMIT_NOT_COPIED;
}

/*
 * Puts the packet, cut to the snapshot length, into the ring of this CPU. That it is on its
 * way is said before it gets its time, so the writer knows what may still come. The
 * additions are atomic because they are barriers too, and because under PREEMPT_RT two
 * programs can be at this at once.
 */
static __always_inline enum submit_result submit_record(void *ctx, const struct hook *hook,
							const struct packet_summary *summary,
							enum direction direction,
							struct cpu_counters *counted, __u32 cpu)
{
	enum submit_result result;

	__sync_fetch_and_add(&counted->submissions_started, 1);
	result = submit_now(ctx, hook, summary, direction, counted, cpu);
	__sync_fetch_and_add(&counted->submissions_finished, 1);
	return result;
}
