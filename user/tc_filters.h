/* SPDX-License-Identifier: GPL-2.0-only */
/* Which filters a clsact qdisc has, over rtnetlink: libbpf can only ask for one it knows. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "../bpf/capture_abi.h"

struct tc_filter {
	uint32_t handle;
	uint16_t priority;
	char kind[16]; /* "bpf", "flower", ... */
	char name[64]; /* of a bpf filter, else empty */
};

/*
 * Lists the filters of an interface in one direction; the caller frees *ret_filters. None
 * where there is no clsact qdisc. Returns 0 or a negative errno.
 */
int tc_filters_list(unsigned int ifindex, enum direction direction, struct tc_filter **ret_filters,
		    size_t *ret_count);
