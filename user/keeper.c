/* SPDX-License-Identifier: GPL-2.0-only */
/* One capture: prepare, start the writer, attach, wait, take down; see keeper.h. */
#include "keeper.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "counters.h"
#include "intake.h"
#include "interface_set.h"
#include "keeper_events.h"
#include "link_types.h"
#include "loader.h"
#include "privileges.h"
#include "reload.h"
#include "ring.h"
#include "rotation.h"
#include "sll2.h"
#include "stats_output.h"
#include "writer_process.h"

struct keeper {
	const struct options *options;
	const struct filter *filter; /* the first; those with other sets are the reload's */
	struct interface_table *interface_table; /* with the writer */
	struct interface_set *interfaces;
	char interface_names[128];
	enum link_type link_type; /* of the file */
	uint32_t snapshot_bytes;  /* the cooked header of a packet included */
	struct loader *loader;
	struct counters *counters;
	struct tops *tops;               /* NULL: none are kept */
	struct recorder *recorder;       /* until the writer has it */
	struct capture_control *control; /* mapped */
	struct ring *rings;
	struct merge_source *sources; /* one for each ring */
	unsigned int ring_count;
	struct shared_status *shared; /* with the writer */
	struct reload *reload;
	struct rotation rotation;
	struct metrics_file metrics;
	int stats_fd; /* of --stats-file, for the writer; -1: none */
	struct writer_process writer;
	struct keeper_events events;
};

static int report_error(const struct error *error)
{
	fprintf(stderr, "pktsieve: %s\n", error->message);
	return 1;
}

/* Nothing is there yet that a signal would leave behind. */
static int wait_for_interface(struct interface_set *set, const char *name, struct error *reterr)
{
	struct pollfd waited = { .fd = interface_set_fd(set), .events = POLLIN };

	fprintf(stderr, "pktsieve: waiting for '%s'\n", name);
	while (interface_set_is_waiting(set)) {
		if (poll(&waited, 1, -1) < 0 && errno != EINTR)
			return error_set(reterr, -errno, "cannot wait for '%s': %s", name,
					 strerror(errno));
		interface_set_take_news(set);
	}
	return 0;
}

/* A cooked header is not cut, and something is to be behind it. */
static void choose_snapshot_length(struct keeper *keeper)
{
	const uint32_t least =
		keeper->link_type == LINK_TYPE_LINUX_SLL2 ? SLL2_HEADER_BYTES + 1 : 1;

	keeper->snapshot_bytes = keeper->options->snapshot_bytes;
	if (keeper->snapshot_bytes >= least)
		return;
	/* tcpdump's words */
	fprintf(stderr, "pktsieve: WARNING: snaplen raised from %u to %u\n", keeper->snapshot_bytes,
		least);
	keeper->snapshot_bytes = least;
}

static int find_interfaces(struct keeper *keeper, struct error *reterr)
{
	const struct options *options = keeper->options;
	int error;

	keeper->interface_table = interface_table_new();
	if (!keeper->interface_table)
		return error_set(reterr, -ENOMEM, "out of memory");
	error = interface_set_open(options, keeper->interface_table, &keeper->events.notices,
				   &keeper->interfaces, reterr);
	if (!error && interface_set_is_waiting(keeper->interfaces))
		error = wait_for_interface(keeper->interfaces, options->interfaces[0], reterr);
	if (!error)
		error = interface_set_choose_link_type(keeper->interfaces, &keeper->link_type,
						       reterr);
	if (!error && hook_is_xdp(options->hook))
		error = interface_set_check_xdp(keeper->interfaces, keeper->filter, reterr);
	if (error)
		return error;
	interface_set_describe(keeper->interfaces, keeper->interface_names,
			       sizeof(keeper->interface_names));
	choose_snapshot_length(keeper);
	return 0;
}

