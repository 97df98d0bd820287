/* SPDX-License-Identifier: GPL-2.0-only */
/* See metrics.h. */
#include "metrics.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/text.h"

enum family {
	FAMILY_FRAMES,
	FAMILY_MATCHED_FRAMES,
	FAMILY_LATE_FRAMES,
	FAMILY_PACKETS,
	FAMILY_BYTES,
	FAMILY_EARLY_DROPPED,
	FAMILY_CLOCK_STEPS,
	FAMILY_RING_BYTES,
	FAMILY_RING_USED_BYTES,
	FAMILY_TRIGGER_ON,
	FAMILY_MEMORY_PACKETS,
	FAMILY_MEMORY_BYTES,
	FAMILY_TOP_HOST_PACKETS,
	FAMILY_TOP_HOST_BYTES,
	FAMILY_TOP_SERVICE_PACKETS,
	FAMILY_TOP_SERVICE_BYTES,
	FAMILY_TOP_COUNTED_PACKETS,
	FAMILY_TOP_FORGOTTEN_PACKETS,
	FAMILY_START_TIME,
	FAMILY_LAST_UPDATE,
	FAMILY_RUNNING,
};

/* A name ends with its unit (OpenMetrics); behind it a counter has _total. */
static const struct {
	const char *name;
	const char *unit; /* NULL: none */
	bool is_gauge;
	const char *help;
} families[] = {
	[FAMILY_FRAMES] = { "frames", "frames", false,
			    "Frames at the hook, by what became of them there." },
	[FAMILY_MATCHED_FRAMES] = { "matched_frames", "frames", false,
				    "Matched frames by what became of them in the end." },
	[FAMILY_LATE_FRAMES] = { "late_frames", "frames", false,
				 "Of those written: frames behind a younger one." },
	[FAMILY_PACKETS] = { "packets", "packets", false,
			     "Packets on the wire; a packet counts for each protocol that fits." },
	[FAMILY_BYTES] = { "bytes", "bytes", false, "Bytes on the wire, as packets." },
	[FAMILY_EARLY_DROPPED] = { "early_dropped_packets", "packets", false,
				   "Packets lost before the hook could count them." },
	[FAMILY_CLOCK_STEPS] = { "clock_steps", "steps", false,
				 "Times that the wall clock was set." },
	[FAMILY_RING_BYTES] = { "ring_bytes", "bytes", true, "Size of the rings." },
	[FAMILY_RING_USED_BYTES] = { "ring_used_bytes", "bytes", true, "What is in the rings." },
	[FAMILY_TRIGGER_ON] = { "trigger_on", NULL, true,
				"1 while what --when waits for is there, or SIGUSR2 came." },
	[FAMILY_MEMORY_PACKETS] = { "memory_packets", "packets", true,
				    "Packets that --before has in memory." },
	[FAMILY_MEMORY_BYTES] = { "memory_bytes", "bytes", true,
				  "Memory that these packets take." },
	[FAMILY_TOP_HOST_PACKETS] = { "top_host_packets", "packets", false,
				      "Packets of the busiest hosts that passed the filter." },
	[FAMILY_TOP_HOST_BYTES] = { "top_host_bytes", "bytes", false,
				    "Bytes of the busiest hosts that passed the filter." },
	[FAMILY_TOP_SERVICE_PACKETS] = { "top_service_packets", "packets", false,
					 "Packets of the busiest services." },
	[FAMILY_TOP_SERVICE_BYTES] = { "top_service_bytes", "bytes", false,
				       "Bytes of the busiest services." },
	[FAMILY_TOP_COUNTED_PACKETS] = { "top_counted_packets", "packets", false,
					 "Packets of all hosts or services, listed or not." },
	[FAMILY_TOP_FORGOTTEN_PACKETS] = { "top_forgotten_packets", "packets", false,
					   "Packets of hosts or services that were forgotten." },
	[FAMILY_START_TIME] = { "start_time_seconds", "seconds", true,
				"When the capture began, since 1970." },
	[FAMILY_LAST_UPDATE] = { "last_update_timestamp_seconds", "seconds", true,
				 "When these figures were taken, since 1970." },
	[FAMILY_RUNNING] = { "running", NULL, true, "1 while the capture runs, then 0." },
};

