/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The busiest in the summary, and the terms of the accounting that only captures have of which
 * something was not wanted.
 */

#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "report_summary.h"

static struct top_row row_of(unsigned int number, uint64_t packets, uint64_t bytes)
{
	const unsigned char address[16] = { [10] = 0xff, 0xff, 192, 0, 2, (unsigned char)number };
	struct top_row row = { .total = { packets, bytes } };

	memcpy(&row.key, address, sizeof(address));
	return row;
}

static void check_has(const char *text, const char *part, const char *sentence)
{
	check(strstr(text, part), "%s", sentence);
	check_note("%s", text);
}

/* The first by packets is not the first by bytes. */
static void test_tables(void)
{
	const struct top_row by_packets[] = { row_of(1, 600, 36000), row_of(2, 200, 12000) };
	const struct top_row by_bytes[] = { row_of(3, 100, 140000), row_of(1, 600, 36000) };
	struct top_figures sources = {
		.all = { 1000, 200000 },
		.lists = { [TOP_BY_PACKETS] = { 2, by_packets }, [TOP_BY_BYTES] = { 2, by_bytes } },
	};
	struct top_row service = { .key.low = TOP_SERVICE_KEY(6, 443), .total = { 8, 800 } };
	const struct top_figures services = {
		.all = { 8, 800 },
		.lists = { [TOP_BY_PACKETS] = { 1, &service }, [TOP_BY_BYTES] = { 1, &service } },
	};
	const struct top_figures nothing = { 0 };
	struct report_figures figures = {
		.tops = { [TOP_SOURCES] = &sources,
			  [TOP_DESTINATIONS] = &nothing,
			  [TOP_SERVICES] = &services },
	};
	char *text = summary_of(&figures, true);

	check_has(
		text,
		"\nbusiest sources:                                   packets            bytes "
		"packets   bytes\n"
		"  192.0.2.1                                            600            36000   "
		"60.0%   18.0%\n"
		"  192.0.2.2                                            200            12000   "
		"20.0%    6.0%\n"
		"  192.0.2.3                                            100           140000   "
		"10.0%   70.0%\n"
		"  others                                               100            12000   "
		"10.0%    6.0%\n"
		"\nbusiest services:",
		"the first by packets, then those by bytes that are not among them, then the rest");
	check_has(text,
		  "\n  tcp/443                                                8              800  "
		  "100.0%  100.0%\n\naccounting",
		  "where all are listed there are no others");
	check(!strstr(text, "destinations") && !strstr(text, "forgotten"),
	      "of what never came there is no table, and of what was never forgotten no word");
	free(text);
	sources.forgotten = (struct traffic_counter){ 42, 2520 };
	sources.forgotten_keys = 17;
	text = summary_of(&figures, true);
	check_has(text,
		  "  (17 of the others were forgotten, with 42 packets: by so many a figure above "
		  "can be too low)\n",
		  "what was forgotten is said, and by how much it can make a figure too low");
	free(text);
}

/* The terms behind "accounting (frames):", a line each. */
static void test_terms(void)
{
	struct report_figures figures = {
		.kernel.frames = {
			.seen = 1000,
			.filtered_out = 100,
			.sampled_out = 200,
			.over_limit = 30,
			.matched = 670,
			.counted_only = 70,
			.submitted = 600,
		},
		.written = 490,
		.intake.expired = 110,
		.ring_bytes = 1 << 20,
	};
	char *text = summary_of(&figures, true);

	check_has(
		text,
		"\n  seen                         1000\n"
		"  filtered out                  100\n"
		"  sampled out                   200\n"
		"  over limit                     30\n"
		"  matched                       670\n"
		"  while not wanted               70\n"
		"  written                       490\n",
		"what was sampled out, over a limit or came while it was not wanted has its line");
	check_has(text,
		  "\n  lost: write error               0\n"
		  "  expired in memory             110\n"
		  "  discarded at stop               0\n",
		  "what expired in memory has its line, too");
	check(!strstr(text, "not accounted for"), "these terms add up");
	free(text);
	figures.intake.expired = 109;
	text = summary_of(&figures, true);
	check_has(text, "  +1 frames are not accounted for",
		  "one that expired and is not counted is missed");
	free(text);
	figures = (struct report_figures){ .kernel.frames = {
						   .seen = 5, .matched = 5, .counted_only = 5 } };
	text = summary_of(&figures, true);
	check(!strstr(text, "sampled") && !strstr(text, "limit") && !strstr(text, "expired") &&
		      !strstr(text, "not wanted"),
	      "where nothing of these was asked for, nothing is said of it");
	free(text);
}

int main(void)
{
	test_tables();
	test_terms();
	return check_finish();
}
