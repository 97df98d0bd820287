/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The order of the records of several rings, against CPUs that are played: each puts records
 * into its ring and says by its marks what is on its way.
 */
#include "../../user/merge.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

#define RING_BYTES 65536
#define MAXIMUM_CPUS 5
#define MILLISECOND_NS 1000000ull
#define ROOM (BPF_RINGBUF_HDR_SZ + sizeof(struct capture_record))

/* One CPU, its ring and the record that it is about to submit. */
struct cpu {
	struct cpu_counters marks;
	struct ring ring;
	unsigned long consumer, producer;
	/* The kernel maps it twice: a record that begins at its end goes on behind it. */
	uint8_t data[RING_BYTES + ROOM] __attribute__((aligned(8)));
	uint64_t time_ns; /* of the record on its way */
	bool is_underway, is_reserved, is_submitted;
};

struct stage {
	struct cpu *cpus;
	size_t cpu_count;
	struct merge *merge;
};

static void open_stage(struct stage *stage, size_t cpu_count)
{
	struct merge_source sources[MAXIMUM_CPUS];

	stage->cpu_count = cpu_count;
	stage->cpus = calloc(cpu_count, sizeof(*stage->cpus));
	if (!stage->cpus)
		exit(1);
	for (size_t i = 0; i < cpu_count; i++) {
		struct cpu *cpu = &stage->cpus[i];

		cpu->ring = (struct ring){
			.consumer_position = &cpu->consumer,
			.producer_position = &cpu->producer,
			.data = cpu->data,
			.bytes = RING_BYTES,
		};
		sources[i] = (struct merge_source){ .ring = &cpu->ring, .cpu = &cpu->marks };
	}
	if (merge_new(sources, cpu_count, &stage->merge, NULL))
		exit(1);
}

static void close_stage(struct stage *stage)
{
	merge_free(stage->merge);
	free(stage->cpus);
}

/* The four steps of submit_record() in bpf/record.bpf.h. */
static void begin(struct cpu *cpu, uint64_t time_ns)
{
	cpu->marks.submissions_started++;
	cpu->time_ns = time_ns;
	cpu->is_underway = true;
}

static uint32_t *place(struct cpu *cpu)
{
	return (uint32_t *)(void *)(cpu->data + (cpu->producer & (RING_BYTES - 1)));
}

static void reserve(struct cpu *cpu)
{
	*place(cpu) = sizeof(struct capture_record) | BPF_RINGBUF_BUSY_BIT;
	cpu->producer += ROOM;
	cpu->is_reserved = true;
}

static void submit(struct cpu *cpu)
{
	uint32_t *header =
		(uint32_t *)(void *)(cpu->data + ((cpu->producer - ROOM) & (RING_BYTES - 1)));

	*(struct capture_record *)(header + 2) = (struct capture_record){ .time_ns = cpu->time_ns };
	*header = sizeof(struct capture_record);
	cpu->is_reserved = false;
	cpu->is_submitted = true;
}

static void end(struct cpu *cpu)
{
	cpu->marks.submissions_finished++;
	cpu->is_underway = cpu->is_submitted = false;
}

static void put(struct cpu *cpu, uint64_t time_ns)
{
	begin(cpu, time_ns);
	reserve(cpu);
	submit(cpu);
	end(cpu);
}

/* Takes what a round gives, as text: the times in ms, in brackets. */
static const char *take(struct stage *stage, uint64_t now_ns)
{
	static char text[1024];
	const struct capture_record *record;
	size_t length = 0;

	text[0] = '\0';
	merge_begin_round(stage->merge, now_ns);
	while ((record = merge_peek(stage->merge))) {
		length += (size_t)snprintf(text + length, sizeof(text) - length, "[%llu]",
					   (unsigned long long)(record->time_ns / MILLISECOND_NS));
		merge_release(stage->merge);
	}
	merge_end_round(stage->merge);
	return text;
}

static void check_take(struct stage *stage, uint64_t now_ms, const char *wanted,
		       const char *sentence)
{
	uint64_t now_ns = now_ms == MERGE_EVERYTHING ? now_ms : now_ms * MILLISECOND_NS;
	const char *taken = take(stage, now_ns);

	check(strcmp(taken, wanted) == 0, "%s", sentence);
	check_note("taken: %s, wanted: %s", taken, wanted);
}

