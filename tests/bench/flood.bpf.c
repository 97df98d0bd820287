/* SPDX-License-Identifier: GPL-2.0-only */
/* Gives each frame of flood.c a source address of its own, and hands it to the stack. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define SOURCE_AT 26 /* of the IPv4 source address in an Ethernet frame */

/* 11.0.0.0/14, in an order without a pattern: x -> 5 x + 1 visits all numbers of so many bits. */
#define FIRST_SOURCE 0x0b000000
#define SOURCE_BITS 18

__u32 number;
__u32 source_mask = (1 << SOURCE_BITS) - 1;

SEC("xdp")
int flood(struct xdp_md *xdp)
{
	__u8 *start = (void *)(long)xdp->data;

	if (start + SOURCE_AT + 4 > (__u8 *)(long)xdp->data_end)
		return XDP_PASS;
	number = (number * 5 + 1) & source_mask;
	*(__u16 *)(start + SOURCE_AT) = bpf_htons((FIRST_SOURCE | number) >> 16);
	*(__u16 *)(start + SOURCE_AT + 2) = bpf_htons(number);
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "GPL";
