/* SPDX-License-Identifier: GPL-2.0-only */
/* What stands behind the packet that an ICMP message quotes: RFC 4884. */
#pragma once

#include "dissection.h"
#include "field.h"

extern const struct field_table icmp_extensions_table;

/*
 * Adds the extensions behind the quoted packet, and cuts these bytes to what is quoted. `length` is
 * that of the packet as the message tells it, 0 where it does not. Where there are no extensions
 * the bytes stay as they are.
 */
void icmp_extensions_dissect(struct dissection *dissection, struct bytes *quoted, size_t length);
