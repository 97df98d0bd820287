/* SPDX-License-Identifier: GPL-2.0-only */
/* What the values of options mean; see option_values.h. */
#include "option_values.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "link_types.h"

#define MAXIMUM_RING_KIB (64ull << 20)

int options_read_interface(struct options *options, const char *value)
{
	if (options->interface_count == OPTIONS_MAXIMUM_INTERFACES || !*value)
		return -EINVAL;
	options->interfaces[options->interface_count++] = value;
	return 0;
}

static int read_text(const char *value, const char **ret_text)
{
	if (!*value)
		return -EINVAL;
	*ret_text = value;
	return 0;
}

int options_read_netns(struct options *options, const char *value)
{
	return read_text(value, &options->netns);
}

int options_read_link_type(struct options *options, const char *value)
{
	return link_type_parse(value, &options->link_type);
}

int options_read_file_format(struct options *options, const char *value)
{
	if (strcmp(value, "pcap") == 0)
		options->file_format = FILE_FORMAT_PCAP;
	else if (strcmp(value, "pcapng") == 0)
		options->file_format = FILE_FORMAT_PCAPNG;
	else
		return -EINVAL;
	return 0;
}

/* A number is millions of bytes, as tcpdump has it; with a suffix KiB, MiB or GiB. */
int options_read_file_size(struct options *options, const char *value)
{
	uint64_t *bytes = &options->rotation.maximum_bytes;
	int error;

	if (value[strspn(value, "0123456789")]) {
		error = text_parse_size(value, bytes);
	} else {
		error = text_parse_number(value, UINT32_MAX, bytes);
		*bytes *= 1000000;
	}
	return error || !*bytes ? -EINVAL : 0;
}

int options_read_file_seconds(struct options *options, const char *value)
{
	if (text_parse_number(value, INT32_MAX, &options->rotation.interval_s) ||
	    !options->rotation.interval_s)
		return -EINVAL;
	return 0;
}

static int read_count(const char *value, unsigned int *ret_count)
{
	uint64_t count;

	if (text_parse_number(value, INT32_MAX, &count) || !count)
		return -EINVAL;
	*ret_count = (unsigned int)count;
	return 0;
}

int options_read_file_count(struct options *options, const char *value)
{
	return read_count(value, &options->rotation.files);
}

int options_read_file_ring(struct options *options, const char *value)
{
	return read_count(value, &options->rotation.ring);
}

int options_read_command(struct options *options, const char *value)
{
	return read_text(value, &options->rotation.command);
}

int options_read_user(struct options *options, const char *value)
{
	return read_text(value, &options->rotation.user);
}

int options_read_output(struct options *options, const char *value)
{
	if (!*value)
		return -EINVAL;
	options->output = value;
	return 0;
}

int options_read_snapshot_length(struct options *options, const char *value)
{
	uint64_t bytes;

	if (text_parse_number(value, MAXIMUM_SNAPSHOT_BYTES, &bytes))
		return -EINVAL;
	options->snapshot_bytes = bytes ? (uint32_t)bytes : MAXIMUM_SNAPSHOT_BYTES;
	return 0;
}

/* "headers" or "headers+N"; what else it is, tcpdump's users mean by a shortened word. */
int options_read_snap(struct options *options, const char *value)
{
	uint64_t extra = 0;

	if (*value >= '0' && *value <= '9')
		return options_read_snapshot_length(options, value);
	if (strncmp(value, "headers", 7) != 0 || (value[7] && value[7] != '+') ||
	    (value[7] && text_parse_number(value + 8, MAXIMUM_SNAPSHOT_BYTES, &extra)))
		return -EINVAL;
	options->snap_headers = true;
	options->snap_extra_bytes = (uint32_t)extra;
	return 0;
}

int options_read_packet_limit(struct options *options, const char *value)
{
	if (text_parse_number(value, UINT64_MAX, &options->packet_limit) || !options->packet_limit)
		return -EINVAL;
	return 0;
}

int options_read_duration(struct options *options, const char *value)
{
	return text_parse_duration(value, &options->duration_ns);
}

int options_read_direction(struct options *options, const char *value)
{
	bool is_both = strcmp(value, "inout") == 0;
	bool is_in = is_both || strcmp(value, "in") == 0;
	bool is_out = is_both || strcmp(value, "out") == 0;

	if (!is_in && !is_out)
		return -EINVAL;
	options->directions[DIRECTION_INGRESS] = is_in;
	options->directions[DIRECTION_EGRESS] = is_out;
	return 0;
}

int options_read_hook(struct options *options, const char *value)
{
	if (strcmp(value, "tc") == 0)
		options->hook = HOOK_TC;
	else if (strcmp(value, "xdp") == 0)
		options->hook = HOOK_XDP_NATIVE;
	else
		return -EINVAL;
	return 0;
}

int options_read_xdp_mode(struct options *options, const char *value)
{
	if (strcmp(value, "native") == 0)
		options->xdp_mode = HOOK_XDP_NATIVE;
	else if (strcmp(value, "generic") == 0)
		options->xdp_mode = HOOK_XDP_GENERIC;
	else
		return -EINVAL;
	return 0;
}

int options_read_ring_size(struct options *options, const char *value)
{
	uint64_t kib;

	if (text_parse_number(value, MAXIMUM_RING_KIB, &kib) || !kib)
		return -EINVAL;
	options->ring_bytes = kib * 1024;
	return 0;
}

int options_read_min_free(struct options *options, const char *value)
{
	struct min_free min_free = {};
	size_t digits = strspn(value, "0123456789");
	char number[8] = "";
	uint64_t percent = 0;
	int error;

	if (digits < sizeof(number) && strcmp(value + digits, "%") == 0) {
		memcpy(number, value, digits);
		error = text_parse_number(number, 99, &percent);
	} else {
		error = text_parse_size(value, &min_free.bytes);
	}
	if (error)
		return error;
	min_free.percent = (unsigned int)percent;
	options->min_free = min_free;
	return 0;
}

int options_read_filter_file(struct options *options, const char *value)
{
	if (!*value)
		return -EINVAL;
	options->filter_file = value;
	return 0;
}

int options_read_precision(struct options *options, const char *value)
{
	options->nanoseconds = strcmp(value, "nano") == 0;
	return options->nanoseconds || strcmp(value, "micro") == 0 ? 0 : -EINVAL;
}

/* tcpdump's "host", which is what pktsieve has; case does not matter there either. */
int options_read_time_stamp_type(struct options *options, const char *value)
{
	(void)options;
	return strcasecmp(value, "host") == 0 ? 0 : -EINVAL;
}

int options_read_explain(struct options *options, const char *value)
{
	(void)value;
	options->mode = OPTIONS_EXPLAIN_FILTER;
	options->explain_count++;
	return 0;
}
