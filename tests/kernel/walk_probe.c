/* SPDX-License-Identifier: GPL-2.0-only */
/* Loads the probe and reads its map through memory. */
#include "walk_probe.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../../bpf/capture_abi.h"
#include "reference_walk.h"
#include "test_run.h"

#define OBJECT_NAME "walk_probe.bpf.o"
#define WRONG_SHOWN 3

struct walk_probe {
	struct bpf_object *object;
	int tc_fd;
	int xdp_fd;
	struct packet_summary *summary; /* in the map */
};

static int find_object(char path[static PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - sizeof(OBJECT_NAME) - 1);
	char *name;

	if (length < 0)
		return -errno;
	path[length] = '\0';
	name = strrchr(path, '/');
	memcpy(name + 1, OBJECT_NAME, sizeof(OBJECT_NAME));
	return 0;
}

static int load(struct walk_probe *probe)
{
	struct bpf_program *tc, *xdp;
	char path[PATH_MAX];
	int error = find_object(path);
	void *memory;

	if (error)
		return error;
	probe->object = bpf_object__open_file(path, NULL);
	if (!probe->object)
		return -errno;
	tc = bpf_object__find_program_by_name(probe->object, "probe_walk_tc");
	xdp = bpf_object__find_program_by_name(probe->object, "probe_walk_xdp");
	if (test_run_has_pieces())
		bpf_program__set_flags(xdp, BPF_F_XDP_HAS_FRAGS);
	if (bpf_object__load(probe->object))
		return -errno;
	probe->tc_fd = bpf_program__fd(tc);
	probe->xdp_fd = bpf_program__fd(xdp);
	memory = mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE, MAP_SHARED,
		      bpf_object__find_map_fd_by_name(probe->object, "probes"), 0);
	if (memory == MAP_FAILED)
		return -errno;
	probe->summary = memory;
	return 0;
}

int walk_probe_load(struct walk_probe **ret_probe)
{
	struct walk_probe *probe = calloc(1, sizeof(*probe));
	int error = probe ? load(probe) : -ENOMEM;

	if (error) {
		printf("# cannot load '" OBJECT_NAME "': %s\n", strerror(-error));
		if (probe)
			bpf_object__close(probe->object);
		free(probe);
		return error;
	}
	*ret_probe = probe;
	return 0;
}

static bool is_right(struct walk_probe *probe, const struct packet *packet, uint32_t length)
{
	struct packet_summary expected;

	reference_walk(packet->bytes, length, &expected);
	return reference_is_same(probe->summary, &expected);
}

void walk_probe_compare(struct walk_probe *probe, enum hook hook, const struct packet *packet,
			uint32_t length, struct walk_tally *tally)
{
	int error;

	if (tally->wrong >= WRONG_SHOWN)
		return;
	/* What the run before left there is not an answer. */
	memset(probe->summary, 0xaa, sizeof(*probe->summary));
	error = test_run(hook_is_xdp(hook) ? probe->xdp_fd : probe->tc_fd, hook, packet, length,
			 NULL);
	if (error == -EINVAL && length < TEST_RUN_CERTAIN_BYTES) {
		tally->refused++;
		return;
	}
	tally->runs++;
	if (error && error != -EBADE)
		printf("# BPF_PROG_TEST_RUN: %s\n", strerror(-error));
	if (!error && is_right(probe, packet, length))
		return;
	tally->wrong++;
	printf("# the frame of %u bytes:\n", length);
	packet_print(packet, length);
}
