/* SPDX-License-Identifier: GPL-2.0-only */
/* Compiles, loads, maps. */
#include "kernel_capture.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t whole_pages(size_t bytes)
{
	size_t page_bytes = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

static size_t counters_bytes(const struct kernel_capture *capture)
{
	return whole_pages(capture->cpu_count * sizeof(struct cpu_counters));
}

static int map_maps(struct kernel_capture *capture)
{
	void *memory = mmap(NULL, counters_bytes(capture), PROT_READ | PROT_WRITE, MAP_SHARED,
			    loader_counters_fd(capture->loader), 0);

	if (memory == MAP_FAILED)
		return -errno;
	capture->counters = memory;
	memory = mmap(NULL, whole_pages(1), PROT_READ | PROT_WRITE, MAP_SHARED,
		      loader_control_fd(capture->loader), 0);
	if (memory == MAP_FAILED)
		return -errno;
	capture->control = memory;
	return 0;
}

/* The log's last lines: the verifier's reason, not its way there. */
static void print_log_end(void)
{
	const unsigned int lines = 8;
	char *text = NULL, *line, *rest;
	size_t bytes = 0;
	FILE *log = open_memstream(&text, &bytes);

	if (!log)
		return;
	loader_print_log(log);
	fclose(log);
	line = text + bytes;
	for (unsigned int i = 0; line > text && i <= lines; i++)
		while (line > text && *--line != '\n')
			;
	for (line = strtok_r(line, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		printf("# %.200s\n", line);
	free(text);
}

int kernel_capture_open(const struct kernel_capture_options *options,
			struct kernel_capture *ret_capture)
{
	struct loader_options load = {
		.hook = options->hook,
		.snapshot_bytes =
			options->snapshot_bytes ? options->snapshot_bytes : MAXIMUM_SNAPSHOT_BYTES,
		.snap_headers = options->snap_headers,
		.snap_extra_bytes = options->snap_extra_bytes,
		.is_cooked = options->is_cooked,
		.copy_packets = options->copy_packets,
		.check_heartbeat = options->check_heartbeat,
		.can_pause = options->can_pause,
		.count_tops = options->count_tops,
		.top_prefixes = options->top_prefixes,
		.limits = options->limits,
		.ring_bytes = KERNEL_CAPTURE_RING_BYTES, /* each CPU gets the least that it can */
	};
	struct filter_error filter_error = { 0 };
	struct error error = { 0 };
	int code;

	*ret_capture = (struct kernel_capture){
		.hook = options->hook,
		.link_layer = options->link_layer,
	};
	code = filter_compile(options->expression, &ret_capture->filter, &filter_error);
	if (code) {
		printf("# '%s': %s\n", options->expression, filter_error.message);
		return code;
	}
	load.filter = ret_capture->filter;
	load.link_layers[options->link_layer] = true;
	code = loader_load(&load, &ret_capture->loader, &error);
	if (code) {
		printf("# '%.60s': %s\n", options->expression, error.message);
		print_log_end();
		return code;
	}
	ret_capture->cpu_count = loader_cpu_count(ret_capture->loader);
	code = map_maps(ret_capture);
	if (code)
		printf("# cannot map the counters: %s\n", strerror(-code));
	return code;
}

void kernel_capture_close(struct kernel_capture *capture)
{
	if (capture->counters)
		munmap(capture->counters, counters_bytes(capture));
	if (capture->control)
		munmap(capture->control, whole_pages(1));
	loader_free(capture->loader);
	filter_free(capture->filter);
	*capture = (struct kernel_capture){ 0 };
}

int kernel_capture_run(const struct kernel_capture *capture, enum direction direction,
		       const struct packet *packet, uint32_t length,
		       const struct test_aggregate *aggregate)
{
	return test_run(loader_program_fd(capture->loader, capture->link_layer, direction),
			capture->hook, packet, length, aggregate);
}

/* All counters are 64 bits wide and stand before the rest of the struct. */
void kernel_capture_sum(const struct kernel_capture *capture, struct cpu_counters *ret_sum)
{
	const size_t count =
		offsetof(struct cpu_counters, heartbeat_checked_jiffies) / sizeof(uint64_t);
	uint64_t *sums = (uint64_t *)(void *)ret_sum;

	memset(ret_sum, 0, sizeof(*ret_sum));
	for (unsigned int cpu = 0; cpu < capture->cpu_count; cpu++) {
		const uint64_t *counters = (const uint64_t *)(const void *)&capture->counters[cpu];

		for (size_t i = 0; i < count; i++)
			sums[i] += counters[i];
	}
}

int kernel_capture_stay_on_cpu(unsigned int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) ? -errno : 0;
}

int kernel_capture_map_ring(const struct kernel_capture *capture, unsigned int cpu,
			    struct ring_reader *ret_reader)
{
	return ring_reader_map(loader_ring_fd(capture->loader, cpu),
			       loader_ring_bytes(capture->loader), ret_reader);
}
