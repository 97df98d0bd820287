/* SPDX-License-Identifier: GPL-2.0-only */
/* See report_json.h. Keys only come out of tables, names of others through json_put_string(). */
#include "report_json.h"

#include <inttypes.h>
#include <stddef.h>

#include "json_text.h"

/* A figure that only grows, somewhere in struct report_figures. */
struct term {
	const char *key;
	size_t offset;
};

#define TERM(name, member)                                    \
	{                                                     \
		name, offsetof(struct report_figures, member) \
	}

static const struct term frame_terms[] = {
	TERM("seen", kernel.frames.seen),
	TERM("filtered_out", kernel.frames.filtered_out),
	TERM("sampled_out", kernel.frames.sampled_out),
	TERM("over_limit", kernel.frames.over_limit),
	TERM("matched", kernel.frames.matched),
	TERM("counted_only", kernel.frames.counted_only),
	TERM("written", written),
	TERM("lost_ring", kernel.frames.lost_ring),
	TERM("lost_copy", kernel.frames.lost_copy),
	TERM("lost_write", lost_write),
	TERM("expired", intake.expired),
	TERM("discarded_at_stop", discarded_at_stop),
	TERM("late", late),
};

static const struct term other_terms[] = {
	TERM("dropped_by_interface", dropped_by_interface),
	TERM("dropped_by_softnet", dropped_by_softnet),
	TERM("clock_steps", clock_steps),
};

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

static uint64_t value_of(const struct term *term, const struct report_figures *figures)
{
	return *(const uint64_t *)((const char *)figures + term->offset);
}

/* "KEY":value,"KEY_delta":difference,... */
static void put_terms(const struct report_json *report, const struct term *terms, size_t count,
		      FILE *out)
{
	for (size_t i = 0; i < count; i++) {
		uint64_t now = value_of(&terms[i], report->now);
		/* What was in a buffer that could not be written is not written after all. */
		int64_t delta = (int64_t)(now - value_of(&terms[i], report->before));

		fprintf(out, "%s\"%s\":%" PRIu64 ",\"%s_delta\":%" PRId64, i ? "," : "",
			terms[i].key, now, terms[i].key, delta);
	}
}

/* Records that are in the rings, or in the memory of the writer, or between the two. */
static uint64_t waiting_frames(const struct report_figures *figures)
{
	int64_t waiting = (int64_t)(figures->kernel.frames.submitted - figures->written -
				    figures->lost_write - figures->intake.expired -
				    figures->discarded_at_stop);

	return waiting > 0 ? (uint64_t)waiting : 0;
}

static void put_frames(const struct report_json *report, FILE *out)
{
	fputs(",\"frames\":{", out);
	put_terms(report, frame_terms, LENGTH(frame_terms), out);
	fprintf(out, ",\"waiting\":%" PRIu64 ",\"unaccounted\":", waiting_frames(report->now));
	if (report->is_complete)
		fprintf(out, "%" PRId64 "}", report_unexplained(report->now));
	else
		fputs("null}", out);
}

static void put_traffic(const struct traffic_counter *total, const struct traffic_counter *recent,
			FILE *out)
{
	fprintf(out,
		"\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"packets_delta\":%" PRIu64
		",\"bytes_delta\":%" PRIu64,
		(uint64_t)total->packets, (uint64_t)total->bytes, (uint64_t)recent->packets,
		(uint64_t)recent->bytes);
}

static struct traffic_counter difference(const struct traffic_counter *from,
					 const struct traffic_counter *to)
{
	return (struct traffic_counter){
		.packets = to->packets - from->packets,
		.bytes = to->bytes - from->bytes,
	};
}

/* One verdict of a protocol and direction. */
static void put_counter(const char *key, const struct traffic_counters *before,
			const struct traffic_counters *now, enum protocol protocol, FILE *out)
{
	const struct traffic_counter *total = &now->protocols[protocol];
	struct traffic_counter recent = difference(&before->protocols[protocol], total);

	fprintf(out, "\"%s\":{", key);
	put_traffic(total, &recent, out);
	putc('}', out);
}

/* Directions without traffic are left out. */
static void put_protocol(const struct report_json *report, enum protocol protocol, FILE *out)
{
	static const char *const directions[] = {
		[DIRECTION_INGRESS] = "in",
		[DIRECTION_EGRESS] = "out",
	};
	const struct counters_totals *before = &report->before->kernel;
	const struct counters_totals *now = &report->now->kernel;
	const char *between = "";

	for (int direction = 0; direction < DIRECTION_COUNT; direction++) {
		if (!now->seen_by[direction].protocols[protocol].packets)
			continue;
		fprintf(out, "%s\"%s\":{", between, directions[direction]);
		put_counter("seen", &before->seen_by[direction], &now->seen_by[direction], protocol,
			    out);
		putc(',', out);
		put_counter("matched", &before->matched_by[direction], &now->matched_by[direction],
			    protocol, out);
		putc('}', out);
		between = ",";
	}
}

static void put_protocols(const struct report_json *report, FILE *out)
{
	const char *between = "";
	char name[COUNTERS_NAME_BYTES];

	fputs(",\"protocols\":{", out);
	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++) {
		if (!report->now->kernel.seen.protocols[protocol].packets)
			continue;
		counters_protocol_name(protocol, name);
		fprintf(out, "%s\"%s\":{", between, name);
		put_protocol(report, protocol, out);
		putc('}', out);
		between = ",";
	}
	putc('}', out);
}

