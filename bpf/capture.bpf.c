/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs at the hooks: walk the headers once, count, ask the filter, copy what it
 * wants. No packet is changed, delayed or dropped, whatever happens here.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "capture_abi.h"
#include "count.bpf.h"
#include "headers.bpf.h"
#include "hook_tc.bpf.h"
#include "hook_xdp.bpf.h"
#include "maps.bpf.h"
#include "record.bpf.h"

#define STRINGIFY_(value) #value
#define STRINGIFY(value) STRINGIFY_(value)

/*
 * The place of the filter: r1 and r2 hold the arguments, the verdict is left in r0. The
 * loader finds the sentinel, puts the generated instructions over it and keeps the length,
 * so that the line and function information stay true. As built, nothing matches.
 */
static __noinline __attribute__((naked)) int filter_matches(const struct packet_summary *summary,
							    void *ctx)
{
	/* clang-format off */
	asm volatile("r0 = " STRINGIFY(FILTER_STUB_SENTINEL) ";"
		     "r0 = 0;"
		     ".rept " STRINGIFY(FILTER_STUB_INSTRUCTIONS) " - 3;"
		     "goto +0;"
		     ".endr;"
		     "exit;" ::: "r0", "r1", "r2", "r3", "r4", "r5", "memory");
	/* clang-format on */
}

/*
 * Where there are no links, a killed keeper leaves the filter behind. It stops beating, and
 * the filter goes quiet. The clock is read once per jiffy and CPU, not once per packet.
 */
static __always_inline bool keeper_is_gone(struct cpu_counters *counted)
{
	struct capture_control *written;
	__u32 zero = 0;
	__u64 jiffies;

	if (!configuration.check_heartbeat)
		return false;
	jiffies = bpf_jiffies64();
	if (jiffies != counted->heartbeat_checked_jiffies) {
		counted->heartbeat_checked_jiffies = jiffies;
		written = bpf_map_lookup_elem(&control, &zero);
		counted->is_quiet = !written || bpf_ktime_get_ns() > written->heartbeat_ns +
									     HEARTBEAT_TIMEOUT_NS;
	}
	return counted->is_quiet;
}

static __always_inline void capture(void *ctx, const struct hook *hook, enum direction direction)
{
	struct packet_summary summary;
	struct protocols_of_packet protocols;
	struct frame_counters *frames;
	struct cpu_counters *counted;
	struct wire_size size;
	__u32 zero, cpu = bpf_get_smp_processor_id();

	counted = bpf_map_lookup_elem(&counters, &cpu);
	if (!counted || keeper_is_gone(counted))
		return;
	zero = counted->zero;
	walk_headers(ctx, hook, zero, &summary);
	protocols = classify(&summary, zero);
	size = wire_size(ctx, hook, &summary);
	frames = &counted->frames[direction];
	frames->seen++;
	count_protocols(&counted->seen[direction], &summary, &protocols, &size);

	if (!filter_matches(&summary, ctx)) {
		frames->filtered_out++;
		return;
	}
	frames->matched++;
	count_protocols(&counted->matched[direction], &summary, &protocols, &size);
	if (!configuration.copy_packets) {
		frames->counted_only++;
		return;
	}
	switch (submit_record(ctx, hook, &summary, direction, counted, cpu)) {
	case SUBMIT_DONE:
		frames->submitted++;
		break;
	case SUBMIT_RING_FULL:
		frames->lost_ring++;
		break;
	case SUBMIT_NOT_COPIED:
		frames->lost_copy++;
		break;
	}
}

SEC("tc/ingress")
int pktsieve_in(struct __sk_buff *skb)
{
	capture(skb, &tc_hook, DIRECTION_INGRESS);
	return TC_ACT_UNSPEC;
}

SEC("tc/egress")
int pktsieve_out(struct __sk_buff *skb)
{
	capture(skb, &tc_hook, DIRECTION_EGRESS);
	return TC_ACT_UNSPEC;
}

SEC("xdp/ingress")
int pktsieve_xdp(struct xdp_md *xdp)
{
	capture(xdp, &xdp_hook, DIRECTION_INGRESS);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
