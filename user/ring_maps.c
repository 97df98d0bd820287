/* SPDX-License-Identifier: GPL-2.0-only */
/* Sizes and makes BPF ring buffers; see ring_maps.h. */
#include "ring_maps.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

#define MINIMUM_RING_BYTES (1u << 20)
#define MAXIMUM_RING_BYTES (1u << 30)

static uint64_t power_of_two_below(uint64_t bytes)
{
	uint64_t power = MINIMUM_RING_BYTES;

	while (power * 2 <= bytes && power < MAXIMUM_RING_BYTES)
		power *= 2;
	return power;
}

static int find_cpus(struct ring_maps *rings, struct error *reterr)
{
	int count = libbpf_num_possible_cpus();

	if (count < 0)
		return error_set(reterr, count, "cannot read how many CPUs there are: %s",
				 strerror(-count));
	rings->cpu_count = (unsigned int)count;
	rings->fds = malloc(rings->cpu_count * sizeof(*rings->fds));
	rings->is_online = calloc(rings->cpu_count, sizeof(*rings->is_online));
	if (!rings->fds || !rings->is_online)
		return error_set(reterr, -ENOMEM, "out of memory");
	for (unsigned int cpu = 0; cpu < rings->cpu_count; cpu++)
		rings->fds[cpu] = -1;
	return 0;
}

int ring_maps_size(struct ring_maps *rings, uint64_t bytes, struct error *reterr)
{
	unsigned int online_count = 0;
	int error = find_cpus(rings, reterr);

	if (error || !bytes)
		return error;
	error = text_read_cpu_list("/sys/devices/system/cpu/online", rings->is_online,
				   rings->cpu_count);
	if (error)
		return error_set(reterr, error, "cannot read which CPUs are online: %s",
				 strerror(-error));
	for (unsigned int cpu = 0; cpu < rings->cpu_count; cpu++)
		online_count += rings->is_online[cpu];
	rings->bytes = power_of_two_below(bytes / (online_count ? online_count : 1));
	return 0;
}

int ring_maps_make_one(uint64_t bytes, struct error *reterr)
{
	int fd = bpf_map_create(BPF_MAP_TYPE_RINGBUF, "pktsieve_ring", 0, 0, (uint32_t)bytes, NULL);
	int error = -errno;

	if (fd >= 0)
		return fd;
	return error_set(reterr, error, "cannot make a ring of %llu KiB: %s (less with '-B')",
			 (unsigned long long)bytes / 1024, strerror(-error));
}

static int make_for_cpu(struct ring_maps *rings, unsigned int cpu, int array_fd,
			struct error *reterr)
{
	int error, fd = ring_maps_make_one(rings->bytes, reterr);

	if (fd < 0)
		return fd;
	rings->fds[cpu] = fd;
	if (!bpf_map_update_elem(array_fd, &cpu, &fd, BPF_ANY))
		return 0;
	error = -errno;
	return error_set(reterr, error, "cannot give CPU %u its ring: %s", cpu, strerror(-error));
}

int ring_maps_make(struct ring_maps *rings, int array_fd, struct error *reterr)
{
	int error = 0;

	for (unsigned int cpu = 0; cpu < rings->cpu_count && !error; cpu++)
		if (rings->is_online[cpu])
			error = make_for_cpu(rings, cpu, array_fd, reterr);
	return error;
}

void ring_maps_release(struct ring_maps *rings)
{
	for (unsigned int cpu = 0; rings->fds && cpu < rings->cpu_count; cpu++)
		if (rings->fds[cpu] >= 0)
			close(rings->fds[cpu]);
	free(rings->fds);
	free(rings->is_online);
	*rings = (struct ring_maps){ 0 };
}