static void test_order(void)
{
	struct stage stage;

	open_stage(&stage, 3);
	put(&stage.cpus[0], 1 * MILLISECOND_NS);
	put(&stage.cpus[0], 4 * MILLISECOND_NS);
	put(&stage.cpus[1], 2 * MILLISECOND_NS);
	put(&stage.cpus[1], 5 * MILLISECOND_NS);
	put(&stage.cpus[2], 3 * MILLISECOND_NS);
	check_take(&stage, 10, "[1][2][3][4][5]", "the records of three rings come by their time");
	check_take(&stage, 11, "", "no record comes twice");
	put(&stage.cpus[1], 11 * MILLISECOND_NS);
	check_take(&stage, 12, "[11]", "a ring that was empty goes on");
	check(merge_late(stage.merge) == 0, "records in order are not late");
	check(stage.cpus[0].consumer == stage.cpus[0].producer,
	      "after a round the kernel has its room back");
	close_stage(&stage);
}

static void test_hold(void)
{
	struct stage stage;

	open_stage(&stage, 2);
	put(&stage.cpus[0], 1 * MILLISECOND_NS);
	check_take(&stage, 2, "[1]", "an empty ring of a CPU at rest holds nothing back");
	begin(&stage.cpus[1], 3 * MILLISECOND_NS);
	put(&stage.cpus[0], 4 * MILLISECOND_NS);
	check_take(&stage, 5, "", "a younger record waits for one that is on its way");
	reserve(&stage.cpus[1]);
	check_take(&stage, 6, "", "it waits while the other is being copied");
	submit(&stage.cpus[1]);
	end(&stage.cpus[1]);
	check_take(&stage, 7, "[3][4]", "it follows the one it has waited for");
	check(merge_late(stage.merge) == 0, "what was waited for is not late");

	begin(&stage.cpus[1], 8 * MILLISECOND_NS);
	put(&stage.cpus[0], 9 * MILLISECOND_NS);
	check_take(&stage, 100, "", "a record waits for less than the longest time");
	check_take(&stage, 110, "[9]", "a record does not wait for longer than that");
	reserve(&stage.cpus[1]);
	submit(&stage.cpus[1]);
	end(&stage.cpus[1]);
	check_take(&stage, 111, "[8]", "a record that was not waited for comes all the same");
	check(merge_late(stage.merge) == 1, "a record that was not waited for is late");
	close_stage(&stage);
}

/* The time of a record at the head of a ring says what may still come into that ring. */
static void test_busy_cpu(void)
{
	struct stage stage;

	open_stage(&stage, 2);
	put(&stage.cpus[0], 1 * MILLISECOND_NS);
	put(&stage.cpus[0], 3 * MILLISECOND_NS);
	put(&stage.cpus[1], 2 * MILLISECOND_NS);
	begin(&stage.cpus[1], 4 * MILLISECOND_NS);
	check_take(&stage, 5, "[1][2]", "the last record of a ring tells what may follow it");
	close_stage(&stage);
}

static void test_pressure(void)
{
	struct stage stage;
	unsigned int count = 0;

	open_stage(&stage, 2);
	begin(&stage.cpus[1], 1);
	for (; stage.cpus[0].producer < RING_BYTES / 2; count++)
		put(&stage.cpus[0], 2 + count);
	merge_begin_round(stage.merge, MILLISECOND_NS);
	for (; merge_peek(stage.merge); count--)
		merge_release(stage.merge);
	merge_end_round(stage.merge);
	check(count == 0, "a ring that is half full is not held back");
	check_note("%u records wait", count);
	close_stage(&stage);
}

static void test_clock(void)
{
	struct stage stage;

	open_stage(&stage, 2);
	put(&stage.cpus[0], 3600000 * MILLISECOND_NS);
	check_take(&stage, 3600001, "[3600000]", "a record comes");
	put(&stage.cpus[0], 3600002 * MILLISECOND_NS);
	put(&stage.cpus[1], 5 * MILLISECOND_NS);
	check_take(&stage, 6, "[5][3600002]", "a clock that is set back holds nothing back");
	put(&stage.cpus[1], 7 * MILLISECOND_NS);
	check_take(&stage, 8, "[7]", "after it was set back the clock counts from there");
	begin(&stage.cpus[0], 9 * MILLISECOND_NS);
	put(&stage.cpus[1], 10 * MILLISECOND_NS);
	check_take(&stage, 11, "", "after it was set back records are held back as before");
	close_stage(&stage);
}

