/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens the skeleton, sizes the maps, loads the programs with the filter in its place
 * (filter_stub.c), and makes a ring for each online CPU.
 */
#include "loader.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "capture.skel.h"
#include "configuration.h"
#include "filter_stub.h"
#include "ring_maps.h"

#define LOG_BYTES (1u << 20)

/* Interfaces over the time of a capture whose losses are told apart. */
#define LOSSES_ENTRIES 16384
/* Datagrams under way whose ports are remembered: 64 bytes or so each. */
#define FRAGMENT_ENTRIES 8192

/* The programs with one filter, and what belongs to that filter. */
struct programs {
	struct capture *skeleton;
	struct set_maps *set_maps;
};

struct loader {
	struct loader_options options; /* but the filter, which may be gone */
	struct programs running;
	struct programs replacement; /* see loader_begin_replacement() */
	struct ring_maps rings;
	int idle_ring_fd; /* see loader_wait_for_programs() */
	enum capture_clock clock;
	unsigned int top_sets;
	uint64_t hash_seed;
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

/* NULL for what the hook does not see. */
static struct bpf_program *find_program(const struct capture *skeleton, enum hook hook,
					enum link_layer link_layer, enum direction direction)
{
	bool is_ip = link_layer == LINK_LAYER_IP;

	if (hook_is_xdp(hook))
		return direction == DIRECTION_INGRESS && !is_ip ? skeleton->progs.pktsieve_xdp :
								  NULL;
	if (direction == DIRECTION_INGRESS)
		return is_ip ? skeleton->progs.pktsieve_in_ip : skeleton->progs.pktsieve_in;
	return is_ip ? skeleton->progs.pktsieve_out_ip : skeleton->progs.pktsieve_out;
}

/* Only the programs of the hook and the link layers are loaded. */
static void choose_programs(struct capture *skeleton, const struct loader_options *options)
{
	struct bpf_program *program, *xdp = skeleton->progs.pktsieve_xdp;
	enum hook hook = options->hook;

	bpf_object__for_each_program(program, skeleton->obj)
		bpf_program__set_autoload(program, false);
	for (enum link_layer layer = 0; layer < LINK_LAYER_COUNT; layer++) {
		for (enum direction direction = 0; direction < DIRECTION_COUNT; direction++) {
			program = find_program(skeleton, hook, layer, direction);
			if (program && options->link_layers[layer])
				bpf_program__set_autoload(program, true);
		}
	}
	/* Frames of several pieces came with the helper that reads them (Linux 5.18). */
	if (hook_is_xdp(hook) && has_helper(hook, BPF_FUNC_xdp_load_bytes))
		bpf_program__set_flags(xdp, bpf_program__flags(xdp) | BPF_F_XDP_HAS_FRAGS);
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

static void size_maps(const struct loader *loader,
		      const struct capture_configuration *configuration, struct capture *skeleton)
{
	unsigned int cpu_count = loader->rings.cpu_count;

	bpf_map__set_max_entries(skeleton->maps.counters, cpu_count);
	bpf_map__set_max_entries(skeleton->maps.rings,
				 cpu_count + 1); /* the last is the idle one */
	bpf_map__set_max_entries(skeleton->maps.losses, LOSSES_ENTRIES);
	if (configuration->follow_fragments)
		bpf_map__set_max_entries(skeleton->maps.fragments, FRAGMENT_ENTRIES);
	if (configuration->top_sets)
		bpf_map__set_max_entries(skeleton->maps.tops,
					 cpu_count * TOP_TABLE_COUNT * configuration->top_sets);
	if (configuration->host_limit)
		bpf_map__set_max_entries(skeleton->maps.host_packets, HOST_SETS);
}

static void configure(const struct loader *loader, const struct filter *filter,
		      struct capture *skeleton)
{
	const struct configuration_facts facts = {
		.clock = loader->clock,
		.ring_bytes = loader->rings.bytes,
		.top_sets = loader->top_sets,
		.hash_seed = loader->hash_seed,
		.follow_fragments = filter_uses_ports(filter),
	};
	struct capture_configuration configuration;

	configuration_make(&loader->options, &facts, &configuration);
	choose_programs(skeleton, &loader->options);
	memcpy((void *)&skeleton->rodata->configuration, &configuration, sizeof(configuration));
	size_maps(loader, &configuration, skeleton);
}

/* All maps but the configuration are those of the running programs. */
static int share_maps(struct capture *skeleton, const struct capture *running)
{
	const struct bpf_map *shared;
	struct bpf_map *map;
	int error = 0;

	bpf_object__for_each_map(map, skeleton->obj)
	{
		if (bpf_map__is_internal(map))
			continue;
		shared = bpf_object__find_map_by_name(running->obj, bpf_map__name(map));
		error = shared ? bpf_map__reuse_fd(map, bpf_map__fd(shared)) : -ENOENT;
		if (error)
			break;
	}
	return error;
}

static int load_skeleton(struct capture *skeleton, const struct filter *filter,
			 const struct set_maps *set_maps)
{
	int error;

	filter_stub_set(filter, set_maps);
	error = capture__load(skeleton);
	filter_stub_set(NULL, NULL);
	return error;
}

static void free_programs(struct programs *programs)
{
	if (programs->skeleton)
		capture__destroy(programs->skeleton);
	set_maps_free(programs->set_maps);
	*programs = (struct programs){ 0 };
}

/* running: whose maps to share, or NULL. On error *programs is to be freed all the same. */
static int load_programs(const struct loader *loader, const struct filter *filter,
			 const struct programs *running, struct programs *programs,
			 struct error *reterr)
{
	size_t set_count;
	const struct hostset *const *sets = filter_sets(filter, &set_count);
	int error = filter_stub_register();

	if (error)
		return error_set(reterr, error, "libbpf takes no program handler: %s",
				 strerror(-error));
	programs->skeleton = capture__open();
	if (!programs->skeleton)
		return load_error(-errno, reterr);
	configure(loader, filter, programs->skeleton);
	if (running) {
		error = share_maps(programs->skeleton, running->skeleton);
		if (error)
			return error_set(reterr, error, "cannot share the maps: %s",
					 strerror(-error));
	}
	error = set_maps_make(sets, set_count, &programs->set_maps, reterr);
	if (error)
		return error;
	error = load_skeleton(programs->skeleton, filter, programs->set_maps);
	return error ? load_error(error, reterr) : 0;
}

int loader_load(const struct loader_options *options, struct loader **ret_loader,
		struct error *reterr)
{
	struct loader *loader = calloc(1, sizeof(*loader));
	int error;

	if (!loader)
		return error_set(reterr, -ENOMEM, "out of memory");
	loader->idle_ring_fd = -1;
	loader->options = *options;
	load_log_bytes = 0;
	libbpf_set_print(collect_log);
	loader->clock = best_clock(options->hook);
	error = ring_maps_size(&loader->rings, options->copy_packets ? options->ring_bytes : 0,
			       reterr);
	if (!error && options->count_tops)
		loader->top_sets = configuration_top_sets(loader->rings.cpu_count);
	if (!error && getrandom(&loader->hash_seed, sizeof(loader->hash_seed), 0) < 0)
		error = error_set(reterr, -errno, "cannot get a random number: %s",
				  strerror(errno));
	if (!error)
		error = load_programs(loader, options->filter, NULL, &loader->running, reterr);
	loader->options.filter = NULL;
	if (!error) {
		loader->idle_ring_fd = ring_maps_make_one((uint64_t)sysconf(_SC_PAGESIZE), reterr);
		error = loader->idle_ring_fd < 0 ? loader->idle_ring_fd : 0;
	}
	if (!error && options->copy_packets)
		error = ring_maps_make(&loader->rings,
				       bpf_map__fd(loader->running.skeleton->maps.rings), reterr);
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
	free_programs(&loader->running);
	free_programs(&loader->replacement);
	ring_maps_release(&loader->rings);
	if (loader->idle_ring_fd >= 0)
		close(loader->idle_ring_fd);
	free(loader);
}

static int program_fd(const struct loader *loader, const struct programs *programs,
		      enum link_layer link_layer, enum direction direction)
{
	const struct bpf_program *program =
		find_program(programs->skeleton, loader->options.hook, link_layer, direction);

	return program && loader->options.link_layers[link_layer] ? bpf_program__fd(program) : -1;
}

int loader_program_fd(const struct loader *loader, enum link_layer link_layer,
		      enum direction direction)
{
	return program_fd(loader, &loader->running, link_layer, direction);
}

int loader_begin_replacement(struct loader *loader, const struct filter *filter,
			     struct error *reterr)
{
	int error;

	load_log_bytes = 0;
	error = load_programs(loader, filter, &loader->running, &loader->replacement, reterr);
	if (error)
		free_programs(&loader->replacement);
	return error;
}

int loader_replacement_fd(const struct loader *loader, enum link_layer link_layer,
			  enum direction direction)
{
	return program_fd(loader, &loader->replacement, link_layer, direction);
}

void loader_end_replacement(struct loader *loader, bool is_taken)
{
	struct programs *unwanted = is_taken ? &loader->running : &loader->replacement;

	free_programs(unwanted);
	if (!is_taken)
		return;
	loader->running = loader->replacement;
	loader->replacement = (struct programs){ 0 };
}

const struct set_maps *loader_set_maps(const struct loader *loader)
{
	return loader->running.set_maps;
}

int loader_counters_fd(const struct loader *loader)
{
	return bpf_map__fd(loader->running.skeleton->maps.counters);
}

int loader_control_fd(const struct loader *loader)
{
	return bpf_map__fd(loader->running.skeleton->maps.control);
}

int loader_tops_fd(const struct loader *loader)
{
	return bpf_map__fd(loader->running.skeleton->maps.tops);
}

unsigned int loader_top_sets(const struct loader *loader)
{
	return loader->top_sets;
}

static int losses_fd(const struct loader *loader)
{
	return bpf_map__fd(loader->running.skeleton->maps.losses);
}

int loader_begin_losses(const struct loader *loader, unsigned int ifindex)
{
	uint64_t none = 0;

	if (!bpf_map_update_elem(losses_fd(loader), &ifindex, &none, BPF_NOEXIST))
		return 0;
	return errno == EEXIST ? 0 : -errno;
}

uint64_t loader_losses(const struct loader *loader, unsigned int ifindex)
{
	uint64_t lost;

	return bpf_map_lookup_elem(losses_fd(loader), &ifindex, &lost) ? 0 : lost;
}

int loader_ring_fd(const struct loader *loader, unsigned int cpu)
{
	return cpu < loader->rings.cpu_count ? loader->rings.fds[cpu] : -1;
}

unsigned int loader_cpu_count(const struct loader *loader)
{
	return loader->rings.cpu_count;
}

uint64_t loader_ring_bytes(const struct loader *loader)
{
	return loader->rings.bytes;
}

enum capture_clock loader_clock(const struct loader *loader)
{
	return loader->clock;
}

/*
 * A change to a map of maps returns after a grace period (kernel/bpf/syscall.c,
 * maybe_wait_bpf_programs(), since Linux 5.0), so one is made: of the element behind those of
 * the CPUs. A program that still runs finds its own ring where it was.
 */
int loader_wait_for_programs(const struct loader *loader)
{
	int rings_fd = bpf_map__fd(loader->running.skeleton->maps.rings);
	unsigned int idle = loader->rings.cpu_count;

	return bpf_map_update_elem(rings_fd, &idle, &loader->idle_ring_fd, BPF_ANY) ? -errno : 0;
}
