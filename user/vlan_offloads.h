/* SPDX-License-Identifier: GPL-2.0-only */
/* Whether an interface takes VLAN tags out of the frames that come in. */
#pragma once

#include <stddef.h>

#include "interfaces.h"

#define VLAN_OFFLOAD_COUNT 2

/*
 * The offloads that are on, in the words of ethtool(8): "rxvlan" for the tags of 802.1Q,
 * "rx-vlan-stag-hw-parse" for those of 802.1ad. A tag that one of them takes out is beside
 * the bytes, where XDP does not see it. Returns how many; 0 where it cannot be asked.
 */
size_t vlan_offloads_find(const struct interface *interface,
			  const char *ret_names[VLAN_OFFLOAD_COUNT]);
