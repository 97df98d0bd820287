/* SPDX-License-Identifier: GPL-2.0-only */
/* Figures of a capture for the tests of the panel, and what is drawn of them. */
#pragma once

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "../../user/panel.h"

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define SECOND 1000000000ull

static const struct panel_style ascii = { false, false }, utf8 = { false, true };

static struct report_figures before, now;
static struct history history;
static struct panel_screen screen;
static char text[PANEL_MAXIMUM_LINES * PANEL_LINE_BYTES];

/* What was seen up to the reading before, and since then. */
static const struct {
	enum protocol protocol;
	uint64_t packets, bytes, more_packets, more_bytes;
} seen[] = {
	{ PROTOCOL_ETHERNET, 1000000, 900000000, 2000, 1600000 },
	{ PROTOCOL_ARP, 100, 6000, 0, 0 },
	{ PROTOCOL_IPV4, 990000, 890000000, 2000, 1600000 },
	{ PROTOCOL_IP, 999900, 899994000, 2000, 1600000 },
	{ PROTOCOL_TCP, 800000, 800000000, 1500, 1500000 },
	{ PROTOCOL_TCP_SYN, 12, 720, 0, 0 },
	{ PROTOCOL_TCP_TLS, 700000, 750000000, 1500, 1500000 },
	{ PROTOCOL_UDP, 199900, 99994000, 500, 100000 },
	{ PROTOCOL_UDP_DNS, 199900, 99994000, 500, 100000 },
};

static void set_traffic(struct counters_totals *totals, enum direction direction, uint64_t packets,
			uint64_t bytes)
{
	totals->seen_by[direction].protocols[PROTOCOL_ETHERNET] =
		(struct traffic_counter){ packets, bytes };
}

/* Three quiet seconds, one of 500 packets, then the present rate. */
__attribute__((unused)) static void make_history(void)
{
	static const uint64_t packets[] = { 0, 0, 0, 500, 2000 };
	struct counters_totals totals = { 0 };
	uint64_t time_ns = 124 * SECOND;

	history_start(&history, time_ns, &totals);
	for (size_t i = 0; i < LENGTH(packets); i++) {
		totals.seen.protocols[PROTOCOL_ETHERNET].packets += packets[i];
		totals.seen.protocols[PROTOCOL_ETHERNET].bytes += packets[i] * 800;
		totals.matched.protocols[PROTOCOL_ETHERNET].packets += packets[i] / 20;
		totals.matched.protocols[PROTOCOL_ETHERNET].bytes += packets[i] * 40;
		totals.seen_by[DIRECTION_INGRESS] = totals.seen;
		time_ns += SECOND;
		history_add(&history, time_ns, &totals);
	}
}

/* A capture that goes well, 24 s after its start, the reading before one second ago. */
static struct panel make_panel(unsigned int width, unsigned int height, struct panel_style style)
{
	before = now = (struct report_figures){ .time_ns = 128 * SECOND, .ring_bytes = 64 << 20 };
	for (size_t i = 0; i < LENGTH(seen); i++) {
		before.kernel.seen.protocols[seen[i].protocol] =
			(struct traffic_counter){ seen[i].packets, seen[i].bytes };
		now.kernel.seen.protocols[seen[i].protocol] =
			(struct traffic_counter){ seen[i].packets + seen[i].more_packets,
						  seen[i].bytes + seen[i].more_bytes };
	}
	set_traffic(&before.kernel, DIRECTION_INGRESS, 700000, 800000000);
	set_traffic(&now.kernel, DIRECTION_INGRESS, 701500, 801500000);
	set_traffic(&before.kernel, DIRECTION_EGRESS, 300000, 100000000);
	set_traffic(&now.kernel, DIRECTION_EGRESS, 300500, 100100000);
	before.kernel.matched.protocols[PROTOCOL_ETHERNET] =
		(struct traffic_counter){ 4000, 3200000 };
	now.kernel.matched.protocols[PROTOCOL_ETHERNET] = (struct traffic_counter){ 4100, 3280000 };
	now.kernel.frames.matched = 4100;
	now.time_ns = 129 * SECOND;
	now.written = 4012;
	now.ring_used_bytes = 16 << 20;
	make_history();
	return (struct panel){
		.interface = "eth0",
		.filter = "host 192.0.2.7 and tcp port 443",
		.output = "/var/tmp/x.pcap",
		.start_ns = 105 * SECOND,
		.sees_both_directions = true,
		.prefixes = { 32, 128 },
		.file_bytes = 3456789,
		.before = &before,
		.now = &now,
		.history = &history,
		.width = width,
		.height = height,
		.style = style,
	};
}