/*
 * The totals of a table are read behind its rows, so what came in between is in the next reading of
 * the rows alone.
 */
static struct traffic_counter rest(const struct traffic_counter *part,
				   const struct traffic_counter *whole)
{
	return (struct traffic_counter){
		.packets = whole->packets > part->packets ? whole->packets - part->packets : 0,
		.bytes = whole->bytes > part->bytes ? whole->bytes - part->bytes : 0,
	};
}

static void put_top_row(const struct report_json *report, enum top_table table,
			const struct top_row *row, FILE *out)
{
	char name[TOP_NAME_BYTES];

	tops_format(table, &row->key, report->prefixes, name);
	fputs("{\"name\":", out);
	json_put_string(name, out);
	putc(',', out);
	put_traffic(&row->total, &row->recent, out);
	putc('}', out);
}

/* The busiest since the last line; in the end those of the whole capture, as in the summary. */
static void put_top_table(const struct report_json *report, enum top_table table, FILE *out)
{
	static const struct top_row *rows[2 * TOPS_MAXIMUM_ROWS];
	const struct top_figures *figures = report->now->tops[table];
	unsigned int count = tops_busiest(figures, !report->is_final, rows);
	struct traffic_counter others = figures->all, recent_others = figures->recent;

	putc('{', out);
	put_traffic(&figures->all, &figures->recent, out);
	fputs(",\"rows\":[", out);
	for (unsigned int i = 0; i < count; i++) {
		if (i)
			putc(',', out);
		put_top_row(report, table, rows[i], out);
		others = difference(&rows[i]->total, &others);
		recent_others = rest(&rows[i]->recent, &recent_others);
	}
	fputs("],\"others\":{", out);
	put_traffic(&others, &recent_others, out);
	fprintf(out,
		"},\"forgotten\":{\"keys\":%" PRIu64 ",\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64
		"}}",
		figures->forgotten_keys, (uint64_t)figures->forgotten.packets,
		(uint64_t)figures->forgotten.bytes);
}

static void put_tops(const struct report_json *report, FILE *out)
{
	static const char *const keys[] = {
		[TOP_SOURCES] = "sources",
		[TOP_DESTINATIONS] = "destinations",
		[TOP_SERVICES] = "services",
	};
	const char *between = "";

	fputs(",\"top\":", out);
	if (!report->now->tops[TOP_SOURCES]) {
		fputs("null", out);
		return;
	}
	putc('{', out);
	for (enum top_table table = 0; table < TOP_TABLE_COUNT; table++) {
		fprintf(out, "%s\"%s\":", between, keys[table]);
		put_top_table(report, table, out);
		between = ",";
	}
	putc('}', out);
}

/* Whether packets are written now, and what is kept of those that are not. */
static void put_trigger(const struct report_intake *intake, FILE *out)
{
	fputs(",\"trigger\":", out);
	if (!intake->is_conditional) {
		fputs("null", out);
		return;
	}
	fputs("{\"condition\":", out);
	json_put_string(intake->condition, out);
	fprintf(out, ",\"on\":%s,\"memory\":", intake->is_on ? "true" : "false");
	if (intake->has_memory)
		fprintf(out,
			"{\"packets\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"maximum_bytes\":%" PRIu64
			",\"seconds\":%" PRIu64 ".%06" PRIu64 "}}",
			intake->kept_packets, intake->kept_bytes, intake->kept_maximum_bytes,
			intake->kept_ns / 1000000000, intake->kept_ns % 1000000000 / 1000);
	else
		fputs("null}", out);
}

/* As a number with microseconds, which a double holds. */
static void put_seconds(const char *key, int64_t time_ns, FILE *out)
{
	fprintf(out, ",\"%s\":%" PRId64 ".%06" PRId64, key, time_ns / 1000000000,
		time_ns % 1000000000 / 1000);
}

static void put_string(const char *key, const char *text, FILE *out)
{
	fprintf(out, ",\"%s\":", key);
	json_put_string(text, out);
}

void report_json_print(const struct report_json *report, FILE *out)
{
	const struct report_figures *now = report->now;

	fprintf(out, "{\"schema\":%d,\"final\":%s", REPORT_JSON_SCHEMA,
		report->is_final ? "true" : "false");
	put_seconds("time", now->wall_time_ns, out);
	put_seconds("start_time", report->start->wall_time_ns, out);
	put_seconds("elapsed_seconds", (int64_t)(now->time_ns - report->start->time_ns), out);
	put_seconds("interval_seconds", (int64_t)(now->time_ns - report->before->time_ns), out);
	put_string("interface", report->interface, out);
	put_string("filter", report->filter, out);
	put_string("output", report->output, out);
	put_frames(report, out);
	fprintf(out, ",\"ring_bytes\":%" PRIu64 ",\"ring_used_bytes\":%" PRIu64 ",",
		now->ring_bytes, now->ring_used_bytes);
	put_terms(report, other_terms, LENGTH(other_terms), out);
	put_trigger(&now->intake, out);
	put_protocols(report, out);
	put_tops(report, out);
	fputs("}\n", out);
}
