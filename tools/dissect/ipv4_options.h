/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of IPv4 (RFC 791, section 3.1), below a field that is open. */
#pragma once

#include "dissection.h"

extern const struct field_table ipv4_options_table;

/* Adds all options, up to one whose length cannot be. */
void ipv4_options_dissect(struct dissection *dissection, struct bytes *bytes);
