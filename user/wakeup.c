/* SPDX-License-Identifier: GPL-2.0-only */
/* epoll(7) over rings, channel, output and clock; see wakeup.h. */
#include "wakeup.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

#include "base/cleanup.h"

#define MAXIMUM_EVENTS 16
#define MILLISECOND_NS 1000000

int wakeup_open(void)
{
	int fd = epoll_create1(EPOLL_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int add(int wakeup_fd, int fd, uint32_t events, unsigned int reason)
{
	struct epoll_event event = { .events = events, .data.u32 = reason };

	return epoll_ctl(wakeup_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

int wakeup_add_ring(int wakeup_fd, int ring_fd)
{
	/* By edge: only what a program says counts, not that there still is something. */
	return add(wakeup_fd, ring_fd, EPOLLIN | EPOLLET, 0);
}

int wakeup_add_channel(int wakeup_fd, int channel_fd)
{
	return add(wakeup_fd, channel_fd, EPOLLIN, WAKEUP_MESSAGE);
}

int wakeup_add_keyboard(int wakeup_fd, int keyboard_fd)
{
	/* By edge: what is there may be the shell's, and not be read for long. */
	return add(wakeup_fd, keyboard_fd, EPOLLIN | EPOLLET, WAKEUP_KEYS);
}

int wakeup_add_output(int wakeup_fd, int output_fd)
{
	/* EPOLLERR and EPOLLHUP need not be asked for. */
	int error = add(wakeup_fd, output_fd, EPOLLET, WAKEUP_READER_GONE);

	return error == -EPERM ? 0 : error;
}

/* A timer that never rings; the kernel ends it early when the clock is set. */
int wakeup_add_clock(int wakeup_fd)
{
	const struct itimerspec never = { .it_value.tv_sec = LONG_MAX };
	_cleanup_close_ int fd = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC | TFD_NONBLOCK);
	int error;

	if (fd < 0 ||
	    timerfd_settime(fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &never, NULL))
		return -errno;
	/* By edge: each setting of the clock is one, and it need not be read. */
	error = add(wakeup_fd, fd, EPOLLIN | EPOLLET, WAKEUP_CLOCK_SET);
	return error ? error : TAKE_FD(fd);
}

unsigned int wakeup_wait(int wakeup_fd, uint64_t timeout_ns)
{
	uint64_t timeout_ms = timeout_ns / MILLISECOND_NS + (timeout_ns % MILLISECOND_NS != 0);
	struct epoll_event events[MAXIMUM_EVENTS];
	unsigned int reasons = 0;
	int count;

	count = epoll_pwait(wakeup_fd, events, MAXIMUM_EVENTS,
			    timeout_ms < INT_MAX ? (int)timeout_ms : INT_MAX, NULL);
	/* SIGCONT after SIGSTOP (signal(7)), which may have come behind a message. */
	if (count < 0 && errno == EINTR)
		count = epoll_pwait(wakeup_fd, events, MAXIMUM_EVENTS, 0, NULL);
	for (int i = 0; i < count; i++)
		if (events[i].data.u32 != WAKEUP_READER_GONE ||
		    events[i].events & (EPOLLERR | EPOLLHUP))
			reasons |= events[i].data.u32;
	return reasons;
}
