/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of neighbour discovery (RFC 4861, section 4.6). */
#pragma once

#include "dissection.h"

extern const struct field_table icmpv6_options_table;

/* Takes all of them off. -ENODATA where one is longer than what is left. */
int icmpv6_options_dissect(struct dissection *dissection, struct bytes *bytes);

/* The link-layer address of the sender or the target; NULL: the layer has none. */
const struct field *icmpv6_options_find_link_address(const struct dissection *dissection,
						     const struct layer *layer);
