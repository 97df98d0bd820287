/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Three verdicts on the same frames: the program in the kernel, the filter's instructions in
 * user space on the reference walk's summary, and tcpdump.
 */
#pragma once

#include "kernel_capture.h"
#include "oracle.h"

/* Why tcpdump may say something else, where oracle_open() cannot keep it from that. */
enum excuse {
	EXCUSE_NONE,
	EXCUSE_EXTENSION, /* libpcap does not look behind an IPv6 extension header */
	EXCUSE_CUT,
	EXCUSE_FRAGMENT, /* a load beyond the frame rejects it, also under `not` */
	EXCUSE_COUNT,
};

extern const char *const excuse_names[EXCUSE_COUNT];

struct filter_tally {
	size_t frames;
	size_t matches;               /* in the kernel */
	size_t wrong;                 /* the first few are printed */
	size_t excused[EXCUSE_COUNT]; /* tcpdump differs, and is expected to */
};

/*
 * Judges all frames. The oracle may be NULL: without tcpdump. Returns 0 with *ret_tally;
 * -EINVAL if tcpdump refuses the expression; another negative errno with "# " lines.
 */
int filter_check(const struct kernel_capture *capture, const char *expression,
		 const struct frames *frames, const struct oracle *oracle,
		 struct filter_tally *ret_tally);
