/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of the busiest hosts and services: what they list is what a plain count says, their
 * totals are exact, and under a flood of addresses the busiest stay in them.
 */
#include <arpa/inet.h>
#include <string.h>

#include "../../user/tops.h"
#include "../unit/check.h"
#include "ipv4_frame.h"
#include "kernel_capture.h"
#include "reference_count.h"
#include "reference_tops.h"
#include "reference_walk.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Where an address stands in an untagged frame. */

static const struct top_prefixes whole = { 32, 128 };

struct top_capture {
	struct kernel_capture capture;
	struct counters *counters;
	struct tops *tops;
};

static int open_tops(const char *expression, enum hook hook, const struct top_prefixes *prefixes,
		     unsigned int rows, struct top_capture *ret_capture)
{
	const struct kernel_capture_options options = {
		.hook = hook,
		.expression = expression,
		.count_tops = true,
		.top_prefixes = *prefixes,
	};
	struct loader *loader;
	struct error why;
	int error;

	*ret_capture = (struct top_capture){ 0 };
	error = kernel_capture_open(&options, &ret_capture->capture);
	if (error)
		return error;
	loader = ret_capture->capture.loader;
	error = counters_map(loader_counters_fd(loader), loader_cpu_count(loader),
			     &ret_capture->counters, &why);
	if (!error)
		error = tops_map(
			&(struct tops_options){
				.map_fd = loader_tops_fd(loader),
				.sets = loader_top_sets(loader),
				.cpu_count = loader_cpu_count(loader),
				.counters = ret_capture->counters,
				.rows = rows,
			},
			&ret_capture->tops, &why);
	if (error)
		printf("# %s\n", why.message);
	return error;
}

static void close_tops(struct top_capture *capture)
{
	tops_unmap(capture->tops);
	counters_unmap(capture->counters);
	kernel_capture_close(&capture->capture);
}

static int run(const struct top_capture *capture, enum direction direction,
	       const struct packet *packet, const struct test_aggregate *aggregate)
{
	return kernel_capture_run(&capture->capture, direction, packet, packet->length, aggregate);
}

/* Whether the rows, which are all there are, are those of the reference; in the order. */
static bool list_is_right(const struct top_list *list, enum top_order order, enum top_table table,
			  const struct top_reference *reference)
{
	bool is_right = list->count == reference->count;
	uint64_t before = UINT64_MAX, value;
	char name[TOP_NAME_BYTES];

	for (unsigned int i = 0; i < list->count; i++) {
		const struct traffic_counter *traffic = &list->rows[i].total;
		unsigned int k = 0;

		tops_format(table, &list->rows[i].key, &whole, name);
		while (k < reference->count && strcmp(reference->rows[k].name, name) != 0)
			k++;
		value = order == TOP_BY_PACKETS || order == TOP_BY_RECENT_PACKETS ?
				traffic->packets :
				traffic->bytes;
		if (k < reference->count && value <= before &&
		    !memcmp(&reference->rows[k].traffic, traffic, sizeof(*traffic)) &&
		    !memcmp(&list->rows[i].recent, traffic, sizeof(*traffic))) {
			before = value;
			continue;
		}
		printf("# %s: %llu packets, %llu bytes\n", name, traffic->packets, traffic->bytes);
		is_right = false;
	}
	return is_right;
}

static bool table_is_right(const struct tops *tops, enum top_table table,
			   const struct top_reference *reference)
{
	const struct top_figures *figures = tops_figures(tops, table);
	const struct traffic_counter all = reference_tops_sum(reference);
	bool is_right = !memcmp(&figures->all, &all, sizeof(all)) && !figures->forgotten_keys;

	for (enum top_order order = 0; order < TOP_ORDER_COUNT; order++)
		is_right &= list_is_right(&figures->lists[order], order, table, reference);
	return is_right;
}

/* The mix of frames, on both CPUs and in both directions; some are aggregates. */
static int run_mix(const struct top_capture *capture, enum hook hook,
		   struct top_reference references[TOP_TABLE_COUNT])
{
	static const struct test_aggregate aggregate = { 3, 20 };
	struct packet packet;
	int error = 0;

	for (unsigned int i = 0; i < 2 * TRAFFIC_COUNT && !error; i++) {
		const struct test_aggregate *of_frame =
			i % 5 == 0 && !hook_is_xdp(hook) ? &aggregate : NULL;
		struct offline_packet judged;

		traffic_packet(i, &packet);
		judged = (struct offline_packet){
			.bytes = bytes_make(packet.bytes, packet.length),
		};
		if (i % 100 == 0)
			kernel_capture_stay_on_cpu(i / 100 % 2);
		error = run(capture,
			    i % 3 || hook_is_xdp(hook) ? DIRECTION_INGRESS : DIRECTION_EGRESS,
			    &packet, of_frame);
		reference_walk(packet.bytes, packet.length, &judged.summary);
		if (filter_run(capture->capture.filter, &judged))
			reference_tops_count(references, &judged.summary,
					     reference_size(&packet, &judged.summary, of_frame));
	}
	return error;
}

