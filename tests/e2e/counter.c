/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counter INTERFACE [push-vlan|drop|xdp-native|xdp-generic|xdp-netlink] [first] [clsact]: attaches
 * programs of the tests' own to an
 * interface of this namespace, behind (or before) the others that are there, by tcx where the
 * kernel has it and clsact is not asked for, and prints "attached". They count, tag what goes
 * out, or count and drop what comes in. Answers each line on stdin with
 * "FRAMES-IN BYTES-IN FRAMES-OUT BYTES-OUT"; detaches at the line "stop".
 *
 * counter --has-tcx: exit status 0 where the kernel has tcx.
 * counter --programs INTERFACE...: "INTERFACE NAME ID" for each program at their tcx hooks.
 * counter --seen: how many frames all programs of pktsieve on this machine have counted.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../bpf/capture_abi.h"

/* Not in the header of Debian 12: enum bpf_attach_type, and flags of BPF_LINK_CREATE. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47
#define PLACE_BEFORE (1u << 3)
#define PLACE_AFTER (1u << 4)

#define OBJECT "build/tests/e2e/counter.bpf.o"
#define MAXIMUM_PROGRAMS 64

/* What is attached for a word of the command line; without one, the counters. */
static const struct {
	const char *word, *program;
	bool is_egress;
	bool is_netlink;    /* XDP, not by a link: stays until it is detached */
	uint32_t xdp_flags; /* 0: not XDP */
} kinds[] = {
	{ "", "count_ingress", false, false, 0 },
	{ "", "count_egress", true, false, 0 },
	{ "push-vlan", "push_vlan", true, false, 0 },
	{ "drop", "drop_ingress", false, false, 0 },
	{ "xdp-native", "count_xdp", false, false, XDP_FLAGS_DRV_MODE },
	{ "xdp-generic", "count_xdp", false, false, XDP_FLAGS_SKB_MODE },
	{ "xdp-netlink", "count_xdp", false, true, XDP_FLAGS_DRV_MODE },
};

/* A filter of clsact that is to be taken away again. */
struct placed {
	struct bpf_tc_hook hook;
	struct bpf_tc_opts filter;
};
static struct placed placed[2];
static int placed_count;

/* Linux 6.6: union bpf_attr, the part of BPF_PROG_QUERY */
struct query {
	uint32_t ifindex;
	uint32_t attach_type;
	uint32_t query_flags;
	uint32_t attach_flags;
	uint64_t program_ids;
	uint32_t count;
	uint32_t unused;
	uint64_t program_attach_flags, link_ids, link_attach_flags, revision;
};

/* How many programs tcx has there, or a negative errno. */
static int query_tcx(int ifindex, int attach_type, uint32_t *ids)
{
	struct query query = {
		.ifindex = ifindex,
		.attach_type = attach_type,
		.program_ids = (uintptr_t)ids,
		.count = ids ? MAXIMUM_PROGRAMS : 0,
	};

	if (syscall(SYS_bpf, BPF_PROG_QUERY, &query, sizeof(query)))
		return -errno;
	return query.count;
}

static bool has_tcx(void)
{
	return query_tcx(1, TCX_INGRESS, NULL) >= 0;
}

static int list_programs(const char *interface)
{
	uint32_t ids[MAXIMUM_PROGRAMS];
	int type, i;

	for (type = TCX_INGRESS; type <= TCX_EGRESS; type++) {
		int count = query_tcx(if_nametoindex(interface), type, ids);

		for (i = 0; i < count; i++) {
			struct bpf_prog_info information = { 0 };
			uint32_t length = sizeof(information);
			int fd = bpf_prog_get_fd_by_id(ids[i]);

			if (fd >= 0) {
				bpf_obj_get_info_by_fd(fd, &information, &length);
				close(fd);
			}
			printf("%s %s %u\n", interface, information.name, ids[i]);
		}
	}
	return 0;
}

static uint64_t sum_seen(int map_fd, uint32_t elements)
{
	struct cpu_counters counters;
	uint64_t seen = 0;
	uint32_t i;

	for (i = 0; i < elements; i++)
		if (!bpf_map_lookup_elem(map_fd, &i, &counters))
			seen += counters.frames[DIRECTION_INGRESS].seen +
				counters.frames[DIRECTION_EGRESS].seen;
	return seen;
}

static int print_seen(void)
{
	uint64_t seen = 0;
	uint32_t id = 0;

	while (!bpf_map_get_next_id(id, &id)) {
		struct bpf_map_info information = { 0 };
		uint32_t length = sizeof(information);
		int fd = bpf_map_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &information, &length) &&
		    !strcmp(information.name, "counters") &&
		    information.value_size == sizeof(struct cpu_counters))
			seen += sum_seen(fd, information.max_entries);
		close(fd);
	}
	printf("%" PRIu64 "\n", seen);
	return 0;
}

