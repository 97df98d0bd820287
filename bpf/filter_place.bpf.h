/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The place of the filter at each hook, the functions that it calls, and what follows it.
 * Those are global: the verifier looks at each of them once, not once for each path to it.
 */
#pragma once

#include "filter.bpf.h"
#include "fragment.bpf.h"
#include "hook_tc.bpf.h"
#include "hook_xdp.bpf.h"
#include "maps.bpf.h"
#include "record.bpf.h"

#define STRINGIFY_(value) #value
#define STRINGIFY(value) STRINGIFY_(value)

/* A hook and what judges its packets. */
struct judge {
	const struct hook *hook;
	__u64 (*filter_matches)(const struct packet_summary *summary, void *ctx);
	/* See fragment_ports(); returns the ports of the datagram, or FRAGMENT_NO_PORTS. */
	__u64 (*follow_fragment)(void *ctx, const struct packet_summary *summary);
	enum submit_result (*submit)(void *ctx, const struct packet_summary *summary,
				     enum direction direction);
};

/* 0, but not for the verifier; see forget(). */
static __always_inline __u32 unknown_zero(void)
{
	__u32 cpu = bpf_get_smp_processor_id();
	const struct cpu_counters *counted = bpf_map_lookup_elem(&counters, &cpu);

	return counted ? counted->zero : 0;
}

/* Remembers the ports of a first fragment; gives a later one those of its first. */
static __always_inline __u64 follow_ports(void *ctx, const struct hook *hook, __u32 offset,
					  __u32 id, __u32 protocols, __u64 ports)
{
	struct fragment_key key;
	__u32 value = ports, *found;

	if (!read_fragment_key(ctx, hook, offset, id, protocols >> 8, protocols & 0xff, &key))
		return FRAGMENT_NO_PORTS;
	if (ports == FRAGMENT_NO_PORTS) {
		found = bpf_map_lookup_elem(&fragments, &key);
		return found ? *found : FRAGMENT_NO_PORTS;
	}
	bpf_map_update_elem(&fragments, &key, &value, BPF_ANY);
	return ports;
}

/*
 * The stub of a filter: r1 and r2 hold the arguments, the verdict is left in r0, and the exit
 * behind it is the compiler's. The loader finds the sentinel, and the calls behind it, which are
 * in the order of enum filter_call; it puts the generated instructions over them and keeps the
 * length, so that the line and function information stay true. As built, nothing matches. It is
 * no naked function: the arguments of one have no names, and the kernel refuses such types.
 */
/* clang-format off */
#define DEFINE_JUDGE(prefix, context)                                                          \
	__noinline __u64 prefix##_filter_load(struct context *ctx, __u32 offset, __u32 bytes)  \
	{                                                                                      \
		return load_number(ctx, &prefix##_hook, offset, bytes);                        \
	}                                                                                      \
                                                                                               \
	__noinline __u64 prefix##_filter_load_frame(struct context *ctx, __u32 offset,         \
						    __u32 bytes)                               \
	{                                                                                      \
		return load_frame_number(ctx, &prefix##_hook, offset, bytes);                  \
	}                                                                                      \
                                                                                               \
	__noinline __u64 prefix##_filter_chain(struct context *ctx, __u32 offset,              \
					       __u32 ethertype, __u32 protocol)                \
	{                                                                                      \
		return chain_has(ctx, &prefix##_hook, offset, ethertype, protocol,             \
				 unknown_zero());                                              \
	}                                                                                      \
                                                                                               \
	/* protocols: EtherType << 8 | IP protocol */                                          \
	__noinline __u64 prefix##_follow_ports(struct context *ctx, __u32 offset, __u32 id,    \
					       __u32 protocols, __u64 ports)                   \
	{                                                                                      \
		return follow_ports(ctx, &prefix##_hook, offset, id, protocols, ports);        \
	}                                                                                      \
                                                                                               \
	static __always_inline __u64 prefix##_follow_fragment(                                 \
		void *ctx, const struct packet_summary *summary)                               \
	{                                                                                      \
		return prefix##_follow_ports(ctx, summary->network_offset,                     \
					     summary->fragment_id,                             \
					     summary->ethertype << 8 | summary->ip_protocol,   \
					     fragment_ports(summary));                         \
	}                                                                                      \
                                                                                               \
	__noinline __u64 prefix##_submit_record(struct context *ctx, __u32 wire_bytes,         \
						__u32 captured_bytes, __u32 direction,         \
						__u32 ethertype)                               \
	{                                                                                      \
		const struct submission submission = {                                         \
			wire_bytes,                                                            \
			captured_bytes,                                                        \
			direction,                                                             \
			ethertype,                                                             \
		};                                                                             \
                                                                                               \
		return submit_record(ctx, &prefix##_hook, &submission);                        \
	}                                                                                      \
                                                                                               \
	static __always_inline enum submit_result prefix##_submit(                             \
		void *ctx, const struct packet_summary *summary, enum direction direction)     \
	{                                                                                      \
		const struct hook *hook = &prefix##_hook;                                      \
		__u32 wire_bytes = summary->wire_bytes - skipped_bytes(hook);                  \
		__u32 limit = snapshot_bytes(ctx, hook, summary);                              \
                                                                                               \
		return prefix##_submit_record(ctx, wire_bytes,                                 \
					      wire_bytes < limit ? wire_bytes : limit,         \
					      direction, summary->ethertype);                  \
	}                                                                                      \
                                                                                               \
	static __noinline __u64 prefix##_filter_matches(                                       \
		const struct packet_summary *summary, void *ctx)                               \
	{                                                                                      \
		register const struct packet_summary *r1 asm("r1") = summary;                  \
		register void *r2 asm("r2") = ctx;                                             \
		register __u64 verdict asm("r0");                                              \
                                                                                               \
		asm volatile("r0 = " STRINGIFY(FILTER_STUB_SENTINEL) ";"                       \
			     "call " #prefix "_filter_load;"                                   \
			     "call " #prefix "_filter_load_frame;"                             \
			     "call " #prefix "_filter_chain;"                                  \
			     "r0 = 0;"                                                         \
			     ".rept " STRINGIFY(FILTER_STUB_INSTRUCTIONS) " - 6;"              \
			     "goto +0;"                                                        \
			     ".endr;"                                                          \
			     : "=r"(verdict), "+r"(r1), "+r"(r2)                               \
			     :                                                                 \
			     : "r3", "r4", "r5", "memory");                                    \
		return verdict;                                                                \
	}                                                                                      \
                                                                                               \
	static const struct judge prefix##_judge = {                                           \
		.hook = &prefix##_hook,                                                        \
		.filter_matches = prefix##_filter_matches,                                     \
		.follow_fragment = prefix##_follow_fragment,                                   \
		.submit = prefix##_submit,                                                     \
	}
/* clang-format on */

DEFINE_JUDGE(tc, __sk_buff);
DEFINE_JUDGE(tc_ip, __sk_buff);
DEFINE_JUDGE(xdp, xdp_md);