static void test_mix(const char *expression, enum hook hook)
{
	struct top_reference references[TOP_TABLE_COUNT] = { 0 };
	struct top_capture capture;
	int error = open_tops(expression, hook, &whole, 64, &capture);
	bool is_right = true;

	if (!error)
		error = run_mix(&capture, hook, references);
	if (!error)
		tops_read(capture.tops);
	for (enum top_table table = 0; table < TOP_TABLE_COUNT && !error; table++)
		is_right &= references[table].count > 2 &&
			    table_is_right(capture.tops, table, &references[table]);
	check(!error && is_right,
	      "%s: with the filter '%s' each host and service has its packets and bytes",
	      test_run_hook_name(hook), expression);
	printf("# %u sources, %u services\n", references[TOP_SOURCES].count,
	       references[TOP_SERVICES].count);
	close_tops(&capture);
}

static void make_frame(struct packet *packet)
{
	const struct layer transport = {
		.kind = LAYER_TCP, .source = 40000, .destination = 443, .bits = 0x10
	};

	ipv4_frame_make(&transport, packet);
}

static void test_prefixes(void)
{
	static const struct top_prefixes prefixes = { 20, 48 };
	struct top_capture capture;
	struct packet packet;
	char name[TOP_NAME_BYTES] = "";
	const struct top_list *list;
	int error = open_tops("", HOOK_TC, &prefixes, 10, &capture);

	make_frame(&packet);
	for (unsigned int i = 0; i < 100 && !error; i++) {
		ipv4_frame_set_address(&packet, IPV4_SOURCE_OFFSET,
				       0x0a0a1000 + 33 * i + (i == 99) * 0x10000);
		error = run(&capture, DIRECTION_INGRESS, &packet, NULL);
	}
	if (!check(!error, "tables by prefix can be kept"))
		goto out;
	tops_read(capture.tops);
	list = &tops_figures(capture.tops, TOP_SOURCES)->lists[TOP_BY_PACKETS];
	if (list->count)
		tops_format(TOP_SOURCES, &list->rows[0].key, &prefixes, name);
	check(list->count == 2 && list->rows[0].total.packets == 99 &&
		      list->rows[1].total.packets == 1 && !strcmp(name, "10.10.16.0/20"),
	      "hosts of a prefix are one row");
	check_note("%u rows, the first %s", list->count, name);
out:
	close_tops(&capture);
}

static void test_recent(void)
{
	struct top_capture capture;
	const struct top_figures *figures;
	struct packet packet;
	int error = open_tops("", HOOK_TC, &whole, 2, &capture);

	make_frame(&packet);
	for (unsigned int i = 0; i < 60 && !error; i++) {
		/* Three hosts with 30, 20 and 10, then the third alone with 5. */
		ipv4_frame_set_address(&packet, IPV4_SOURCE_OFFSET, 1 + (i >= 30) + (i >= 50));
		error = run(&capture, DIRECTION_INGRESS, &packet, NULL);
	}
	if (!check(!error, "tables of two rows can be kept"))
		goto out;
	tops_read(capture.tops);
	figures = tops_figures(capture.tops, TOP_SOURCES);
	check(figures->recent.packets == 60 && figures->lists[TOP_BY_RECENT_PACKETS].count == 2 &&
		      figures->lists[TOP_BY_RECENT_PACKETS].rows[1].recent.packets == 20,
	      "the first reading has all since the start");
	for (unsigned int i = 0; i < 5 && !error; i++)
		error = run(&capture, DIRECTION_INGRESS, &packet, NULL);
	tops_read(capture.tops);
	check(!error && figures->recent.packets == 5 &&
		      figures->lists[TOP_BY_RECENT_PACKETS].count == 1 &&
		      figures->lists[TOP_BY_RECENT_PACKETS].rows[0].recent.packets == 5 &&
		      figures->lists[TOP_BY_RECENT_PACKETS].rows[0].total.packets == 15,
	      "the next one has what came since then, and the total");
	check(figures->lists[TOP_BY_PACKETS].count == 2 &&
		      figures->lists[TOP_BY_PACKETS].rows[0].total.packets == 30 &&
		      figures->lists[TOP_BY_PACKETS].rows[0].recent.packets == 0,
	      "who is quiet keeps the total, and the place by it");
	tops_read(capture.tops);
	check(figures->lists[TOP_BY_RECENT_PACKETS].count == 0,
	      "where nothing comes, nobody is busy");
out:
	close_tops(&capture);
}

