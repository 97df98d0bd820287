/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For LD_PRELOAD: compression of a piece takes 50 ms more. It waits with the only call that the
 * writer's threads may sleep with.
 */
#include <dlfcn.h>
#include <linux/futex.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static int (*next_deflate)(z_streamp stream, int flush);

__attribute__((constructor)) static void find_next(void)
{
	next_deflate = (int (*)(z_streamp, int))dlsym(RTLD_NEXT, "deflate");
}

int deflate(z_streamp stream, int flush)
{
	const struct timespec delay = { .tv_nsec = 50000000 };
	uint32_t word = 0;

	syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &delay);
	return next_deflate(stream, flush);
}
