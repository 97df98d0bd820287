/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flood NAMESPACE INTERFACE [SOURCES]: for each number on stdin, hands so many frames to the stack
 * as if the interface had received them, on this CPU, and prints how much time of this CPU one
 * took, in ns. They are TCP to port 443 without SYN, 64 bytes, each from another address
 * (of so many, a power of two, 262144 by default), and to nobody's MAC, so that the stack drops
 * them right behind taps and tc.
 * Needs Linux 5.18 (live frames of BPF_PROG_TEST_RUN).
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../e2e/namespace.h"

#define OBJECT "build/tests/bench/flood.bpf.o"
#define BATCH 64

static uint8_t frame[64] = {
	2,    0,    0,   0,    0xff, 0xff, 2,    0, 0,  0, 0, 1, 0x08, 0, /* Ethernet */
	0x45, 0,    0,   50,   0,    0,    0x40, 0, 64, 6, 0, 0, 11,   0,    0,    1,
	198,  51,   100, 1,                                                           /* IPv4 */
	0x30, 0x39, 1,   0xbb, 0,    0,    0,    1, 0,  0, 0, 1, 0x50, 0x10, 0x10, 0, /* TCP: ACK */
};

static uint64_t cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static int load(const char *sources)
{
	struct bpf_object *object = bpf_object__open(OBJECT);
	struct bpf_program *program;
	uint32_t zero = 0, mask;

	if (!object || bpf_object__load(object))
		return -1;
	if (sources) {
		mask = (uint32_t)strtoul(sources, NULL, 10) - 1;
		if (bpf_map_update_elem(bpf_object__find_map_fd_by_name(object, ".data"), &zero,
					&mask, BPF_ANY))
			return -1;
	}
	program = bpf_object__find_program_by_name(object, "flood");
	return program ? bpf_program__fd(program) : -1;
}

static int flood(int program, uint32_t ifindex, uint32_t count)
{
	struct xdp_md context = { .data_end = sizeof(frame), .ingress_ifindex = ifindex };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame),
		    .ctx_in = &context, .ctx_size_in = sizeof(context), .repeat = (int)count,
		    .flags = BPF_F_TEST_XDP_LIVE_FRAMES, .batch_size = BATCH);

	return bpf_prog_test_run_opts(program, &options);
}

int main(int argc, char **argv)
{
	cpu_set_t first;
	char line[32];
	int program;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (argc < 3 || namespace_enter(argv[1]) || sched_setaffinity(0, sizeof(first), &first)) {
		fprintf(stderr, "usage: flood NAMESPACE INTERFACE [SOURCES]\n");
		return 1;
	}
	program = load(argv[3]);
	if (program < 0) {
		fprintf(stderr, "flood: cannot load %s: %s\n", OBJECT, strerror(errno));
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		uint32_t count = (uint32_t)strtoul(line, NULL, 10);
		uint64_t start = cpu_ns();

		if (flood(program, if_nametoindex(argv[2]), count)) {
			fprintf(stderr, "flood: %s\n", strerror(errno));
			return 1;
		}
		printf("%.1f\n", (double)(cpu_ns() - start) / count);
		fflush(stdout);
	}
	return 0;
}
