/* SPDX-License-Identifier: GPL-2.0-only */
/* Options of the hop-by-hop and destination headers of IPv6 (RFC 8200, section 4.2). */
#pragma once

#include "dissection.h"

extern const struct field_table ipv6_options_table;

/* Takes all of them off. -ENODATA where one is longer than what is left. */
int ipv6_options_dissect(struct dissection *dissection, struct bytes *bytes);
