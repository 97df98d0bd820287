/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Command lines as text, and what they mean or why they are refused. A line is split at
 * spaces; a word in single quotes may hold spaces or nothing at all.
 */
#pragma once

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../../user/options.h"
#include "check.h"

#define MAXIMUM_WORDS 32
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct command_line {
	char text[512];
	int count;
	char *words[MAXIMUM_WORDS + 1];
};

static void split(const char *line, struct command_line *ret_line)
{
	char *next = ret_line->text;

	*ret_line = (struct command_line){ .words = { "pktsieve" }, .count = 1 };
	snprintf(ret_line->text, sizeof(ret_line->text), "%s", line);
	while (*next && ret_line->count < MAXIMUM_WORDS) {
		char end = ' ';

		if (*next == '\'') {
			end = '\'';
			next++;
		}
		ret_line->words[ret_line->count++] = next;
		next += strcspn(next, end == ' ' ? " " : "'");
		if (*next)
			*next++ = '\0';
		if (end == '\'' && *next == ' ')
			next++;
	}
}

static const char *const mode_names[] = {
	[OPTIONS_CAPTURE] = "capture",
	[OPTIONS_LIST_INTERFACES] = "list",
	[OPTIONS_LIST_LINK_TYPES] = "link-types",
	[OPTIONS_LIST_TIME_STAMP_TYPES] = "time-stamp-types",
	[OPTIONS_EXPLAIN_FILTER] = "explain",
	[OPTIONS_CLEAN_UP] = "cleanup",
	[OPTIONS_HELP] = "help",
	[OPTIONS_VERSION] = "version",
};

static const char *const stats_names[] = {
	[OPTIONS_STATS_NONE] = "none",
	[OPTIONS_STATS_LINES] = "lines",
	[OPTIONS_STATS_JSON] = "json",
	[OPTIONS_STATS_PANEL] = "panel",
};

static const char *const format_names[] = {
	[FILE_FORMAT_PCAP] = "pcap",
	[FILE_FORMAT_PCAPNG] = "pcapng",
};

static void describe_files(const struct rotation_options *rotation, FILE *text)
{
	if (rotation->maximum_bytes)
		fprintf(text, "size=%" PRIu64 " ", rotation->maximum_bytes);
	if (rotation->interval_s)
		fprintf(text, "every=%" PRIu64 " ", rotation->interval_s);
	if (rotation->files)
		fprintf(text, "files=%u ", rotation->files);
	if (rotation->ring)
		fprintf(text, "keep=%u ", rotation->ring);
	fprintf(text, "%s%s", rotation->is_aligned ? "aligned " : "",
		rotation->has_part_suffix ? "part " : "");
	if (rotation->command)
		fprintf(text, "command=%s ", rotation->command);
	if (rotation->user)
		fprintf(text, "user=%s ", rotation->user);
}

static void describe_statistics(const struct options *options, FILE *text)
{
	const struct top_prefixes *prefixes = &options->top_prefixes;

	if (options->stats != OPTIONS_STATS_DEFAULT)
		fprintf(text, "stats=%s ", stats_names[options->stats]);
	if (options->interval_ns != 1000000000)
		fprintf(text, "interval=%" PRIu64 " ", options->interval_ns);
	if (options->stats_file)
		fprintf(text, "stats-file=%s ", options->stats_file);
	if (options->metrics_file)
		fprintf(text, "metrics-file=%s ", options->metrics_file);
	if (options->top_rows != OPTIONS_TOP_DEFAULT)
		fprintf(text, "top=%d ", options->top_rows);
	if (prefixes->ipv4_bits != 32 || prefixes->ipv6_bits != 128)
		fprintf(text, "prefixes=%u/%u ", prefixes->ipv4_bits, prefixes->ipv6_bits);
}

static void describe_choice(const struct options *options, FILE *text)
{
	const struct trigger_options *trigger = &options->trigger;
	const struct copy_limits *limits = &options->limits;

	if (trigger->condition)
		fprintf(text, "when=[%s] ", trigger->condition);
	if (trigger->hold_ns && trigger->hold_ns != 10000000000)
		fprintf(text, "for=%" PRIu64 " ", trigger->hold_ns);
	if (trigger->before_ns)
		fprintf(text, "before=%" PRIu64 "ns ", trigger->before_ns);
	if (trigger->before_bytes)
		fprintf(text, "before=%" PRIu64 " ", trigger->before_bytes);
	if (limits->sample_every)
		fprintf(text, "sample=1/%" PRIu32 " ", limits->sample_every);
	if (limits->packets_per_second)
		fprintf(text, "rate=%" PRIu64 " ", limits->packets_per_second);
	if (limits->packets_per_host)
		fprintf(text, "per-host=%" PRIu32 " ", limits->packets_per_host);
}

