/* SPDX-License-Identifier: GPL-2.0-only */
/* Rates, the last minute, and the flags of TCP; see panel_traffic.h. */
#include "panel_traffic.h"

#include <stdio.h>

#include "base/text.h"

/* A flood is suspected from so many SYN a second on, of which fewer than half are answered. */
#define FLOOD_SYN_PER_S 100
#define FLOOD_FACTOR 2
/* Behind a spark line: " 12.3 k/s", and before that what the figure is. */
#define SCALE_COLUMNS 8
#define NARROW_FLAG_COLUMNS 6
#define FLAG_COLUMNS 9

enum traffic_column {
	TRAFFIC_PACKETS_NOW,
	TRAFFIC_PACKETS_MEAN,
	TRAFFIC_PACKETS_PEAK,
	TRAFFIC_BITS_NOW,
	TRAFFIC_BITS_MEAN,
	TRAFFIC_BITS_PEAK,
	TRAFFIC_PACKETS,
	TRAFFIC_BYTES,
	TRAFFIC_COLUMN_COUNT,
};

static const struct panel_column columns[] = {
	[TRAFFIC_PACKETS_NOW] = { "packets/s", 11, 0 }, [TRAFFIC_PACKETS_MEAN] = { "mean", 11, 3 },
	[TRAFFIC_PACKETS_PEAK] = { "peak", 11, 2 },     [TRAFFIC_BITS_NOW] = { "bits/s", 12, 1 },
	[TRAFFIC_BITS_MEAN] = { "mean", 11, 5 },        [TRAFFIC_BITS_PEAK] = { "peak", 11, 4 },
	[TRAFFIC_PACKETS] = { "packets", 13, 6 },       [TRAFFIC_BYTES] = { "bytes", 9, 7 },
};

_Static_assert(sizeof(columns) / sizeof(columns[0]) == TRAFFIC_COLUMN_COUNT, "one each");

static void lay_out(const struct panel_line *line, unsigned int ret_widths[TRAFFIC_COLUMN_COUNT])
{
	unsigned int room = line->width > line->columns ? line->width - line->columns : 0;

	panel_lay_out(columns, TRAFFIC_COLUMN_COUNT, room, ret_widths);
	/* One figure at least, however narrow. */
	if (!ret_widths[0])
		ret_widths[0] = room;
}

static void add_heading(const struct panel *panel, struct panel_screen *screen)
{
	struct panel_line *line =
		panel_add_labelled(panel, screen, PANEL_RANK_HEADING, PANEL_FAINT, "");
	unsigned int widths[TRAFFIC_COLUMN_COUNT];

	lay_out(line, widths);
	for (int i = 0; i < TRAFFIC_COLUMN_COUNT; i++)
		panel_line_add_right(line, PANEL_FAINT, widths[i], columns[i].title);
}

static void add_cell(const struct panel *panel, struct panel_line *line, enum traffic_column column,
		     unsigned int width, enum history_series series,
		     const struct traffic_counter *before, const struct traffic_counter *now)
{
	enum panel_tone tone = series == HISTORY_MATCHED ? PANEL_STRONG : PANEL_PLAIN;
	const struct history *history = panel->history;
	bool is_of_minute = column == TRAFFIC_PACKETS_MEAN || column == TRAFFIC_PACKETS_PEAK ||
			    column == TRAFFIC_BITS_MEAN || column == TRAFFIC_BITS_PEAK;

	if (is_of_minute && (!history || !history->count)) {
		panel_line_add_right(line, tone, width, "-");
		return;
	}
	switch (column) {
	case TRAFFIC_PACKETS_NOW:
		panel_add_rate(panel, line, tone, width, before->packets, now->packets);
		break;
	case TRAFFIC_PACKETS_MEAN:
		panel_add_packets_per_s(line, tone, width, history_mean(history, series).packets);
		break;
	case TRAFFIC_PACKETS_PEAK:
		panel_add_packets_per_s(line, tone, width, history_peak(history, series).packets);
		break;
	case TRAFFIC_BITS_NOW:
		panel_add_bit_rate(panel, line, tone, width, before->bytes, now->bytes);
		break;
	case TRAFFIC_BITS_MEAN:
		panel_add_bits_per_s(line, tone, width, 8 * history_mean(history, series).bytes);
		break;
	case TRAFFIC_BITS_PEAK:
		panel_add_bits_per_s(line, tone, width, 8 * history_peak(history, series).bytes);
		break;
	case TRAFFIC_PACKETS:
		panel_add_count(line, tone, width, now->packets);
		break;
	case TRAFFIC_BYTES:
	case TRAFFIC_COLUMN_COUNT:
		panel_add_quantity(line, tone, width, (double)now->bytes, "B");
		break;
	}
}

static const struct traffic_counter *total(const struct report_figures *figures,
					   enum history_series series)
{
	const struct counters_totals *totals = &figures->kernel;

	switch (series) {
	case HISTORY_IN:
		return &totals->seen_by[DIRECTION_INGRESS].protocols[PROTOCOL_ETHERNET];
	case HISTORY_OUT:
		return &totals->seen_by[DIRECTION_EGRESS].protocols[PROTOCOL_ETHERNET];
	case HISTORY_MATCHED:
		return &totals->matched.protocols[PROTOCOL_ETHERNET];
	case HISTORY_SEEN:
	case HISTORY_SERIES_COUNT:
		break;
	}
	return &totals->seen.protocols[PROTOCOL_ETHERNET];
}