static const char *const direction_names[] = {
	[DIRECTION_INGRESS] = "in",
	[DIRECTION_EGRESS] = "out",
};

static void put_head(enum family family, FILE *out)
{
	const char *name = families[family].name, *unit = families[family].unit;
	const char *total = families[family].is_gauge ? "" : "_total";

	fprintf(out, "# HELP pktsieve_%s%s %s\n", name, total, families[family].help);
	fprintf(out, "# TYPE pktsieve_%s%s %s\n", name, total,
		families[family].is_gauge ? "gauge" : "counter");
	if (unit)
		fprintf(out, "# UNIT pktsieve_%s %s\n", name, unit);
}

/* The value of a label, escaped as the format wants it; what is no UTF-8 becomes U+FFFD. */
static void put_label_value(const char *text, FILE *out)
{
	while (*text) {
		size_t length = text_utf8_length(text);

		if (length == 0)
			fputs("\ufffd", out);
		else if (*text == '\n')
			fputs("\\n", out);
		else if (*text == '"' || *text == '\\')
			fprintf(out, "\\%c", *text);
		else
			fwrite(text, 1, length, out);
		text += length ? length : 1;
	}
}

/* The sample up to its first label; further labels begin with a comma. */
static void put_name(const struct metrics *metrics, enum family family, FILE *out)
{
	fprintf(out, "pktsieve_%s%s{interface=\"", families[family].name,
		families[family].is_gauge ? "" : "_total");
	put_label_value(metrics->interface, out);
	putc('"', out);
}

static void put_value(uint64_t value, FILE *out)
{
	fprintf(out, "} %" PRIu64 "\n", value);
}

/* A family of one sample. */
static void put_alone(const struct metrics *metrics, enum family family, uint64_t value, FILE *out)
{
	put_head(family, out);
	put_name(metrics, family, out);
	put_value(value, out);
}

static void put_time(const struct metrics *metrics, enum family family, int64_t time_ns, FILE *out)
{
	put_head(family, out);
	put_name(metrics, family, out);
	fprintf(out, "} %" PRId64 ".%06" PRId64 "\n", time_ns / 1000000000,
		time_ns % 1000000000 / 1000);
}

static void raise_to(__u64 *shown, uint64_t value)
{
	if (value > *shown)
		*shown = value;
}

/* What was seen and did not pass the filter. */
static void follow_filtered_out(struct metrics *metrics, const struct counters_totals *totals)
{
	for (int direction = 0; direction < DIRECTION_COUNT; direction++) {
		const struct traffic_counter *seen = totals->seen_by[direction].protocols;
		const struct traffic_counter *matched = totals->matched_by[direction].protocols;
		struct traffic_counter *shown = metrics->filtered_out[direction].protocols;

		for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++) {
			const struct traffic_counter *from = &seen[protocol],
						     *less = &matched[protocol];

			if (from->packets >= less->packets)
				raise_to(&shown[protocol].packets, from->packets - less->packets);
			if (from->bytes >= less->bytes)
				raise_to(&shown[protocol].bytes, from->bytes - less->bytes);
		}
	}
}

static void put_frames(const struct metrics *metrics, const struct counters_totals *totals,
		       FILE *out)
{
	put_head(FAMILY_FRAMES, out);
	for (int direction = 0; direction < DIRECTION_COUNT; direction++) {
		const struct frame_counters *frames = &totals->frames_by[direction];
		const struct {
			const char *verdict;
			uint64_t count;
		} rows[] = {
			{ "filtered_out", frames->filtered_out },
			{ "sampled_out", frames->sampled_out },
			{ "over_limit", frames->over_limit },
			{ "matched", frames->matched },
		};

		for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			put_name(metrics, FAMILY_FRAMES, out);
			fprintf(out, ",direction=\"%s\",verdict=\"%s\"", direction_names[direction],
				rows[i].verdict);
			put_value(rows[i].count, out);
		}
	}
}

