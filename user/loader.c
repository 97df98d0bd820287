/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens the skeleton, sizes the maps, lays the filter's instructions into the stub before
 * libbpf hands the programs to the kernel, and makes a ring for each online CPU.
 */
#include "loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "capture.skel.h"

#define MINIMUM_RING_BYTES (1u << 20)
#define LOG_BYTES (1u << 20)

/* Datagrams under way whose ports are remembered: 64 bytes or so each. */
#define FRAGMENT_ENTRIES 8192

/* Behind the filter: a jump over the rest, the calls, the exit. */
#define STUB_OWN_INSTRUCTIONS (3 + FILTER_CALL_COUNT)

struct loader {
	struct capture *skeleton;
	enum hook hook;
	unsigned int cpu_count;
	bool *is_online; /* cpu_count of them; so are the rings */
	int *ring_fds;
	int idle_ring_fd; /* see loader_wait_for_programs() */
	uint64_t ring_bytes;
	enum capture_clock clock;
};

/* libbpf has one print function per process. */
static char *load_log;
static size_t load_log_bytes;

static int collect_log(enum libbpf_print_level level, const char *format, va_list arguments)
{
	int length;

	if (level == LIBBPF_DEBUG)
		return 0;
	if (!load_log)
		load_log = calloc(1, LOG_BYTES);
	if (!load_log)
		return 0;
	length =
		vsnprintf(load_log + load_log_bytes, LOG_BYTES - load_log_bytes, format, arguments);
	if (length > 0)
		load_log_bytes += (size_t)length;
	if (load_log_bytes >= LOG_BYTES)
		load_log_bytes = LOG_BYTES - 1;
	return 0;
}

void loader_print_log(FILE *out)
{
	if (load_log)
		fputs(load_log, out);
}

/* Index of the stub's first instruction, or count if it is not there. */
static size_t find_stub(const struct bpf_insn *instructions, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (instructions[i].code == (BPF_ALU64 | BPF_MOV | BPF_K) &&
		    instructions[i].imm == FILTER_STUB_SENTINEL)
			break;
	return i;
}

/* What the load that is under way puts into the stubs. */
static const struct loader_options *current_options;

static bool is_function_call(const struct bpf_insn *instruction)
{
	return instruction->code == (BPF_JMP | BPF_CALL) && instruction->src_reg == BPF_PSEUDO_CALL;
}

/*
 * Where the functions are that filters call: the calls behind the sentinel say so, in the
 * order of enum filter_call. Returns 0 or -EINVAL.
 */
static int find_functions(const struct bpf_insn *instructions, size_t start,
			  int ret_positions[FILTER_CALL_COUNT])
{
	for (int i = 0; i < FILTER_CALL_COUNT; i++) {
		int at = (int)start + 1 + i;

		if (!is_function_call(&instructions[at]))
			return -EINVAL;
		ret_positions[i] = at + 1 + instructions[at].imm;
	}
	return 0;
}

/* The filter's calls name a function; the kernel wants the distance to it. */
static void point_calls(struct bpf_insn *instructions, size_t start, size_t count,
			const int positions[FILTER_CALL_COUNT])
{
	for (size_t i = start; i < start + count; i++)
		if (is_function_call(&instructions[i]))
			instructions[i].imm = positions[instructions[i].imm] - (int)i - 1;
}

/*
 * libbpf calls this before each load: the filter goes to the start of the stub, and what is
 * left of the stub behind a jump that the verifier knows to be taken, up to the exit. There
 * a call of each function stays, so that the program has them all, whatever the filter calls.
 */
