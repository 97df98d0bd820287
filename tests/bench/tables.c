/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tables [ROUNDS [PACKETS]]: what it costs to count a packet by source, destination and service,
 * in pktsieve's tables and in the kernel's LRU hashes with as many entries, in turns: with few
 * sources and with random ones, on one CPU and on two at once. Prints ns of a CPU for each packet,
 * beyond those of making it up: median [least..largest]. Nothing is asserted.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../bpf/capture_abi.h"
#include "../../user/configuration.h"

#define OBJECT "build/tests/bench/tables.bpf.o"
#define MAXIMUM_ROUNDS 100
#define MAXIMUM_CPUS 2

static const struct {
	const char *program, *what;
} variants[] = {
	{ "nothing", "" },
	{ "ours", "pktsieve's tables" },
	{ "lru", "LRU_HASH" },
	{ "lru_apart", "LRU_HASH, a list for each CPU" },
};

#define VARIANT_COUNT (sizeof(variants) / sizeof(variants[0]))

static const struct {
	const char *what;
	uint64_t mask;
} sources[] = { { "16 sources", 15 }, { "random sources", UINT64_MAX } };

struct run {
	unsigned int cpu;
	int program;
	unsigned int packets;
	int error;
	double ns;
};

static uint64_t cpu_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void *run_program(void *data)
{
	static const uint8_t frame[64] = { 2 };
	struct run *run = data;
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = frame, .data_size_in = sizeof(frame),
		    .repeat = (int)run->packets);
	uint64_t start;
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET(run->cpu, &cpu);
	run->error = sched_setaffinity(0, sizeof(cpu), &cpu);
	start = cpu_ns();
	run->error |= bpf_prog_test_run_opts(run->program, &options);
	run->ns = (double)(cpu_ns() - start) / run->packets;
	return NULL;
}

/* On so many CPUs at once; the mean of what they say, or -1. */
static double measure(int program, unsigned int cpus, unsigned int packets)
{
	struct run runs[MAXIMUM_CPUS] = { 0 };
	pthread_t threads[MAXIMUM_CPUS];
	double sum = 0;

	for (unsigned int i = 0; i < cpus; i++) {
		runs[i] = (struct run){ .cpu = i, .program = program, .packets = packets };
		if (pthread_create(&threads[i], NULL, run_program, &runs[i]))
			exit(1);
	}
	for (unsigned int i = 0; i < cpus; i++) {
		pthread_join(threads[i], NULL);
		if (runs[i].error)
			return -1;
		sum += runs[i].ns;
	}
	return sum / cpus;
}

static int compare(const void *a, const void *b)
{
	const double *left = a, *right = b;

	return (*left > *right) - (*left < *right);
}

static struct bpf_map *find_map(struct bpf_object *object, const char *name)
{
	return bpf_object__find_map_by_name(object, name);
}

static struct bpf_object *load(unsigned int cpu_count)
{
	struct capture_configuration configuration = {
		.top_sets = configuration_top_sets(cpu_count),
		.hash_seed = 0x5bd1e9955bd1e995ull,
	};
	struct bpf_object *object = bpf_object__open(OBJECT);

	if (!object ||
	    bpf_map__set_initial_value(find_map(object, ".rodata"), &configuration,
				       sizeof(configuration)) ||
	    bpf_map__set_max_entries(find_map(object, "counters"), cpu_count) ||
	    bpf_map__set_max_entries(find_map(object, "tops"),
				     cpu_count * TOP_TABLE_COUNT * configuration.top_sets) ||
	    bpf_object__load(object)) {
		fprintf(stderr, "tables: cannot load %s\n", OBJECT);
		return NULL;
	}
	return object;
}

static int set_sources(struct bpf_object *object, uint64_t mask)
{
	const uint32_t zero = 0;

	return bpf_map_update_elem(bpf_map__fd(find_map(object, ".data")), &zero, &mask, BPF_ANY);
}

static void print_row(const char *what, double *ns, unsigned int rounds)
{
	qsort(ns, rounds, sizeof(*ns), compare);
	printf("  %-32s %6.1f [%.1f..%.1f]\n", what, ns[rounds / 2], ns[0], ns[rounds - 1]);
}

static int measure_all(struct bpf_object *object, unsigned int cpus, unsigned int rounds,
		       unsigned int packets)
{
	double ns[VARIANT_COUNT][MAXIMUM_ROUNDS];

	for (unsigned int round = 0; round < rounds; round++) {
		for (size_t i = 0; i < VARIANT_COUNT; i++) {
			struct bpf_program *program =
				bpf_object__find_program_by_name(object, variants[i].program);

			ns[i][round] = measure(bpf_program__fd(program), cpus, packets);
			if (ns[i][round] < 0)
				return -1;
			if (i > 0)
				ns[i][round] -= ns[0][round];
		}
	}
	for (size_t i = 1; i < VARIANT_COUNT; i++)
		print_row(variants[i].what, ns[i], rounds);
	return 0;
}

int main(int argc, char **argv)
{
	unsigned int rounds = argc > 1 ? (unsigned int)atoi(argv[1]) : 5;
	unsigned int packets = argc > 2 ? (unsigned int)atoi(argv[2]) : 1000000;
	int cpu_count = libbpf_num_possible_cpus();
	struct bpf_object *object = cpu_count > 0 ? load((unsigned int)cpu_count) : NULL;

	if (!object || rounds < 1 || rounds > MAXIMUM_ROUNDS)
		return 1;
	for (unsigned int cpus = 1; cpus <= MAXIMUM_CPUS && cpus <= (unsigned int)cpu_count;
	     cpus++) {
		for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
			printf("%s, on %u CPU%s, ns:\n", sources[i].what, cpus,
			       cpus > 1 ? "s" : "");
			if (set_sources(object, sources[i].mask) ||
			    measure_all(object, cpus, rounds, packets)) {
				perror("tables");
				return 1;
			}
		}
	}
	bpf_object__close(object);
	return 0;
}