static void add_row(const struct panel *panel, struct panel_screen *screen, enum panel_rank rank,
		    const char *label, enum history_series series)
{
	struct panel_line *line = panel_add_labelled(panel, screen, rank, PANEL_FAINT, label);
	unsigned int widths[TRAFFIC_COLUMN_COUNT];

	lay_out(line, widths);
	for (enum traffic_column i = 0; i < TRAFFIC_COLUMN_COUNT; i++)
		if (widths[i])
			add_cell(panel, line, i, widths[i], series, total(panel->before, series),
				 total(panel->now, series));
}

/*
 * The last minute from left to right, as many columns as fit: each a second, or, where not all
 * would fit, the highest of two or more. Behind it what its highest column is.
 */
static void add_spark(const struct panel *panel, struct panel_screen *screen,
		      enum history_series series)
{
	struct panel_line *line;
	double values[HISTORY_SECONDS];
	unsigned int seconds_each = 1, count, room;
	double highest = history_peak(panel->history, series).packets;
	char scale[PANEL_NUMBER_BYTES];

	line = panel_add_labelled(panel, screen, PANEL_RANK_SPARK, PANEL_FAINT, "  1 min");
	room = line->width > line->columns + SCALE_COLUMNS ?
		       line->width - line->columns - SCALE_COLUMNS :
		       0;
	while (HISTORY_SECONDS / seconds_each > room && seconds_each < HISTORY_SECONDS)
		seconds_each++;
	count = HISTORY_SECONDS / seconds_each;
	for (unsigned int i = 0; i < count; i++) {
		double *value = &values[count - 1 - i];

		*value = -1;
		for (unsigned int j = 0; j < seconds_each; j++) {
			unsigned int ago = i * seconds_each + j;
			double one = ago < panel->history->count ?
					     history_rate(panel->history, series, ago).packets :
					     -1;

			*value = one > *value ? one : *value;
		}
	}
	panel_line_add_spark(line, PANEL_BAR, values, count, highest);
	panel_format_count((uint64_t)(highest + 0.5), SCALE_COLUMNS - 3, scale);
	panel_line_add(line, PANEL_FAINT, " %s/s", scale);
	if (line->width >= line->columns + 6)
		panel_line_add(line, PANEL_FAINT, " peak");
}

static void add_sparked_row(const struct panel *panel, struct panel_screen *screen,
			    enum panel_rank rank, const char *label, enum history_series series)
{
	add_row(panel, screen, rank, label, series);
	if (panel->history && panel->history->count)
		add_spark(panel, screen, series);
}

void panel_add_traffic(const struct panel *panel, struct panel_screen *screen)
{
	add_heading(panel, screen);
	add_row(panel, screen, PANEL_RANK_RATES, "in", HISTORY_IN);
	add_row(panel, screen, PANEL_RANK_RATES, "out", HISTORY_OUT);
	add_sparked_row(panel, screen, PANEL_RANK_SEEN, "seen", HISTORY_SEEN);
	/* Without a filter it would be the same. */
	if (*panel->filter)
		add_sparked_row(panel, screen, PANEL_RANK_MATCHED, "matched", HISTORY_MATCHED);
}

static double flag_rate(const struct panel *panel, enum protocol protocol)
{
	return panel_rate(panel, panel->before->kernel.seen.protocols[protocol].packets,
			  panel->now->kernel.seen.protocols[protocol].packets);
}

static void add_flood(const struct panel *panel, struct panel_screen *screen)
{
	double syn = flag_rate(panel, PROTOCOL_TCP_SYN);
	double answers = flag_rate(panel, PROTOCOL_TCP_SYN_ACK);
	char syn_text[PANEL_NUMBER_BYTES], answers_text[PANEL_NUMBER_BYTES];

	if (!panel->sees_both_directions || syn < FLOOD_SYN_PER_S || answers * FLOOD_FACTOR >= syn)
		return;
	panel_format_count((uint64_t)(syn + 0.5), 5, syn_text);
	panel_format_count((uint64_t)(answers + 0.5), 5, answers_text);
	panel_line_add(panel_add_labelled(panel, screen, PANEL_RANK_ADVICE, PANEL_ALARM, "flood?"),
		       PANEL_ALARM, "%s SYN/s, %s SYN-ACK/s: %d%% unanswered", syn_text,
		       answers_text, (int)(100 * (1 - answers / syn)));
}

void panel_add_tcp_flags(const struct panel *panel, struct panel_screen *screen)
{
	static const struct {
		const char *label;
		enum protocol protocol;
	} flags[] = {
		{ "SYN", PROTOCOL_TCP_SYN },
		{ "SYN-ACK", PROTOCOL_TCP_SYN_ACK },
		{ "RST", PROTOCOL_TCP_RST },
		{ "FIN", PROTOCOL_TCP_FIN },
	};
	struct panel_line *line;
	unsigned int width;

	if (!panel->now->kernel.seen.protocols[PROTOCOL_TCP].packets)
		return;
	line = panel_add_labelled(panel, screen, PANEL_RANK_FLAGS, PANEL_FAINT, "TCP /s");
	width = line->width < 75 ? NARROW_FLAG_COLUMNS : FLAG_COLUMNS;
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		panel_line_add(line, PANEL_FAINT, "%s%s", i ? "  " : "", flags[i].label);
		panel_add_rate(panel, line, PANEL_PLAIN, width,
			       panel->before->kernel.seen.protocols[flags[i].protocol].packets,
			       panel->now->kernel.seen.protocols[flags[i].protocol].packets);
	}
	add_flood(panel, screen);
}