static int lay_filter(struct bpf_program *program, struct bpf_prog_load_opts *load_options,
		      long cookie)
{
	const struct loader_options *options = current_options;
	size_t count = bpf_program__insn_cnt(program);
	_cleanup_free_ struct bpf_insn *instructions = NULL;
	int positions[FILTER_CALL_COUNT];
	const struct bpf_insn *filter;
	size_t start, filter_count;
	struct bpf_insn *stub;

	(void)load_options;
	(void)cookie;
	instructions = malloc(count * sizeof(*instructions));
	if (!instructions)
		return -ENOMEM;
	memcpy(instructions, bpf_program__insns(program), count * sizeof(*instructions));
	start = find_stub(instructions, count);
	if (start + FILTER_STUB_INSTRUCTIONS > count ||
	    find_functions(instructions, start, positions))
		return -EINVAL;
	filter = filter_instructions(options->filter, &filter_count);
	if (filter_count > FILTER_STUB_INSTRUCTIONS - STUB_OWN_INSTRUCTIONS)
		return -E2BIG;

	stub = instructions + start;
	memcpy(stub, filter, filter_count * sizeof(*stub));
	point_calls(instructions, start, filter_count, positions);
	stub += filter_count;
	*stub++ = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1 };
	*stub++ = (struct bpf_insn){
		.code = BPF_JMP | BPF_JEQ | BPF_K,
		.dst_reg = BPF_REG_1,
		/* From behind this jump to the exit, the stub's last instruction. */
		.off = (short)(FILTER_STUB_INSTRUCTIONS - filter_count - 3),
	};
	/* A function that nobody calls would make the functions' list a lie. */
	for (int i = 0; i < FILTER_CALL_COUNT; i++, stub++)
		*stub = (struct bpf_insn){
			.code = BPF_JMP | BPF_CALL,
			.src_reg = BPF_PSEUDO_CALL,
			.imm = positions[i] - (int)(stub - instructions) - 1,
		};
	return bpf_program__set_insns(program, instructions, count);
}

/*
 * libbpf's handlers are one list per process. Ours stays in it: libbpf 1.1 frees the list
 * with its last handler, and keeps the pointer.
 */
static int register_sections(void)
{
	static int tc_handler = -1, xdp_handler = -1;
	LIBBPF_OPTS(libbpf_prog_handler_opts, handler_options, .prog_prepare_load_fn = lay_filter);

	/* "tc/ingress", "tc/egress" and "xdp/ingress"; handlers come before libbpf's own. */
	if (tc_handler < 0)
		tc_handler = libbpf_register_prog_handler("tc/", BPF_PROG_TYPE_SCHED_CLS, 0,
							  &handler_options);
	if (tc_handler >= 0 && xdp_handler < 0)
		xdp_handler = libbpf_register_prog_handler("xdp/", BPF_PROG_TYPE_XDP, BPF_XDP,
							   &handler_options);
	if (tc_handler < 0)
		return tc_handler;
	return xdp_handler < 0 ? xdp_handler : 0;
}

static bool has_helper(enum hook hook, enum bpf_func_id helper)
{
	enum bpf_prog_type type = hook_is_xdp(hook) ? BPF_PROG_TYPE_XDP : BPF_PROG_TYPE_SCHED_CLS;

	return libbpf_probe_bpf_helper(type, helper, NULL) == 1;
}

static enum capture_clock best_clock(enum hook hook)
{
	return has_helper(hook, BPF_FUNC_ktime_get_tai_ns) ? CAPTURE_CLOCK_TAI :
							     CAPTURE_CLOCK_MONOTONIC;
}

/* Only the programs of the hook are loaded. */
static void choose_programs(struct capture *skeleton, enum hook hook)
{
	struct bpf_program *program, *xdp = skeleton->progs.pktsieve_xdp;

	bpf_object__for_each_program(program, skeleton->obj)
		bpf_program__set_autoload(program, (program == xdp) == hook_is_xdp(hook));
	/* Frames of several pieces came with the helper that reads them (Linux 5.18). */
	if (hook_is_xdp(hook) && has_helper(hook, BPF_FUNC_xdp_load_bytes))
		bpf_program__set_flags(xdp, bpf_program__flags(xdp) | BPF_F_XDP_HAS_FRAGS);
}

static uint64_t power_of_two_below(uint64_t bytes)
{
	uint64_t power = MINIMUM_RING_BYTES;

	while (power * 2 <= bytes && power < (1u << 30))
		power *= 2;
	return power;
}

