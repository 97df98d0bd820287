/* SPDX-License-Identifier: GPL-2.0-only */
/* Where in the kernel the programs sit; see the manual, "Hooks". */
#pragma once

#include <stdbool.h>

enum hook {
	HOOK_TC,          /* an skb: both directions, beside any number of others */
	HOOK_XDP_NATIVE,  /* in the driver, before there is an skb: what comes in */
	HOOK_XDP_GENERIC, /* the kernel's stand-in for drivers without XDP */
};

static inline bool hook_is_xdp(enum hook hook)
{
	return hook != HOOK_TC;
}