/* The link stays until this process ends, the filter until detach_filters(). */
static int attach(const struct bpf_program *program, int ifindex, bool egress, bool first,
		  bool clsact)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = first ? PLACE_BEFORE : PLACE_AFTER);
	struct placed *here = &placed[placed_count];
	int error;

	if (!clsact && has_tcx())
		return bpf_link_create(bpf_program__fd(program), ifindex,
				       egress ? TCX_EGRESS : TCX_INGRESS, &options);
	here->hook = (struct bpf_tc_hook){
		.sz = sizeof(here->hook),
		.ifindex = ifindex,
		.attach_point = egress ? BPF_TC_EGRESS : BPF_TC_INGRESS,
	};
	here->filter = (struct bpf_tc_opts){
		.sz = sizeof(here->filter),
		.prog_fd = bpf_program__fd(program),
		.handle = getpid(),
		.priority = first ? 1 : 60000,
	};
	error = bpf_tc_hook_create(&here->hook);
	if (error && error != -EEXIST)
		return error;
	error = bpf_tc_attach(&here->hook, &here->filter);
	if (error)
		return error;
	placed_count++;
	return 0;
}

static int attach_xdp(const struct bpf_program *program, int ifindex, uint32_t flags,
		      bool is_netlink)
{
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = flags);

	if (is_netlink)
		return bpf_xdp_attach(ifindex, bpf_program__fd(program), flags, NULL);
	return bpf_link_create(bpf_program__fd(program), ifindex, BPF_XDP, &options);
}

static void detach_filters(void)
{
	while (placed_count > 0) {
		struct placed *here = &placed[--placed_count];

		here->filter.prog_fd = here->filter.prog_id = here->filter.flags = 0;
		bpf_tc_detach(&here->hook, &here->filter);
	}
}

static int answer_questions(int counts_fd)
{
	uint64_t counts[2][2] = { 0 };
	char line[64];
	uint32_t i;

	printf("attached\n");
	fflush(stdout);
	while (fgets(line, sizeof(line), stdin) && strcmp(line, "stop\n")) {
		for (i = 0; i < 2; i++)
			bpf_map_lookup_elem(counts_fd, &i, counts[i]);
		printf("%ju %ju %ju %ju\n", (uintmax_t)counts[0][0], (uintmax_t)counts[0][1],
		       (uintmax_t)counts[1][0], (uintmax_t)counts[1][1]);
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	bool first = false, clsact = false;
	const char *kind = "";
	struct bpf_program *program;
	struct bpf_object *object;
	int i, ifindex, error = -EINVAL;

	if (argc > 1 && !strcmp(argv[1], "--has-tcx"))
		return !has_tcx();
	if (argc > 1 && !strcmp(argv[1], "--seen"))
		return print_seen();
	if (argc > 2 && !strcmp(argv[1], "--programs")) {
		for (i = 2; i < argc; i++)
			list_programs(argv[i]);
		return 0;
	}
	for (i = 2; i < argc; i++) {
		if (!strcmp(argv[i], "first"))
			first = true;
		else if (!strcmp(argv[i], "clsact"))
			clsact = true;
		else
			kind = argv[i];
	}
	ifindex = argc > 1 ? if_nametoindex(argv[1]) : 0;
	object = bpf_object__open_file(OBJECT, NULL);
	if (!ifindex || !object || bpf_object__load(object)) {
		fprintf(stderr, "counter: no such interface, or '%s' does not load\n", OBJECT);
		return 1;
	}
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		if (strcmp(kinds[k].word, kind))
			continue;
		program = bpf_object__find_program_by_name(object, kinds[k].program);
		error = kinds[k].xdp_flags ?
				attach_xdp(program, ifindex, kinds[k].xdp_flags,
					   kinds[k].is_netlink) :
				attach(program, ifindex, kinds[k].is_egress, first, clsact);
		if (error < 0)
			break;
	}
	if (error < 0)
		fprintf(stderr, "counter: cannot attach to '%s': %s\n", argv[1], strerror(-error));
	else
		answer_questions(bpf_object__find_map_fd_by_name(object, "counts"));
	detach_filters();
	if (!strcmp(kind, "xdp-netlink"))
		bpf_xdp_detach(ifindex, XDP_FLAGS_DRV_MODE, NULL);
	bpf_object__close(object);
	return error < 0;
}
