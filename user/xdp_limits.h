/* SPDX-License-Identifier: GPL-2.0-only */
/* What XDP does not see and what it costs: refused, or said before it is paid. */
#pragma once

#include <stdio.h>

#include "base/error.h"
#include "filter/filter.h"
#include "hook.h"
#include "interfaces.h"

/*
 * A filter on VLAN tags must not become another one silently where the interface takes tags
 * out of the frames before XDP. Returns 0, or -EINVAL with *reterr filled in.
 */
int xdp_limits_check_filter(const struct interface *interface, const struct filter *filter,
			    struct error *reterr);

/* Says what the hook, native or generic, costs on this interface. */
void xdp_limits_print_costs(const struct interface *interface, enum hook hook, FILE *out);
