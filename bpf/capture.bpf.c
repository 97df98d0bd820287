/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The programs at the hooks: walk the headers once, count, ask the filter, copy what it
 * wants. No packet is changed, delayed or dropped, whatever happens here.
 */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>

#include "capture_abi.h"
#include "count.bpf.h"
#include "filter_place.bpf.h"
#include "headers.bpf.h"
#include "limit.bpf.h"
#include "maps.bpf.h"
#include "top.bpf.h"

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

/* Whether the writer wants no packets for now. */
static __always_inline bool is_paused(void)
{
	const struct capture_control *written;
	__u32 zero = 0;

	if (!configuration.can_pause)
		return false;
	written = bpf_map_lookup_elem(&control, &zero);
	return written && written->is_paused;
}

/* A packet that matched and is not in the ring. */
static __always_inline void count_loss(__u32 ifindex)
{
	__u64 *lost = bpf_map_lookup_elem(&losses, &ifindex);

	if (lost)
		__sync_fetch_and_add(lost, 1);
}

/* For the verifier; see forget(). */
static __always_inline void forget_ports(struct packet_summary *summary, __u32 zero)
{
	summary->fields = forget(summary->fields, zero);
	summary->source_port = forget(summary->source_port, zero);
	summary->destination_port = forget(summary->destination_port, zero);
	summary->ip_protocol = forget(summary->ip_protocol, zero);
}

static __always_inline void capture(void *ctx, const struct judge *judge, enum direction direction)
{
	const struct hook *hook = judge->hook;
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
	summary.ifindex = hook->ifindex(ctx);
	summary.direction = direction;
	protocols = classify(&summary, zero);
	size = wire_size(ctx, hook, &summary);
	frames = &counted->frames[direction];
	frames->seen++;
	count_protocols(&counted->seen[direction], &summary, &protocols, &size);

	if (configuration.follow_fragments && fragment_has_ports(&summary))
		set_fragment_ports(&summary, judge->follow_fragment(ctx, &summary));
	forget_ports(&summary, zero);
	if (!judge->filter_matches(&summary, ctx)) {
		frames->filtered_out++;
		return;
	}
	count_protocols(&counted->matched[direction], &summary, &protocols, &size);
	if (configuration.top_sets)
		count_tops(&summary, &protocols, &size);
	switch (limit(&summary, &protocols)) {
	case LIMIT_SAMPLED_OUT:
		frames->sampled_out++;
		return;
	case LIMIT_OVER:
		frames->over_limit++;
		return;
	case LIMIT_PASSED:
		break;
	}
	frames->matched++;
	if (!configuration.copy_packets || is_paused()) {
		frames->counted_only++;
		return;
	}
	switch (judge->submit(ctx, &summary, direction)) {
	case SUBMIT_DONE:
		frames->submitted++;
		break;
	case SUBMIT_RING_FULL:
		frames->lost_ring++;
		count_loss(summary.ifindex);
		break;
	case SUBMIT_NOT_COPIED:
		frames->lost_copy++;
		count_loss(summary.ifindex);
		break;
	}
}

SEC("tc/ingress")
int pktsieve_in(struct __sk_buff *skb)
{
	/* These have no Ethernet header either. */
	if (skb->pkt_type != PACKET_TYPE_LOOPED_BACK)
		capture(skb, &tc_judge, DIRECTION_INGRESS);
	return TC_ACT_UNSPEC;
}

SEC("tc/egress")
int pktsieve_out(struct __sk_buff *skb)
{
	capture(skb, &tc_judge, DIRECTION_EGRESS);
	return TC_ACT_UNSPEC;
}

SEC("tc/ingress")
int pktsieve_in_ip(struct __sk_buff *skb)
{
	if (skb->pkt_type != PACKET_TYPE_LOOPED_BACK)
		capture(skb, &tc_ip_judge, DIRECTION_INGRESS);
	return TC_ACT_UNSPEC;
}

SEC("tc/egress")
int pktsieve_out_ip(struct __sk_buff *skb)
{
	capture(skb, &tc_ip_judge, DIRECTION_EGRESS);
	return TC_ACT_UNSPEC;
}

SEC("xdp/ingress")
int pktsieve_xdp(struct xdp_md *xdp)
{
	capture(xdp, &xdp_judge, DIRECTION_INGRESS);
	return XDP_PASS;
}

char _license[] SEC("license") = "GPL";
