/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs the filter on packets of every link type that pktview knows. */
#pragma once

#include <stdbool.h>

#include "../user/base/error.h"
#include "../user/filter/filter.h"
#include "packet.h"

/*
 * To be asked for each packet, in order: later fragments have the ports of their first one.
 * Returns 0, or -ENOTSUP with *reterr filled in for a link type that filters know nothing of.
 */
int packet_filter_run(const struct filter *filter, struct offline_fragments *fragments,
		      const struct packet *packet, bool *ret_passes, struct error *reterr);
