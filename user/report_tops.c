/* SPDX-License-Identifier: GPL-2.0-only */
/* A table each of sources, destinations and services; see report_tops.h. */
#include "report_tops.h"

#include <inttypes.h>

static void print_row(const char *name, const struct traffic_counter *traffic,
		      const struct traffic_counter *all, FILE *out)
{
	fprintf(out, "  %-43s %12" PRIu64 " %16" PRIu64 " %6.1f%% %6.1f%%\n", name,
		(uint64_t)traffic->packets, (uint64_t)traffic->bytes,
		100 * (double)traffic->packets / (double)all->packets,
		100 * (double)traffic->bytes / (double)all->bytes);
}

/* What was forgotten may have been of those listed; more than that they cannot lack. */
static void print_forgotten(const struct top_figures *figures, FILE *out)
{
	if (figures->forgotten_keys)
		fprintf(out,
			"  (%" PRIu64 " of the others were forgotten, with %" PRIu64
			" packets: by so many a figure above can be too low)\n",
			figures->forgotten_keys, (uint64_t)figures->forgotten.packets);
}

static void print_table(const char *title, enum top_table table, const struct top_figures *figures,
			const struct top_prefixes *prefixes, FILE *out)
{
	static const struct top_row *rows[2 * TOPS_MAXIMUM_ROWS];
	unsigned int count = tops_busiest(figures, false, rows);
	struct traffic_counter others = figures->all;
	char name[TOP_NAME_BYTES];

	if (!figures->all.packets)
		return;
	fprintf(out, "\n%-45s %12s %16s %7s %7s\n", title, "packets", "bytes", "packets", "bytes");
	for (unsigned int i = 0; i < count; i++) {
		tops_format(table, &rows[i]->key, prefixes, name);
		print_row(name, &rows[i]->total, &figures->all, out);
		others.packets -= rows[i]->total.packets;
		others.bytes -= rows[i]->total.bytes;
	}
	if (others.packets)
		print_row("others", &others, &figures->all, out);
	print_forgotten(figures, out);
}

void report_print_tops(const struct report_figures *figures, const struct top_prefixes *prefixes,
		       FILE *out)
{
	static const char *const titles[] = {
		[TOP_SOURCES] = "busiest sources:",
		[TOP_DESTINATIONS] = "busiest destinations:",
		[TOP_SERVICES] = "busiest services:",
	};

	for (enum top_table table = 0; table < TOP_TABLE_COUNT; table++)
		if (figures->tops[table])
			print_table(titles[table], table, figures->tops[table], prefixes, out);
}
