/* SPDX-License-Identifier: GPL-2.0-only */
/* DHCP: dhcp.c has the message, dhcp_options.c its options (RFC 2132). */
#pragma once

#include "dissector.h"

/* Adds the options up to their end. -ENODATA. */
int dhcp_options_dissect(struct dissection *dissection, struct bytes *bytes);
/* The kind of the message, 0: it does not say, so that it is BOOTP. */
uint64_t dhcp_options_kind(const struct dissection *dissection, const struct layer *layer);

extern const struct value_name dhcp_kind_names[];
extern const struct field_table dhcp_options_table;