/* All fields that are not as without options, in the order of the struct. */
static void describe(const struct options *options, char *ret_text, size_t size)
{
	bool in = options->directions[DIRECTION_INGRESS];
	bool out = options->directions[DIRECTION_EGRESS];
	FILE *text = fmemopen(ret_text, size, "w");

	*ret_text = '\0';
	if (options->mode != OPTIONS_CAPTURE)
		fprintf(text, "%s ", mode_names[options->mode]);
	for (size_t i = 0; i < options->interface_count; i++)
		fprintf(text, "interface=%s ", options->interfaces[i]);
	fprintf(text, "%s%s", options->wait_for_interfaces ? "wait " : "",
		options->is_promiscuous ? "promiscuous " : "");
	if (options->netns)
		fprintf(text, "netns=%s ", options->netns);
	if (options->link_type != LINK_TYPE_DEFAULT)
		fprintf(text, "link-type=%d ", (int)options->link_type);
	if (options->file_format != FILE_FORMAT_BY_NAME)
		fprintf(text, "format=%s ", format_names[options->file_format]);
	if (options->output)
		fprintf(text, "output=%s ", options->output);
	describe_files(&options->rotation, text);
	if (options->packet_limit)
		fprintf(text, "limit=%" PRIu64 " ", options->packet_limit);
	if (options->duration_ns)
		fprintf(text, "duration=%" PRIu64 " ", options->duration_ns);
	if (options->snapshot_bytes != 262144)
		fprintf(text, "snapshot=%" PRIu32 " ", options->snapshot_bytes);
	if (options->snap_headers)
		fprintf(text, "headers+%" PRIu32 " ", options->snap_extra_bytes);
	if (!in || !out)
		fputs(in ? "in " : out ? "out " : "neither ", text);
	if (options->hook != HOOK_TC)
		fputs(options->hook == HOOK_XDP_GENERIC ? "generic " : "native ", text);
	if (options->ring_bytes != 67108864)
		fprintf(text, "ring=%" PRIu64 " ", options->ring_bytes);
	if (options->min_free.bytes != 268435456 || options->min_free.percent != 5)
		fprintf(text, "free=%" PRIu64 "+%u%% ", options->min_free.bytes,
			options->min_free.percent);
	describe_statistics(options, text);
	describe_choice(options, text);
	fprintf(text, "%s%s%s", options->flush_each ? "flush " : "",
		options->nanoseconds ? "nano " : "", options->verbose ? "verbose " : "");
	if (*options->printing)
		fprintf(text, "printing=%s ", options->printing);
	if (options->filter_file)
		fprintf(text, "file=%s ", options->filter_file);
	if (!options->expression || *options->expression)
		fprintf(text, "filter=[%s] ", options->expression ? options->expression : "NULL");
	fclose(text);
}

/* What is not named is as without options; see describe(). */
struct accepted_line {
	const char *line;
	const char *meaning;
};

__attribute__((unused)) static void check_accepted(const struct accepted_line *accepted,
						   size_t count)
{
	char text[2048], expected[1024];

	for (size_t i = 0; i < count; i++) {
		struct command_line line;
		struct options options;
		struct error error = {};
		int result;

		split(accepted[i].line, &line);
		snprintf(expected, sizeof(expected), "%s%s", accepted[i].meaning,
			 *accepted[i].meaning ? " " : "");
		result = options_parse(line.count, line.words, &options, &error);
		if (!result)
			describe(&options, text, sizeof(text));
		else
			snprintf(text, sizeof(text), "%d: %s", result, error.message);
		check(strcmp(text, expected) == 0, "'pktsieve %s' means: %s", accepted[i].line,
		      *accepted[i].meaning ? accepted[i].meaning : "the defaults");
		check_note("it means: %s", text);
		options_free(&options);
	}
}

/* The message holds each of `mentioned`, parts between '|'. */
struct refused_line {
	const char *line;
	const char *mentioned;
};

/* Whether the text holds every part, and is one line. */
static bool mentions(const char *text, const char *parts)
{
	char copy[256], *rest = copy, *part;

	snprintf(copy, sizeof(copy), "%s", parts);
	while ((part = strsep(&rest, "|")))
		if (!strstr(text, part))
			return false;
	return !strchr(text, '\n');
}

__attribute__((unused)) static void check_refused(const struct refused_line *refused, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct command_line line;
		struct options options;
		struct error error = {};
		int result;

		split(refused[i].line, &line);
		result = options_parse(line.count, line.words, &options, &error);
		check(result == -EINVAL && mentions(error.message, refused[i].mentioned),
		      "'pktsieve %s' is refused with: %s", refused[i].line, refused[i].mentioned);
		check_note("%d: %s", result, error.message);
		options_free(&options);
	}
}
