/* SPDX-License-Identifier: GPL-2.0-only */
/* Words around figures; see report.h. */
#include "report.h"

#include <inttypes.h>
#include <string.h>

#include "report_tops.h"

static const char *plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

static uint64_t lost_in_kernel(const struct frame_counters *frames)
{
	return frames->lost_ring + frames->lost_copy;
}

/* tcpdump's figures at the end and at SIGUSR1; the fourth only where it is not 0. */
static void print_tcpdump_figures(const struct report_figures *figures, const char *separator,
				  FILE *out)
{
	const struct {
		uint64_t count;
		const char *what;
	} rows[] = {
		{ figures->written, "captured" },
		{ figures->kernel.frames.matched, "received by filter" },
		{ lost_in_kernel(&figures->kernel.frames), "dropped by kernel" },
		{ figures->dropped_by_interface, "dropped by interface" },
	};
	size_t count = figures->dropped_by_interface ? 4 : 3;

	for (size_t i = 0; i < count; i++)
		fprintf(out, "%s%" PRIu64 " packet%s %s", i ? separator : "", rows[i].count,
			plural(rows[i].count), rows[i].what);
	fputc('\n', out);
}

void report_print_status(const struct report_figures *figures, FILE *out)
{
	fputs("pktsieve: ", out);
	print_tcpdump_figures(figures, ", ", out);
}

static int depth_of(enum protocol protocol)
{
	int depth = 0;

	for (; counters_protocol_parent(protocol) != protocol; depth++)
		protocol = counters_protocol_parent(protocol);
	return depth;
}

static void print_protocol(enum protocol protocol, const struct counters_totals *totals, FILE *out)
{
	const struct traffic_counter *seen = &totals->seen.protocols[protocol];
	const struct traffic_counter *matched = &totals->matched.protocols[protocol];
	int indent = 2 * depth_of(protocol);

	fprintf(out, "  %*s%-*s %12" PRIu64 " %16" PRIu64 " %12" PRIu64 " %16" PRIu64 "\n", indent,
		"", 18 - indent, counters_protocol_label(protocol), (uint64_t)seen->packets,
		(uint64_t)seen->bytes, (uint64_t)matched->packets, (uint64_t)matched->bytes);
}

/* Parents stand before their children in PROTOCOL_LIST, and children together. */
static void print_protocols(const struct counters_totals *totals, FILE *out)
{
	if (!totals->seen.protocols[PROTOCOL_ETHERNET].packets)
		return;
	fprintf(out, "\nprotocols (on the wire):\n  %-18s %12s %16s %12s %16s\n", "",
		"seen packets", "bytes", "matched", "bytes");
	for (enum protocol protocol = 0; protocol < PROTOCOL_COUNT; protocol++)
		if (totals->seen.protocols[protocol].packets)
			print_protocol(protocol, totals, out);
}

static void print_term(const char *name, uint64_t count, FILE *out)
{
	fprintf(out, "  %-20s %12" PRIu64 "\n", name, count);
}

/* One that only some captures have. */
static void print_used_term(const char *name, uint64_t count, FILE *out)
{
	if (count)
		print_term(name, count, out);
}

int64_t report_unexplained(const struct report_figures *figures)
{
	const struct frame_counters *frames = &figures->kernel.frames;
	const int64_t differences[] = {
		(int64_t)(frames->seen - frames->filtered_out - frames->sampled_out -
			  frames->over_limit - frames->matched),
		(int64_t)(frames->matched - frames->counted_only - frames->submitted -
			  lost_in_kernel(frames)),
		(int64_t)(frames->submitted - figures->written - figures->lost_write -
			  figures->intake.expired - figures->discarded_at_stop),
	};

	for (size_t i = 0; i < sizeof(differences) / sizeof(differences[0]); i++)
		if (differences[i])
			return differences[i];
	return 0;
}

static void print_accounting(const struct report_figures *figures, bool is_final, FILE *out)
{
	const struct frame_counters *frames = &figures->kernel.frames;
	int64_t difference = report_unexplained(figures);

	fputs("\naccounting (frames):\n", out);
	print_term("seen", frames->seen, out);
	print_term("filtered out", frames->filtered_out, out);
	print_used_term("sampled out", frames->sampled_out, out);
	print_used_term("over limit", frames->over_limit, out);
	print_term("matched", frames->matched, out);
	if (figures->ring_bytes) {
		print_used_term("while not wanted", frames->counted_only, out);
		print_term("written", figures->written, out);
		print_term("of these late", figures->late, out);
		print_term("lost: ring full", frames->lost_ring, out);
		print_term("lost: not copied", frames->lost_copy, out);
		print_term("lost: write error", figures->lost_write, out);
		print_used_term("expired in memory", figures->intake.expired, out);
		print_term("discarded at stop", figures->discarded_at_stop, out);
	} else {
		print_term("counted only", frames->counted_only, out);
	}
	if (!is_final)
		fputs("  (the programs were still running: these figures may not add up)\n", out);
	else if (difference)
		fprintf(out,
			"  %+" PRId64
			" frames are not accounted for: this is a bug, please report it\n",
			difference);
}

static void print_before_hook(const struct report_figures *figures, FILE *out)
{
	if (!figures->dropped_by_interface && !figures->dropped_by_softnet)
		return;
	fputs("\nbefore the hook (not in the figures above):\n", out);
	if (figures->dropped_by_interface)
		print_term("dropped by interface", figures->dropped_by_interface, out);
	if (figures->dropped_by_softnet)
		fprintf(out, "  %-20s %12" PRIu64 "  (on all interfaces of this machine)\n",
			"dropped by softnet", figures->dropped_by_softnet);
}

static void print_clock(const struct report_figures *figures, FILE *out)
{
	if (!figures->clock_steps)
		return;
	fputs("\ntimestamps (they follow the wall clock):\n", out);
	print_term("clock steps", figures->clock_steps, out);
}

void report_print_summary(const struct report_figures *figures, bool is_final,
			  const struct top_prefixes *prefixes, FILE *out)
{
	print_tcpdump_figures(figures, "\n", out);
	print_protocols(&figures->kernel, out);
	report_print_tops(figures, prefixes, out);
	print_accounting(figures, is_final, out);
	print_before_hook(figures, out);
	print_clock(figures, out);
	if (figures->kernel.frames.lost_ring)
		fputs("\nLoss: the rings were full. More memory (-B), a shorter snapshot length "
		      "(-s) "
		      "or a narrower filter avoids it.\n",
		      out);
}
