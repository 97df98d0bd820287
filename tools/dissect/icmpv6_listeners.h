/* SPDX-License-Identifier: GPL-2.0-only */
/* Listeners of multicast, as ICMPv6 has them: MLDv1 (RFC 2710) and MLDv2 (RFC 3810). */
#pragma once

#include "dissection.h"
#include "field.h"

enum icmpv6_listener_type {
	ICMPV6_LISTENER_QUERY = 130,
	ICMPV6_LISTENER_REPORT = 131,
	ICMPV6_LISTENER_DONE = 132,
	ICMPV6_LISTENER_REPORT_2 = 143,
};

extern const struct field_table icmpv6_listeners_table;

/* Takes off what follows type, code and checksum. -ENODATA. */
int icmpv6_listeners_dissect(struct dissection *dissection, struct bytes *bytes, uint64_t type);
