/* SPDX-License-Identifier: GPL-2.0-only */
/* Gives the kernel a frame, and looks at what comes back. */
#include "test_run.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VERDICT_UNSPEC (-1) /* TC_ACT_UNSPEC: whoever comes next decides */

static int judge(const struct bpf_test_run_opts *options, enum hook hook,
		 const struct packet *packet, uint32_t length)
{
	if ((int32_t)options->retval != (hook_is_xdp(hook) ? XDP_PASS : VERDICT_UNSPEC)) {
		printf("# the verdict is %d\n", (int32_t)options->retval);
		return -EBADE;
	}
	if (options->data_size_out != length) {
		printf("# %u bytes came out of %u\n", options->data_size_out, length);
		return -EBADE;
	}
	if (memcmp(options->data_out, packet->bytes, length)) {
		printf("# bytes of the frame changed\n");
		return -EBADE;
	}
	return 0;
}

int test_run(int program_fd, enum hook hook, const struct packet *packet, uint32_t length,
	     const struct test_aggregate *aggregate)
{
	static uint8_t result[PACKET_MAXIMUM_BYTES];
	struct __sk_buff context = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = packet->bytes, .data_size_in = length,
		    .data_out = result, .data_size_out = sizeof(result));

	if (aggregate && aggregate->segment_bytes) {
		context.gso_segs = aggregate->segments;
		context.gso_size = aggregate->segment_bytes;
		options.ctx_in = &context;
		options.ctx_size_in = sizeof(context);
	}
	memset(result, 0x55, length);
	if (bpf_prog_test_run_opts(program_fd, &options))
		return -errno;
	return judge(&options, hook, packet, length);
}

bool test_run_has_pieces(void)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_xdp_load_bytes, NULL) == 1;
}

const char *test_run_hook_name(enum hook hook)
{
	return hook_is_xdp(hook) ? "XDP" : "tc";
}

bool test_run_is_slow(void)
{
	return getenv("VMTEST") || getenv("IN_VM");
}
