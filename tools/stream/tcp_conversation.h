/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of a conversation of TCP; by side, as in dissection->side. */
#pragma once

#include "segments.h"
#include "tcp_analysis.h"

struct tcp_conversation {
	struct segments segments[2];
	struct tcp_analysis analysis;
};
