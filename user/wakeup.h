/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the writer sleeps on, as one epoll descriptor: the rings, the keeper's messages, the
 * reader of its output, the wall clock, the keyboard. It is made while the rings' descriptors are still there, and goes on
 * working when the process has closed them, because the keeper has them open too.
 */
#pragma once

#include <stdint.h>

/* Why a sleep has ended, as bits; none of them: the time is over, or a ring has something. */
enum wakeup_reason {
	WAKEUP_MESSAGE = 1 << 0,
	WAKEUP_READER_GONE = 1 << 1, /* of a pipe or a socket; said once */
	WAKEUP_CLOCK_SET = 1 << 2,   /* the wall clock, or what it differs from TAI by */
	WAKEUP_KEYS = 1 << 3,        /* said once for what is there */
};

/* A descriptor, or a negative errno. */
int wakeup_open(void);

/* Each of these: 0 or a negative errno. */
int wakeup_add_ring(int wakeup_fd, int ring_fd);
int wakeup_add_channel(int wakeup_fd, int channel_fd);
int wakeup_add_keyboard(int wakeup_fd, int keyboard_fd);
/* What has no reader that could go away, such as a file, is left out. */
int wakeup_add_output(int wakeup_fd, int output_fd);

/*
 * A descriptor that is to stay open as long as the wall clock is to be watched; a negative
 * errno. When the clock is set is learned only roughly: it may have been set more than once.
 */
int wakeup_add_clock(int wakeup_fd);

/* Sleeps for at most timeout_ns, rounded up to milliseconds; returns wakeup_reason bits. */
unsigned int wakeup_wait(int wakeup_fd, uint64_t timeout_ns);
