/* SPDX-License-Identifier: GPL-2.0-only */
/* How QUIC is known on a port that does not say it. */
#pragma once

#include "dissector.h"

/* Whether a datagram begins with a long header of a version that is known. */
bool quic_is_long_header(struct bytes bytes);