/* A descriptor of a new ring, or a negative errno with *reterr filled in. */
static int create_ring(uint64_t bytes, struct error *reterr)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "pktsieve_ring", 0, 0, (uint32_t)bytes, NULL);
	int error = -errno;

	if (fd >= 0)
		return fd;
	return error_set(reterr, error, "cannot make a ring of %llu KiB: %s (less with '-B')",
			 (unsigned long long)bytes / 1024, strerror(-error));
}

static int make_ring(struct loader *loader, unsigned int cpu, struct error *reterr)
{
	int rings_fd = bpf_map__fd(loader->skeleton->maps.rings);
	int error, fd = create_ring(loader->ring_bytes, reterr);

	if (fd < 0)
		return fd;
	loader->ring_fds[cpu] = fd;
	if (!bpf_map_update_elem(rings_fd, &cpu, &fd, BPF_ANY))
		return 0;
	error = -errno;
	return error_set(reterr, error, "cannot give CPU %u its ring: %s", cpu, strerror(-error));
}

/* The rings have to be sized before the programs are loaded, which know the watermark. */
static int size_rings(struct loader *loader, uint64_t bytes, struct error *reterr)
{
	unsigned int online_count = 0;
	int error;

	error = text_read_cpu_list("/sys/devices/system/cpu/online", loader->is_online,
				   loader->cpu_count);
	if (error)
		return error_set(reterr, error, "cannot read which CPUs are online: %s",
				 strerror(-error));
	for (unsigned int cpu = 0; cpu < loader->cpu_count; cpu++)
		online_count += loader->is_online[cpu];
	loader->ring_bytes = power_of_two_below(bytes / (online_count ? online_count : 1));
	return 0;
}

static int make_rings(struct loader *loader, struct error *reterr)
{
	int error = 0;

	for (unsigned int cpu = 0; cpu < loader->cpu_count && !error; cpu++)
		if (loader->is_online[cpu])
			error = make_ring(loader, cpu, reterr);
	return error;
}

static int load_error(int error, struct error *reterr)
{
	switch (-error) {
	case EPERM:
		return error_set(reterr, error,
				 "loading the filter needs CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON "
				 "(Linux 5.10 also CAP_SYS_RESOURCE): run pktsieve as root");
	case ENOMEM:
		return error_set(reterr, error, "the kernel has no memory for the maps");
	}
	return error_set(reterr, error,
			 "the kernel refused pktsieve's program: %s; this is a bug, please report "
			 "it with the lines above, the filter expression and 'uname -r'",
			 strerror(-error));
}

static int load_skeleton(struct loader *loader, const struct loader_options *options,
			 struct error *reterr)
{
	struct capture_configuration configuration = {
		.snapshot_bytes = options->snapshot_bytes,
		.clock = loader->clock,
		.ifindex = options->ifindex,
		.copy_packets = options->copy_packets,
		.check_heartbeat = options->check_heartbeat,
		.follow_fragments = filter_uses_ports(options->filter),
		.watermark_bytes = loader->ring_bytes / 4,
	};
	int error = register_sections();

	if (error)
		return error_set(reterr, error, "libbpf takes no program handler: %s",
				 strerror(-error));
	loader->skeleton = capture__open();
	if (!loader->skeleton)
		return load_error(-errno, reterr);
	choose_programs(loader->skeleton, options->hook);
	memcpy((void *)&loader->skeleton->rodata->configuration, &configuration,
	       sizeof(configuration));
	bpf_map__set_max_entries(loader->skeleton->maps.counters, loader->cpu_count);
	bpf_map__set_max_entries(loader->skeleton->maps.rings, loader->cpu_count);
	if (configuration.follow_fragments)
		bpf_map__set_max_entries(loader->skeleton->maps.fragments, FRAGMENT_ENTRIES);
	current_options = options;
	error = capture__load(loader->skeleton);
	current_options = NULL;
	return error ? load_error(error, reterr) : 0;
}