static void put_matched_frames(const struct metrics *metrics, const struct report_figures *figures,
			       FILE *out)
{
	const struct frame_counters *frames = &figures->kernel.frames;
	const struct {
		const char *outcome;
		uint64_t count;
	} rows[] = {
		{ "counted_only", frames->counted_only },
		{ "written", metrics->written },
		{ "lost_ring", frames->lost_ring },
		{ "lost_copy", frames->lost_copy },
		{ "lost_write", figures->lost_write },
		{ "expired", figures->intake.expired },
		{ "discarded_at_stop", figures->discarded_at_stop },
	};

	put_head(FAMILY_MATCHED_FRAMES, out);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_name(metrics, FAMILY_MATCHED_FRAMES, out);
		fprintf(out, ",outcome=\"%s\"", rows[i].outcome);
		put_value(rows[i].count, out);
	}
	put_alone(metrics, FAMILY_LATE_FRAMES, figures->late, out);
}

/*
 * All protocols, also those that never came: a counter that begins at 0 has a rate from its first
 * packet on.
 */
static void put_protocols(const struct metrics *metrics, enum family family, int direction,
			  const struct traffic_counters *counters, const char *verdict, FILE *out)
{
	char name[COUNTERS_NAME_BYTES];

	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++) {
		const struct traffic_counter *counter = &counters->protocols[protocol];

		counters_protocol_name(protocol, name);
		put_name(metrics, family, out);
		fprintf(out, ",direction=\"%s\",protocol=\"%s\",verdict=\"%s\"",
			direction_names[direction], name, verdict);
		put_value(family == FAMILY_BYTES ? counter->bytes : counter->packets, out);
	}
}

static void put_traffic(const struct metrics *metrics, enum family family,
			const struct counters_totals *totals, FILE *out)
{
	put_head(family, out);
	for (int direction = 0; direction < DIRECTION_COUNT; direction++) {
		put_protocols(metrics, family, direction, &totals->matched_by[direction], "matched",
			      out);
		put_protocols(metrics, family, direction, &metrics->filtered_out[direction],
			      "filtered_out", out);
	}
}

static void put_early_dropped(const struct metrics *metrics, const struct report_figures *figures,
			      FILE *out)
{
	put_head(FAMILY_EARLY_DROPPED, out);
	put_name(metrics, FAMILY_EARLY_DROPPED, out);
	fputs(",where=\"interface\"", out);
	put_value(figures->dropped_by_interface, out);
	put_name(metrics, FAMILY_EARLY_DROPPED, out);
	fputs(",where=\"softnet\"", out);
	put_value(figures->dropped_by_softnet, out);
}

static void put_trigger(const struct metrics *metrics, const struct report_intake *intake,
			FILE *out)
{
	if (!intake->is_conditional)
		return;
	put_alone(metrics, FAMILY_TRIGGER_ON, intake->is_on, out);
	if (!intake->has_memory)
		return;
	put_alone(metrics, FAMILY_MEMORY_PACKETS, intake->kept_packets, out);
	put_alone(metrics, FAMILY_MEMORY_BYTES, intake->kept_bytes, out);
}

static int compare_keys(const void *first, const void *second)
{
	const struct top_key *a = &(*(const struct top_row *const *)first)->key;
	const struct top_key *b = &(*(const struct top_row *const *)second)->key;

	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return a->low < b->low ? -1 : a->low > b->low;
}

#define MAXIMUM_TOP_ROWS (TOP_ORDER_COUNT * TOPS_MAXIMUM_ROWS)

/*
 * Whoever is among the busiest by packets or bytes, of now or of the whole capture, each once: a
 * flood is there at once, and a busy host does not come and go.
 */
static size_t collect_rows(const struct top_figures *figures,
			   const struct top_row *ret_rows[MAXIMUM_TOP_ROWS])
{
	size_t count = 0, kept = 0;

	for (enum top_order order = 0; order < TOP_ORDER_COUNT; order++)
		for (unsigned int i = 0; i < figures->lists[order].count; i++)
			ret_rows[count++] = &figures->lists[order].rows[i];
	qsort(ret_rows, count, sizeof(*ret_rows), compare_keys);
	for (size_t i = 0; i < count; i++)
		if (!kept || compare_keys(&ret_rows[kept - 1], &ret_rows[i]) != 0)
			ret_rows[kept++] = ret_rows[i];
	return kept;
}