/* The round that finds the clock set back ends before it has taken all that is older. */
static void test_backlog(void)
{
	struct stage stage;

	open_stage(&stage, 2);
	put(&stage.cpus[0], 3600000 * MILLISECOND_NS);
	check_take(&stage, 3600001, "[3600000]", "a record comes");
	put(&stage.cpus[0], 3600002 * MILLISECOND_NS);
	put(&stage.cpus[0], 3600003 * MILLISECOND_NS);
	merge_begin_round(stage.merge, 5 * MILLISECOND_NS);
	merge_release(stage.merge);
	merge_end_round(stage.merge);
	put(&stage.cpus[0], 6 * MILLISECOND_NS);
	check_take(&stage, 7, "[3600003][6]",
		   "what is left from before it was set back is not held back later either");
	check(merge_late(stage.merge) == 1, "what comes behind a younger record counts as late");
	put(&stage.cpus[0], 8 * MILLISECOND_NS);
	check_take(&stage, 9, "[8]", "after that the clock counts from there");
	check(merge_late(stage.merge) == 1, "what is in order since then is not late");
	check_note("%llu are late", (unsigned long long)merge_late(stage.merge));
	put(&stage.cpus[0], 20 * MILLISECOND_NS);
	begin(&stage.cpus[1], 10 * MILLISECOND_NS);
	check_take(&stage, 21, "", "and records are held back as before");
	close_stage(&stage);
}

static void test_end(void)
{
	struct stage stage;

	open_stage(&stage, 2);
	put(&stage.cpus[0], 5 * MILLISECOND_NS);
	begin(&stage.cpus[1], 4 * MILLISECOND_NS);
	check_take(&stage, MERGE_EVERYTHING, "[5]", "at the end nothing is held back");
	close_stage(&stage);
}

static void test_idle(void)
{
	struct stage stage;
	struct cpu *cpu;

	open_stage(&stage, 2);
	cpu = &stage.cpus[1];
	check(merge_is_idle(stage.merge), "empty rings are idle");
	begin(cpu, 1);
	check(!merge_is_idle(stage.merge), "with a record on its way they are not");
	reserve(cpu);
	submit(cpu);
	end(cpu);
	check(!merge_is_idle(stage.merge), "with a record in a ring they are not");
	take(&stage, MILLISECOND_NS);
	check(merge_is_idle(stage.merge), "when it is taken they are idle again");
	close_stage(&stage);
}

/* What has come out of many random steps. */
struct tally {
	uint64_t now_ns, last_ns;
	unsigned int submitted, taken, disordered;
};

static void take_some(struct stage *stage, struct tally *tally, uint64_t now_ns)
{
	const struct capture_record *record;

	merge_begin_round(stage->merge, now_ns);
	while ((record = merge_peek(stage->merge))) {
		tally->disordered += record->time_ns < tally->last_ns;
		tally->last_ns = record->time_ns;
		tally->taken++;
		merge_release(stage->merge);
	}
	merge_end_round(stage->merge);
}

/* A CPU goes one step on. */
static void step(struct cpu *cpu, struct tally *tally)
{
	if (!cpu->is_underway) {
		if (cpu->producer - cpu->consumer < RING_BYTES / 4)
			begin(cpu, tally->now_ns);
	} else if (!cpu->is_reserved && !cpu->is_submitted) {
		reserve(cpu);
	} else if (cpu->is_reserved) {
		submit(cpu);
		tally->submitted++;
	} else {
		end(cpu);
	}
}

static void test_random_steps(void)
{
	struct tally tally = { .now_ns = MILLISECOND_NS };
	struct stage stage;

	srand(1);
	open_stage(&stage, MAXIMUM_CPUS);
	for (unsigned int i = 0; i < 400000; i++) {
		/* In most steps the time stands still for several CPUs. */
		tally.now_ns += (uint64_t)(rand() % 3) * 1000;
		step(&stage.cpus[rand() % MAXIMUM_CPUS], &tally);
		if (rand() % 20 == 0)
			take_some(&stage, &tally, tally.now_ns);
	}
	take_some(&stage, &tally, MERGE_EVERYTHING);
	check(tally.submitted > 50000 && tally.taken == tally.submitted,
	      "of five CPUs' random steps every record comes");
	check_note("%u of %u", tally.taken, tally.submitted);
	check(tally.disordered == 0 && merge_late(stage.merge) == 0,
	      "of five CPUs' random steps all records come in order");
	check_note("%u are out of order, %llu late", tally.disordered,
		   (unsigned long long)merge_late(stage.merge));
	close_stage(&stage);
}

int main(void)
{
	test_order();
	test_hold();
	test_busy_cpu();
	test_pressure();
	test_clock();
	test_backlog();
	test_end();
	test_idle();
	test_random_steps();
	return check_finish();
}