static int prepare_cpus(struct loader *loader, struct error *reterr)
{
	int count = libbpf_num_possible_cpus();

	if (count < 0)
		return error_set(reterr, count, "cannot read how many CPUs there are: %s",
				 strerror(-count));
	loader->cpu_count = (unsigned int)count;
	loader->ring_fds = malloc(loader->cpu_count * sizeof(*loader->ring_fds));
	loader->is_online = calloc(loader->cpu_count, sizeof(*loader->is_online));
	if (!loader->ring_fds || !loader->is_online)
		return error_set(reterr, -ENOMEM, "out of memory");
	for (unsigned int cpu = 0; cpu < loader->cpu_count; cpu++)
		loader->ring_fds[cpu] = -1;
	return 0;
}

int loader_load(const struct loader_options *options, struct loader **ret_loader,
		struct error *reterr)
{
	struct loader *loader = calloc(1, sizeof(*loader));
	int error;

	if (!loader)
		return error_set(reterr, -ENOMEM, "out of memory");
	loader->idle_ring_fd = -1;
	loader->hook = options->hook;
	load_log_bytes = 0;
	libbpf_set_print(collect_log);
	loader->clock = best_clock(options->hook);
	error = prepare_cpus(loader, reterr);
	if (!error && options->copy_packets)
		error = size_rings(loader, options->ring_bytes, reterr);
	if (!error)
		error = load_skeleton(loader, options, reterr);
	if (!error) {
		loader->idle_ring_fd = create_ring((uint64_t)sysconf(_SC_PAGESIZE), reterr);
		error = loader->idle_ring_fd < 0 ? loader->idle_ring_fd : 0;
	}
	if (!error && options->copy_packets)
		error = make_rings(loader, reterr);
	if (error) {
		loader_free(loader);
		return error;
	}
	*ret_loader = loader;
	return 0;
}

void loader_free(struct loader *loader)
{
	if (!loader)
		return;
	if (loader->skeleton)
		capture__destroy(loader->skeleton);
	for (unsigned int cpu = 0; loader->ring_fds && cpu < loader->cpu_count; cpu++)
		if (loader->ring_fds[cpu] >= 0)
			close(loader->ring_fds[cpu]);
	if (loader->idle_ring_fd >= 0)
		close(loader->idle_ring_fd);
	free(loader->ring_fds);
	free(loader->is_online);
	free(loader);
}

int loader_program_fd(const struct loader *loader, enum direction direction)
{
	const struct capture *skeleton = loader->skeleton;

	if (direction == DIRECTION_INGRESS)
		return bpf_program__fd(hook_is_xdp(loader->hook) ? skeleton->progs.pktsieve_xdp :
								   skeleton->progs.pktsieve_in);
	return hook_is_xdp(loader->hook) ? -1 : bpf_program__fd(skeleton->progs.pktsieve_out);
}

int loader_counters_fd(const struct loader *loader)
{
	return bpf_map__fd(loader->skeleton->maps.counters);
}

int loader_control_fd(const struct loader *loader)
{
	return bpf_map__fd(loader->skeleton->maps.control);
}

int loader_ring_fd(const struct loader *loader, unsigned int cpu)
{
	return cpu < loader->cpu_count ? loader->ring_fds[cpu] : -1;
}

unsigned int loader_cpu_count(const struct loader *loader)
{
	return loader->cpu_count;
}

uint64_t loader_ring_bytes(const struct loader *loader)
{
	return loader->ring_bytes;
}

enum capture_clock loader_clock(const struct loader *loader)
{
	return loader->clock;
}

/*
 * A change to a map of maps returns after a grace period (kernel/bpf/syscall.c,
 * maybe_wait_bpf_programs(), since Linux 5.0), so one is made: CPU 0 gets a ring that
 * nobody will use any more.
 */
int loader_wait_for_programs(const struct loader *loader)
{
	int rings_fd = bpf_map__fd(loader->skeleton->maps.rings);
	unsigned int cpu = 0;

	return bpf_map_update_elem(rings_fd, &cpu, &loader->idle_ring_fd, BPF_ANY) ? -errno : 0;
}
