/* SPDX-License-Identifier: GPL-2.0-only */
/* See report_lines.h. No figure has a blank in it, so that columns can be cut out. */
#include "report_lines.h"

#include <inttypes.h>
#include <time.h>

#include "base/text.h"

#define QUANTITY_BYTES 24
#define TIME_BYTES 40

/* A rate a second in three digits: "12.3k". */
static void print_rate(uint64_t before, uint64_t now, double factor, double seconds, int columns,
		       FILE *out)
{
	char text[QUANTITY_BYTES];

	text_format_quantity((double)(now - before) * factor / seconds, "", text, sizeof(text));
	fprintf(out, " %*s", columns, text);
}

static void print_traffic(const struct traffic_counters *before, const struct traffic_counters *now,
			  double seconds, FILE *out)
{
	const struct traffic_counter *from = &before->protocols[PROTOCOL_ETHERNET];
	const struct traffic_counter *to = &now->protocols[PROTOCOL_ETHERNET];

	print_rate(from->packets, to->packets, 1, seconds, 7, out);
	print_rate(from->bytes, to->bytes, 8, seconds, 7, out);
}

/* Of the flags, in what was seen: a flood need not be what the filter wants. */
static void print_flag(enum protocol flag, const struct report_figures *before,
		       const struct report_figures *now, double seconds, FILE *out)
{
	print_rate(before->kernel.seen.protocols[flag].packets,
		   now->kernel.seen.protocols[flag].packets, 1, seconds, 9, out);
}

/* UTC, with tenths: the writer may not read the file of a time zone. */
static void print_time(int64_t time_ns, FILE *out)
{
	const time_t seconds = time_ns / 1000000000;
	char text[TIME_BYTES];
	struct tm parts;

	gmtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%FT%T", &parts);
	fprintf(out, "%s.%dZ", text, (int)(time_ns % 1000000000 / 100000000));
}

static void print_copies(const struct report_figures *now, FILE *out)
{
	const struct frame_counters *frames = &now->kernel.frames;

	const uint64_t lost = frames->lost_ring + frames->lost_copy + now->lost_write;

	if (now->ring_bytes)
		fprintf(out, " %12" PRIu64 " %10" PRIu64 " %4.0f%%", now->written, lost,
			100.0 * (double)now->ring_used_bytes / (double)now->ring_bytes);
	else
		fprintf(out, " %12s %10s %5s", "-", "-", "-");
}

static uint64_t lost_before_hook(const struct report_figures *figures)
{
	return figures->dropped_by_interface + figures->dropped_by_softnet;
}

static void print_head(FILE *out)
{
	fprintf(out, "%-22s %7s %7s %7s %7s %9s %9s %12s %10s %5s\n", "time", "seen/s", "bit/s",
		"match/s", "bit/s", "SYN/s", "SYN-ACK/s", "written", "lost", "ring");
}

void report_lines_print(const struct report_figures *before, const struct report_figures *now,
			unsigned int row_number, FILE *out)
{
	double seconds = (double)(now->time_ns - before->time_ns) / 1e9;

	if (now->time_ns <= before->time_ns)
		return;
	if (row_number % REPORT_LINES_BETWEEN_HEADS == 0)
		print_head(out);
	print_time(now->wall_time_ns, out);
	print_traffic(&before->kernel.seen, &now->kernel.seen, seconds, out);
	print_traffic(&before->kernel.matched, &now->kernel.matched, seconds, out);
	print_flag(PROTOCOL_TCP_SYN, before, now, seconds, out);
	print_flag(PROTOCOL_TCP_SYN_ACK, before, now, seconds, out);
	print_copies(now, out);
	if (lost_before_hook(now) > lost_before_hook(before))
		fprintf(out, "  before the hook +%" PRIu64,
			lost_before_hook(now) - lost_before_hook(before));
	putc('\n', out);
}
