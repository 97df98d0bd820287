/* SPDX-License-Identifier: GPL-2.0-only */
/* What the values of options mean that are about counters and rates; see option_values.h. */
#include "option_values.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"

#define MAXIMUM_SAMPLE 1000000000
#define MAXIMUM_PACKET_RATE 10000000

int options_read_stats(struct options *options, const char *value)
{
	static const char *const forms[] = {
		[OPTIONS_STATS_NONE] = "none",
		[OPTIONS_STATS_LINES] = "lines",
		[OPTIONS_STATS_JSON] = "json",
		[OPTIONS_STATS_PANEL] = "panel",
	};

	for (size_t i = OPTIONS_STATS_NONE; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(value, forms[i]) != 0)
			continue;
		options->stats = (enum options_stats)i;
		return 0;
	}
	return -EINVAL;
}

int options_read_interval(struct options *options, const char *value)
{
	return text_parse_duration(value, &options->interval_ns);
}

static int read_name(const char *value, const char **ret_name)
{
	if (!*value)
		return -EINVAL;
	*ret_name = value;
	return 0;
}

int options_read_stats_file(struct options *options, const char *value)
{
	return read_name(value, &options->stats_file);
}

int options_read_metrics_file(struct options *options, const char *value)
{
	return read_name(value, &options->metrics_file);
}

int options_read_top(struct options *options, const char *value)
{
	uint64_t rows;

	if (text_parse_number(value, TOPS_MAXIMUM_ROWS, &rows))
		return -EINVAL;
	options->top_rows = (int)rows;
	return 0;
}

/* "24" or "24/64": bits of IPv4 and, behind the stroke, of IPv6. */
int options_read_top_prefix(struct options *options, const char *value)
{
	const char *stroke = strchr(value, '/');
	size_t length = stroke ? (size_t)(stroke - value) : strlen(value);
	uint64_t ipv4_bits, ipv6_bits = options->top_prefixes.ipv6_bits;
	char ipv4[4] = "";

	if (length >= sizeof(ipv4))
		return -EINVAL;
	memcpy(ipv4, value, length);
	if (text_parse_number(ipv4, 32, &ipv4_bits) ||
	    (stroke && text_parse_number(stroke + 1, 128, &ipv6_bits)))
		return -EINVAL;
	options->top_prefixes = (struct top_prefixes){
		.ipv4_bits = (unsigned int)ipv4_bits,
		.ipv6_bits = (unsigned int)ipv6_bits,
	};
	return 0;
}

int options_read_condition(struct options *options, const char *value)
{
	return read_name(value, &options->trigger.condition);
}

int options_read_hold(struct options *options, const char *value)
{
	return text_parse_duration(value, &options->trigger.hold_ns);
}

/* A size has a letter that no time has; both limits may be given, one after the other. */
int options_read_before(struct options *options, const char *value)
{
	size_t length = strlen(value);

	if (length && strchr("kKMgG", value[length - 1])) {
		if (text_parse_size(value, &options->trigger.before_bytes))
			return -EINVAL;
		return options->trigger.before_bytes ? 0 : -EINVAL;
	}
	return text_parse_duration(value, &options->trigger.before_ns);
}

static int read_limit(const char *value, uint64_t maximum, uint32_t *ret_limit)
{
	uint64_t limit;

	if (text_parse_number(value, maximum, &limit) || !limit)
		return -EINVAL;
	*ret_limit = (uint32_t)limit;
	return 0;
}

/* "1/N" */
int options_read_sample(struct options *options, const char *value)
{
	if (strncmp(value, "1/", 2) != 0)
		return -EINVAL;
	return read_limit(value + 2, MAXIMUM_SAMPLE, &options->limits.sample_every);
}

int options_read_rate(struct options *options, const char *value)
{
	uint64_t *rate = &options->limits.packets_per_second;

	if (text_parse_rate(value, rate) || !*rate || *rate > MAXIMUM_PACKET_RATE)
		return -EINVAL;
	return 0;
}

int options_read_host_limit(struct options *options, const char *value)
{
	return read_limit(value, UINT32_MAX, &options->limits.packets_per_host);
}