static int load(struct keeper *keeper, struct error *reterr)
{
	const struct trigger_options *trigger = &keeper->options->trigger;
	bool keeps_what_came_before = trigger->before_ns || trigger->before_bytes;
	const struct loader_options options = {
		.filter = keeper->filter,
		.hook = keeper->options->hook,
		.link_layers = {
			interface_set_needs(keeper->interfaces, LINK_LAYER_ETHERNET),
			interface_set_needs(keeper->interfaces, LINK_LAYER_IP),
		},
		/* The cooked header is the writer's, and counts. */
		.snapshot_bytes = keeper->snapshot_bytes -
				  (keeper->link_type == LINK_TYPE_LINUX_SLL2 ? SLL2_HEADER_BYTES : 0),
		.snap_headers = keeper->options->snap_headers,
		.snap_extra_bytes = keeper->options->snap_extra_bytes,
		.is_cooked = keeper->link_type == LINK_TYPE_LINUX_SLL2,
		.copy_packets = keeper->options->output != NULL,
		.check_heartbeat = interface_set_needs_heartbeat(keeper->interfaces),
		.can_pause = keeper->options->trigger.condition && !keeps_what_came_before,
		.ring_bytes = keeper->options->ring_bytes,
		.count_tops = keeper->options->top_rows > 0,
		.top_prefixes = keeper->options->top_prefixes,
		.limits = keeper->options->limits,
	};
	int error = loader_load(&options, &keeper->loader, reterr);

	if (error && error != -EPERM)
		loader_print_log(stderr);
	return error;
}

static int map_rings(struct keeper *keeper, struct error *reterr)
{
	unsigned int cpu_count = loader_cpu_count(keeper->loader);
	int fd, error = 0;

	keeper->rings = calloc(cpu_count, sizeof(*keeper->rings));
	keeper->sources = calloc(cpu_count, sizeof(*keeper->sources));
	if (!keeper->rings || !keeper->sources)
		return error_set(reterr, -ENOMEM, "out of memory");
	for (unsigned int cpu = 0; cpu < cpu_count; cpu++) {
		fd = loader_ring_fd(keeper->loader, cpu);
		if (fd < 0)
			continue;
		error = ring_map(fd, loader_ring_bytes(keeper->loader),
				 &keeper->rings[keeper->ring_count], reterr);
		if (error)
			break;
		keeper->sources[keeper->ring_count] = (struct merge_source){
			.ring = &keeper->rings[keeper->ring_count],
			.cpu = counters_of_cpu(keeper->counters, cpu),
		};
		keeper->ring_count++;
	}
	return error;
}

static int map_tops(struct keeper *keeper, struct error *reterr)
{
	const struct tops_options options = {
		.map_fd = loader_tops_fd(keeper->loader),
		.sets = loader_top_sets(keeper->loader),
		.cpu_count = loader_cpu_count(keeper->loader),
		.counters = keeper->counters,
		.rows = (unsigned int)keeper->options->top_rows,
	};

	return options.sets ? tops_map(&options, &keeper->tops, reterr) : 0;
}