static const char *const roles[] = {
	[TOP_SOURCES] = "source",
	[TOP_DESTINATIONS] = "destination",
	[TOP_SERVICES] = "service",
};

static void put_top_table(const struct metrics *metrics, enum family family,
			  const struct report_figures *figures, enum top_table table, FILE *out)
{
	static const struct top_row *rows[MAXIMUM_TOP_ROWS];
	size_t count = collect_rows(figures->tops[table], rows);
	bool is_bytes = family == FAMILY_TOP_HOST_BYTES || family == FAMILY_TOP_SERVICE_BYTES;
	char name[TOP_NAME_BYTES];

	for (size_t i = 0; i < count; i++) {
		tops_format(table, &rows[i]->key, metrics->prefixes, name);
		put_name(metrics, family, out);
		if (table == TOP_SERVICES)
			fprintf(out, ",service=\"%s\"", name);
		else
			fprintf(out, ",role=\"%s\",host=\"%s\"", roles[table], name);
		put_value(is_bytes ? rows[i]->total.bytes : rows[i]->total.packets, out);
	}
}

static void put_top_sums(const struct metrics *metrics, enum family family,
			 const struct report_figures *figures, FILE *out)
{
	put_head(family, out);
	for (enum top_table table = 0; table < TOP_TABLE_COUNT; table++) {
		const struct top_figures *top = figures->tops[table];

		put_name(metrics, family, out);
		fprintf(out, ",role=\"%s\"", roles[table]);
		put_value(family == FAMILY_TOP_COUNTED_PACKETS ? top->all.packets :
								 top->forgotten.packets,
			  out);
	}
}

static void put_tops(const struct metrics *metrics, const struct report_figures *figures, FILE *out)
{
	static const enum family of_hosts[] = { FAMILY_TOP_HOST_PACKETS, FAMILY_TOP_HOST_BYTES };
	static const enum family of_services[] = { FAMILY_TOP_SERVICE_PACKETS,
						   FAMILY_TOP_SERVICE_BYTES };

	if (!figures->tops[TOP_SOURCES])
		return;
	for (size_t i = 0; i < sizeof(of_hosts) / sizeof(of_hosts[0]); i++) {
		put_head(of_hosts[i], out);
		put_top_table(metrics, of_hosts[i], figures, TOP_SOURCES, out);
		put_top_table(metrics, of_hosts[i], figures, TOP_DESTINATIONS, out);
		put_head(of_services[i], out);
		put_top_table(metrics, of_services[i], figures, TOP_SERVICES, out);
	}
	put_top_sums(metrics, FAMILY_TOP_COUNTED_PACKETS, figures, out);
	put_top_sums(metrics, FAMILY_TOP_FORGOTTEN_PACKETS, figures, out);
}

void metrics_print(struct metrics *metrics, const struct report_figures *figures, bool is_running,
		   FILE *out)
{
	follow_filtered_out(metrics, &figures->kernel);
	if (figures->written > metrics->written)
		metrics->written = figures->written;
	put_frames(metrics, &figures->kernel, out);
	put_matched_frames(metrics, figures, out);
	put_traffic(metrics, FAMILY_PACKETS, &figures->kernel, out);
	put_traffic(metrics, FAMILY_BYTES, &figures->kernel, out);
	put_early_dropped(metrics, figures, out);
	put_alone(metrics, FAMILY_CLOCK_STEPS, figures->clock_steps, out);
	put_alone(metrics, FAMILY_RING_BYTES, figures->ring_bytes, out);
	put_alone(metrics, FAMILY_RING_USED_BYTES, figures->ring_used_bytes, out);
	put_trigger(metrics, &figures->intake, out);
	put_tops(metrics, figures, out);
	put_time(metrics, FAMILY_START_TIME, metrics->start_time_ns, out);
	put_time(metrics, FAMILY_LAST_UPDATE, figures->wall_time_ns, out);
	/* Last, so that the keeper finds it where the writer has died. */
	put_head(FAMILY_RUNNING, out);
	put_name(metrics, FAMILY_RUNNING, out);
	fputs(is_running ? METRICS_END_RUNNING : METRICS_END_STOPPED, out);
}