#define TOP_ROWS 10

/* Tables of the busiest, made of lines: a name, packets and bytes in all, and of those recent. */
struct top_line {
	const char *name;
	uint64_t packets, bytes, recent_packets, recent_bytes;
};

static struct top_figures top_figures[TOP_TABLE_COUNT];
static struct top_row top_rows[TOP_TABLE_COUNT][TOP_ORDER_COUNT][TOP_ROWS];

static const struct top_line sources[] = {
	{ "203.0.113.250", 500000, 400000000, 1200, 1000000 },
	{ "2001:db8:1234:5678:9abc:def0:1111:2222", 300000, 400000000, 500, 400000 },
	{ "192.0.2.1", 100000, 60000000, 200, 100000 },
	{ "198.51.100.77", 60000, 30000000, 90, 90000 },
	{ "192.0.2.2", 20000, 8000000, 5, 5000 },
};
static const struct top_line services[] = {
	{ "6/443", 701500, 751500000, 1500, 1500000 },
	{ "17/53", 200400, 100094000, 500, 100000 },
};
static const struct top_line destinations[] = {
	{ "192.0.2.7", 900000, 800000000, 1900, 1500000 },
	{ "192.0.2.8", 100000, 90000000, 100, 100000 },
};

static struct top_key key_of(const char *name)
{
	struct top_key key = { 0 };
	unsigned int protocol, port;
	struct in6_addr address;
	char mapped[64];

	if (sscanf(name, "%u/%u", &protocol, &port) == 2) {
		key.low = TOP_SERVICE_KEY(protocol, port);
		return key;
	}
	snprintf(mapped, sizeof(mapped), "::ffff:%s", name);
	inet_pton(AF_INET6, strchr(name, ':') ? name : mapped, &address);
	memcpy(&key, &address, sizeof(key));
	return key;
}

/* The lines are in the order of every list. */
static void add_top(enum top_table table, const struct top_line *lines, unsigned int count)
{
	struct top_figures *figures = &top_figures[table];

	*figures =
		(struct top_figures){ .all = { 1002000, 901600000 }, .recent = { 2000, 1600000 } };
	for (int order = 0; order < TOP_ORDER_COUNT; order++) {
		for (unsigned int i = 0; i < count; i++)
			top_rows[table][order][i] = (struct top_row){
				.key = key_of(lines[i].name),
				.total = { lines[i].packets, lines[i].bytes },
				.recent = { lines[i].recent_packets, lines[i].recent_bytes },
			};
		figures->lists[order] = (struct top_list){ count, top_rows[table][order] };
	}
	now.tops[table] = figures;
}

/* Behind make_panel(). */
__attribute__((unused)) static void add_tops(void)
{
	add_top(TOP_SOURCES, sources, LENGTH(sources));
	add_top(TOP_SERVICES, services, LENGTH(services));
	add_top(TOP_DESTINATIONS, destinations, LENGTH(destinations));
}

/* All lines in one text, each with its newline. */
__attribute__((unused)) static const char *render(const struct panel *panel)
{
	char *end = text;

	*end = '\0';
	panel_render(panel, &screen);
	for (unsigned int i = 0; i < screen.count; i++)
		end = stpcpy(stpcpy(end, screen.lines[i].text), "\n");
	return text;
}

/* A line that holds the text; NULL if there is none. */
__attribute__((unused)) static const struct panel_line *find_line(const char *part)
{
	for (unsigned int i = 0; i < screen.count; i++)
		if (strstr(screen.lines[i].text, part))
			return &screen.lines[i];
	return NULL;
}