/* Everything that the writer reads is mapped before it exists and gives up its rights. */
static int map_all(struct keeper *keeper, struct error *reterr)
{
	int error;

	error = counters_map(loader_counters_fd(keeper->loader), loader_cpu_count(keeper->loader),
			     &keeper->counters, reterr);
	if (!error)
		error = map_tops(keeper, reterr);
	if (!error)
		error = map_rings(keeper, reterr);
	if (!error)
		error = intake_reserve_memory(&keeper->options->trigger, &keeper->recorder, reterr);
	if (error)
		return error;
	keeper->control = mmap(NULL, sizeof(*keeper->control), PROT_READ | PROT_WRITE, MAP_SHARED,
			       loader_control_fd(keeper->loader), 0);
	if (keeper->control == MAP_FAILED) {
		keeper->control = NULL;
		return error_set(reterr, -errno, "cannot map the heartbeat: %s", strerror(errno));
	}
	keeper->shared = mmap(NULL, sizeof(*keeper->shared), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (keeper->shared == MAP_FAILED) {
		keeper->shared = NULL;
		return error_set(reterr, -ENOMEM, "out of memory");
	}
	return 0;
}

static void announce_attachments(const struct keeper *keeper)
{
	char kinds[128];

	interface_set_describe_attachments(keeper->interfaces, kinds, sizeof(kinds));
	fprintf(stderr, "pktsieve: attached by %s,%s%s; timestamps from %s\n", kinds,
		interface_set_wants(keeper->interfaces, DIRECTION_INGRESS) ? " ingress" : "",
		interface_set_wants(keeper->interfaces, DIRECTION_EGRESS) ? " egress" : "",
		loader_clock(keeper->loader) == CAPTURE_CLOCK_TAI ?
			"CLOCK_TAI" :
			"CLOCK_MONOTONIC, measured against the wall clock every second");
}

static void announce_details(const struct keeper *keeper)
{
	struct notices now = { 0 }; /* the screen is still ours */

	announce_attachments(keeper);
	if (keeper->ring_count)
		fprintf(stderr, "pktsieve: %u rings of %" PRIu64 " KiB\n", keeper->ring_count,
			loader_ring_bytes(keeper->loader) / 1024);
	else
		fputs("pktsieve: no '-w': packets are counted, none is copied\n", stderr);
	reload_describe_sets(keeper->filter, keeper->loader, &now);
}

/* "listening on" comes last: who waits for it has read all there is to say of the start. */
static void announce(const struct keeper *keeper)
{
	const struct options *options = keeper->options;

	if (hook_is_xdp(options->hook) && options->directions[DIRECTION_EGRESS] &&
	    !interface_set_is_loopback(keeper->interfaces))
		fputs("pktsieve: XDP sees only what comes in: outgoing packets are not captured "
		      "(with '--hook tc' they are)\n",
		      stderr);
	if (options->verbose)
		announce_details(keeper);
	fprintf(stderr, "pktsieve: listening on %s, link-type %s (%s), snapshot length %u bytes\n",
		keeper->interface_names, link_type_name(keeper->link_type),
		link_type_description(keeper->link_type), keeper->snapshot_bytes);
}

/* Nothing more comes into the rings; what is there, the writer still writes. */
static void stop_programs(struct keeper *keeper)
{
	int error;

	interface_set_detach(keeper->interfaces);
	error = loader_wait_for_programs(keeper->loader);
	if (error)
		fprintf(stderr, "pktsieve: cannot wait for the programs to end: %s\n",
			strerror(-error));
	interface_set_read_losses(keeper->interfaces);
}

static int start_writer(struct keeper *keeper, struct error *reterr)
{
	const struct file_owner *owner = &keeper->rotation.owner;
	bool has_user = keeper->options->rotation.user && owner->is_another;
	int error;

	keeper->writer.rotation = &keeper->rotation;
	keeper->writer.metrics = &keeper->metrics;
	keeper->writer.options = (struct writer_options){
		.options = keeper->options,
		.interface = keeper->interface_names,
		.interfaces = keeper->interface_table,
		.link_type = keeper->link_type,
		.snapshot_bytes = keeper->snapshot_bytes,
		.counters = keeper->counters,
		.tops = keeper->tops,
		.recorder = keeper->recorder,
		.control = keeper->control,
		.sources = keeper->sources,
		.source_count = keeper->ring_count,
		.clock = loader_clock(keeper->loader),
		.stats_fd = keeper->stats_fd,
		.metrics = keeper->metrics.page,
		.shared = keeper->shared,
		.user = has_user ? owner->user : PRIVILEGES_NOBODY,
		.group = has_user ? owner->group : PRIVILEGES_NOBODY,
	};
	error = writer_process_start(&keeper->writer, reterr);
	recorder_free(TAKE(keeper->recorder));
	return error;
}

static bool screen_is_taken(const struct options *options)
{
	return options->stats == OPTIONS_STATS_PANEL;
}

static int open_events(struct keeper *keeper, struct error *reterr)
{
	keeper->events.writer = &keeper->writer;
	keeper->events.control = keeper->control;
	keeper->events.shared = keeper->shared;
	keeper->events.interfaces = keeper->interfaces;
	keeper->events.notices.board = &keeper->shared->keeper_notice;
	return keeper_events_open(&keeper->events, reterr);
}

/* The sets of the filter follow their files from here on, once it is attached. */
static int open_reload(struct keeper *keeper, struct error *reterr)
{
	const struct options *options = keeper->options;

	if (reload_open(options->expression, keeper->filter, keeper->loader, keeper->interfaces,
			&keeper->events.notices, options->verbose, &keeper->reload))
		return error_set(reterr, -ENOMEM, "out of memory");
	keeper->events.reload = keeper->reload;
	return 0;
}

static int open_output(struct keeper *keeper, struct error *reterr)
{
	keeper->rotation.options = keeper->options;
	keeper->rotation.notices = &keeper->events.notices;
	keeper->rotation.shared = keeper->shared;
	keeper->rotation.counters = keeper->counters;
	return rotation_open(&keeper->rotation, reterr);
}

/* Behind open_output(), which knows the owner of files. */
static int open_statistics(struct keeper *keeper, struct error *reterr)
{
	const char *path = keeper->options->stats_file;

	if (path)
		keeper->stats_fd = stats_output_open(path, &keeper->rotation.owner, reterr);
	if (path && keeper->stats_fd < 0)
		return keeper->stats_fd;
	keeper->metrics.owner = &keeper->rotation.owner;
	keeper->metrics.notices = &keeper->events.notices;
	return metrics_file_open(&keeper->metrics, keeper->options->metrics_file, reterr);
}

static int prepare(struct keeper *keeper, struct error *reterr)
{
	int error = find_interfaces(keeper, reterr);

	if (!error)
		error = load(keeper, reterr);
	if (!error)
		error = open_reload(keeper, reterr);
	if (!error)
		error = map_all(keeper, reterr);
	if (!error)
		error = open_events(keeper, reterr);
	if (!error)
		error = open_output(keeper, reterr);
	if (!error)
		error = open_statistics(keeper, reterr);
	if (!error)
		error = start_writer(keeper, reterr);
	return error;
}

static int capture(struct keeper *keeper)
{
	struct keeper_events *events = &keeper->events;
	int status, files_status;
	struct error why;

	if (!writer_process_hand_over(&keeper->writer))
		return keeper_events_end_writer(events, CHANNEL_CANCEL);
	keeper_events_beat(events);
	if (interface_set_attach(keeper->interfaces, keeper->loader, &why)) {
		report_error(&why);
		keeper_events_end_writer(events, CHANNEL_CANCEL);
		return 1;
	}
	keeper_events_start_drops(events, keeper->interface_table);
	announce(keeper);
	/* From here on the screen may be the panel's, and the keeper's lines would be lost in it. */
	events->notices.are_held = screen_is_taken(keeper->options);
	if (keeper->options->reads_keys) {
		events->keyboard.fd = STDIN_FILENO;
		keyboard_hold(&events->keyboard);
	}
	writer_process_tell(&keeper->writer, CHANNEL_RESIZE);
	keeper_events_wait_for_end(events, keeper->options->duration_ns);
	stop_programs(keeper);
	keeper_events_read_drops(events);
	status = keeper_events_end_writer(events, CHANNEL_STOP);
	keyboard_release(&events->keyboard);
	files_status = keeper_events_end_files(events);
	return status ? status : files_status;
}

static void release(struct keeper *keeper)
{
	interface_set_free(keeper->interfaces);
	for (unsigned int i = 0; i < keeper->ring_count; i++)
		ring_unmap(&keeper->rings[i]);
	free(keeper->rings);
	free(keeper->sources);
	tops_unmap(keeper->tops);
	recorder_free(keeper->recorder);
	counters_unmap(keeper->counters);
	if (keeper->control)
		munmap(keeper->control, sizeof(*keeper->control));
	if (keeper->shared)
		munmap(keeper->shared, sizeof(*keeper->shared));
	if (reload_close(keeper->reload))
		loader_free(keeper->loader);
	interface_table_free(keeper->interface_table);
	rotation_close(&keeper->rotation);
	keeper_events_close(&keeper->events);
	cleanup_close(&keeper->writer.channel_fd);
	cleanup_close(&keeper->stats_fd);
	metrics_file_close(&keeper->metrics);
}

int keeper_run(const struct options *options, const struct filter *filter)
{
	struct keeper keeper = {
		.options = options,
		.filter = filter,
		.rotation = { .directory_fd = -1, .fd = -1 },
		.metrics.directory_fd = -1,
		.stats_fd = -1,
		.writer.channel_fd = -1,
		.events = { .signal_fd = -1, .keyboard.fd = -1 },
	};
	struct error why;
	int status;

	status = prepare(&keeper, &why) ? report_error(&why) : capture(&keeper);
	release(&keeper);
	return status;
}