/* splitmix64, so that each run is the same */
static uint64_t random_number(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

#define HEAVY_HOSTS 10

/* Each heavy host sends one percent, the rest is of addresses that come once or twice. */
static int run_flood(const struct top_capture *capture, unsigned int frames,
		     uint64_t sent[HEAVY_HOSTS])
{
	struct packet packet;
	uint64_t state = 1;
	int error = 0;

	make_frame(&packet);
	for (unsigned int i = 0; i < frames && !error; i++) {
		uint64_t random = random_number(&state);
		unsigned int host = (unsigned int)(random >> 40) % 100;

		if (host < HEAVY_HOSTS)
			sent[host]++;
		ipv4_frame_set_address(&packet, IPV4_SOURCE_OFFSET,
				       host < HEAVY_HOSTS ? 0xc0000200 + host : (uint32_t)random);
		if (i % 1000 == 0)
			kernel_capture_stay_on_cpu(i / 1000 % 2);
		error = run(capture, DIRECTION_INGRESS, &packet, NULL);
	}
	return error;
}

/* The most that a heavy host's figure is off by, of its own, in percent; 100: not listed. */
static double worst_error(const struct top_list *list, const uint64_t sent[HEAVY_HOSTS])
{
	double worst = 0, error;

	for (unsigned int host = 0; host < HEAVY_HOSTS; host++) {
		error = 100;
		for (unsigned int i = 0; i < list->count; i++)
			if (list->rows[i].key.low ==
			    ((uint64_t)htonl(0xc0000200 + host) << 32 | htonl(0xffff)))
				error = 100 *
					((double)sent[host] - (double)list->rows[i].total.packets) /
					(double)sent[host];
		if (error < 0 || error > worst)
			worst = error < 0 ? 100 : error;
	}
	return worst;
}

static void test_flood(void)
{
	unsigned int frames = test_run_is_slow() ? 100000 : 1000000;
	uint64_t sent[HEAVY_HOSTS] = { 0 };
	const struct top_figures *figures;
	struct top_capture capture;
	int error = open_tops("", HOOK_TC, &whole, HEAVY_HOSTS, &capture);
	double worst;

	if (!error)
		error = run_flood(&capture, frames, sent);
	if (!check(!error, "a flood from random sources can be counted"))
		goto out;
	tops_read(capture.tops);
	figures = tops_figures(capture.tops, TOP_SOURCES);
	worst = worst_error(&figures->lists[TOP_BY_PACKETS], sent);
	check(worst <= 1, "each source of 1 %% of the packets is listed, at most 1 %% too low");
	check_note("the worst is off by %.3f %%", worst);
	check(figures->all.packets == frames, "the total is exact");
	check(test_run_is_slow() || figures->forgotten_keys > frames / 2,
	      "sources that come once are forgotten: the tables are bounded");
	check(figures->forgotten.packets >= figures->forgotten_keys &&
		      figures->forgotten.packets <= frames &&
		      figures->forgotten.bytes * frames ==
			      figures->forgotten.packets * figures->all.bytes,
	      "what they had counted is known: each has a packet, and all are as long");
	check_note("%llu packets, %llu bytes", figures->forgotten.packets,
		   figures->forgotten.bytes);
	check(tops_figures(capture.tops, TOP_DESTINATIONS)->lists[TOP_BY_PACKETS].count == 1 &&
		      tops_figures(capture.tops, TOP_DESTINATIONS)
				      ->lists[TOP_BY_PACKETS]
				      .rows[0]
				      .total.packets == frames,
	      "a flood of sources pushes no destination out");
	printf("# %u frames: %.4f %% off at worst, %llu sources forgotten, %zu KiB of tables\n",
	       frames, worst, (unsigned long long)figures->forgotten_keys,
	       (size_t)capture.capture.cpu_count * TOP_TABLE_COUNT *
		       loader_top_sets(capture.capture.loader) * sizeof(struct top_set) / 1024);
out:
	close_tops(&capture);
}

int main(void)
{
	static const char *const expressions[] = { "", "host 10.9.0.1", "tcp or udp" };

	for (size_t i = 0; i < COUNT(expressions); i++) {
		test_mix(expressions[i], HOOK_TC);
		test_mix(expressions[i], HOOK_XDP_NATIVE);
	}
	test_prefixes();
	test_recent();
	test_flood();
	return check_finish();
}
