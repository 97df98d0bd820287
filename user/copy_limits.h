/* SPDX-License-Identifier: GPL-2.0-only */
/* Which of the packets that passed the filter are copied; see bpf/limit.bpf.h. */
#pragma once

#include <stdint.h>

struct copy_limits {
	uint32_t sample_every;       /* one of so many, at random; 0: all */
	uint32_t packets_per_host;   /* 0: any number */
	uint64_t packets_per_second; /* 0: any number */
};
